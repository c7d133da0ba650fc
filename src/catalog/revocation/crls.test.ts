/** The lists of revoked certificates, judged by openssl alone. */

import type { Database, SQLQueryBindings } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import type { KeyId } from "../../ids.ts";
import { listSigningKeys } from "../../keys/records.ts";
import { developerCaPems, rootCaPems } from "../../keys/trust-anchors.ts";
import { certificateToPem } from "../../signing/certificates.ts";
import { generateKeyPair, privateKeyToPem } from "../../signing/keys.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { readAll } from "../../storage/file-source.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher } from "../../testing/publishing.ts";
import { reconcileStore } from "../reconcile.ts";
import { distrust } from "../store-keys/distrust.ts";
import { replaceKeys } from "../store-keys/operations.ts";
import { enact } from "./act.ts";
import { parseChange, type RevocationInput } from "./change.ts";
import { CRL_LIFETIMES_MS, makeCrls } from "./crls.ts";
import { findCrl, selectReleaseCertificates } from "./records.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-crl-"));
// Each has a store of its own: authorities are replaced, and times go on.
const world = storeForEach(async () => {
  await makeCrls(world.store);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function openssl(...words: readonly string[]): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
  return { status, out: `${stdout}${stderr}` };
}

/** The published list of the authority with this certificate, as a file of PEM that openssl takes. */
async function publishedList(caPem: string, name: string): Promise<string> {
  const { keyid } = keyidOf(caPem);
  const source = await world.store.blobs.open(`store/v1/crls/${keyid}/ca.crl`);
  const bytes = Buffer.concat(await Array.fromAsync(readAll(source)));
  await source.close();
  writeFileSync(join(folder, `${name}.crl`), bytes);
  const made = openssl("crl", "-inform", "DER", "-in", `${name}.crl`, "-out", `${name}.crl.pem`);
  expect(made).toEqual({ status: 0, out: "" });
  writeFileSync(join(folder, `${name}.pem`), caPem);
  return `${name}.crl.pem`;
}

function keyidOf(pem: string): { keyid: string } {
  const spki = new Uint8Array(new X509Certificate(pem).publicKey.rawData);
  return { keyid: new Bun.CryptoHasher("sha256").update(spki).digest("hex") };
}

const root = () => rootCaPems(world.store)[0] ?? "";
const developerCa = () => developerCaPems(world.store)[0] ?? "";

async function act(input: RevocationInput): Promise<void> {
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
}

/** What openssl says of a certificate, with the lists of both authorities at hand. */
async function verdict(certificatePem: string): Promise<string> {
  const at = Math.floor(world.store.clock.now().getTime() / 1000);
  const [ofRoot, ofCa] = [await publishedList(root(), "root"), await publishedList(developerCa(), "ca")];
  writeFileSync(join(folder, "leaf.pem"), certificatePem);
  const chain = ["-CAfile", "root.pem", "-untrusted", "ca.pem", "-CRLfile", ofRoot, "-CRLfile", ofCa];
  const { status, out } = openssl(
    ...["verify", "-crl_check_all", "-attime", String(at), ...chain, "leaf.pem"],
  );
  if (status === 0) return "good";
  return /certificate revoked/.test(out) ? "revoked" : out;
}

test("openssl verifies the signature of each list, and reads its issuer, number, times and reasons", async () => {
  const by = await newPublisher(world.store, "Signed");
  await act({ act: "revoke", subject: "key", id: by.signer.keyid, action: "block", reason: "Lost." });
  for (const [pem, name] of [
    [root(), "root"],
    [developerCa(), "ca"],
  ] as const) {
    const file = await publishedList(pem, name);
    expect(openssl("crl", "-in", file, "-CAfile", `${name}.pem`, "-noout")).toEqual({
      status: 0,
      out: "verify OK\n",
    });
    const issuer = openssl("crl", "-in", file, "-issuer", "-noout").out.replace("issuer=", "");
    const subject = openssl("x509", "-in", `${name}.pem`, "-subject", "-noout").out.replace("subject=", "");
    expect(issuer).toBe(subject);
  }
  const text = openssl("crl", "-in", "ca.crl.pem", "-text", "-noout").out;
  expect(text).toContain("Version 2 (0x1)");
  expect(text).toMatch(/X509v3 CRL Number: \s+[1-9]\d*\n/);
  expect(text).toMatch(/X509v3 CRL Reason Code: \s+Key Compromise/);
  expect(text).toContain("X509v3 Authority Key Identifier");
});

test("openssl refuses a developer's certificate that is revoked itself, by its key or by its developer", async () => {
  const by = await newPublisher(world.store, "Judged");
  const pem = certificateToPem(new X509Certificate(new Uint8Array(by.signer.certificateDer)));
  const sha256 = new Bun.CryptoHasher("sha256").update(by.signer.certificateDer).digest("hex");
  expect(await verdict(pem)).toBe("good");
  for (const [subject, id] of [
    ["certificate", sha256],
    ["key", by.signer.keyid],
    ["developer", by.organisationId],
  ] as const) {
    await act({ act: "revoke", subject, id, action: "block", reason: "Lost." });
    expect(await verdict(pem)).toBe("revoked");
    await act({ act: "lift", subject, id, reason: "Found." });
    expect(await verdict(pem)).toBe("good");
  }
});

test("openssl refuses a release certificate that is revoked, and reads from when it is not to be trusted", async () => {
  const [release] = selectReleaseCertificates(world.store.db.orm);
  if (!release) throw new Error("a store has a release certificate");
  const pem = certificateToPem(new X509Certificate(new Uint8Array(release.der)));
  expect(await verdict(pem)).toBe("good");
  const until = { approvalsUntil: "2026-01-02T03:04:05Z" };
  await act({ act: "revoke", subject: "key", id: release.keyid, action: "block", reason: "Lost.", ...until });
  expect(await verdict(pem)).toBe("revoked");
  const text = openssl("crl", "-in", "root.crl.pem", "-text", "-noout").out;
  expect(text).toMatch(/Invalidity Date: \s+Jan {2}2 03:04:05 2026 GMT/);
  await act({ act: "lift", subject: "key", id: release.keyid, reason: "Found." });
});

test("a list is signed anew when half of its time is over, and not before", async () => {
  const number = async () => {
    await makeCrls(world.store);
    const file = await publishedList(developerCa(), "ca");
    return Number(openssl("crl", "-in", file, "-crlnumber", "-noout").out.replace("crlNumber=", ""));
  };
  const before = await number();
  expect(await number()).toBe(before);
  world.store.clock.advance(CRL_LIFETIMES_MS.here / 2 - 1000);
  expect(await number()).toBe(before);
  world.store.clock.advance(1000);
  expect(await number()).toBe(before + 1);
});

describe("an older list that somebody put back into the database", () => {
  const { raw, orm } = { raw: () => world.store.db.raw, orm: () => world.store.db.orm };
  const keyid = () => keyidOf(developerCa()).keyid;
  const row = () =>
    raw()
      .query<Record<string, SQLQueryBindings>, [string]>("SELECT * FROM crls WHERE issuer_keyid = ?")
      .get(keyid()) ?? {};
  const putBack = (set: Record<string, SQLQueryBindings>) =>
    raw()
      .query(`UPDATE crls SET ${Object.keys(set).map((name) => `${name} = ?`)} WHERE issuer_keyid = ?`)
      .run(...Object.values(set), keyid());
  const others = () => selectOthers(raw(), keyid());

  test("is not the one that everybody reads, whatever its columns say, and is told", async () => {
    const by = await newPublisher(world.store, "Lost");
    const leaf = certificateToPem(new X509Certificate(new Uint8Array(by.signer.certificateDer)));
    const before = row();
    expect(await verdict(leaf)).toBe("good");
    await act({ act: "revoke", subject: "key", id: by.signer.keyid, action: "block", reason: "Lost." });
    expect(await verdict(leaf)).toBe("revoked");
    const right = row();
    const neighbours = others();
    const ways: readonly Record<string, SQLQueryBindings>[] = [
      { ...before, exported_at: null },
      { der: before.der ?? null, exported_at: null },
      { der: before.der ?? null, number: 99, exported_at: null },
      { der: Buffer.from("none"), exported_at: null },
      { number: 1 },
      { next_update: 9e15 },
    ];
    for (const way of ways) {
      putBack(way);
      await makeCrls(world.store);
      expect(await verdict(leaf)).toBe("revoked");
      expect({ ...row(), exported_at: 0 }).toEqual({ ...right, exported_at: 0 });
      expect(others()).toEqual(neighbours);
    }
    putBack({ ...before, exported_at: null });
    const found = await reconcileStore(world.store, OPERATOR);
    expect(found.map(({ subject }) => subject)).toEqual([`the list of revoked certificates of ${keyid()}`]);
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
    expect(await verdict(leaf)).toBe("revoked");
  });

  test("nor does one that is gone begin again from 1", async () => {
    const number = row().number;
    raw().query("DELETE FROM crls WHERE issuer_keyid = ?").run(keyid());
    await makeCrls(world.store);
    expect(row().number).toBe(number ?? 0);
    expect(findCrl(orm(), keyid() as KeyId)?.exportedAt).not.toBeNull();
  });
});

function selectOthers(raw: Database, keyid: string): unknown {
  return raw.query("SELECT * FROM crls WHERE issuer_keyid <> ? ORDER BY issuer_keyid").all(keyid);
}

describe("an authority's key that was replaced", () => {
  /** What openssl says with every authority and every published list, at the store's time. */
  async function everyVerdict(certificatePem: string): Promise<string> {
    const lists = [];
    const anchors = [...rootCaPems(world.store), ...developerCaPems(world.store)];
    for (const [at, pem] of anchors.entries()) lists.push("-CRLfile", await publishedList(pem, `any-${at}`));
    writeFileSync(join(folder, "all.pem"), anchors.join(""));
    writeFileSync(join(folder, "leaf.pem"), certificatePem);
    const at = Math.floor(world.store.clock.now().getTime() / 1000);
    const { status, out } = openssl(
      ...["verify", "-crl_check_all", "-attime", String(at), "-CAfile", "all.pem", ...lists, "leaf.pem"],
    );
    if (status === 0) return "good";
    return /certificate revoked/.test(out) ? "revoked" : out;
  }
  const pemOf = (by: { signer: { certificateDer: Uint8Array } }) =>
    certificateToPem(new X509Certificate(new Uint8Array(by.signer.certificateDer)));
  const halves = () =>
    listSigningKeys(world.store.db.orm).flatMap(({ name, retiredAt, sealedPrivateKey }) =>
      retiredAt !== null && sealedPrivateKey !== null ? [name] : [],
    );

  test("goes on signing its lists while the new one is here, whatever was revoked since", async () => {
    const [first, second] = [
      await newPublisher(world.store, "Before"),
      await newPublisher(world.store, "Kept"),
    ];
    await replaceKeys(world.store, OPERATOR, ["ca-developer", "ca-root"]);
    expect(halves()).toEqual(["ca-developer", "ca-root"]);
    await world.scheduler.drain();
    for (const by of [first, second]) expect(await everyVerdict(pemOf(by))).toBe("good");
    const stolen = { act: "revoke", subject: "key", action: "remove", reason: "Stolen." } as const;
    await act({ ...stolen, id: first.signer.keyid });
    expect(await everyVerdict(pemOf(first))).toBe("revoked");
    world.store.clock.advance(20 * CRL_LIFETIMES_MS.here);
    expect(await everyVerdict(pemOf(second))).toContain("CRL has expired");
    await makeCrls(world.store);
    expect(await everyVerdict(pemOf(first))).toBe("revoked");
    expect(await everyVerdict(pemOf(second))).toBe("good");
    const third = await newPublisher(world.store, "After");
    expect(await everyVerdict(pemOf(third))).toBe("good");
    // Distrusted, it issues and signs nothing any more, and its half goes.
    await distrust(world.store, OPERATOR, "ca-developer");
    expect(halves()).toEqual(["ca-root"]);
    await world.scheduler.drain();
    expect(await everyVerdict(pemOf(third))).toBe("good");
  });

  test("signs a last list for as long as its certificates count when the new one is elsewhere", async () => {
    await replaceKeys(world.store, OPERATOR, ["ca-root"]);
    const [lost, kept] = [await newPublisher(world.store, "Lost"), await newPublisher(world.store, "Good")];
    await act({ act: "revoke", subject: "key", id: lost.signer.keyid, action: "block", reason: "Lost." });
    const { privateKey, publicKey } = generateKeyPair("ecdsa-p256");
    const file = join(folder, "elsewhere.pem");
    writeFileSync(file, privateKeyToPem(privateKey), { mode: 0o600 });
    const signers = { hsm: ["openssl", "dgst", "-sha256", "-sign", file] };
    const store = { ...world.store, config: { ...world.store.config, signers } };
    const spki = publicKey.export({ type: "spki", format: "pem" }).toString();
    await replaceKeys(store, OPERATOR, ["ca-developer"], { command: "hsm", publicKey: spki });
    expect(halves()).toEqual(["ca-root"]);
    await makeCrls(store);
    for (const years of [0, 2]) {
      world.store.clock.advance(years * 365 * 86_400_000);
      await makeCrls(store);
      expect(await everyVerdict(pemOf(lost))).toBe("revoked");
      expect(await everyVerdict(pemOf(kept))).toBe("good");
    }
    // What is revoked afterwards is told to devices alone.
    await enact(
      store,
      OPERATOR,
      parseChange({ act: "revoke", subject: "key", id: kept.signer.keyid, action: "block", reason: "Late." }),
    );
    await makeCrls(store);
    expect(await everyVerdict(pemOf(kept))).toBe("good");
    // A half that was kept goes when nothing of its key counts any more.
    world.store.clock.advance(20 * 365 * 86_400_000);
    await makeCrls(store);
    expect(halves()).toEqual([]);
  });
});
