/** Lists of revoked certificates of a root on another machine: signed there, and judged by openssl here. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { listStoreCertificates } from "../../keys/records.ts";
import { developerCaPems, pemOf, rootCaPems } from "../../keys/trust-anchors.ts";
import { type KeySigner, keyPairSigner } from "../../signing/key-signer.ts";
import { generateKeyPair, keyid } from "../../signing/keys.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { readAll } from "../../storage/file-source.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { makeCrls } from "../revocation/crls.ts";
import { distrust } from "./distrust.ts";
import { signRequest } from "./documents.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { buildOfflineKeys, OFFLINE_ALGORITHMS, parseOfflineKeys } from "./offline-keys.ts";
import { renew, replaceKeys } from "./operations.ts";
import { keyWarnings, readStoreKeys } from "./overview.ts";
import { buildRequest, parseRequest, type RequestList, requestDigest } from "./request.ts";
import { ROOT_LIST_LIFETIME_MS } from "./requested-lists.ts";
import { isRootListDue } from "./root-lists.ts";
import { summarise } from "./summary.ts";

setDefaultTimeout(120_000);

let folder: string;
const world = worldForEach();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-root-lists-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
});

/** A machine that holds the root of the certificates and what the catalogue's root needs. */
async function machine(...purposes: readonly ("ca-root" | "root" | "targets")[]) {
  const keys = purposes.map((purpose) => ({
    purpose,
    signer: keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS[purpose])),
  }));
  const signers = new Map<KeyId, KeySigner>(
    keys.map(({ signer }) => [keyid(signer.publicKey) as KeyId, signer]),
  );
  return {
    signers,
    published: parseOfflineKeys(await buildOfflineKeys(keys)),
    sign: async (body: Uint8Array) => buildRequest((await signRequest(parseRequest(body), signers)).request),
  };
}
type Machine = Awaited<ReturnType<typeof machine>>;

async function through(options: Parameters<typeof exportRequest>[2], ...machines: readonly Machine[]) {
  let request = parseRequest((await exportRequest(world.store, OPERATOR, options)).body);
  for (const { signers } of machines) request = (await signRequest(request, signers)).request;
  await importRequest(world.store, OPERATOR, buildRequest(request));
  await makeCrls(world.store);
  return request;
}

/** What openssl says of a certificate with every authority and every published list. */
async function verdict(pem: string): Promise<string> {
  const anchors = [...rootCaPems(world.store), ...developerCaPems(world.store)];
  writeFileSync(join(folder, "all.pem"), anchors.join(""));
  writeFileSync(join(folder, "leaf.pem"), pem);
  const lists = [];
  for (const [at, anchor] of anchors.entries()) {
    const id = keyid(new Uint8Array(new X509Certificate(anchor).publicKey.rawData));
    const source = await world.store.blobs.open(`store/v1/crls/${id}/ca.crl`);
    writeFileSync(join(folder, `${at}.crl`), Buffer.concat(await Array.fromAsync(readAll(source))));
    await source.close();
    openssl("crl", "-inform", "DER", "-in", `${at}.crl`, "-out", `${at}.crl.pem`);
    lists.push("-CRLfile", `${at}.crl.pem`);
  }
  const seconds = String(Math.floor(world.store.clock.now().getTime() / 1000));
  const { status, out } = openssl(
    ...["verify", "-crl_check_all", "-attime", seconds, "-CAfile", "all.pem", ...lists, "leaf.pem"],
  );
  if (status === 0) return "good";
  return /error \d+[^:]*: ([^\n]*)/.exec(out)?.[1] ?? out;
}

function openssl(...words: readonly string[]): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
  return { status, out: `${stdout}${stderr}` };
}

const newest = (kind: "release" | "developer-ca") => {
  const [row] = listStoreCertificates(world.store.db.orm, kind);
  if (!row) throw new Error(`no ${kind}`);
  return pemOf(row);
};

test("come with the root's move, last until the next request, and end with a last one when the root is replaced", async () => {
  const { store } = world;
  const there = await machine("ca-root", "root", "targets");
  const before = newest("release");
  const first = await through({ offlineKeys: there.published }, there);
  expect(first.lists.map(({ issuer, number }) => [issuer, number])).toEqual([["ca-root-2", 1]]);
  expect([await verdict(before), await verdict(newest("release")), isRootListDue(store)]).toEqual([
    "good",
    "good",
    false,
  ]);
  // The list of the root of before was signed for the rest of its time before its half was destroyed.
  store.clock.advance(364 * 86_400_000);
  await makeCrls(store);
  expect([await verdict(before), await verdict(newest("release")), isRootListDue(store)]).toEqual([
    "good",
    "good",
    true,
  ]);

  const revoked = newest("developer-ca");
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  await through({}, there);
  await distrust(store, OPERATOR, "ca-developer");
  const second = await through({}, there);
  const [list] = second.lists;
  expect(list?.number).toBe(3);
  expect(list?.entries.map(({ reason }) => reason)).toEqual(["cACompromise", "cACompromise"]);
  expect([await verdict(revoked), await verdict(newest("developer-ca"))]).toEqual([
    "certificate revoked",
    "good",
  ]);
  expect(isRootListDue(store)).toBe(false);
  const { lines } = await summarise(second, {
    own: new Set(there.signers.keys()),
    known: new Map(),
    now: store.clock.now(),
    versions: new Map(),
  });
  expect(lines.find((line) => line.startsWith("list of ca-root-2"))).toEndWith(": 2 certificates");
  expect(lines.filter((line) => line.includes("cACompromise"))).toHaveLength(2);

  const other = await machine("ca-root");
  const ofSecond = newest("developer-ca");
  await replaceKeys(store, OPERATOR, ["ca-root-2"], { offlineKeys: other.published });
  const third = await through({}, other, there);
  expect(third.lists.map(({ issuer }) => issuer)).toEqual(["ca-root-3", "ca-root-2"]);
  store.clock.advance(399 * 86_400_000);
  await makeCrls(store);
  for (const pem of [ofSecond, newest("developer-ca")]) expect(await verdict(pem)).toBe("good");
  expect(await verdict(revoked)).toBe("certificate revoked");
});

test("are asked for alone when only they are due, and no other machine has to wait for them", async () => {
  const { store } = world;
  const [safe, desk] = [await machine("ca-root"), await machine("root", "targets")];
  await through({ offlineKeys: [...safe.published, ...desk.published] }, safe, desk);
  await renew(store, OPERATOR, "root");
  const request = await through({}, desk);
  expect(request.lists.map(({ signature }) => signature)).toEqual([null]);
  store.clock.advance(150 * 86_400_000);
  await renew(store, OPERATOR, "root");
  await renew(store, OPERATOR, "targets");
  await through({}, desk);
  expect(isRootListDue(store)).toBe(false);
  await renew(store, OPERATOR, "root");
  await renew(store, OPERATOR, "targets");
  store.clock.advance((ROOT_LIST_LIFETIME_MS * 3) / 5 - 150 * 86_400_000);
  expect(isRootListDue(store)).toBe(true);
  await through({}, safe, desk);
  expect([isRootListDue(store), await verdict(newest("release"))]).toEqual([false, "good"]);
});

test("are warned of before they end, and hold up nothing when they have", async () => {
  const { store } = world;
  const there = await machine("ca-root", "root", "targets");
  await through({ offlineKeys: there.published }, there);
  const told = () => ({
    warnings: keyWarnings(store)
      .filter(({ what }) => what.startsWith("crl-"))
      .map(({ what, code, renewedBy, holdsUp }) => [what, code, renewedBy, holdsUp]),
    next: readStoreKeys(store, OPERATOR)
      .next.filter((step) => step.do === "export_list" || ("what" in step && step.what.startsWith("crl-")))
      .map((step) => [step.do, "inRequest" in step && step.inRequest]),
  });
  expect(told()).toEqual({ warnings: [], next: [] });
  store.clock.advance(ROOT_LIST_LIFETIME_MS - 45 * 86_400_000);
  await makeCrls(store);
  expect(told()).toEqual({ warnings: [], next: [["export_list", false]] });
  store.clock.advance(86_400_000);
  expect(told()).toEqual({
    warnings: [["crl-root", "expiring", "request", false]],
    next: [["request_renewal", false]],
  });
  const request = (await exportRequest(store, OPERATOR)).body;
  expect(told().next).toEqual([["request_renewal", true]]);
  // The store's own list is signed by a job, which does not come here.
  store.clock.advance(50 * 86_400_000);
  expect(told()).toEqual({
    warnings: [
      ["crl-developer", "expired", "job", false],
      ["crl-root", "expired", "request", false],
    ],
    next: [
      ["list_expired", false],
      ["list_expired", true],
    ],
  });
  await makeCrls(store);
  await importRequest(store, OPERATOR, await there.sign(request));
  expect(told()).toEqual({ warnings: [], next: [] });
});

test("are held to the root, its times and its signature", async () => {
  const { store } = world;
  const there = await machine("ca-root", "root", "targets");
  await through({ offlineKeys: there.published }, there);
  await distrust(store, OPERATOR, "ca-root");
  const body = (await exportRequest(store, OPERATOR)).body;
  const honest = parseRequest(body);
  const signed = (await signRequest(honest, there.signers)).request;
  const [list] = signed.lists;
  if (!list?.signature) throw new Error("no list was signed");
  const outcomeOf = (change: Partial<RequestList>, work: "sign" | "import") => {
    const request = { ...signed, lists: [{ ...list, ...change }] };
    const done =
      work === "sign"
        ? signRequest({ ...request, lists: [{ ...list, ...change, signature: null }] }, there.signers)
        : importRequest(store, OPERATOR, buildRequest(request));
    return done.then(
      () => "no problem",
      (error: unknown) => (isProblem(error) ? error.code : String(error)),
    );
  };
  const later = (ms: number) => new Date(honest.createdAt.getTime() + ms);
  const entry = {
    serialNumber: "4a",
    revokedAt: later(1000),
    reason: "keyCompromise",
    invalidFrom: null,
  } as const;
  expect(await outcomeOf({ nextUpdate: later(ROOT_LIST_LIFETIME_MS + 1000) }, "sign")).toBe(
    "keys.request_refused",
  );
  expect(await outcomeOf({ nextUpdate: later(0) }, "sign")).toBe("keys.request_refused");
  expect(await outcomeOf({ issuer: "release" }, "sign")).toBe("keys.request_refused");
  expect(await outcomeOf({ entries: [entry] }, "sign")).toBe("keys.request_refused");
  expect(await outcomeOf({ entries: [{ ...entry, revokedAt: later(0) }] }, "sign")).toBe("no problem");
  expect(await outcomeOf({ number: 77 }, "import")).toBe("keys.request_unknown");
  const flipped = Uint8Array.from(list.signature);
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  expect(await outcomeOf({ signature: flipped }, "import")).toBe("keys.signature_invalid");
  // A request of before has no lists, and is read and known as it was.
  const bare = { ...honest, lists: [] };
  const text = new TextDecoder().decode(buildRequest(bare));
  expect(text).not.toContain("lists");
  expect(requestDigest(parseRequest(buildRequest(bare)))).toBe(requestDigest(bare));
  expect(await outcomeOf({}, "import")).toBe("no problem");
});
