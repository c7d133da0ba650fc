// The present page's item of the side bar is in sight, however much stands above it; the page itself stays where it is.
const showCurrent = () => {
  const scrolled = document.querySelector("[data-sections]");
  const item = scrolled?.querySelector("a[aria-current]");
  if (!item) return;
  const below = item.getBoundingClientRect().bottom - scrolled.getBoundingClientRect().bottom;
  if (below > 0) scrolled.scrollTop += below + item.offsetHeight;
};

document.addEventListener("htmx:after:swap", showCurrent);
document.addEventListener("toggle", ({ target }) => target.id === "sidebar" && showCurrent(), true);
showCurrent();
