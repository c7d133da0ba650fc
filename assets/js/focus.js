// After a page change without a reload the focus goes where a reload would let reading begin: to what is wrong with
// the form, else to the heading. A button that says where the focus goes next keeps it, if its page comes again. Parts that
// refresh themselves leave the focus alone.
let pressed = [];

document.addEventListener("submit", ({ submitter }) => {
  const next = submitter?.dataset.focusNext;
  pressed = next === undefined ? [] : [submitter.id, next];
});

const focus = () => {
  const wrong = document.querySelector("[data-focus]");
  const again = wrong ? null : pressed.map((id) => document.getElementById(id)).find((found) => found);
  pressed = [];
  if (again) {
    again.focus();
    return;
  }
  const target = wrong ?? document.querySelector("#main h1");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: !target.matches("[data-focus]") });
};

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail?.ctx?.target === document.body && !document.querySelector("[autofocus]")) focus();
});

document.querySelector("[data-focus]")?.focus();
