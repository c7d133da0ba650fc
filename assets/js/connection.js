// A lost connection is said, and taken back with the first answer or when the system reports it again.
export const sayLost = (lost) => {
  const bar = document.querySelector("[data-connection]");
  if (bar) bar.hidden = !lost;
};

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx && !event.detail.ctx.response) sayLost(true);
});
document.addEventListener("htmx:before:response", () => sayLost(false));
addEventListener("offline", () => sayLost(true));
addEventListener("online", () => sayLost(false));
