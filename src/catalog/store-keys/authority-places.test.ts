/** A store never writes a `trust/ca.pem` that is longer than devices take. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { createPublicKey } from "node:crypto";
import { OPERATOR } from "../../accounts/actor.ts";
import { caPem, certificateRow, openAuthority, validity } from "../../keys/authority.ts";
import {
  findSigningKey,
  insertStoreCertificate,
  listStoreCertificates,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import { certificatesFromPem, createDeveloperCa } from "../../signing/certificates.ts";
import { MAX_CERTIFICATES } from "../../signing/pem.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { sha256 } from "../tuf/metadata.ts";
import { publishTargets } from "../tuf/repository.ts";
import { CA_PATH } from "../tuf/roles.ts";
import { planChanges } from "./changes.ts";
import { buildDocuments } from "./documents.ts";
import { dueRenewals, renewCertificates } from "./due.ts";
import { renew, replaceKeys } from "./operations.ts";
import { readKeyState, requestOf } from "./state.ts";

setDefaultTimeout(120_000);

const DAY_MS = 86_400_000;

const world = worldForEach();

const authorities = () => certificatesFromPem(caPem(world.store)).length;

/** As many more of its Developer CA as if it had been renewed that often. */
async function fill(upTo: number): Promise<void> {
  const { store } = world;
  const { orm } = store.db;
  const now = store.clock.now();
  const root = openAuthority(store, "root");
  const key = findSigningKey(orm, "ca-developer");
  if (!key) throw new Error("the store has no Developer CA");
  const publicKey = createPublicKey({ key: key.publicKey, format: "der", type: "spki" });
  const made: StoreCertificateRow[] = [];
  for (let count = authorities(); count < upTo; count += 1) {
    const options = { ...validity(now, 9 * 365 * DAY_MS), commonName: "Mosis developers" };
    const certificate = await createDeveloperCa(root, publicKey, options);
    made.push(certificateRow("developer-ca", key.name, certificate, now));
  }
  for (const row of made) insertStoreCertificate(orm, row);
  await publishTargets(
    store,
    (log) => {
      for (const { der } of made)
        log.append({ type: "certificate", change: "issued", kind: "developer-ca", sha256: sha256(der) }, now);
      return { upserts: [{ path: CA_PATH, body: Buffer.from(caPem(store)) }], removes: [] };
    },
    () => {},
  );
}

test("a renewal has the last place, and what comes after it is refused with nothing changed", async () => {
  await fill(MAX_CERTIFICATES - 1);
  await renew(world.store, OPERATOR, "ca-developer");
  expect(authorities()).toBe(MAX_CERTIFICATES);
  const before = caPem(world.store);
  for (const work of [
    () => renew(world.store, OPERATOR, "ca-developer"),
    () => renew(world.store, OPERATOR, "ca-root"),
    () => replaceKeys(world.store, OPERATOR, ["ca-developer"]),
    () => replaceKeys(world.store, OPERATOR, ["ca-root"]),
  ])
    expect(await codeOf(work)).toBe("keys.authorities_full");
  expect(caPem(world.store)).toBe(before);
  // What brings no authority goes on.
  expect(await codeOf(() => renew(world.store, OPERATOR, "release"))).toBe("no problem");
});

test("a new root needs two places", async () => {
  await fill(MAX_CERTIFICATES - 1);
  expect(await codeOf(() => replaceKeys(world.store, OPERATOR, ["ca-root"]))).toBe("keys.authorities_full");
  expect(authorities()).toBe(MAX_CERTIFICATES - 1);
});

test("what would not fit holds up nothing else that is due", async () => {
  const { store } = world;
  const [root] = listStoreCertificates(store.db.orm, "root");
  const halfway = ((root?.createdAt.getTime() ?? 0) + (root?.notAfter.getTime() ?? 0)) / 2 + DAY_MS;
  const later = { ...store, clock: { ...store.clock, now: () => new Date(halfway) } };
  expect(dueRenewals(later)).toContain("ca-root");
  await fill(MAX_CERTIFICATES);
  expect(dueRenewals(store).filter((what) => what.startsWith("ca-"))).toEqual([]);
  expect(await renewCertificates(later)).toEqual(["release"]);
  expect(authorities()).toBe(MAX_CERTIFICATES);
});

test("a machine that signs refuses a request for more", async () => {
  const { store } = world;
  const plan = planChanges(
    readKeyState(store.db.orm),
    [{ type: "renew", what: "ca-developer" }],
    () => undefined,
  );
  const request = requestOf(store, plan, store.clock.now());
  const [der = new Uint8Array()] = request.developerCas;
  const more = (count: number) => ({ ...request, developerCas: Array.from({ length: count }, () => der) });
  const fits = MAX_CERTIFICATES - request.roots.length - 1;
  expect(await codeOf(() => buildDocuments(more(fits)))).toBe("no problem");
  expect(await codeOf(() => buildDocuments(more(fits + 1)))).toBe("keys.request_refused");
});
