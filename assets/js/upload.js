// The upload: a bar that tells the truth, a way to stop, and the answer put in place like any other page. The package goes in
// parts by the tus protocol, so that a cut connection, a restart of the store or another visit to the page goes on where it was;
// then the form is sent with the id of what is there. Without script the form just submits.
const lang = document.documentElement.lang || "en";
// As views/format.ts says sizes on the rest of the page.
const units = ["KiB", "MiB", "GiB", "TiB"];

const formatBytes = (bytes) => {
  if (bytes < 1024)
    return new Intl.NumberFormat(lang, { style: "unit", unit: "byte", unitDisplay: "long" }).format(bytes);
  let value = bytes / 1024;
  let power = 0;
  for (; value >= 1023.5 && power < units.length - 1; power++) value /= 1024;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value)}\u00a0${units[power]}`;
};

const formatDuration = (seconds) => {
  const [value, unit] = seconds < 60 ? [seconds, "second"] : [seconds / 60, "minute"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(Math.ceil(value));
};

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const input = (form) => form.querySelector('input[type="file"]');

/** Says beside its field what is wrong with the chosen file, before anything is sent; whether it can be sent. */
const judge = (field) => {
  const file = field.files[0];
  const tooLarge = Boolean(file && file.size > Number(field.dataset.maxBytes));
  const id = `${field.id}-error`;
  document.getElementById(id)?.remove();
  field.toggleAttribute("aria-invalid", tooLarge);
  field.closest("[data-drop-zone]").toggleAttribute("data-invalid", tooLarge);
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each !== id);
  field.setAttribute("aria-describedby", (tooLarge ? [...others, id] : others).join(" "));
  if (!tooLarge) return true;
  field.setAttribute("aria-invalid", "true");
  const line = document.createElement("p");
  line.className = "error";
  line.id = id;
  line.role = "alert";
  line.textContent = field.dataset.tooLarge;
  field.closest(".field").append(line);
  return false;
};

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-drop-zone] input")) return;
  judge(event.target);
  loadClient(event.target.form).catch(() => {});
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

/** What was to be sent with the file was not: unsaved.js asks about it again. */
const unsend = (form) => form.dispatchEvent(new Event("unsent", { bubbles: true }));

const show = (form, busy) => {
  form.toggleAttribute("data-uploading", busy);
  if (!busy) unsend(form);
  form.querySelector("[data-upload-progress]").hidden = !busy;
  for (const field of form.querySelectorAll("[data-upload-fields]")) field.hidden = busy;
};

const fail = (form, message) => {
  leaving = null;
  show(form, false);
  const problem = form.querySelector("[data-upload-problem]");
  problem.querySelector("p").textContent = message;
  problem.hidden = false;
  problem.focus();
};

/** The client of the protocol, which pages without an upload have no use for. */
let client = null;
const loadClient = (form) => {
  client ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = form.dataset.uploadScript;
    script.onload = () => done(window.TusUpload);
    script.onerror = () => {
      client = null;
      failed(new Error("the script of uploads did not come"));
    };
    document.head.append(script);
  });
  return client;
};

/** So large a part is lost at most where something between us and the store hands on whole requests only. */
const PART_BYTES = 16 * 2 ** 20;
/** About half an hour of a connection that is away; whoever comes back later presses the button once more. */
const RETRIES_MS = [0, 1000, 2000, 5000, 10000, ...Array(60).fill(30000)];

/** What the store said of a refusal, in words for the person; null: it did not. */
const wordsOf = (response) => {
  try {
    return JSON.parse(response?.getBody() ?? "").detail ?? null;
  } catch {
    return null;
  }
};

/**
 * To a question how far it is, the client takes every answer but a good one and 423 for "there is no such upload", and begins anew. That
 * is what 404 and 410 say; a proxy that finds the store starting anew says something else.
 */
const refuseUnknowing = (request, response) => {
  const status = response.getStatus();
  if (request.getMethod() !== "HEAD" || status < 300 || [404, 410, 423].includes(status)) return;
  throw Object.assign(new Error(`the store did not say how far it is: ${status}`), { response });
};

/** What was answered; undefined: nothing was. */
const answerOf = ({ originalResponse, causingError }) => originalResponse ?? causingError?.response;

const isRenewed = (response) => Boolean(response?.getHeader("Session-Renewed"));

/** Whether the same again may be answered otherwise: nothing came back, the store is busy, or another request was at work. */
const isWorthwhile = (response) => {
  const status = response?.getStatus() ?? 0;
  if (isRenewed(response)) return true;
  if (status === 409) return !String(response.getBody()).includes('"upload.too_many"');
  return status === 0 || status === 423 || status === 429 || status >= 500;
};

const sendFile = async (form, file) => {
  const panel = form.querySelector("[data-upload-progress]");
  const bar = panel.querySelector("progress");
  const line = panel.querySelector("[data-upload-line]");
  let beganAt = null;
  let saidAt = 0;
  const Upload = await loadClient(form).catch(() => null);
  if (Upload === null) return fail(form, panel.dataset.lost);

  const tell = (sent, total) => {
    bar.max = total;
    bar.value = sent;
    const now = performance.now();
    beganAt ??= { at: now, sent };
    // Words change twice a second at most, so that they can be read.
    if (now - saidAt < 500 && sent < total) return;
    saidAt = now;
    const seconds = (now - beganAt.at) / 1000;
    const speed = seconds > 1 ? (sent - beganAt.sent) / seconds : 0;
    const left = speed > 0 ? (total - sent) / speed : null;
    line.textContent = fill(left === null ? panel.dataset.sent : panel.dataset.sentLeft, {
      sent: formatBytes(sent),
      total: formatBytes(total),
      left: left === null ? "" : formatDuration(left),
    });
  };

  const upload = new Upload(file, {
    endpoint: new URL(form.dataset.upload, location.href).href,
    metadata: { filename: file.name },
    chunkSize: PART_BYTES,
    retryDelays: RETRIES_MS,
    // Not before the form was answered: until then the store has the file, and the same one is found again.
    removeFingerprintOnSuccess: false,
    onProgress: tell,
    onAfterResponse: refuseUnknowing,
    onShouldRetry: (error) => {
      const again = isWorthwhile(answerOf(error));
      beganAt = null;
      if (again) line.textContent = panel.dataset.waiting;
      return again;
    },
    onError: (error) => {
      const answer = answerOf(error);
      const status = answer?.getStatus() ?? 0;
      const said = status === 401 || status === 403 ? panel.dataset.refused : wordsOf(answer);
      fail(form, said ?? panel.dataset.lost);
    },
    onSuccess: () => {
      bar.removeAttribute("value");
      line.textContent = panel.dataset.checking;
      finish(form, upload.url.split("/").at(-1), async () => {
        for (const { urlStorageKey } of await upload.findPreviousUploads())
          await upload.options.urlStorage.removeUpload(urlStorageKey);
      });
    },
  });
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  panel.querySelector("[data-upload-stop]").onclick = () => {
    upload.abort();
    leaving = null;
    show(form, false);
  };
  // The system knows that the network is back before the next try is due.
  resume = () => {
    if (leaving === upload) upload.abort().then(() => upload.start());
  };
  leaving = upload;
  upload.start();
};

/** The form, with the id of the file that the store has in place of the file itself. */
const finish = (form, id, forget = () => {}) => {
  const panel = form.querySelector("[data-upload-progress]");
  const data = new FormData(form);
  data.delete("file");
  data.set("upload", id);
  // The file's field comes last, and without one.
  data.append("file", new File([], ""));
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Request-Type", "full");
  request.setRequestHeader("Accept", "text/html");
  request.addEventListener("error", () => fail(form, panel.dataset.lost));
  request.addEventListener("load", () => {
    leaving = null;
    // Sent with a secret from before a change of rights: the answer has the new one, and the form stays as it is.
    if (request.getResponseHeader("Session-Renewed")) return fail(form, panel.dataset.changed);
    if (request.status < 400) forget();
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
  leaving = request;
  panel.querySelector("[data-upload-stop]").onclick = () => {
    request.abort();
    leaving = null;
    show(form, false);
  };
  request.send(data);
};

const send = (form) => {
  const panel = form.querySelector("[data-upload-progress]");
  const [file] = input(form).files;
  const received = form.querySelector('input[name="upload"]')?.value;
  form.querySelector("[data-upload-problem]").hidden = true;
  panel.querySelector("[data-upload-name]").textContent = file?.name ?? "";
  sending = form;
  show(form, true);
  panel.focus();
  if (file) sendFile(form, file);
  else finish(form, received ?? "");
};

// Whoever leaves in the middle of an upload is asked first.
let leaving = null;
let resume = null;
/** The form that is on its way. */
let sending = null;
addEventListener("beforeunload", (event) => {
  if (leaving) event.preventDefault();
});
addEventListener("online", () => resume?.());

// Whoever left all the same has left: what came goes on later, when the same file is chosen again.
document.addEventListener("htmx:after:swap", () => {
  if (!leaving || sending?.isConnected) return;
  leaving.abort();
  leaving = null;
  resume = null;
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  // Other buttons of the form ask for the page again, with all that is in it.
  if (!form || !window.htmx || event.submitter?.name) return;
  event.preventDefault();
  const field = input(form);
  if (field.matches("[data-max-bytes]") && !judge(field)) {
    unsend(form);
    return field.focus();
  }
  send(form);
});
