// A lost connection is said, and taken back with the first answer or when the system reports it again.
const show = (lost) => {
  const bar = document.querySelector("[data-connection]");
  if (bar) bar.hidden = !lost;
};

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx && !event.detail.ctx.response) show(true);
});
document.addEventListener("htmx:before:response", () => show(false));
addEventListener("offline", () => show(true));
addEventListener("online", () => show(false));
