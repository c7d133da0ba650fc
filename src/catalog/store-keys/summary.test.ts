/** What the person at the other machine sees before signing: all that becomes signed, and what of it is new there. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { keyidOf } from "../../signing/algorithms.ts";
import { createRootCa } from "../../signing/certificates.ts";
import { canonicalize } from "../../signing/json.ts";
import { type KeySigner, keyPairSigner } from "../../signing/key-signer.ts";
import { generateKeyPair, keyid, spkiOf } from "../../signing/keys.ts";
import { openWorld, type World } from "../../testing/device-world.ts";
import { sha256 } from "../tuf/metadata.ts";
import { distrust } from "./distrust.ts";
import { buildDocuments, signRequest } from "./documents.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { buildKnown, type Known, parseKnown, remembered } from "./known.ts";
import { buildOfflineKeys, OFFLINE_ALGORITHMS, parseOfflineKeys } from "./offline-keys.ts";
import { replaceKeys } from "./operations.ts";
import { buildRequest, parseRequest, type SigningRequest } from "./request.ts";
import { placesOfRequest } from "./shown.ts";
import { summarise } from "./summary.ts";

setDefaultTimeout(120_000);

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

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
    show: (request: SigningRequest) => summarise(request, new Set(signers.keys()), known),
    async sign(request: SigningRequest): Promise<SigningRequest> {
      const { request: signed } = await signRequest(request, signers);
      const places = placesOfRequest(signed, await buildDocuments(signed));
      known = parseKnown(buildKnown(remembered(known, signed.storeId, places)));
      return signed;
    },
  };
}

type Machine = Awaited<ReturnType<typeof machine>>;

/** Signs what the store exports, and brings it back. */
async function through(there: Machine, options: Parameters<typeof exportRequest>[1] = {}) {
  const request = parseRequest((await exportRequest(world.store, options)).body);
  const shown = await there.show(request);
  await importRequest(world.store, buildRequest(await there.sign(request)));
  return { request, shown };
}

const lineWith = (lines: readonly string[], text: string) => lines.filter((line) => line.includes(text));
const isNew = (line: string) => / NEW(?: \(here\))?$/.test(line);

describe("a machine that signs for the first time", () => {
  test("sees every key and every authority, all of them new", async () => {
    const there = await machine();
    const { request, shown } = await through(there, { offlineKeys: there.published });
    expect(shown.isFirst).toBe(true);
    for (const { keys } of request.after.values())
      for (const name of keys) {
        const id = request.keys.find((key) => key.name === name)?.keyid ?? "?";
        expect(lineWith(shown.lines, `  ${id}  ${name}`).every(isNew)).toBe(true);
      }
    for (const { key } of request.certificates) {
      const id = request.keys.find(({ name }) => name === key)?.keyid ?? "?";
      expect(lineWith(shown.lines, `  ${id}  ${key}`).some(isNew)).toBe(true);
    }
    // The new root is not signed yet; those of before are in the file that the catalogue's targets list.
    for (const der of [...request.roots, ...request.developerCas])
      expect(lineWith(shown.lines, sha256(der)).map(isNew)).toEqual([true]);
    expect(shown.gone).toBe(0);
  });
});

describe("a machine that signed before", () => {
  test("sees nothing new in a renewal, and what comes and goes in a change", async () => {
    const there = await machine();
    await through(there, { offlineKeys: there.published });
    await replaceKeys(world.store, ["tuf-timestamp"]);
    const { request, shown } = await through(there);
    const id = (name: string) => request.keys.find((key) => key.name === name)?.keyid ?? "?";
    expect([shown.isFirst, shown.news, shown.gone]).toEqual([false, 1, 1]);
    expect(lineWith(shown.lines, id("tuf-timestamp-2")).map(isNew)).toEqual([true]);
    expect(lineWith(shown.lines, id("tuf-timestamp"))[0]).toEndWith(" GONE");
    expect((await there.show(request)).news).toBe(0);
    await distrustOld();
    const { shown: last } = await through(there);
    expect([last.news, last.gone]).toEqual([0, 1]);
    expect(lineWith(last.lines, " DISTRUSTED GONE")).toHaveLength(1);
    expect(last.warnings).toHaveLength(1);
  });

  const distrustOld = () => distrust(world.store, "ca-root");

  test("is not deceived by what a hostile store says that there was before", async () => {
    const there = await machine();
    await through(there, { offlineKeys: there.published });
    await replaceKeys(world.store, ["tuf-timestamp", "release"]);
    await distrustOld();
    const honest = parseRequest((await exportRequest(world.store)).body);
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
    const honest = parseRequest((await exportRequest(world.store)).body);
    const codes = [];
    for (const roots of [[new Uint8Array([1, 2, 3])], honest.developerCas])
      codes.push(
        await there.show({ ...honest, roots: [...roots, ...honest.roots] }).then(
          () => "shown",
          (error: unknown) => (isProblem(error) ? error.code : "another error"),
        ),
      );
    expect(codes).toEqual(["keys.request_refused", "keys.request_refused"]);
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
    const places = fc.dictionary(name, fc.dictionary(id, fc.string({ maxLength: 20 })));
    fc.assert(
      fc.property(fc.dictionary(name, places), (stores) => {
        const known: Known = new Map(
          Object.entries(stores).map(([id, of]) => [
            id,
            new Map(Object.entries(of).map(([place, items]) => [place, new Map(Object.entries(items))])),
          ]),
        );
        expect(parseKnown(buildKnown(known))).toEqual(known);
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => codeOf(bytes) === "keys.request_malformed"));
    for (const wrong of [
      {},
      { stores: {}, type: "mosis-signed-before", v: 2 },
      { stores: {}, type: "mosis-signing-request", v: 1 },
      { stores: [], type: "mosis-signed-before", v: 1 },
      { stores: { "A/B": {} }, type: "mosis-signed-before", v: 1 },
      { stores: { store: { "role root": ["x"] } }, type: "mosis-signed-before", v: 1 },
      { stores: { store: { "role root": { x: 1 } } }, type: "mosis-signed-before", v: 1 },
    ])
      expect(codeOf(canonicalize(wrong))).toBe("keys.request_malformed");
  });
});
