// Writing: keeps words in this browser until the server has them, and takes up pictures.
"use strict";
(() => {
  const form = document.getElementById("compose");
  if (!form) return;
  const shelf = "draft:" + form.dataset.key;
  const LIFE = 14 * 24 * 3600 * 1000;

  // --- Words survive a tunnel, a closed tab and an ended sign-in.
  const fields = () => {
    const kept = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrf_token" && value !== "") kept[name] = value;
    }
    return kept;
  };
  const put = (saved) => {
    try { localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), saved, fields: fields() })); } catch { /* full or switched off: the server has them */ }
  };
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const saved = document.getElementById("saved");
  form.addEventListener("input", () => put(false));
  // Led elsewhere, to the sign-in, the server has kept nothing and shows nothing of the post.
  const isLedAway = (xhr) => Boolean(xhr.responseURL) && !new URL(xhr.responseURL).pathname.includes(form.dataset.key);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (isLedAway(event.detail.xhr)) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    if (isLedAway(event.detail.xhr)) saved.textContent = form.dataset.ended;
    else if (event.detail.successful) put(true);
    else saved.textContent = form.dataset.offline;
  });
  window.addEventListener("online", () => form.dispatchEvent(new Event("input", { bubbles: true })));
  // Whether it arrived is known only from the page that answers; that page lets go of it. No preview
  // may be asked for meanwhile: its answer would take what that page is to say.
  let isLeaving = false;
  form.addEventListener("submit", (event) => {
    put(false);
    if (!navigator.onLine) {
      event.preventDefault();
      saved.textContent = form.dataset.offline;
      return;
    }
    isLeaving = true;
    htmx.trigger(form, "htmx:abort");
    setTimeout(() => { isLeaving = false; }, 4000);
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (isLeaving) event.preventDefault(); });

  const words = (one) => (one.fields.text || one.fields.x || one.fields.facebook || "").trim();
  const offer = (key, one) => {
    const box = document.getElementById("unsaved");
    const note = document.createElement("p");
    note.className = "note ask";
    note.textContent = form.dataset.unsent + " “" + words(one).slice(0, 80) + "” ";
    const back = document.createElement("button");
    back.textContent = form.dataset.restore;
    back.type = "button";
    back.addEventListener("click", () => { restore(one.fields); localStorage.removeItem(key); note.remove(); });
    const away = document.createElement("button");
    away.textContent = form.dataset.forget;
    away.type = "button";
    away.addEventListener("click", () => { localStorage.removeItem(key); note.remove(); });
    note.append(back, " ", away);
    box.append(note);
    box.hidden = false;
  };
  const restore = (kept) => {
    for (const [name, value] of Object.entries(kept)) {
      for (const field of form.querySelectorAll('[name="' + CSS.escape(name) + '"]')) {
        if (field.type === "hidden" || field.type === "file" || name === "to") continue;
        if (field.type === "checkbox" || field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("draft:")) continue;
      const one = read(key);
      if (!one || Date.now() - one.at > LIFE) { localStorage.removeItem(key); continue; }
      const here = key === shelf && words(one) === (fields().text || "").trim();
      if (!one.saved && !here && words(one)) offer(key, one);
    }
  } catch { /* no storage in this browser */ }

  // --- Counts are spoken one second after typing stops, and only near or over the limit. The preview
  // waits 600 ms by itself.
  const THEN = 400;
  let speaking;
  form.addEventListener("input", () => clearTimeout(speaking));
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "previews") return;
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const said = [...document.querySelectorAll("#previews [data-say]")].map((one) => one.dataset.say).join(". ");
      const spoken = document.getElementById("spoken");
      if (spoken.textContent !== said) spoken.textContent = said;
    }, THEN);
  });

  // --- Choosing a day means that day.
  for (const name of ["day", "time"]) {
    const field = document.getElementById(name);
    field.addEventListener("input", () => { document.getElementById("when-typed").checked = true; });
  }

  // --- A template shows its fields at once.
  const template = document.getElementById("template");
  if (template) template.addEventListener("change", () => {
    const look = document.createElement("input");
    look.type = "hidden"; look.name = "do"; look.value = "look";
    form.append(look);
    form.submit();
  });

  // --- Pictures: chosen, dragged or pasted; made smaller before they travel.
  const LONGEST = 2048, SMALL = 900 * 1024;
  const place = document.getElementById("pictures");
  const shrunk = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const type = file.type === "image/png" ? "image/png" : "image/jpeg";
      const blob = await new Promise((done) => canvas.toBlob(done, type, 0.9));
      return blob && blob.size < file.size ? new File([blob], file.name, { type }) : file;
    } catch { return file; }
  };
  const take = async (files) => {
    if (!files.length) return;
    const said = place.querySelector("[data-said]");
    said.textContent = place.dataset.words;
    const sent = new FormData(form);
    sent.delete("file");
    for (const file of files) sent.append("file", await shrunk(file), file.name);
    try {
      const answer = await fetch(place.dataset.add, { method: "POST", body: sent, headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      place.innerHTML = await answer.text();
      htmx.process(place);
      listen();
      const described = place.querySelector("[data-focus]");
      if (described) described.focus();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    } catch {
      said.textContent = form.dataset.lost;
    }
  };
  const listen = () => {
    const drop = place.querySelector(".drop"), file = document.getElementById("file");
    file.addEventListener("change", () => take([...file.files]));
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
  };
  listen();
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData ? event.clipboardData.files : [])].filter((one) => one.type.startsWith("image/"));
    if (files.length) { event.preventDefault(); take(files); }
  });
})();
