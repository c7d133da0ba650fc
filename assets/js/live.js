// Pages that follow what they show. htmx keeps the stream and puts in place what comes (its extension sse, which is built in beside it);
// here stands what it leaves open: what becomes of a refusal, how a connection is found out that died in silence, and that
// a lost one is said.
import { sayLost } from "./connection.js";

/** Three times what the store lets pass without a word. */
const SILENT_MS = 45_000;
const AGAIN_MS = 3000;

const streamOf = (event) => {
  const element = event.detail?.ctx?.sourceElement ?? event.target;
  return element?.matches?.("[data-live]") ? element : null;
};

/** That it is not kept up to date, and that loading it again is what helps. */
const sayStopped = (stopped) => {
  const line = document.querySelector("[data-live-stopped]");
  if (line) line.hidden = !stopped;
};

const comeAgain = (element, afterMs) => {
  setTimeout(() => {
    if (element.isConnected) element.dispatchEvent(new Event("live-again"));
  }, afterMs);
};

/** Whether who asks may ask again: what was refused for another reason than too many is refused for good. */
const isForGood = (status) => status >= 400 && status < 500 && status !== 429;

// The first answer, before the extension has it: what is no stream is never put into the page.
document.addEventListener("htmx:before:response", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { status, headers } = event.detail.ctx.response;
  if (headers.get("content-type")?.startsWith("text/event-stream")) return;
  // The session goes on with another secret, which a page gets.
  if (headers.get("hx-refresh") === "true") return;
  event.preventDefault();
  sayStopped(true);
  if (!isForGood(status)) comeAgain(element, 1000 * (Number(headers.get("retry-after")) || 10));
});

// The first answer did not come.
document.addEventListener("htmx:error", (event) => {
  const element = streamOf(event);
  if (element && !event.detail.ctx.response) comeAgain(element, AGAIN_MS);
});

document.addEventListener("htmx:sse:error", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { status } = event.detail;
  if (status === 409) return location.reload();
  if (status === undefined || status >= 500) return sayLost(true);
  if (isForGood(status)) element.dataset.live = "stopped";
  sayLost(false);
  sayStopped(true);
});

document.addEventListener("htmx:sse:before:connection", (event) => {
  if (streamOf(event)?.dataset.live === "stopped") event.preventDefault();
});

const watches = new WeakMap();

/** Begins to wait for the next word anew; what stays silent is given up, and the extension comes back by itself. */
const watch = (element, connection) => {
  clearTimeout(watches.get(element));
  const timer = setTimeout(() => {
    if (document.hidden || !connection.reader) return;
    sayLost(true);
    connection.reader.cancel();
  }, SILENT_MS);
  watches.set(element, timer);
};

document.addEventListener("htmx:sse:after:connection", (event) => {
  const element = streamOf(event);
  if (!element) return;
  sayLost(false);
  sayStopped(false);
  watch(element, event.detail.connection);
});

document.addEventListener("htmx:sse:before:message", (event) => {
  const element = streamOf(event);
  if (element) watch(element, event.detail.connection);
});

document.addEventListener("htmx:sse:close", (event) => clearTimeout(watches.get(event.target)));
