// After a page change without a reload the focus goes where a reload would let reading begin: to what is wrong with
// the form, else to the heading. Parts that refresh themselves leave the focus alone.
const focus = () => {
  const target = document.querySelector("[data-focus]") ?? document.querySelector("#main h1");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: !target.matches("[data-focus]") });
};

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail?.ctx?.target === document.body && !document.querySelector("[autofocus]")) focus();
});

document.querySelector("[data-focus]")?.focus();
