/** What the store says when a device asks it for something else than a file: JSON, which nobody signed. */
import { isProblem, Problem, type ProblemKind } from "../errors.ts";
import { collect, type Patience, send, TooLongError, unreachable } from "./http.ts";

/** An answer of the API; `json` is undefined where there was none. */
export type StoreAnswer = {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>> | undefined;
};

/**
 * A code or a token would be read by whoever is on the way.
 * @throws Problem `device.enrolment_insecure` for an address that is neither https nor this machine's own
 */
export function refuseInsecure(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)) return;
  throw new Problem(
    "forbidden",
    "device.enrolment_insecure",
    `${url} is not https, so that others on the way could read the code or the token, and nothing was sent. Set the device up with the store's https address.`,
  );
}

const ANSWER_MAX_BYTES = 65_536;

/** @throws Problem `device.unreachable` for what is no answer of a store, and for those that come later */
export async function askStore(url: string, body: unknown, patience: Patience): Promise<StoreAnswer> {
  const { timeouts, signal, tlsCa } = patience;
  const options = {
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { "content-type": "application/json" },
    accepts: () => true,
    idleMs: timeouts.idleMs,
    signal,
    tlsCa,
  };
  return send(url, options, async (response, bytes) => {
    const text = await collect(url, bytes, ANSWER_MAX_BYTES).catch((error) => {
      throw error instanceof TooLongError ? unreachable(url, error) : error;
    });
    if (response.status >= 500)
      throw unreachable(url, new Error(`it answered with status ${response.status}`));
    return { status: response.status, json: objectIn(text) };
  });
}

function objectIn(text: Buffer): StoreAnswer["json"] {
  try {
    const value: unknown = JSON.parse(text.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

type Refusal = { readonly kind: ProblemKind; readonly message: string };

/** What the store can say of an enrolment or a token, in words of ours. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  "device.enrolment_code_malformed": {
    kind: "unprocessable",
    message: "The store says that this is no enrolment code. Compare it with what was shown.",
  },
  "device.enrolment_code_unknown": {
    kind: "forbidden",
    message:
      "The store knows no such enrolment code. Check that it is a code of this store, or ask for another one.",
  },
  "device.enrolment_code_expired": {
    kind: "forbidden",
    message: "The enrolment code is over. Ask the store's administrator for another one.",
  },
  "device.enrolment_code_used": {
    kind: "forbidden",
    message:
      "As many devices have enrolled with this code as it was made for. Ask the store's administrator for another one.",
  },
  "device.enrolment_code_revoked": {
    kind: "forbidden",
    message: "The enrolment code was revoked. Ask the store's administrator for another one.",
  },
  "device.enrolment_proof": {
    kind: "unprocessable",
    message:
      "The store did not take what this device signed: its first root is another one than the digest that this device was given.",
  },
  "device.enrolment_revoked": {
    kind: "forbidden",
    message:
      "This device was revoked in the store, and gets nothing new any more. What is installed goes on working. To come back it enrols with a new key: “mosis device enrol CODE --new-key”.",
  },
  "device.assertion_invalid": {
    kind: "unauthenticated",
    message:
      "The store does not know this device, or not with this key. Enrol it again: “mosis device enrol CODE”.",
  },
};

/** The store's words are a stranger's: they are told beside ours. */
export function refusedBy(url: string, { status, json }: StoreAnswer): Problem {
  const code = typeof json?.code === "string" ? json.code : "";
  const said = typeof json?.detail === "string" ? json.detail.slice(0, 500) : `status ${status}`;
  const known = REFUSALS[code];
  if (known !== undefined) return new Problem(known.kind, code, known.message);
  if (status === 429) {
    const message =
      "Too many devices or attempts came from here: the store asks to wait. Try again in some minutes.";
    return new Problem("too_many_requests", "device.enrolment_wait", message, [
      { code: "store.said", message: said },
    ]);
  }
  return new Problem(
    "unavailable",
    "device.enrolment_refused",
    `The store at ${url} did not answer as a store does that devices enrol with (status ${status}).`,
    [{ code: "store.said", message: said }],
  );
}

/** The time in the store, where it says that what was signed is of another one. */
export function timeInStore({ json }: StoreAnswer): Date | null {
  if (json?.code !== "device.assertion_stale" || !Array.isArray(json.errors)) return null;
  for (const detail of json.errors as unknown[]) {
    if (typeof detail !== "object" || detail === null) continue;
    const { code, expected } = { code: undefined, expected: undefined, ...detail } as Record<string, unknown>;
    if (code !== "store.time" || typeof expected !== "string") continue;
    const at = new Date(expected);
    if (!Number.isNaN(at.getTime())) return at;
  }
  return null;
}

/** Tries again what failed on the way. */
export async function asking(patience: Patience, ask: () => Promise<StoreAnswer>): Promise<StoreAnswer> {
  for (let tried = 1; ; tried++) {
    try {
      return await ask();
    } catch (error) {
      const passing = isProblem(error) && error.code === "device.unreachable";
      if (!passing || tried >= patience.timeouts.attempts) throw error;
      await Bun.sleep(200 * tried);
    }
  }
}
