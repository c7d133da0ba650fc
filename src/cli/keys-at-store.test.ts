/** What owners do with their keys at a store that runs: rotating and revoking, and what each key is said to be. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { eq } from "drizzle-orm";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { markLost } from "../catalog/lineage.records.ts";
import { revoke } from "../catalog/revocation/act.ts";
import type { RevocationInput } from "../catalog/revocation/change.ts";
import { previewRevocation } from "../catalog/revocation/preview.ts";
import { distrust } from "../catalog/store-keys/distrust.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import { write } from "../db/database.ts";
import { keyLineage } from "../db/schema.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";
import { listStoreCertificates } from "../keys/records.ts";
import { approve } from "../review/decide.ts";
import { fingerprintText } from "../signing/keys.ts";
import { localSigner } from "../signing/signer.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../testing/portal.ts";
import { signedApp, submitBytes } from "../testing/publishing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { chosenKeyFiles, openKey, readCertificate } from "./key-store.ts";

let portal: Portal;
let here: Scratch;
let organisation: OrganisationId;
let owner: Person;
let administrator: Person;
let token: string;
let names = 0;

beforeAll(async () => {
  portal = await startPortal();
  here = scratch();
  const { store } = portal;
  organisation = newOrganisation(store);
  owner = await newPerson(store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  administrator = await newAdministrator(store);
  ({ token } = createApiKey(store, OPERATOR, { owner: { accountId: owner.accountId }, name: "cli" }));
}, 60_000);
afterAll(async () => {
  here?.remove();
  await portal?.close();
});

const run = (argv: readonly string[], ask: ((question: string) => Promise<string>) | null = null) =>
  here.run(["keys", ...argv], { environment: { MOSIS_STORE: portal.url, MOSIS_TOKEN: token }, ask });
const json = async (...argv: string[]) => {
  const { exitCode, json: said } = await run([...argv, "--json"]);
  return { exitCode, said: said as never };
};

async function newKey(): Promise<{ file: string; keyid: string }> {
  const file = `k${++names}.pem`;
  const { said } = await json("new", "-o", file);
  return { file, keyid: (said as { keyid: string }).keyid };
}

async function enrolledKey() {
  const key = await newKey();
  expect((await run(["enroll", "--key", key.file])).exitCode).toBe(0);
  return key;
}

async function published(id: string, file: string): Promise<void> {
  const files = chosenKeyFiles({}, here.path, file, undefined);
  const keys = await openKey(files, {
    io: { environment: {}, askSecret: null } as never,
    passphraseFile: undefined,
    note: () => {},
  });
  const signer = localSigner(keys.privateKey, await readCertificate(files, keys));
  const bytes = await signedApp(portal.store, signer, { id });
  const { id: version } = await submitBytes(portal.store, owner.actor, bytes);
  await untilState(portal.store, version, "in_review");
  approve(portal.store, administrator.actor, version, {});
  await untilState(portal.store, version, "published");
}

async function standing(keyid: string) {
  const { said } = await json("list");
  return (said as { keys: { keyid: string }[] }).keys.find((key) => key.keyid === keyid);
}

test("revoking shows what it concerns and asks, and does it once that is confirmed", async () => {
  const { file, keyid } = await enrolledKey();
  await published("com.example.asked", file);
  const words = ["revoke", fingerprintText(keyid), "--reason", "It was stolen."];
  const shown = await run([...words, "--dry-run"]);
  expect([shown.exitCode, shown.stderr]).toEqual([0, ""]);
  for (const part of ["1 version of 1 app: 1 published", "com.example.asked", "not revoked"])
    expect(shown.stdout).toContain(part);
  // Nobody to ask, and somebody who says no.
  const unasked = await run([...words, "--json"]);
  expect([unasked.exitCode, unasked.json]).toMatchObject([2, { error: { code: "usage.not_confirmed" } }]);
  const declined = await run(words, async () => "no");
  expect(declined.exitCode).toBe(2);
  expect(declined.stderr).toContain("com.example.asked");
  expect(await standing(keyid)).toMatchObject({ revoked: null });

  const done = await run(words, async () => "yes");
  expect(done.exitCode).toBe(0);
  expect(done.stdout).toContain("1 version of 1 app; devices follow at their next refresh");
  expect(await standing(keyid)).toMatchObject({ revoked: { action: "block" }, apps: [{ usable: false }] });
  expect((await run([...words, "--yes"])).exitCode).toBe(0);
  const milder = await json("revoke", keyid, "--reason", "All is fine.", "--yes");
  expect(milder).toMatchObject({ exitCode: 1, said: { error: { code: "key.revoked_already" } } });
  const stricter = await json("revoke", keyid, "--action", "remove", "--reason", "It spreads.", "--yes");
  expect(stricter).toMatchObject({ exitCode: 0, said: { revoked: { action: "remove" } } });
});

test("a key does not sign for itself", async () => {
  const { file } = await enrolledKey();
  await published("com.example.itself", file);
  const answer = await json("rotate", file, "--key", file);
  expect(answer).toMatchObject({ exitCode: 2, said: { error: { code: "keys.same_key" } } });
});

test("a key that signs nothing any more rotates nothing, and enrols nothing", async () => {
  const { file, keyid } = await enrolledKey();
  await published("com.example.first", file);
  await published("com.example.second", file);
  await published("com.example.anothers", (await enrolledKey()).file);
  const next = await newKey();
  const refused = async (...more: string[]) => {
    const answer = await json("rotate", next.file, "--key", file, ...more);
    expect(answer).toMatchObject({ exitCode: 1, said: { error: { code: "keys.signs_nothing" } } });
    expect(await standing(next.keyid)).toBeUndefined();
  };
  // What the approval of a recovery leaves of it.
  const lose = (id: string) =>
    write(portal.store.db, (tx) => markLost(tx, id as AppId, portal.store.clock.now()));
  lose("com.example.first");
  await refused("--app", "com.example.first");
  await refused("--app", "com.example.anothers");
  lose("com.example.second");
  await refused();
  await published("com.example.third", file);
  const some = await run(["rotate", next.file, "--key", file]);
  expect(some.exitCode).toBe(0);
  expect(some.stdout).toContain("com.example.first, which the old key may not sign any more");
  expect(some.stdout).toContain("The old key still signs these.");
  expect(await standing(next.keyid)).toMatchObject({
    apps: [{ appId: "com.example.third", usable: true }],
  });
  await run(["revoke", keyid, "--reason", "It was stolen.", "--yes"]);
  const another = await newKey();
  expect(await json("rotate", another.file, "--key", file)).toMatchObject({
    exitCode: 1,
    said: { error: { code: "keys.signs_nothing" } },
  });
  // One of no published app adds nothing, and says so.
  const fresh = await enrolledKey();
  const none = await run(["rotate", another.file, "--key", fresh.file]);
  expect([none.exitCode, none.stdout.includes("Rotated"), none.stdout.includes("still signs")]).toEqual([
    0,
    false,
    false,
  ]);
});

test("nothing is rotated to a key that signs nothing any more, and it is not enrolled anew", async () => {
  const { file } = await enrolledKey();
  await published("com.example.one", file);
  const [lost, gone] = [await enrolledKey(), await enrolledKey()];
  for (const next of [lost, gone]) expect((await run(["rotate", next.file, "--key", file])).exitCode).toBe(0);
  // What the approval of a recovery that brought the first key would leave of the other.
  write(portal.store.db, (tx) =>
    tx
      .update(keyLineage)
      .set({ lostAt: portal.store.clock.now() })
      .where(eq(keyLineage.keyid, lost.keyid as KeyId))
      .run(),
  );
  await run(["revoke", gone.keyid, "--reason", "It was stolen.", "--yes"]);
  const refused = async (next: string, why: string) => {
    const answer = await json("rotate", next, "--key", file);
    expect(answer).toMatchObject({
      exitCode: 1,
      said: { error: { code: "keys.signs_nothing", message: expect.stringContaining(why) } },
    });
  };
  await refused(lost.file, "com.example.one any more: a recovery has taken its place");
  await refused(gone.file, "is revoked, and signs nothing more");
  // Without the certificate beside it, it would be enrolled.
  const before = await standing(lost.keyid);
  rmSync(here.path(lost.file.replace(/\.pem$/, ".cert.pem")), { force: true });
  await refused(lost.file, "a recovery has taken its place");
  expect(await standing(lost.keyid)).toEqual(before);
});

test("a certificate of somebody else is shown without a key, to compare it before it may sign", async () => {
  const { file, keyid } = await enrolledKey();
  const certificate = file.replace(/\.pem$/, ".cert.pem");
  const sent = "sent.cert.pem";
  here.write(sent, here.bytes(certificate));
  const shown = await json("show", "--cert", sent);
  expect(shown.said).toMatchObject({
    file: null,
    keyid,
    algorithm: "ecdsa-p256",
    certificate: { file: here.path(sent) },
  });
  const text = await run(["show", "--cert", sent]);
  expect([text.exitCode, text.stderr]).toEqual([0, ""]);
  expect(text.stdout).toContain(fingerprintText(keyid));
  expect(text.stdout).not.toContain("key  ");
  const other = await newKey();
  expect((await run(["show", "--cert", sent, "--key", other.file, "--json"])).json).toMatchObject({
    error: { code: "keys.certificate_other" },
  });
  expect((await run(["show", "--cert", "none.cert.pem"])).exitCode).toBe(3);
});

test("a key whose certificate is revoked is said to be that, and signs again once it is enrolled again", async () => {
  const { file, keyid } = await enrolledKey();
  await published("com.example.certified", file);
  const shown = await json("show", "--key", file);
  const { sha256 } = (shown.said as { certificate: { sha256: string } }).certificate;
  const act = {
    act: "revoke",
    subject: "certificate",
    id: sha256,
    action: "block",
    reason: "It was issued twice.",
  } as const;
  const { store } = portal;
  const { scope } = previewRevocation(store, administrator.actor, act, { limit: 1 });
  await revoke(store, administrator.actor, act, scope);
  expect(await standing(keyid)).toMatchObject({
    revoked: null,
    certificateSha256: sha256,
    certificateRevoked: { action: "block", reason: "It was issued twice." },
    apps: [{ usable: false }],
  });
  const asked = await run(["show", "--key", file, "--store", portal.url]);
  expect(asked.stdout).toContain("certificate revoked");
  expect((await run(["show", "--key", file])).stdout).not.toContain("certificate revoked");
  const listed = await run(["list"]);
  expect(listed.stdout).toContain("certificate revoked");
  expect(listed.stdout).toContain("enrol the key again: mosis keys enroll");
  const next = await newKey();
  const refused = await run(["rotate", next.file, "--key", file]);
  expect([refused.exitCode, refused.stderr.includes("mosis keys enroll")]).toEqual([1, true]);
  expect((await run(["enroll", "--key", file])).exitCode).toBe(0);
  expect(await standing(keyid)).toMatchObject({ certificateRevoked: null, apps: [{ usable: true }] });
  expect((await run(["rotate", next.file, "--key", file])).exitCode).toBe(0);
});

test("a key whose certificate's authority is distrusted is said to be that, and signs again once it is enrolled again", async () => {
  const { file, keyid } = await enrolledKey();
  await published("com.example.authority", file);
  const { store } = portal;
  const old = listStoreCertificates(store.db.orm, "developer-ca")[0]?.keyName ?? "";
  await replaceKeys(store, OPERATOR, [old]);
  await distrust(store, OPERATOR, old);
  expect(await standing(keyid)).toMatchObject({
    certificateRevoked: null,
    certificateDistrustedAt: expect.any(String),
    apps: [{ usable: false }],
  });
  const listed = await run(["list"]);
  expect(listed.stdout).toContain("authority is not trusted since");
  expect(listed.stdout).toContain("enrol the key again: mosis keys enroll");
  const next = await newKey();
  const refused = await run(["rotate", next.file, "--key", file]);
  expect([refused.exitCode, refused.stderr.includes("mosis keys enroll")]).toEqual([1, true]);
  expect((await run(["enroll", "--key", file])).exitCode).toBe(0);
  expect(await standing(keyid)).toMatchObject({
    certificateDistrustedAt: null,
    apps: [{ usable: true }],
  });
  expect((await run(["rotate", next.file, "--key", file])).exitCode).toBe(0);
});

test("the keys of an organisation that is revoked are said to sign nothing", async () => {
  const { store } = portal;
  const { file, keyid } = await enrolledKey();
  await published("com.example.organisation", file);
  const name = { subject: "developer", id: organisation, reason: "It stole data." } as const;
  const enactNow = async (act: RevocationInput) => {
    const { scope } = previewRevocation(store, administrator.actor, act, { limit: 1 });
    await revoke(store, administrator.actor, act, scope);
  };
  await enactNow({ ...name, act: "revoke", action: "block" });
  expect(await standing(keyid)).toMatchObject({
    revoked: null,
    developerRevoked: { action: "block" },
    apps: [{ usable: false }],
  });
  const listed = await run(["list"]);
  expect(listed.stdout).toContain("its organisation is revoked since");
  expect(listed.stdout).not.toMatch(/state +enrolled|first version of an app/);
  expect(await json("rotate", (await newKey()).file, "--key", file)).toMatchObject({
    exitCode: 1,
    said: { error: { code: "keys.signs_nothing", message: expect.stringContaining("administrator") } },
  });
  const page = await fetch(`${portal.url}/keys/${keyid}`, { headers: { Cookie: owner.cookie } });
  expect(await page.text()).toContain("Its organisation is revoked");
  await enactNow({ ...name, act: "lift" });
  expect(await standing(keyid)).toMatchObject({ developerRevoked: null, apps: [{ usable: true }] });
});
