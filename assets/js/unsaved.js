// What somebody has typed is not lost by leaving: a form that is otherwise than it was served asks first. What htmx would put
// in its place is asked about in the page's own dialog, what the browser does (closing, another site) in the browser's.
// Sessions that end are the server's matter, which keeps what was sent.
const FORMS = "main form[method=post]";
/** What is typed there is not worth asking about, or nobody wants it kept. */
const NEVER_ASKED = "input[type=password]";

/** Forms that somebody was at: browsers write what is served in another way themselves, such as times. */
const touched = new WeakSet();
/** Forms that were sent, until something is typed into them again. */
const sent = new WeakSet();
/** Whoever was asked has said that they leave; until the next page. */
let isLeaving = false;

const isFieldChanged = (field) => {
  if (field.disabled || field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "select-one" || field.type === "select-multiple") {
    const options = [...field.options];
    const chosen = options.find((option) => option.defaultSelected) ?? options[0];
    return field.selectedOptions[0] !== chosen;
  }
  return "defaultValue" in field && field.type !== "submit" && field.value !== field.defaultValue;
};

/** Something that was typed, came back, and was not saved; a code counts once. */
const isRefused = (field) => field.value !== "" && field.autocomplete !== "one-time-code";

const isChanged = (form) =>
  form.matches("[data-uploading]") ||
  (!sent.has(form) &&
    !form.querySelector(NEVER_ASKED) &&
    (form.matches("[data-unsaved]") ||
      form.querySelector("[data-unsaved]") !== null ||
      [...form.querySelectorAll("[aria-invalid=true]")].some(isRefused) ||
      (touched.has(form) && [...form.elements].some(isFieldChanged))));

/** One that is changed, in a part of the page; that which is being sent does not count. */
const changedIn = (part) => {
  if (isLeaving) return undefined;
  return [...document.querySelectorAll(FORMS)].find((form) => part.contains(form) && isChanged(form));
};

const typed = ({ target: { form } }) => {
  if (!form) return;
  touched.add(form);
  sent.delete(form);
};
document.addEventListener("input", typed, true);
document.addEventListener("change", typed, true);

// Before htmx and the upload, which take it over.
document.addEventListener("submit", ({ target }) => sent.add(target), true);

document.addEventListener("unsent", ({ target }) => sent.delete(target));

/** Asks; where nothing is answered, such as by Escape, they stay. */
const ask = (go, stay = () => {}) => {
  const dialog = document.querySelector("[data-leave-question]:not([open])");
  if (!dialog) return stay();
  let goes = false;
  const answer = ({ target }) => {
    goes = target.closest("[data-leave-go]") !== null;
    if (goes || target.closest("[data-leave-stay]")) dialog.close();
  };
  const closed = () => {
    dialog.removeEventListener("click", answer);
    isLeaving = goes;
    if (goes) go();
    else stay();
  };
  dialog.addEventListener("click", answer);
  dialog.addEventListener("close", closed, { once: true });
  dialog.showModal();
};

addEventListener("beforeunload", (event) => {
  if (changedIn(document)) event.preventDefault();
});

// That the page is loaded anew is what its link says.
document.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (isPlain && event.target.closest?.("[data-leave]")) isLeaving = true;
});

/** What htmx was asked to do by a stream is not what the person asked for. */
const isLive = (element) => Boolean(element?.matches?.("[data-live]"));

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (isLive(ctx.sourceElement) || !ctx.target?.contains || !changedIn(ctx.target)) return;
  // Says only that there is something to ask: the words are the dialog's.
  ctx.confirm = "leave";
});

document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.ctx.confirm !== "leave") return;
  event.preventDefault();
  const { issueRequest, dropRequest, ctx } = event.detail;
  // What was sent in another form was not, then.
  ask(issueRequest, () => {
    if (ctx.request.form) sent.delete(ctx.request.form);
    dropRequest();
  });
});

// What a page shows as it happens leaves alone whatever somebody is typing in.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const typing = document.activeElement?.closest?.(FORMS);
  const isTyping = typing && document.activeElement.matches("input, textarea, select");
  if (isLive(ctx.sourceElement) && (changedIn(ctx.target) || (isTyping && ctx.target.contains(typing))))
    event.preventDefault();
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail?.ctx?.target === document.body) isLeaving = false;
});

// It did not come: what was typed is still there, and not saved.
document.addEventListener("htmx:error", ({ detail }) => {
  isLeaving = false;
  if (detail?.ctx?.request?.form) sent.delete(detail.ctx.request.form);
});

/** Back and forward inside of the site, of browsers that tell before they go. */
globalThis.navigation?.addEventListener("navigate", (event) => {
  if (event.navigationType !== "traverse" || event.hashChange || !event.cancelable) return;
  if (!event.destination.sameDocument || !changedIn(document)) return;
  event.preventDefault();
  // htmx comes after this, and would take over what does not happen.
  event.stopImmediatePropagation();
  const { key } = event.destination;
  ask(() => globalThis.navigation.traverseTo(key));
});

// Of the others, and where the browser does not wait, the address is another one by now.
let here = location.href;
const arrive = () => {
  here = location.href;
};
document.addEventListener("htmx:after:history:push", arrive);
document.addEventListener("htmx:after:history:replace", arrive);
addEventListener("hashchange", arrive);
document.addEventListener("htmx:before:history:restore", (event) => {
  if (!changedIn(document)) return arrive();
  event.preventDefault();
  history.pushState({ htmx: true }, "", here);
  ask(() => history.back());
});
