// data-copy="id" copies that element's text, data-copy-block the code that it stands beside; the button says so for two
// seconds.
const sourceOf = (button) =>
  button.dataset.copy === undefined
    ? button.parentElement.querySelector("pre")
    : document.getElementById(button.dataset.copy);

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-block]");
  if (!button) return;
  const words = button.querySelector("span");
  const before = button.dataset.words ?? words.textContent;
  button.dataset.words = before;
  const source = sourceOf(button);
  try {
    // Without the last line's end: pasted into a terminal, it would run the command before it was looked at.
    await navigator.clipboard.writeText((source?.textContent ?? "").trimEnd());
    words.textContent = button.dataset.copied;
  } catch {
    // No clipboard on plain HTTP: select the text, so that the keyboard's copy works.
    if (source) getSelection().selectAllChildren(source);
    words.textContent = button.dataset.failed;
  }
  button.dataset.done = "";
  setTimeout(() => {
    words.textContent = before;
    delete button.dataset.done;
  }, 2000);
});
