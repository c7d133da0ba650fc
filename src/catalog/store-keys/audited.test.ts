/** What the audit log is told of the store's own keys; of what was refused, nothing. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { auditAuthor, OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { listSigningKeys } from "../../keys/records.ts";
import { resealKeys } from "../../keys/reseal.ts";
import { makeMasterKey, openVault } from "../../keys/vault.ts";
import { type KeySigner, keyPairSigner } from "../../signing/key-signer.ts";
import { generateKeyPair, keyid } from "../../signing/keys.ts";
import { type Told, toldBy } from "../../testing/audit.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { silentLog } from "../../testing/store.ts";
import { reconcileStore } from "../reconcile.ts";
import { distrust } from "./distrust.ts";
import { signRequest } from "./documents.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { buildOfflineKeys, OFFLINE_ALGORITHMS, parseOfflineKeys } from "./offline-keys.ts";
import { addKey, cancelChanges, removeKey, renew, replaceKeys, setThreshold } from "./operations.ts";
import { buildRequest, parseRequest } from "./request.ts";

setDefaultTimeout(120_000);

const world = storeForEach();

/** Each as `action subject`, with what was before and after. */
async function told(work: () => unknown): Promise<[what: string, before: unknown, after: unknown][]> {
  const entries = await toldBy(world.store.db, work);
  for (const entry of entries) expect(entry).toMatchObject({ actor: "operator", organisationId: null });
  return entries.map(({ action, subject, before, after }: Told) => [`${action} ${subject}`, before, after]);
}

async function refused(work: () => Promise<unknown>): Promise<string> {
  let code = "not refused";
  const entries = await told(async () => {
    const outcome = await work().catch((error: unknown) => error);
    if (isProblem(outcome)) code = outcome.code;
  });
  expect(entries).toEqual([]);
  return code;
}

test("changes that are signed here, each with what it was about", async () => {
  const { store } = world;
  const here = { waits: false };
  expect(await told(() => replaceKeys(store, OPERATOR, ["ca-developer", "tuf-bins"]))).toEqual([
    ["storekey.replaced store-key ca-developer", { role: "developer-ca" }, { by: "ca-developer-2", ...here }],
    ["storekey.replaced store-key tuf-bins", { role: "bins" }, { by: "tuf-bins-2", ...here }],
  ]);
  expect(await refused(() => replaceKeys(store, OPERATOR, ["tuf-bins"]))).toBe("keys.not_found");
  expect(await told(() => distrust(store, OPERATOR, "ca-developer"))).toEqual([
    ["storekey.distrusted store-key ca-developer", null, here],
  ]);
  expect(await told(() => addKey(store, OPERATOR, "apps"))).toEqual([
    ["storekey.added store-key tuf-apps-2", null, { role: "apps", ...here }],
  ]);
  expect(await told(() => setThreshold(store, OPERATOR, "apps", 2))).toEqual([
    ["storekey.threshold store-role apps", { threshold: 1 }, { threshold: 2, ...here }],
  ]);
  expect(await refused(() => removeKey(store, OPERATOR, "tuf-apps"))).toBe("keys.change_invalid");
  await setThreshold(store, OPERATOR, "apps", 1);
  expect(await told(() => removeKey(store, OPERATOR, "tuf-apps-2"))).toEqual([
    ["storekey.removed store-key tuf-apps-2", { role: "apps" }, here],
  ]);
  expect(await told(() => renew(store, OPERATOR, "release"))).toEqual([
    ["storekey.renewed store-role release", null, here],
  ]);
  await world.scheduler.drain();
});

test("changes that another machine signs: asked for, put aside, exported, imported", async () => {
  const { store } = world;
  const signer = keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS.root));
  const signers = new Map<KeyId, KeySigner>([[keyid(signer.publicKey) as KeyId, signer]]);
  const offlineKeys = parseOfflineKeys(await buildOfflineKeys([{ purpose: "root", signer }]));
  const roots = () =>
    listSigningKeys(store.db.orm).filter((row) => row.name.startsWith("tuf-root") && row.retiredAt === null);
  const old = roots().map(({ name }) => name);
  let request: { readonly id: string; readonly body: Uint8Array } = { id: "", body: new Uint8Array() };
  const moved = await told(async () => {
    request = await exportRequest(store, OPERATOR, { offlineKeys });
  });
  const facts = { added: ["tuf-root-3"], removed: old };
  expect(moved).toEqual([[`storekey.request_exported key-request ${request.id}`, null, facts]]);
  const signed = buildRequest((await signRequest(parseRequest(request.body), signers)).request);
  expect(await told(() => importRequest(store, OPERATOR, signed))).toEqual([
    [`storekey.request_imported key-request ${request.id}`, null, facts],
  ]);
  expect(await refused(() => importRequest(store, OPERATOR, signed))).toBe("keys.request_unknown");

  const waits = { waits: true };
  expect(await told(() => replaceKeys(store, OPERATOR, ["tuf-timestamp"]))).toEqual([
    ["storekey.replaced store-key tuf-timestamp", { role: "timestamp" }, { by: "tuf-timestamp-2", ...waits }],
  ]);
  expect(await told(() => replaceKeys(store, OPERATOR, ["tuf-timestamp-2"]))).toEqual([
    ["storekey.replaced store-key tuf-timestamp-2", waits, { by: "tuf-timestamp-3", ...waits }],
  ]);
  expect(await told(() => cancelChanges(store, OPERATOR))).toEqual([
    ["storekey.cancelled store keys", { changes: 1, request: false }, null],
  ]);
  expect(await told(() => cancelChanges(store, OPERATOR))).toEqual([]);
});

test("another master key, and a comparison of everything, by whoever asked for it", async () => {
  const { store } = world;
  const file = `${store.dataDir}/new.key`;
  makeMasterKey(file);
  const next = openVault({ file, dataDir: store.dataDir, mayCreate: false, log: silentLog });
  expect(await told(() => resealKeys(store, auditAuthor(OPERATOR), next, () => 0))).toEqual([
    [
      "storekey.resealed store keys",
      null,
      { keys: expect.arrayContaining(["release", "tuf-bins"]), otherSecrets: 0 },
    ],
  ]);
  expect(await told(() => reconcileStore(store, OPERATOR))).toEqual([
    ["store.reconciled store log", null, { discrepancies: 0 }],
  ]);
  expect(await told(() => world.scheduler.drain())).toEqual([]);
});
