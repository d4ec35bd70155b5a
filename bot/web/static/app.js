// Every page: what JavaScript adds. Without it each page works by its own buttons.
"use strict";
document.documentElement.classList.add("js");

// A menu closes when somebody looks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A mistake is where the reader is taken first.
const wrong = document.getElementById("wrong");
if (wrong) wrong.focus();

// What the server has need not be kept in this browser.
for (const one of document.querySelectorAll("[data-kept]")) {
  try { localStorage.removeItem("draft:" + one.dataset.kept); } catch { /* no storage in this browser */ }
}

// One press sends a form once; the server refuses a second one anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
// A page gone back to may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
