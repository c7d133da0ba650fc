/** `mosis verify --log`: which store's log, and what it says in words. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Device } from "../device/context.ts";
import { type DeviceOptions, initDevice, withDevice } from "../device/device.ts";
import type { LogVerdict } from "../device/log-verification.ts";
import { isProblem, Problem } from "../errors.ts";
import type { AudienceId } from "../ids.ts";
import { tokenFor } from "./connection.ts";
import type { Io } from "./io.ts";
import { detailLine } from "./report.ts";
import { fields, LINE_END, type Style } from "./style.ts";

/** Where the log is: of the store that a device follows, or of an address with the digest of its first root. */
export type LogChoice = {
  readonly home: string | null;
  readonly store: string | null;
  readonly rootSha256: string | null;
  /** An API key that was given for the store; undefined: the environment's, or the login's. */
  readonly token: string | undefined;
  /** Whose catalogue lists the release; undefined: the public one. */
  readonly audience: AudienceId | undefined;
  /** PEM; trusted instead of the system's CAs for the store's address. */
  readonly tlsCa: string | null;
};

/**
 * Opens a device of the store: the one that is there, whose memory of the log counts, or one for this call alone, which
 * takes the first head that it sees.
 *
 * @throws Problem `verify.log_store`, `verify.token_missing`; those of `initDevice` and of opening a device; whatever `work` throws
 */
export async function withLogDevice<T>(
  { home, store, rootSha256, token: given, audience, tlsCa }: LogChoice,
  io: Io,
  work: (device: Device) => Promise<T>,
): Promise<T> {
  const options = { clock: io.clock, signal: io.signal };
  // A device has its audiences, and its CA.
  if (home !== null && store === null && rootSha256 === null && audience === undefined)
    return withDevice({ ...options, home }, work);
  if (home !== null || store === null || rootSha256 === null) {
    throw new Problem(
      "usage",
      "verify.log_store",
      "Say whose log: --home DIR of a device, which knows its audiences, or --store URL with --root-sha256 HEX, and not both.",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "mosis-verify-"));
  try {
    const own = { ...options, home: folder };
    const init = (more: Pick<DeviceOptions, "token" | "audiences">) =>
      initDevice({ ...own, ...more, url: store, rootSha256, tlsCa }).then(() => more);
    const withToken = async (audiences: readonly AudienceId[]) =>
      init({ token: await tokenOf(store, given, io), audiences });
    const access =
      audience !== undefined
        ? await withToken([audience])
        : // A store that is open gets no token: nothing of it is needed there.
          await init({}).catch((error: unknown) => {
            if (!isProblem(error) || error.code !== "device.enrolment_needed") throw error;
            return withToken([]);
          });
    return await withDevice({ ...own, ...access }, work);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Problem `verify.token_missing`, and those of `tokenFor` */
async function tokenOf(store: string, token: string | undefined, io: Io): Promise<string> {
  const { origin } = new URL(store);
  const found = await tokenFor(origin, { token }, io.environment);
  if (found !== null) return found;
  throw new Problem(
    "unauthenticated",
    "verify.token_missing",
    `${origin} shows this to nobody unknown. Sign in with “mosis login ${origin}”, name an API key in MOSIS_TOKEN or MOSIS_TOKEN_FILE, or take the folder of a device that has enrolled there: --home DIR.`,
  );
}

export function logText(style: Style, log: LogVerdict): string {
  const paint = { ok: style.good, failed: style.bad, "not checked": style.warn };
  const place = (position: number | null) => (position === null ? "not known" : `position ${position}`);
  return [
    `log                  ${paint[log.verdict](log.verdict)}`,
    ...log.findings.map((finding) => detailLine(finding, style)),
    fields(style, [
      ["log's size", String(log.head.size)],
      ["log's root hash", log.head.rootHash],
      ["head signed at", log.head.time],
      ["approval", place(log.approval)],
      ["publication", place(log.publication)],
    ]),
  ].join(LINE_END);
}
