// data-passkey="new" or "use" on a button: asks the browser for a passkey by data-passkey-options, puts its answer into
// the field of the form that data-passkey-answer names, and sends the form. What went wrong is said in the form's
// data-passkey-status.
import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-passkey]");
  if (button) ask(button);
});

// The Enter key in another field of the form sends it, for which it is not complete.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector('[data-passkey="new"]');
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) ask(button);
});

async function ask(button) {
  const { passkey, passkeyOptions, passkeyAnswer, passkeyFailed, passkeyKnown } = button.dataset;
  const { form } = button;
  // What else has to be filled in the store says before the browser asks.
  if (passkey === "new" && !form.checkValidity()) return HTMLFormElement.prototype.submit.call(form);
  const status = form.querySelector("[data-passkey-status]");
  status.textContent = "";
  button.disabled = true;
  try {
    const optionsJSON = JSON.parse(passkeyOptions);
    const answer =
      passkey === "new"
        ? await startRegistration({ optionsJSON })
        : await startAuthentication({ optionsJSON });
    form.elements.namedItem(passkeyAnswer).value = JSON.stringify(answer);
    // Without asking for the form's other fields, which the passkey stands in for.
    HTMLFormElement.prototype.submit.call(form);
  } catch (error) {
    const cause = error?.cause ?? error;
    status.textContent = cause?.name === "InvalidStateError" ? passkeyKnown : passkeyFailed;
    button.disabled = false;
  }
}
