// The upload: a bar that tells the truth, a way to stop, and the answer put in place like any other page. htmx sends
// by fetch, which reports no progress, so this one form goes by XMLHttpRequest. Without script the form just submits.
const lang = document.documentElement.lang || "en";
const units = ["byte", "kilobyte", "megabyte", "gigabyte"];

const formatBytes = (bytes) => {
  const power = Math.min(3, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(lang, {
    style: "unit",
    unit: units[power],
    unitDisplay: power === 0 ? "long" : "short",
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power);
};

const formatDuration = (seconds) => {
  const [value, unit] = seconds < 60 ? [seconds, "second"] : [seconds / 60, "minute"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(Math.ceil(value));
};

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const input = (form) => form.querySelector('input[type="file"]');

/** Says what is wrong with the chosen file in the browser's own way, before anything is sent. */
const judge = (field) => {
  const file = field.files[0];
  const tooLarge = file && file.size > Number(field.dataset.maxBytes);
  field.setCustomValidity(tooLarge ? field.dataset.tooLarge : "");
  if (tooLarge) field.reportValidity();
};

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-drop-zone] input")) judge(event.target);
});

for (const [type, over] of [
  ["dragenter", true],
  ["dragover", true],
  ["dragleave", false],
  ["drop", false],
]) {
  document.addEventListener(type, (event) => {
    const zone = event.target.closest?.("[data-drop-zone]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", over);
    if (type !== "drop" || event.dataTransfer.files.length === 0) return;
    const field = zone.querySelector("input");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

const show = (form, busy) => {
  form.querySelector("[data-upload-progress]").hidden = !busy;
  for (const field of form.querySelectorAll("[data-upload-fields]")) field.hidden = busy;
};

const fail = (form, message) => {
  show(form, false);
  const problem = form.querySelector("[data-upload-problem]");
  problem.querySelector("p").textContent = message;
  problem.hidden = false;
  problem.focus();
};

const send = (form) => {
  const panel = form.querySelector("[data-upload-progress]");
  const bar = panel.querySelector("progress");
  const line = panel.querySelector("[data-upload-line]");
  const request = new XMLHttpRequest();
  const startedAt = performance.now();
  let saidAt = 0;

  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Request-Type", "full");
  request.setRequestHeader("Accept", "text/html");

  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    const now = performance.now();
    // Words change twice a second at most, so that they can be read.
    if (now - saidAt < 500 && event.loaded < event.total) return;
    saidAt = now;
    const seconds = (now - startedAt) / 1000;
    const left = seconds > 1 ? ((event.total - event.loaded) * seconds) / event.loaded : null;
    const template = left === null ? panel.dataset.sent : panel.dataset.sentLeft;
    line.textContent = fill(template, {
      sent: formatBytes(event.loaded),
      total: formatBytes(event.total),
      left: left === null ? "" : formatDuration(left),
    });
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    line.textContent = panel.dataset.checking;
  });
  request.addEventListener("error", () => fail(form, panel.dataset.lost));
  request.addEventListener("abort", () => show(form, false));
  request.addEventListener("load", () => {
    leaving = null;
    // Sent with a secret from before a change of rights: the answer has the new one, and the form stays as it is.
    if (request.getResponseHeader("Session-Renewed")) return fail(form, panel.dataset.changed);
    const address = new URL(request.responseURL || form.action);
    window.htmx.swap({
      text: request.responseText,
      sourceElement: document.body,
      target: document.body,
      swap: "innerHTML show:top",
      push: request.status < 400 ? address.pathname + address.search : null,
      request: { action: address.pathname },
    });
  });
  request.addEventListener("loadend", () => {
    leaving = null;
  });

  form.querySelector("[data-upload-problem]").hidden = true;
  const data = new FormData(form);
  show(form, true);
  panel.querySelector("[data-upload-name]").textContent = input(form).files[0]?.name ?? "";
  panel.querySelector("[data-upload-stop]").onclick = () => request.abort();
  panel.focus();
  leaving = request;
  request.send(data);
};

// Whoever leaves in the middle of an upload is asked first.
let leaving = null;
addEventListener("beforeunload", (event) => {
  if (leaving) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || !window.htmx) return;
  event.preventDefault();
  send(form);
});
