// A question (<details data-confirm>) is closed by Escape, by Cancel and by a click elsewhere; a toast by its button.
const close = (details) => {
  details.open = false;
  details.querySelector("summary").focus();
};

document.addEventListener("click", (event) => {
  const target = event.target;
  const cancel = target.closest?.("[data-confirm-cancel]");
  if (cancel) close(cancel.closest("details"));
  for (const open of document.querySelectorAll("[data-confirm][open]")) {
    if (!open.contains(target)) open.open = false;
  }
  target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("[data-confirm][open]");
  if (open) close(open);
});
