/** What the person at the other machine sees of a list of revoked certificates, and which numbers it may have. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { listSigningKeys, listStoreCertificates } from "../../keys/records.ts";
import type { CrlEntry } from "../../signing/crl.ts";
import { canonicalize, type JsonValue } from "../../signing/json.ts";
import { type KeySigner, keyPairSigner } from "../../signing/key-signer.ts";
import { fingerprintText, generateKeyPair, keyid } from "../../signing/keys.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { revoke } from "../revocation/act.ts";
import { previewRevocation } from "../revocation/preview.ts";
import { distrust } from "./distrust.ts";
import { buildDocuments, signRequest } from "./documents.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { buildKnown, type Known, parseKnown, remembered } from "./known.ts";
import { buildOfflineKeys, OFFLINE_ALGORITHMS, parseOfflineKeys } from "./offline-keys.ts";
import { cancelChanges, renew, replaceKeys } from "./operations.ts";
import { readStoreKeys } from "./overview.ts";
import { buildRequest, parseRequest, type RequestList, type SigningRequest } from "./request.ts";
import { signedStateOf } from "./shown.ts";
import { type SigningMachine, summarise } from "./summary.ts";

setDefaultTimeout(120_000);

const world = worldForEach();

async function machine() {
  const keys = (["ca-root", "root", "targets"] as const).map((purpose) => ({
    purpose,
    signer: keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS[purpose])),
  }));
  const signers = new Map<KeyId, KeySigner>(
    keys.map(({ signer }) => [keyid(signer.publicKey) as KeyId, signer]),
  );
  const own = new Set(signers.keys());
  let known: Known = new Map();
  return {
    own,
    published: parseOfflineKeys(await buildOfflineKeys(keys)),
    show: (request: SigningRequest, changes: Partial<SigningMachine> = {}) =>
      summarise(parseRequest(buildRequest(request)), {
        own,
        known,
        now: world.store.clock.now(),
        versions: new Map(),
        ...changes,
      }),
    async sign(request: SigningRequest): Promise<SigningRequest> {
      const { request: signed } = await signRequest(request, signers);
      const state = signedStateOf(signed, await buildDocuments(signed), own);
      known = parseKnown(buildKnown(remembered(known, signed.storeId, state)));
      return signed;
    },
    /** As a version of before kept it. */
    ofBefore(): Known {
      const file = JSON.parse(new TextDecoder().decode(buildKnown(known)));
      const stores = Object.entries<Record<string, JsonValue>>(file.stores).map(
        ([id, { lists: _lists, serials: _serials, certificates: _certificates, ...before }]) => [id, before],
      );
      return parseKnown(canonicalize({ ...file, stores: Object.fromEntries(stores), v: 2 }));
    },
  };
}
type Machine = Awaited<ReturnType<typeof machine>>;

const exported = async () => parseRequest((await exportRequest(world.store, OPERATOR)).body);

async function through(there: Machine, options: Parameters<typeof exportRequest>[2] = {}) {
  const request = parseRequest((await exportRequest(world.store, OPERATOR, options)).body);
  const shown = await there.show(request);
  await importRequest(world.store, OPERATOR, buildRequest(await there.sign(request)));
  return shown;
}

async function change(act: Parameters<typeof previewRevocation>[2]): Promise<void> {
  const { scope } = previewRevocation(world.store, OPERATOR, act, { limit: 1 });
  await revoke(world.store, OPERATOR, act, scope);
}

const revokeKey = (id: string) =>
  change({ act: "revoke", subject: "key", id, action: "block", reason: "It was copied." });
const keyOf = (name: string) =>
  listSigningKeys(world.store.db.orm).find((key) => key.name === name)?.keyid ?? "?";
const serialOf = (kind: "root" | "developer-ca" | "release") =>
  listStoreCertificates(world.store.db.orm, kind)[0]?.serial ?? "?";

/** A store of which a release key and a Developer CA are revoked, as the machine signed it. */
async function withRevoked(there: Machine): Promise<void> {
  const { store } = world;
  await through(there, { offlineKeys: there.published });
  await replaceKeys(store, OPERATOR, ["release", "ca-developer"]);
  await through(there);
  await revokeKey(keyOf("release"));
  await distrust(store, OPERATOR, "ca-developer");
  const shown = await through(there);
  // What came, and the authorities that leave by the same request are said to leave, not to be in use.
  expect(
    shown.lines.filter((line) => line.startsWith("  serial ")).map((line) => line.endsWith(" NEW")),
  ).toEqual(shown.lines.filter((line) => line.startsWith("  serial ")).map(() => true));
  expect(shown.warnings.filter((warning) => warning.startsWith("serial "))).toEqual([]);
}

function withList(request: SigningRequest, change: Partial<RequestList>): SigningRequest {
  return { ...request, lists: request.lists.map((list) => ({ ...list, ...change })) };
}

function listOf({ lists }: SigningRequest): RequestList {
  const [list] = lists;
  if (!list) throw new Error("no list");
  return list;
}

const outcomeOf = (work: () => Promise<unknown> | unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => "shown",
      (error: unknown) => (isProblem(error) ? error.code : String(error)),
    );
const serialWarnings = (warnings: readonly string[]) =>
  warnings.filter((warning) => warning.startsWith("serial "));

test("what a list adds is new, what it leaves out is gone, and what is in use is not revoked unseen", async () => {
  const there = await machine();
  const { store } = world;
  await withRevoked(there);
  store.clock.advance(5000);
  await renew(store, OPERATOR, "root");
  const honest = await exported();
  const { entries, number } = listOf(honest);
  expect(entries.length).toBeGreaterThan(2);
  const plain = await there.show(honest);
  expect([plain.news, plain.gone, plain.warnings]).toEqual([0, 0, []]);
  expect(
    plain.lines.some((line) =>
      line.includes(`${fingerprintText(keyOf("ca-root-2"))}  ca-root-2 signs it (here)`),
    ),
  ).toBe(true);

  const emptied = await there.show(withList(honest, { entries: [] }));
  expect([emptied.news, emptied.gone, emptied.warnings.length]).toEqual([0, entries.length, entries.length]);
  for (const { serialNumber } of entries) {
    const words = `serial ${fingerprintText(serialNumber)} would be good again`;
    expect(emptied.warnings.some((warning) => warning.startsWith(words))).toBe(true);
  }

  const [first, ...rest] = entries;
  if (!first) throw new Error("no entry");
  const weaker: readonly CrlEntry[] = [
    { ...first, reason: "privilegeWithdrawn" },
    { ...first, revokedAt: honest.createdAt },
    { ...first, invalidFrom: honest.createdAt },
  ];
  for (const entry of weaker) {
    const other = await there.show(withList(honest, { entries: [...rest, entry] }));
    expect([other.news, other.gone]).toEqual([1, 1]);
    expect(other.warnings).toHaveLength(1);
    expect(other.warnings[0]).toStartWith(
      `serial ${fingerprintText(first.serialNumber)} would be revoked otherwise`,
    );
  }

  // The release certificate is not in the request, and a hostile one leaves out its Developer CAs.
  const bare = { ...honest, metadata: [], developerCas: honest.developerCas.slice(-1) };
  for (const [kind, request] of [
    ["root", honest],
    ["developer-ca", honest],
    ["release", honest],
    ["developer-ca", bare],
  ] as const) {
    const serial = serialOf(kind);
    const more = { ...first, serialNumber: serial };
    const found = await there.show(withList(request, { entries: [...entries, more] }));
    expect([kind, found.news, found.gone]).toEqual([kind, 1, 0]);
    expect(serialWarnings(found.warnings)[0]).toStartWith(
      `serial ${fingerprintText(serial)} is of a ${kind} certificate that is in use`,
    );
    // A folder without that memory goes by the request.
    const blind = await there.show(withList(honest, { entries: [more] }), { known: new Map() });
    expect([kind, serialWarnings(blind.warnings).length]).toEqual([kind, kind === "release" ? 0 : 1]);
  }
  // A certificate is listed once, and in one form.
  for (const serialNumber of [first.serialNumber, `00${first.serialNumber}`])
    expect(
      await outcomeOf(() =>
        there.show(withList(honest, { entries: [...entries, { ...first, serialNumber }] })),
      ),
    ).toBe("keys.request_malformed");

  // Lifted, it leaves the list, and that is told.
  await importRequest(store, OPERATOR, buildRequest(await there.sign(honest)));
  await change({ act: "lift", subject: "key", id: keyOf("release"), reason: "It was not copied." });
  const lifted = await exported();
  const told = await there.show(lifted);
  expect([listOf(lifted).number, told.news, told.gone]).toEqual([
    number + 1,
    0,
    entries.length - listOf(lifted).entries.length,
  ]);
  expect(told.gone).toBeGreaterThan(0);
  expect(serialWarnings(told.warnings)).toHaveLength(told.gone);
});

test("a number follows the one that was signed last, by one; and the same list can be signed again", async () => {
  const there = await machine();
  const { store } = world;
  await withRevoked(there);
  await renew(store, OPERATOR, "root");
  const honest = await exported();
  const { number } = listOf(honest);
  const said = (value: number) => ({ versions: new Map([["ca-root-2", value]]) });
  for (const [given, outcome] of [
    [number, "shown"],
    [1, "keys.request_refused"],
    [number - 2, "keys.request_refused"],
    [number + 1, "keys.request_refused"],
    [1_000_000_000, "keys.request_refused"],
  ] as const)
    expect([given, await outcomeOf(() => there.show(withList(honest, { number: given })))]).toEqual([
      given,
      outcome,
    ]);
  // Other machines have the key, too.
  const skipping = withList(honest, { number: number + 3 });
  expect(await outcomeOf(() => there.show(skipping, said(number + 3)))).toBe("shown");
  expect(await outcomeOf(() => there.show(skipping, said(number + 2)))).toBe("keys.request_refused");

  const signed = await there.sign(honest);
  for (const again of [honest, signed]) {
    const { news, gone, warnings } = await there.show(again);
    expect([news, gone, warnings]).toEqual([0, 0, []]);
  }
  // What was signed and never imported leaves its number free.
  cancelChanges(store, OPERATOR);
  store.clock.advance(5000);
  await renew(store, OPERATOR, "root");
  const second = await exported();
  expect(listOf(second).number).toBe(number);
  expect((await there.show(second)).warnings).toContain(
    `ca-root-2: another list of revoked certificates of number ${number} was signed here: only one of the two can be meant, so ask what became of that request`,
  );
  await importRequest(store, OPERATOR, buildRequest(await there.sign(second)));
  const [list] = readStoreKeys(store, OPERATOR).lists.filter(({ keyName }) => keyName === "ca-root-2");
  expect(list?.number).toBe(number);
  // And one that was imported without this machine's signature on the list does too.
  store.clock.advance(5000);
  await renew(store, OPERATOR, "root");
  const third = await exported();
  const unsigned = withList(await there.sign(third), { signature: null });
  await importRequest(store, OPERATOR, buildRequest(unsigned));
  await renew(store, OPERATOR, "root");
  expect([
    (await exported()).lists[0]?.number,
    await outcomeOf(async () => there.show(await exported())),
  ]).toEqual([number + 1, "shown"]);
});

test("all of a list is new where none was signed, and it has no marks where it is not signed", async () => {
  const there = await machine();
  const { store } = world;
  await withRevoked(there);
  await renew(store, OPERATOR, "root");
  const honest = await exported();
  const { entries, number } = listOf(honest);
  const doubt = `this machine does not know which versions were before list of ca-root-2 ${number}`;
  const before = await there.show(honest, { known: there.ofBefore() });
  // The list itself, and each of its entries.
  expect([before.news, before.gone]).toEqual([entries.length + 1, 0]);
  expect(before.warnings).toHaveLength(1);
  expect(before.warnings[0]).toStartWith(doubt);
  const first = await there.show(honest, { known: new Map() });
  expect(first.isFirst).toBe(true);
  expect(first.lines.filter((line) => line.startsWith("  serial ") && line.endsWith(" NEW"))).toHaveLength(
    entries.length,
  );
  const own = new Set([...there.own].filter((id) => id !== keyOf("ca-root-2")));
  const elsewhere = await there.show(withList(honest, { number: 1_000_000_000 }), { own });
  expect([elsewhere.news, elsewhere.gone, elsewhere.warnings]).toEqual([0, 0, []]);
  expect(elsewhere.lines.find((line) => line.startsWith("list of "))).toEndWith(" (not signed here)");
});

test("certificates of a revoked key are told of as revoked", async () => {
  const { store } = world;
  await replaceKeys(store, OPERATOR, ["release"]);
  await revokeKey(keyOf("release"));
  const { certificates } = readStoreKeys(store, OPERATOR);
  expect(certificates.filter(({ isRevoked }) => isRevoked).map(({ keyName }) => keyName)).toEqual([
    "release",
  ]);
  expect(certificates.length).toBeGreaterThan(3);
});
