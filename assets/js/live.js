// Pages that follow what they show. htmx keeps the stream and puts in place what comes (its extension sse, which is built in beside it);
// here stands what it leaves open: what becomes of a refusal, how a connection is found out that died in silence, that
// a lost one is said, and that a page which nobody sees holds none.
import { sayLost } from "./connection.js";

/** Three times what the store lets pass without a word. */
const SILENT_MS = 45_000;
const AGAIN_MS = 3000;
const NO_STREAM_MS = 10_000;

const streamOf = (event) => {
  const element = event.detail?.ctx?.sourceElement ?? event.target;
  return element?.matches?.("[data-live]") ? element : null;
};

/** That it is not kept up to date, and that loading it again is what helps. */
const sayStopped = (stopped) => {
  const line = document.querySelector("[data-live-stopped]");
  if (line) line.hidden = !stopped;
};

const connectAgain = (element) => {
  if (element.isConnected) element.dispatchEvent(new Event("live-again"));
};

const comeAgain = (element, afterMs) => setTimeout(() => connectAgain(element), afterMs);

const waiting = new Set();

/** Once the page is seen, or looked at anew. */
const comeAgainWhenSeen = (element) => waiting.add(element);

/** Connections that were opened, and on which nothing has come yet. */
let unheard = new WeakSet();

const seen = () => {
  // The extension closes them now: that nothing came is not their fault.
  if (document.hidden) unheard = new WeakSet();
  if (document.hidden) return;
  const elements = [...waiting];
  waiting.clear();
  for (const element of elements) connectAgain(element);
};
document.addEventListener("visibilitychange", seen);
addEventListener("focus", seen);

/** A tab that was opened behind others asks once it is seen. One that goes there has its stream closed by the extension. */
const keepHidden = (event, element) => {
  if (!document.hidden) return false;
  event.preventDefault();
  comeAgainWhenSeen(element);
  return true;
};

document.addEventListener("htmx:before:request", (event) => {
  const element = streamOf(event);
  if (element) keepHidden(event, element);
});

/** Whether who asks may ask again: what was refused for another reason than too many is refused for good. */
const isForGood = (status) => status >= 400 && status < 500 && status !== 429;

// The first answer, before the extension has it: what is no stream is never put into the page.
document.addEventListener("htmx:before:response", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { status, headers } = event.detail.ctx.response;
  // Nothing follows any more, and the page shows the last state.
  if (status === 204) return event.preventDefault();
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
  if (!element || element.dataset.live === "stopped") return;
  const { status } = event.detail;
  if (status === 409) return location.reload();
  if (status === undefined || status >= 500) return sayLost(true);
  if (isForGood(status)) element.dataset.live = "stopped";
  sayLost(false);
  sayStopped(true);
});

document.addEventListener("htmx:sse:before:connection", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { connection } = event.detail;
  if (element.dataset.live === "stopped") return event.preventDefault();
  if (keepHidden(event, element) || !unheard.has(connection)) return;
  // What answered was no stream, for which the answer to a first request is looked at.
  event.preventDefault();
  comeAgain(element, NO_STREAM_MS);
});

// Who signs out ends what follows as well; asked for once more until the next page is there, it would be refused.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-out") return;
  for (const element of document.querySelectorAll("[data-live]")) element.dataset.live = "stopped";
});

const watches = new WeakMap();

/** Begins to wait for the next word anew; what stays silent is given up, and the extension comes back by itself. */
const watch = (element, connection) => {
  clearTimeout(watches.get(element));
  const timer = setTimeout(() => {
    if (document.hidden) return watch(element, connection);
    if (!connection.reader) return;
    sayLost(true);
    connection.reader.cancel();
  }, SILENT_MS);
  watches.set(element, timer);
};

document.addEventListener("htmx:sse:after:connection", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { connection } = event.detail;
  // Nothing follows any more, and the last state was told.
  if (connection.status === 204) element.dataset.live = "stopped";
  unheard.add(connection);
  watch(element, connection);
});

document.addEventListener("htmx:sse:before:message", (event) => {
  const element = streamOf(event);
  if (!element) return;
  const { connection, message } = event.detail;
  unheard.delete(connection);
  sayLost(false);
  const isReplaced = message.event === "end" && message.data === "replaced";
  sayStopped(isReplaced);
  if (isReplaced) comeAgainWhenSeen(element);
  watch(element, connection);
  // Hidden while it was opened, which the extension does not notice.
  if (document.hidden) connection.reader?.cancel();
});

document.addEventListener("htmx:sse:close", (event) => clearTimeout(watches.get(event.target)));

/** A question that is open stays so as long as it asks the same: else what is pressed would be the answer to another one. */
const isSameQuestion = (before, after) => {
  const asked = (details) => details.querySelector("form")?.getAttribute("action");
  return asked(before) !== undefined && asked(before) === asked(after);
};

window.htmx?.registerExtension("open-questions", {
  htmx_before_morph_node: (before, { newNode: after }) => {
    if (before.matches?.("[data-confirm][open]") && isSameQuestion(before, after)) after.open = true;
  },
});
