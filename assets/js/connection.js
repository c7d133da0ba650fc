// A lost connection is said, and taken back with the first answer, whoever asks: a page that follows nothing asks by itself.
const AGAIN_MS = 3000;
const PATIENCE_MS = 5000;

let asking;

/** Whether the store answers, by its smallest answer: what a proxy says in its place is none. */
const answers = () =>
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );

export const sayLost = (lost) => {
  const bar = document.querySelector("[data-connection]");
  if (bar) bar.hidden = !lost;
  clearTimeout(asking);
  asking = lost ? setTimeout(askAgain, AGAIN_MS) : undefined;
};

/** Once more after a while for as long as nothing comes; a page that nobody sees waits until it is seen. */
const askAgain = async () => {
  const question = asking;
  const isBack = !document.hidden && (await answers());
  // Somebody else has found it out meanwhile.
  if (asking === question) sayLost(!isBack);
};

/** Of a proxy whose store is away. */
const isAway = (status) => [502, 503, 504].includes(status);

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx && !event.detail.ctx.response) sayLost(true);
});
document.addEventListener("htmx:before:response", ({ detail }) => {
  if (!isAway(detail?.ctx?.response?.status)) sayLost(false);
});
addEventListener("offline", () => sayLost(true));
addEventListener("online", () => sayLost(false));
