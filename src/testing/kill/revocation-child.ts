/**
 * A process that revokes a developer in a data folder, or lifts that, and ends itself by SIGKILL right after the N-th step
 * that survives a kill. Run by revocation.test.ts: `bun revocation-child.ts DIR ACT N`, N = 0 for not at all; ACT `look`
 * only does what was left to do.
 *
 * Its last line is what it found at the end: in the tables, in the signed list, in the log, in the list of revoked
 * certificates, in what is offered, and on a device that comes then.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { findVersion } from "../../catalog/records.ts";
import { revoke } from "../../catalog/revocation/act.ts";
import { listRevocationEvents, listRevocations } from "../../catalog/revocation/listing.ts";
import { previewRevocation } from "../../catalog/revocation/preview.ts";
import { indexPath } from "../../catalog/tuf/app-index.ts";
import { parseAppIndex } from "../../catalog/tuf/documents.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { parseRevocations } from "../../catalog/tuf/revocations.ts";
import { newestApps } from "../../catalog/visibility/visible.ts";
import { install } from "../../device/installer.ts";
import { isProblem } from "../../errors.ts";
import { readAll } from "../../storage/file-source.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { PreparedRevocation, RevocationOutcome } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedRevocation;
const { appId, organisationId, waiting, issuerKeyid } = prepared;
const clock = testClock(new Date(prepared.now));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false },
  Number(killAt),
  (step) => (isActing ? step : null),
);
await scheduler.drain();

isActing = true;
const target = { subject: "developer", id: organisationId, reason: "It sells what people write." };
if (act === "revoke") await perform({ act: "revoke", action: "remove", ...target });
if (act === "lift") await perform({ act: "lift", ...target });
await scheduler.drain();
isActing = false;

const { orm } = store.db;
const outcome: RevocationOutcome = {
  steps,
  inForce: listRevocations(store, OPERATOR, { limit: 100 }).items.map(({ action, id }) => `${action} ${id}`),
  acts: listRevocationEvents(store, OPERATOR, { limit: 100 }).items.map((event) => event.act),
  signed: parseRevocations(body("trust/revocations.json")).entries.map(({ action, id }) => `${action} ${id}`),
  logged: store.db.raw
    .query<{ entry: string }, []>("SELECT entry FROM log_leaves WHERE type = 'revocation' ORDER BY position")
    .all()
    .map((leaf) => (JSON.parse(leaf.entry) as { action: string }).action),
  crl: await revokedCertificates(),
  offered: (parseAppIndex(body(indexPath(appId))).channels.get("stable") ?? []).length,
  onFront: newestApps(store, ANONYMOUS, 10).length,
  waiting: findVersion(orm, waiting)?.state ?? "gone",
  messages: listMessages(store, OPERATOR, { limit: 100 }).items.map(({ kind }) => kind),
  onDevice: await installed(),
  ...(await settledOf(store)),
};
await close(1000);
console.log(JSON.stringify(outcome));

function perform(input: Parameters<typeof previewRevocation>[2]) {
  const { scope } = previewRevocation(store, OPERATOR, input, { limit: 1 });
  return revoke(store, OPERATOR, input, scope);
}

function body(path: string): Uint8Array {
  const bytes = findTargetBody(orm, path);
  if (!bytes) throw new Error(`there is no target ${path}`);
  return new Uint8Array(bytes);
}

/** How many certificates the published list of the Developer CA revokes, as openssl reads it. */
async function revokedCertificates(): Promise<number> {
  const source = await store.blobs.open(`store/v1/crls/${issuerKeyid}/ca.crl`);
  const der = Buffer.concat(await Array.fromAsync(readAll(source)));
  await source.close();
  const { status, stdout, stderr } = spawnSync("openssl", ["crl", "-inform", "DER", "-noout", "-text"], {
    input: der,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`openssl does not read the list: ${stderr}`);
  return stdout.match(/Serial Number:/g)?.length ?? 0;
}

/** What a device that is set up now says to the app. */
async function installed(): Promise<string> {
  try {
    return (await onNewDevice(store, clock, (device) => install(device, appId))).action;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code;
  }
}
