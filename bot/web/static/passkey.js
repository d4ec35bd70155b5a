// Asks the device for its passkey and sends what it says. The coding is Flask-Security's own.
"use strict";
(async () => {
  const form = document.getElementById("passkey");
  const said = form.querySelector("[data-said]");
  const ask = form.dataset.does === "register" ? handleRegister : handleSignin;
  const result = await ask(form.dataset.options);
  if (result.error_msg) {
    said.textContent = form.dataset.failed;
    said.className = "note bad";
    return;
  }
  document.getElementById("credential").value = result.credential;
  form.submit();
})();
