/** What the person at the other machine sees before signing: all that becomes signed, and what of it is new there. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { listAllStoreCertificates, listSigningKeys } from "../../keys/records.ts";
import { keyidOf } from "../../signing/algorithms.ts";
import { createRootCa } from "../../signing/certificates.ts";
import { canonicalize } from "../../signing/json.ts";
import { type KeySigner, keyPairSigner } from "../../signing/key-signer.ts";
import { fingerprintText, generateKeyPair, keyid, spkiOf } from "../../signing/keys.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { sha256 } from "../tuf/metadata.ts";
import { distrust } from "./distrust.ts";
import { buildDocuments, signRequest } from "./documents.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { buildKnown, type Known, type KnownStore, NOTHING_KNOWN, parseKnown, remembered } from "./known.ts";
import { buildOfflineKeys, OFFLINE_ALGORITHMS, parseOfflineKeys } from "./offline-keys.ts";
import { cancelChanges, renew, replaceKeys } from "./operations.ts";
import { CLOCK_SKEW_MS } from "./plausible.ts";
import { buildRequest, parseRequest, type SigningRequest } from "./request.ts";
import { signedStateOf } from "./shown.ts";
import { summarise } from "./summary.ts";

setDefaultTimeout(120_000);

const world = worldForEach();

/** What another machine holds and remembers. */
async function machine() {
  const purposes = ["ca-root", "root", "root", "root", "targets", "apps"] as const;
  const keys = purposes.map((purpose) => ({
    purpose,
    signer: keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS[purpose])),
  }));
  const signers = new Map<KeyId, KeySigner>(
    keys.map(({ signer }) => [keyid(signer.publicKey) as KeyId, signer]),
  );
  let known: Known = new Map();
  return {
    published: parseOfflineKeys(await buildOfflineKeys(keys)),
    /** `only`: as a machine that has these keys alone. */
    show: (
      request: SigningRequest,
      versions: ReadonlyMap<string, number> = new Map(),
      only: readonly (typeof purposes)[number][] = purposes,
    ) => {
      const here = keys.filter(({ purpose }) => only.includes(purpose));
      const own = new Set(here.map(({ signer }) => keyid(signer.publicKey) as KeyId));
      return summarise(request, { own, known, now: world.store.clock.now(), versions });
    },
    async sign(request: SigningRequest): Promise<SigningRequest> {
      const { request: signed } = await signRequest(request, signers);
      const state = signedStateOf(signed, await buildDocuments(signed), new Set(signers.keys()));
      known = parseKnown(buildKnown(remembered(known, signed.storeId, state)));
      return signed;
    },
  };
}

type Machine = Awaited<ReturnType<typeof machine>>;

/** Signs what the store exports, and brings it back. */
async function through(there: Machine, options: Parameters<typeof exportRequest>[2] = {}) {
  const request = parseRequest((await exportRequest(world.store, OPERATOR, options)).body);
  const shown = await there.show(request);
  await importRequest(world.store, OPERATOR, buildRequest(await there.sign(request)));
  return { request, shown };
}

const lineWith = (lines: readonly string[], id: string) =>
  lines.filter((line) => line.includes(fingerprintText(id)));
const isNew = (line: string) => / NEW(?: AGAIN)?(?: \(here\))?$/.test(line);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "shown",
    (error: unknown) => (isProblem(error) ? error.code : "another error"),
  );

describe("a machine that signs for the first time", () => {
  test("sees every key and every authority, all of them new", async () => {
    const there = await machine();
    const { request, shown } = await through(there, { offlineKeys: there.published });
    expect(shown.isFirst).toBe(true);
    for (const { keys } of request.after.values())
      for (const name of keys) {
        const id = request.keys.find((key) => key.name === name)?.keyid ?? "?";
        expect(lineWith(shown.lines, id).every(isNew)).toBe(true);
      }
    for (const { key } of request.certificates) {
      const id = request.keys.find(({ name }) => name === key)?.keyid ?? "?";
      expect(lineWith(shown.lines, id).every(isNew)).toBe(true);
    }
    // Those of before are in the file that the catalogue's targets list, and those that come in are told of, too.
    for (const der of [...request.roots, ...request.developerCas])
      expect(lineWith(shown.lines, sha256(der)).map(isNew)).toEqual([true]);
    expect(shown.lines.filter((line) => line.includes("comes in by this request")).map(isNew)).toEqual([
      true,
      true,
    ]);
    expect(shown.gone).toBe(0);
    expect(shown.warnings.join()).toContain("this machine does not know which versions were before root 2");
  });
});

describe("a machine that signed before", () => {
  test("sees nothing new in a renewal, and what comes and goes in a change", async () => {
    const there = await machine();
    await through(there, { offlineKeys: there.published });
    await replaceKeys(world.store, OPERATOR, ["tuf-timestamp"]);
    const { request, shown } = await through(there);
    const id = (name: string) => request.keys.find((key) => key.name === name)?.keyid ?? "?";
    expect([shown.isFirst, shown.news, shown.gone]).toEqual([false, 1, 1]);
    expect(lineWith(shown.lines, id("tuf-timestamp-2")).map(isNew)).toEqual([true]);
    expect(lineWith(shown.lines, id("tuf-timestamp"))[0]).toEndWith(" GONE");
    expect((await there.show(request)).news).toBe(0);
    await distrustOld();
    const { shown: last } = await through(there);
    expect([last.news, last.gone]).toEqual([0, 1]);
    expect(last.lines.filter((line) => line.endsWith(" DISTRUSTED GONE"))).toHaveLength(1);
    expect(last.warnings).toHaveLength(1);
  });

  const distrustOld = () => distrust(world.store, OPERATOR, "ca-root");

  test("is not deceived by what a hostile store says that there was before", async () => {
    const there = await machine();
    await through(there, { offlineKeys: there.published });
    await replaceKeys(world.store, OPERATOR, ["tuf-timestamp", "release"]);
    await distrustOld();
    const honest = parseRequest((await exportRequest(world.store, OPERATOR)).body);
    const evil = generateKeyPair("ed25519");
    const evilId = keyidOf(spkiOf(evil.publicKey)) as KeyId;
    const swapped = (name: string): SigningRequest => ({
      ...honest,
      keys: honest.keys.map((key) =>
        key.name === name
          ? { ...key, algorithm: "ed25519", spki: spkiOf(evil.publicKey), keyid: evilId }
          : key,
      ),
    });
    for (const name of ["tuf-timestamp-2", "release-2", "tuf-targets-2", "tuf-snapshot"]) {
      const hostile = { ...swapped(name), before: honest.after };
      const { lines } = await there.show(parseRequest(buildRequest(hostile)));
      const found = lineWith(lines, evilId);
      expect([name, found.length > 0, found.every(isNew)]).toEqual([name, true, true]);
    }
    const ca = await createRootCa(generateKeyPair("ecdsa-p384"), {
      commonName: "Example",
      notBefore: new Date(0),
      notAfter: new Date(1e12),
    });
    const der = new Uint8Array(ca.rawData);
    const { lines } = await there.show({ ...honest, roots: [der, ...honest.roots] });
    expect(lineWith(lines, sha256(der)).map(isNew)).toEqual([true]);
    // An online key that was signed in its own place is new in another one.
    const moved = new Map(honest.after).set("root", {
      keys: [...(honest.after.get("root")?.keys ?? []), "tuf-snapshot"],
      threshold: 1,
    });
    const promoted = await there.show({ ...honest, after: moved, before: moved });
    const snapshot = honest.keys.find(({ name }) => name === "tuf-snapshot")?.keyid ?? "?";
    expect(lineWith(promoted.lines, snapshot).map(isNew).sort()).toEqual([false, true]);
    expect(promoted.lines).toContain("role root: 1 of 4 must sign NEW");
    expect(promoted.warnings.join()).toContain("root: fewer keys must sign than before (2 → 1)");
    const stranger = await there.show({ ...honest, storeId: "store-of-another" });
    expect([stranger.isFirst, stranger.warnings.length > 0]).toEqual([true, true]);
  });

  test("refuses an authority that is none", async () => {
    const there = await machine();
    await through(there, { offlineKeys: there.published });
    await distrustOld();
    const honest = parseRequest((await exportRequest(world.store, OPERATOR)).body);
    const codes = [];
    for (const roots of [[new Uint8Array([1, 2, 3])], honest.developerCas])
      codes.push(await codeOf(there.show({ ...honest, roots: [...roots, ...honest.roots] })));
    expect(codes).toEqual(["keys.request_refused", "keys.request_refused"]);
  });
});

/** The same request with another key under a name that it has. */
function withKey(request: SigningRequest, name: string, of: SigningRequest["keys"][number] | undefined) {
  if (!of) throw new Error("no such key");
  const { spki, keyid: id, algorithm } = of;
  const keys = request.keys.map((key) => (key.name === name ? { ...key, spki, keyid: id, algorithm } : key));
  return parseRequest(buildRequest({ ...request, keys }));
}

describe("a key that this machine signed out", () => {
  test("comes back marked: a Developer CA that was distrusted, under the name of the new one", async () => {
    const there = await machine();
    const { store } = world;
    await through(there, { offlineKeys: there.published });
    await replaceKeys(store, OPERATOR, ["ca-developer"]);
    const { request: first } = await through(there);
    const old = first.keys.find(({ name }) => name === "ca-developer-2");
    await distrust(store, OPERATOR, "ca-developer");
    await through(there);
    await renew(store, OPERATOR, "ca-developer");
    const honest = parseRequest((await exportRequest(store, OPERATOR)).body);
    const shown = await there.show(honest);
    expect(lineWith(shown.lines, old?.keyid ?? "?").map(isNew)).toEqual([false, false, false]);
    expect(shown.lines.filter((line) => line.includes("comes in by this request"))).toHaveLength(1);
    const evil = keyOfName("ca-developer");
    const hostile = withKey(honest, "ca-developer-2", evil);
    const found = await there.show(hostile);
    const lines = lineWith(found.lines, evil.keyid);
    expect([lines.length, lines.every((line) => line.endsWith(" NEW AGAIN"))]).toEqual([2, true]);
    expect(lineWith(found.warnings, evil.keyid).map((line) => line.includes("comes AGAIN"))).toEqual([true]);
    expect(found.news).toBeGreaterThan(2);
    // Before anything is told apart by it, a name that stood for another key is new, too.
    expect(lineWith(found.lines, old?.keyid ?? "?")).not.toEqual([]);
    // Its old certificates, put back as they are, are marked as well.
    const back = listAllStoreCertificates(store.db.orm).filter(({ distrustedAt }) => distrustedAt !== null);
    expect(back.length).toBeGreaterThan(0);
    const developerCas = [...honest.developerCas, ...back.map(({ der }) => new Uint8Array(der))];
    const put = await there.show(parseRequest(buildRequest({ ...honest, developerCas })));
    for (const { der } of back)
      expect(lineWith(put.lines, sha256(der)).every((line) => line.endsWith(" NEW AGAIN"))).toBe(true);
  });

  test("comes back marked: a release key that was replaced, under the name of the new one", async () => {
    const there = await machine();
    const { store } = world;
    await through(there, { offlineKeys: there.published });
    await replaceKeys(store, OPERATOR, ["release"]);
    await through(there);
    await renew(store, OPERATOR, "release");
    const honest = parseRequest((await exportRequest(store, OPERATOR)).body);
    expect([(await there.show(honest)).news, (await there.show(honest)).warnings]).toEqual([0, []]);
    const old = keyOfName("release");
    for (const request of [withKey(honest, "release-2", old), renamed(honest, "release-2", "release-9")]) {
      const { lines, warnings } = await there.show(request);
      const [{ keyid: id = "?" } = {}] = request.keys.filter(({ name }) => name.startsWith("release"));
      expect(lineWith(lines, id).map(isNew)).toEqual([true]);
      expect(warnings.length).toBe(id === old.keyid ? 1 : 0);
    }
  });

  test("comes back with the same words when the request that took it out was cancelled", async () => {
    const there = await machine();
    const { store } = world;
    await through(there, { offlineKeys: there.published });
    await replaceKeys(store, OPERATOR, ["tuf-timestamp"]);
    await there.sign(parseRequest((await exportRequest(store, OPERATOR)).body));
    cancelChanges(store, OPERATOR);
    store.clock.advance(5000);
    await renew(store, OPERATOR, "root");
    const { lines, warnings } = await there.show(parseRequest((await exportRequest(store, OPERATOR)).body));
    const { keyid: id } = keyOfName("tuf-timestamp");
    expect(lineWith(lines, id).map((line) => line.endsWith(" NEW AGAIN"))).toEqual([true]);
    expect(lineWith(warnings, id)[0]).toEndWith("was signed here and then cancelled");
    expect(warnings.filter((line) => line.startsWith("root: another document of version"))).toHaveLength(1);
  });

  /** A row of the database as a request has it. */
  function keyOfName(name: string): SigningRequest["keys"][number] {
    const row = listSigningKeys(world.store.db.orm).find((key) => key.name === name);
    if (!row) throw new Error(`no key ${name}`);
    return { ...row, spki: new Uint8Array(row.publicKey) };
  }

  function renamed(request: SigningRequest, from: string, to: string): SigningRequest {
    const text = new TextDecoder().decode(buildRequest(request)).replaceAll(`"${from}"`, `"${to}"`);
    return parseRequest(canonicalize(JSON.parse(text)));
  }
});

describe("a request that lies of times and versions", () => {
  test("is refused by this machine's clock, its own memory and the ends of issuers", async () => {
    const there = await machine();
    const { store } = world;
    await through(there, { offlineKeys: there.published });
    store.clock.advance(5000);
    await renew(store, OPERATOR, "root");
    await renew(store, OPERATOR, "ca-developer");
    const honest = parseRequest((await exportRequest(store, OPERATOR)).body);
    const later = (date: Date, ms: number) => new Date(date.getTime() + ms);
    const moved = (ms: number): SigningRequest => ({
      ...honest,
      createdAt: later(honest.createdAt, ms),
      metadata: honest.metadata.map((role) => ({ ...role, expiresAt: later(role.expiresAt, ms) })),
    });
    const versioned = (version: number): SigningRequest => ({
      ...honest,
      metadata: honest.metadata.map((role) => (role.role === "root" ? { ...role, version } : role)),
    });
    const next = honest.metadata.find(({ role }) => role === "root")?.version ?? 0;
    const outliving = {
      ...moved(CLOCK_SKEW_MS),
      certificates: honest.certificates.map((one) => ({
        ...one,
        notAfter: later(one.notAfter, CLOCK_SKEW_MS),
      })),
    };
    const ten = {
      ...honest,
      certificates: honest.certificates.map((one) => ({ ...one, issuer: "release" })),
    };
    const cases: readonly (readonly [what: string, request: SigningRequest, outcome: string])[] = [
      ["as it is", honest, "shown"],
      ["a day ahead", moved(CLOCK_SKEW_MS), "shown"],
      ["more than a day ahead", moved(CLOCK_SKEW_MS + 1000), "keys.request_refused"],
      ["of 2099", moved(73 * 365 * 86_400_000), "keys.request_refused"],
      ["the version of before", versioned(next - 1), "shown"],
      ["an older version", versioned(next - 2), "keys.request_refused"],
      ["a version that skips one", versioned(next + 1), "keys.request_refused"],
      ["the last version that there is", versioned(2147483000), "keys.request_refused"],
      ["an issuer that is no root", ten, "keys.request_refused"],
      ["a certificate within ten years of a day ahead", outliving, "shown"],
    ];
    for (const [what, request, outcome] of cases)
      expect([what, await codeOf(there.show(parseRequest(buildRequest(request))))]).toEqual([what, outcome]);
    // What is too long or too short is said as people say it, and the request's own time before all that hangs on it.
    const ended = {
      ...honest,
      metadata: honest.metadata.map((role) => ({ ...role, expiresAt: later(honest.createdAt, -1000) })),
    };
    const ages = {
      ...honest,
      certificates: honest.certificates.map((one) => ({ ...one, notAfter: later(one.notAfter, 86_400_000) })),
    };
    const endless = {
      ...moved(73 * 365 * 86_400_000),
      metadata: honest.metadata.map((role) => ({ ...role, expiresAt: later(role.expiresAt, 1e13) })),
    };
    const words: readonly (readonly [request: SigningRequest, words: RegExp])[] = [
      [ended, /root would end on \d{4}-[\dT:-]+Z, before the request was made \(\d{4}-[\dT:-]+Z\)/],
      [
        ages,
        /until \d{4}-[\dT:-]+Z, (7306|3653|3651) days after the request was made, and \d+ days are the most/,
      ],
      [endless, /it was made at 20\d\d-[\dT:-]+Z, and this machine's clock says/],
    ];
    for (const [request, message] of words)
      await expect(there.show(parseRequest(buildRequest(request)))).rejects.toThrow(message);
    // Roots were signed in between by a machine that has their keys, and this one has none of them.
    expect(await codeOf(there.show(versioned(next + 1), new Map(), ["ca-root"]))).toBe("shown");
    const said = (version: number) => new Map([["root" as const, version]]);
    expect(await codeOf(there.show(versioned(next + 4), said(next + 4)))).toBe("shown");
    expect(await codeOf(there.show(versioned(next + 4), said(next + 3)))).toBe("keys.request_refused");
    expect((await there.show(versioned(next - 1))).warnings.join()).toContain(
      `root: another document of version ${next - 1} was signed here`,
    );
    // Fifteen years later the root that issues ends before a Developer CA of ten years would.
    store.clock.advance(15 * 365 * 86_400_000);
    cancelChanges(store, OPERATOR);
    await renew(store, OPERATOR, "ca-developer");
    const capped = parseRequest((await exportRequest(store, OPERATOR)).body);
    const only = (request: SigningRequest): SigningRequest => ({
      ...request,
      certificates: request.certificates.filter(({ kind }) => kind === "developer-ca"),
    });
    expect(await codeOf(there.show(only(capped)))).toBe("keys.request_refused");
  });

  test("is told of when it asks for another document of a version that was signed", async () => {
    const there = await machine();
    const { store } = world;
    await through(there, { offlineKeys: there.published });
    await renew(store, OPERATOR, "targets");
    const first = parseRequest((await exportRequest(store, OPERATOR)).body);
    await there.sign(first);
    expect((await there.show(first)).warnings).toEqual([]);
    cancelChanges(store, OPERATOR);
    store.clock.advance(5000);
    await renew(store, OPERATOR, "targets");
    const second = parseRequest((await exportRequest(store, OPERATOR)).body);
    const { warnings } = await there.show(second);
    expect(warnings.map((warning) => warning.replace(/\d.*/, ""))).toEqual([
      "targets: another document of version ",
      "ca-root-",
    ]);
    await there.sign(second);
    const [older] = (await there.show(first)).warnings;
    expect(older).toStartWith("it was made at ");
  });
});

describe("the file of what was signed before", () => {
  const codeOf = (bytes: Uint8Array): string => {
    try {
      parseKnown(bytes);
      return "read";
    } catch (error) {
      if (isProblem(error)) return error.code;
      throw error;
    }
  };

  test("is read as it was written, and anything else is refused", () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,64}$/);
    const id = fc.stringMatching(/^[a-z0-9]{1,64}$/);
    const names = fc
      .dictionary(id, fc.string({ maxLength: 20 }))
      .map((items): ReadonlyMap<string, string> => new Map(Object.entries(items)));
    const signed = fc.record({
      version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      sha256: fc.uint8Array({ minLength: 1 }).map((bytes) => sha256(bytes)),
    });
    const digest = fc.uint8Array({ minLength: 1 }).map((bytes) => sha256(bytes));
    const serial = fc.stringMatching(/^[4-7][0-9a-f]{31}$/);
    const time = fc.nat().map((seconds) => new Date(seconds * 1000));
    const entry = fc.record({
      serialNumber: serial,
      revokedAt: time,
      reason: fc.constantFrom(
        "keyCompromise" as const,
        "cACompromise" as const,
        "privilegeWithdrawn" as const,
      ),
      invalidFrom: fc.option(time),
    });
    const list = fc.record({
      number: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      sha256: digest,
      entries: fc.uniqueArray(entry, { selector: ({ serialNumber }) => serialNumber, maxLength: 4 }),
    });
    const store = fc.record({
      places: fc.dictionary(name, names).map((of) => new Map(Object.entries(of))),
      earlier: names,
      documents: fc
        .dictionary(fc.constantFrom("root", "targets", "apps"), signed)
        .map((of): KnownStore["documents"] => new Map(Object.entries(of) as never)),
      lists: fc
        .dictionary(digest, list)
        .map((of): KnownStore["lists"] => new Map(Object.entries(of) as never)),
      serials: fc
        .dictionary(fc.constantFrom("root", "developer-ca", "release"), fc.array(serial))
        .map(
          (of): KnownStore["serials"] =>
            new Map(Object.entries(of).map(([kind, serials]) => [kind as CertificateKind, new Set(serials)])),
        ),
      certificates: fc
        .dictionary(
          serial,
          fc.record({ sha256: digest, signature: fc.uint8Array({ minLength: 1, maxLength: 64 }) }),
        )
        .map((of): KnownStore["certificates"] => new Map(Object.entries(of))),
      createdAt: fc.option(fc.nat().map((seconds) => new Date(seconds * 1000))),
    });
    fc.assert(
      fc.property(fc.dictionary(name, store), (stores) => {
        const known: Known = new Map(Object.entries(stores));
        expect(parseKnown(buildKnown(known))).toEqual(known);
      }),
    );
    const second = {
      createdAt: "2026-11-25T09:30:00Z",
      documents: { root: { sha256: "c".repeat(64), version: 4 } },
      earlier: {},
      places: {},
    };
    const whole = { ...second, lists: {}, serials: {} };
    const known = {
      invalidFrom: null,
      reason: "keyCompromise",
      revokedAt: "2026-11-25T09:30:00Z",
      serial: "4a",
    };
    const read = (v: number, s: object) =>
      parseKnown(canonicalize({ stores: { s } as never, type: "mosis-signed-before", v })).get("s");
    expect(read(2, second)).toEqual(read(3, whole));
    expect(read(2, second)?.lists.size).toBe(0);
    expect(read(3, whole)).toEqual(read(4, { ...whole, certificates: {} }));
    const first = {
      "role root": { aa: "tuf-root-1" },
      "certificate release": { bb: "release", cc: "release-2" },
    };
    expect(
      parseKnown(canonicalize({ stores: { s: first }, type: "mosis-signed-before", v: 1 })).get("s"),
    ).toEqual({
      ...NOTHING_KNOWN,
      places: new Map([["role root", new Map([["aa", "tuf-root-1"]])]]),
      earlier: new Map([
        ["bb", "release"],
        ["cc", "release-2"],
      ]),
    });
    fc.assert(fc.property(fc.uint8Array(), (bytes) => codeOf(bytes) === "keys.request_malformed"));
    for (const wrong of [
      {},
      { stores: {}, type: "mosis-signed-before", v: 5 },
      { stores: { s: whole }, type: "mosis-signed-before", v: 4 },
      ...[
        { "4A": { sha256: "b".repeat(64), signature: "AAAA" } },
        { "4a": { sha256: "b", signature: "AAAA" } },
        { "4a": { sha256: "b".repeat(64), signature: "" } },
        { "4a": { sha256: "b".repeat(64), signature: "A".repeat(2000) } },
      ].map((certificates) => ({
        stores: { s: { ...whole, certificates } },
        type: "mosis-signed-before",
        v: 4,
      })),
      { stores: { s: whole }, type: "mosis-signed-before", v: 2 },
      { stores: { s: second }, type: "mosis-signed-before", v: 3 },
      ...[
        { lists: { "ca-root": {} } },
        { lists: { ["a".repeat(64)]: { entries: [], number: 0, sha256: "b".repeat(64) } } },
        { lists: { ["a".repeat(64)]: { entries: [], number: 1, sha256: "b" } } },
        { lists: { ["a".repeat(64)]: { entries: [known, known], number: 1, sha256: "b".repeat(64) } } },
        {
          lists: {
            ["a".repeat(64)]: { entries: [{ ...known, serial: "004a" }], number: 1, sha256: "b".repeat(64) },
          },
        },
        { serials: { intermediate: [] } },
        { serials: { release: ["4A"] } },
      ].map((change) => ({ stores: { s: { ...whole, ...change } }, type: "mosis-signed-before", v: 3 })),
      { stores: { s: {} }, type: "mosis-signed-before", v: 2 },
      {
        stores: { s: { createdAt: null, documents: { bins: {} }, earlier: {}, places: {} } },
        type: "mosis-signed-before",
        v: 2,
      },
      { stores: {}, type: "mosis-signing-request", v: 1 },
      { stores: [], type: "mosis-signed-before", v: 1 },
      { stores: { "A/B": {} }, type: "mosis-signed-before", v: 1 },
      { stores: { store: { "role root": ["x"] } }, type: "mosis-signed-before", v: 1 },
      { stores: { store: { "role root": { x: 1 } } }, type: "mosis-signed-before", v: 1 },
    ])
      expect(codeOf(canonicalize(wrong))).toBe("keys.request_malformed");
  });
});
