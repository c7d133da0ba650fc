// data-copy="id": copies that element's text and says so on the button for two seconds.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const words = button.querySelector("span");
  const before = button.dataset.words ?? words.textContent;
  button.dataset.words = before;
  const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    words.textContent = button.dataset.copied;
  } catch {
    // No clipboard on plain HTTP: select the text, so that the keyboard's copy works.
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    words.textContent = button.dataset.failed;
  }
  setTimeout(() => {
    words.textContent = before;
  }, 2000);
});
