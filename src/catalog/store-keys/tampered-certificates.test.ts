/** Certificates of the store that somebody changed in the database: nothing is judged by them or signed over them. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { caPem } from "../../keys/authority.ts";
import { listAllStoreCertificates, listStoreCertificates } from "../../keys/records.ts";
import { approve } from "../../review/decide.ts";
import { createRootCa } from "../../signing/certificates.ts";
import { generateKeyPair } from "../../signing/keys.ts";
import { storeForEach } from "../../testing/prepared.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { beside } from "../../testing/tamper.ts";
import { catalogueDamage, checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { findVersion } from "../records.ts";
import { releaseKey } from "../release-keys.ts";
import { findTargetBody } from "../tuf/records.ts";
import { CA_PATH } from "../tuf/roles.ts";
import { distrust } from "./distrust.ts";
import { renew, replaceKeys } from "./operations.ts";

setDefaultTimeout(120_000);

let publisher: Publisher;
let code = 0;
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
});
const { orm, tamper, found } = beside(world);

const rows = () => listAllStoreCertificates(orm());
const signed = () => Buffer.from(findTargetBody(orm(), CA_PATH) ?? []).toString();

/** Uploads, has it checked and approved, and gives what came of it. */
async function release(): Promise<string | undefined> {
  code += 1;
  const manifest = { id: "org.example.shown", versionCode: code, version: `1.${code}.0` };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const { id } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
  return findVersion(orm(), id)?.state;
}

/** Somebody's own root, with the name and the row of the store's. */
async function addForeign(kind: "root" | "developer-ca" | "release") {
  const [old] = listStoreCertificates(orm(), kind);
  if (!old) throw new Error("no certificate");
  const certificate = await createRootCa(generateKeyPair("ecdsa-p384"), {
    notBefore: old.notBefore,
    notAfter: old.notAfter,
    commonName: "Mosis root",
  });
  tamper(
    "INSERT INTO store_certificates SELECT 'f0', kind, key_name, ?, not_before, not_after, created_at + 1, NULL FROM store_certificates WHERE serial = ?",
    Buffer.from(certificate.rawData),
    old.serial,
  );
}

const WAYS: readonly (readonly [string, () => unknown])[] = [
  ["a foreign root", () => addForeign("root")],
  ["a foreign Developer CA", () => addForeign("developer-ca")],
  ["a foreign release certificate", () => addForeign("release")],
  ["a root that went", () => tamper("DELETE FROM store_certificates WHERE kind = 'root'")],
  ["a Developer CA that went", () => tamper("DELETE FROM store_certificates WHERE kind = 'developer-ca'")],
  ["one that is marked distrusted", () => tamper("UPDATE store_certificates SET distrusted_at = 1")],
  ["another order", () => tamper("UPDATE store_certificates SET created_at = 9 - length(kind)")],
  ["another kind", () => tamper("UPDATE store_certificates SET kind = 'root' WHERE kind = 'developer-ca'")],
  ["another key", () => tamper("UPDATE store_certificates SET key_name = 'tuf-bins'")],
  [
    "another serial number",
    () => tamper("UPDATE store_certificates SET serial = 'f' || serial WHERE kind = 'root'"),
  ],
];

describe("certificates are brought back as they were issued", () => {
  test.each(WAYS)("before a package is judged or signed: %s", async (_, damage) => {
    expect(await release()).toBe("published");
    const before = rows();
    await damage();
    expect(catalogueDamage(world.store).length).toBeGreaterThan(0);
    expect(await release()).toBe("published");
    expect(rows()).toEqual(before);
    await damage();
    await newSigner(world.store, publisher.actor);
    expect(rows()).toEqual(before);
    expect(catalogueDamage(world.store)).toEqual([]);
  });

  test.each(WAYS)("at a start, by reconcile, and before keys change: %s", async (_, damage) => {
    world.store.clock.advance(1000);
    await replaceKeys(world.store, OPERATOR, ["ca-root", "ca-developer", "release"]);
    await world.scheduler.drain();
    const before = rows();
    await damage();
    await mendTrust(world.store);
    expect(rows()).toEqual(before);
    await damage();
    expect(await found()).toContainEqual(expect.stringMatching(/certificate .*brought back/));
    expect(rows()).toEqual(before);
    await damage();
    await renew(world.store, OPERATOR, "ca-developer");
    expect(rows().filter(({ serial }) => before.some((row) => row.serial === serial))).toEqual(before);
    expect(rows()).toHaveLength(before.length + 1);
    expect(signed()).toBe(caPem(world.store));
    expect(await found()).toEqual([]);
  });

  test("with one that was taken out, which stays out", async () => {
    world.store.clock.advance(1000);
    await replaceKeys(world.store, OPERATOR, ["ca-developer"]);
    await distrust(world.store, OPERATOR, "ca-developer");
    await world.scheduler.drain();
    const before = rows();
    tamper("UPDATE store_certificates SET distrusted_at = NULL");
    await checkCatalogue(world.store);
    expect(rows().map(({ serial, distrustedAt }) => [serial, distrustedAt !== null])).toEqual(
      before.map(({ serial, distrustedAt }) => [serial, distrustedAt !== null]),
    );
    expect(signed()).toBe(caPem(world.store));
    expect(await found()).toEqual([]);
  });
});

describe("a release certificate whose row went", () => {
  const lose = () => tamper("DELETE FROM store_certificates WHERE kind = 'release'");

  test("is taken from a package that it signed", async () => {
    expect(await release()).toBe("published");
    const before = rows();
    lose();
    expect(await release()).toBe("published");
    expect(rows()).toEqual(before);
    lose();
    expect(await found()).toContainEqual(expect.stringMatching(/^the release certificate .*brought back/));
    expect(rows()).toEqual(before);
    await renew(world.store, OPERATOR, "release");
    expect(await release()).toBe("published");
    const both = rows();
    tamper("DELETE FROM store_certificates WHERE serial = ?", both[0]?.serial ?? "");
    await checkCatalogue(world.store);
    expect(rows()).toEqual(both);
  });

  test("that signed nothing yet is damage, and packages wait for a backup", async () => {
    lose();
    await submitBytes(world.store, publisher.actor, await signedApp(world.store, publisher.signer, {}));
    await world.scheduler.drain();
    expect(world.store.db.raw.query("SELECT state FROM versions").all()).toEqual([{ state: "checking" }]);
    expect(await found()).toContainEqual(
      expect.stringMatching(/^the release certificate .*restore a backup/),
    );
    await expect(renew(world.store, OPERATOR, "targets")).rejects.toMatchObject({ code: "catalog.damaged" });
  });

  test("and whose packages are gone as well is damage", async () => {
    expect(await release()).toBe("published");
    const [row] = world.store.db.raw
      .query<{ sha: string }, []>("SELECT released_sha256 AS sha FROM versions")
      .all();
    lose();
    rmSync(join(world.store.dataDir, "blobs", releaseKey((row?.sha ?? "") as never)));
    await expect(renew(world.store, OPERATOR, "targets")).rejects.toMatchObject({ code: "catalog.damaged" });
  });
});
