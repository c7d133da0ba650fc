// A lost connection is said, and taken back with the first answer, whoever asks: a page that follows nothing asks by itself.
const AGAIN_MS = 3000;

let asking;

/** Whether the store answers at all: its smallest answer, which nobody has to be known for. */
const answers = () =>
  fetch("/healthz", { cache: "no-store" }).then(
    () => true,
    () => false,
  );

export const sayLost = (lost) => {
  const bar = document.querySelector("[data-connection]");
  if (bar) bar.hidden = !lost;
  clearTimeout(asking);
  if (lost) asking = setTimeout(askAgain, AGAIN_MS);
};

/** Once more after a while for as long as nothing comes; a page that nobody sees waits until it is seen. */
const askAgain = async () => sayLost(document.hidden || !(await answers()));

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx && !event.detail.ctx.response) sayLost(true);
});
document.addEventListener("htmx:before:response", () => sayLost(false));
addEventListener("offline", () => sayLost(true));
addEventListener("online", () => sayLost(false));
