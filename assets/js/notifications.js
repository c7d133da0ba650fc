// Who opens what they were told of has read it: the link goes by the form that marks it, so that the page that comes knows.
// With a key held down, which opens another tab, the link is a link.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-opens]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
      return;
    const form = document.getElementById(link.dataset.opens);
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.requestSubmit();
  },
  true,
);
