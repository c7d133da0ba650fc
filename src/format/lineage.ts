/**
 * An app's key lineage (package format, section 5): which keys may sign its updates, and why. The list only grows; each
 * entry but the first carries the statements that made it one. Pure; a device judges it, and the store before it publishes.
 */
import { isProblem, Problem } from "../errors.ts";
import { judgeChain, type TrustAnchors } from "../signing/chain.ts";
import { canonicalize, type JsonValue, parseCanonical } from "../signing/json.ts";
import { parseKeyAcceptance, parseKeyAddition, parseKeyRecovery } from "../signing/key-statements.ts";
import type { Leaf } from "../signing/leaf.ts";
import { refusal } from "../signing/refuse.ts";
import { shapeWith } from "../signing/shape.ts";
import { SHA256, SHA256_TEXT } from "../signing/statements.ts";
import { formatTime } from "../signing/times.ts";
import { DAY_MS } from "../time.ts";
import { sha256Hex } from "./digests.ts";
import { ENVELOPE_MAX_BYTES } from "./names.ts";
import { fingerprint, openEnvelope } from "./verify-signatures.ts";

export const LINEAGE_MAX_KEYS = 64;
/** No store can make a device take a recovery that waited less. */
const RECOVERY_LEAST_WAIT_MS = DAY_MS;

/** An entry as the index carries it; envelopes in their canonical bytes. */
export type LineageEntry =
  | { readonly kind: "first"; readonly keyId: string }
  | {
      readonly kind: "addition";
      readonly keyId: string;
      /** A developer's, by a key of the lineage. */
      readonly addition: Uint8Array;
      /** The store's. */
      readonly acceptance: Uint8Array;
    }
  | { readonly kind: "recovery"; readonly keyId: string; readonly recovery: Uint8Array };

/** What is left of an entry once it was judged; what a device pins. */
export type LineageKey = {
  readonly keyId: string;
  /** What was approved after this was not signed by the developer. */
  readonly lostAt: Date | null;
};

/** The part of a revocation that matters here; times as they stand in the catalogue. */
export type LineageRevocation = {
  readonly subject: string;
  readonly id: string;
  readonly revokedAt: string;
  readonly approvalsUntil: string | null;
};

export type LineagePolicy = {
  readonly appId: string;
  readonly developerId: string;
  /** Whose the app was before, by the index: statements of their time name them. */
  readonly formerDevelopers: readonly string[];
  readonly storeId: string;
  readonly now: Date;
  readonly anchors: TrustAnchors;
  readonly revocations: readonly LineageRevocation[];
  /** What was judged before: these are not judged again, and must still be there. */
  readonly pinned: readonly LineageKey[];
};

const shape = shapeWith("MPK-L001", "The key lineage");

/** Reads the list's shape; what the envelopes hold is judged later. Throws MPK-L001. */
export function parseLineage(value: JsonValue | undefined): readonly LineageEntry[] {
  const items = shape.array(value, "");
  if (items.length < 1 || items.length > LINEAGE_MAX_KEYS) {
    throw shape.wrong("", `${items.length} entries`, `1 to ${LINEAGE_MAX_KEYS} entries`);
  }
  const entries = items.map(parseEntry);
  const seen = new Set<string>();
  for (const [index, { keyId }] of entries.entries()) {
    if (seen.has(keyId)) throw shape.wrong(`/${index}/keyId`, keyId, "a key that stands nowhere before");
    seen.add(keyId);
  }
  return entries;
}

function parseEntry(item: JsonValue, index: number): LineageEntry {
  const at = `/${index}`;
  const keyOf = (value: JsonValue) => shape.matching(value, `${at}/keyId`, SHA256, SHA256_TEXT);
  if (index === 0) return { kind: "first", keyId: keyOf(shape.object(item, at, ["keyId"]).keyId) };
  if (Object.hasOwn(Object(item), "recovery")) {
    const { keyId, recovery } = shape.object(item, at, ["keyId", "recovery"]);
    return { kind: "recovery", keyId: keyOf(keyId), recovery: canonicalize(recovery) };
  }
  const { acceptance, addition, keyId } = shape.object(item, at, ["acceptance", "addition", "keyId"]);
  return {
    kind: "addition",
    keyId: keyOf(keyId),
    addition: canonicalize(addition),
    acceptance: canonicalize(acceptance),
  };
}

/** An entry as the index carries it, to be written in canonical JSON. */
export function lineageJson(entry: LineageEntry): object {
  const document = (envelope: Uint8Array) => parseCanonical(envelope, { maxBytes: ENVELOPE_MAX_BYTES });
  switch (entry.kind) {
    case "first":
      return { keyId: entry.keyId };
    case "addition":
      return {
        acceptance: document(entry.acceptance),
        addition: document(entry.addition),
        keyId: entry.keyId,
      };
    case "recovery":
      return { keyId: entry.keyId, recovery: document(entry.recovery) };
  }
}

/** What a key of the lineage is worth for a package that the store approved at that time. */
export function standing(
  keys: readonly LineageKey[],
  keyId: string,
  approvedAt: Date,
): "good" | "unknown" | "lost" {
  const key = keys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined) return "unknown";
  return key.lostAt !== null && approvedAt > key.lostAt ? "lost" : "good";
}

/**
 * The keys of a lineage, each with the time from which it is lost. Entries that are pinned already are taken as they were
 * judged then; every other one must be made by statements that hold.
 *
 * Throws MPK-L001…L009 and, for the envelopes, MPK-J…, S…, A001, A002, A005, A009, X…; `entry` of the detail says which
 * part of the lineage it is about, its pointer where in it.
 */
export async function judgeLineage(
  entries: readonly LineageEntry[],
  policy: LineagePolicy,
): Promise<readonly LineageKey[]> {
  checkPinned(entries, policy.pinned);
  const keys: LineageKey[] = [...policy.pinned];
  for (const [position, entry] of entries.entries()) {
    if (position < policy.pinned.length) continue;
    if (entry.kind === "addition") {
      await judgeAddition(entry, keys, policy);
    } else if (entry.kind === "recovery") {
      const lostAt = await judgeRecovery(entry, keys, policy);
      for (const [index, key] of keys.entries()) keys[index] = { ...key, lostAt: key.lostAt ?? lostAt };
    } else if (position !== 0) {
      throw shape.wrong(`/${position}`, "a key without statements", "addition and acceptance, or recovery");
    }
    keys.push({ keyId: entry.keyId, lostAt: null });
  }
  return keys;
}

function checkPinned(entries: readonly LineageEntry[], pinned: readonly LineageKey[]): void {
  for (const [position, { keyId }] of pinned.entries()) {
    const found = entries[position]?.keyId;
    if (found === keyId) continue;
    throw refusal(
      "MPK-L009",
      "The app's key lineage lacks a key that was in it before, or has another in its place.",
      {
        entry: "lineage",
        pointer: `/${position}/keyId`,
        found: found ?? "nothing",
        expected: keyId,
      },
    );
  }
}

type Addition = Extract<LineageEntry, { kind: "addition" }>;
type Recovery = Extract<LineageEntry, { kind: "recovery" }>;

async function judgeAddition(
  entry: Addition,
  before: readonly LineageKey[],
  policy: LineagePolicy,
): Promise<void> {
  const position = before.length;
  const acceptance = await within(position, "acceptance", async () => {
    const { envelope, leaf } = openEnvelope(entry.acceptance, "release");
    const statement = parseKeyAcceptance(envelope.payload);
    const { predicate } = statement;
    checkPlaced(statement, entry.keyId, position, policy);
    const digest = sha256Hex(entry.addition);
    equal("MPK-L005", "/predicate/addition/sha256", predicate.addition.sha256, digest);
    checkNotAhead("/predicate/acceptedAt", predicate.acceptedAt, policy.now);
    judgeStoreLeaf(leaf, predicate.storeId, predicate.acceptedAt, policy);
    return predicate;
  });
  const signer = await within(position, "addition", async () => {
    const { envelope, leaf } = openEnvelope(entry.addition, "developer");
    const statement = parseKeyAddition(envelope.payload);
    checkPlaced(statement, entry.keyId, position, policy);
    equal("MPK-L002", "/predicate/developerId", statement.predicate.developerId, leaf.id);
    checkSigner(leaf.key.keyid, before);
    checkAdded(statement.predicate.addedAt, acceptance.acceptedAt);
    judgeChain(leaf, policy.anchors, acceptance.acceptedAt);
    checkNotRevokedBefore(leaf, acceptance.acceptedAt, policy);
    return { keyId: leaf.key.keyid, developerId: leaf.id };
  });
  await within(position, "acceptance", async () => {
    equal("MPK-L002", "/predicate/developerId", acceptance.developerId, signer.developerId);
    equal("MPK-L005", "/predicate/signerKeyId", acceptance.signerKeyId, signer.keyId);
  });
}

async function judgeRecovery(
  entry: Recovery,
  before: readonly LineageKey[],
  policy: LineagePolicy,
): Promise<Date> {
  return within(before.length, "recovery", async () => {
    const { envelope, leaf } = openEnvelope(entry.recovery, "release");
    const statement = parseKeyRecovery(envelope.payload);
    const { predicate } = statement;
    checkPlaced(statement, entry.keyId, before.length, policy);
    checkNotAhead("/predicate/approvedAt", predicate.approvedAt, policy.now);
    checkWaited(predicate);
    const lost = before.filter((key) => key.lostAt === null).map((key) => key.keyId);
    equal("MPK-L008", "/predicate/lostKeyIds", predicate.lostKeyIds.join(" "), lost.join(" "));
    judgeStoreLeaf(leaf, predicate.storeId, predicate.approvedAt, policy);
    return predicate.approvedAt;
  });
}

/** Puts the part of the lineage beside the place in it. */
async function within<T>(position: number, part: string, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const details = error.details.map((detail) => ({ ...detail, entry: `lineage/${position}/${part}` }));
    throw new Problem(error.kind, error.code, error.message, details, { cause: error });
  }
}

type Code = "MPK-L002" | "MPK-L003" | "MPK-L005" | "MPK-L008" | "MPK-A009";

const DIFFERS: Readonly<Record<Code, string>> = {
  "MPK-L002": "The statement is about another key, app or developer.",
  "MPK-L003": "The statement is for another place in the lineage.",
  "MPK-L005": "The store accepted another addition.",
  "MPK-L008": "The recovery names other keys as lost than the lineage has.",
  "MPK-A009": "The store's id is not the one of its certificate, or another store's.",
};

function equal(code: Code, pointer: string, found: string | number, expected: string | number): void {
  if (found === expected) return;
  throw refusal(code, DIFFERS[code], { pointer, found: String(found), expected: String(expected) });
}

type PlacedStatement = {
  readonly contentDigest: string;
  readonly subjectName: string;
  readonly predicate: {
    readonly appId: string;
    readonly developerId: string;
    readonly keyId: string;
    readonly position: number;
  };
};

function checkPlaced(
  { contentDigest, subjectName, predicate }: PlacedStatement,
  keyId: string,
  position: number,
  policy: LineagePolicy,
): void {
  equal("MPK-L002", "/subject/0/digest/sha256", contentDigest, keyId);
  equal("MPK-L002", "/subject/0/name", subjectName, policy.appId);
  equal("MPK-L002", "/predicate/keyId", predicate.keyId, keyId);
  equal("MPK-L002", "/predicate/appId", predicate.appId, policy.appId);
  checkDeveloper(predicate.developerId, policy);
  equal("MPK-L003", "/predicate/position", predicate.position, position);
}

function checkDeveloper(found: string, { developerId, formerDevelopers }: LineagePolicy): void {
  if (formerDevelopers.includes(found)) return;
  equal("MPK-L002", "/predicate/developerId", found, developerId);
}

function checkSigner(keyId: string, before: readonly LineageKey[]): void {
  const usable = before.filter((key) => key.lostAt === null).map((key) => key.keyId);
  if (usable.includes(keyId)) return;
  throw refusal("MPK-L004", "The addition is signed with a key that may not add one.", {
    pointer: "/signatures/0/keyid",
    found: keyId,
    expected: usable.join(" or "),
  });
}

function checkAdded(addedAt: Date, acceptedAt: Date): void {
  if (addedAt.getTime() - acceptedAt.getTime() <= DAY_MS) return;
  throw refusal("MPK-L006", "The developer signed the addition long after the store accepted it.", {
    pointer: "/predicate/addedAt",
    found: `signed ${formatTime(addedAt)}, accepted ${formatTime(acceptedAt)}`,
    expected: "signed at most 24 h after it was accepted",
  });
}

function checkNotAhead(pointer: string, time: Date, now: Date): void {
  if (time.getTime() - now.getTime() <= DAY_MS) return;
  throw refusal("MPK-L006", "The store's statement is from the future. Check this machine's clock.", {
    pointer,
    found: formatTime(time),
    expected: `at most 24 h after ${formatTime(now)}`,
  });
}

function checkWaited(recovery: {
  readonly requestedAt: Date;
  readonly waitingUntil: Date;
  readonly approvedAt: Date;
  readonly approvers: number;
  readonly ownersTold: number;
}): void {
  const { requestedAt, waitingUntil, approvedAt, approvers, ownersTold } = recovery;
  const wrong = (pointer: string, found: string, expected: string) =>
    refusal("MPK-L007", "The recovery was not decided as a recovery must be.", { pointer, found, expected });
  if (waitingUntil.getTime() - requestedAt.getTime() < RECOVERY_LEAST_WAIT_MS) {
    throw wrong(
      "/predicate/waitingUntil",
      formatTime(waitingUntil),
      `at least 24 h after ${formatTime(requestedAt)}`,
    );
  }
  if (approvedAt < waitingUntil) {
    throw wrong("/predicate/approvedAt", formatTime(approvedAt), `not before ${formatTime(waitingUntil)}`);
  }
  if (approvers < 1) throw wrong("/predicate/approvers", String(approvers), "at least 1");
  if (ownersTold < 1) throw wrong("/predicate/ownersTold", String(ownersTold), "at least 1");
}

function judgeStoreLeaf(leaf: Leaf, storeId: string, at: Date, policy: LineagePolicy): void {
  equal("MPK-A009", "/predicate/storeId", storeId, leaf.id);
  equal("MPK-A009", "/predicate/storeId", storeId, policy.storeId);
  judgeStoreSigner(leaf, at, policy);
}

/** Whether what a release certificate signed at that time counts now. Throws MPK-X…. */
export function judgeStoreSigner(
  leaf: Leaf,
  at: Date,
  { anchors, revocations }: Pick<LineagePolicy, "anchors" | "revocations">,
): void {
  judgeChain(leaf, anchors, at);
  // As for approvals: a release key's revocation may name a time up to which what it signed counts.
  const revocation = revocations.find(
    (entry) => names(entry, leaf) && (entry.approvalsUntil === null || at > new Date(entry.approvalsUntil)),
  );
  if (revocation !== undefined) throw revokedSigner(leaf, revocation, at);
}

/** When the store said what it says of an entry: the time that its signature is judged at. Throws as `judgeLineage`. */
export function statedAt(payload: Uint8Array, kind: "addition" | "recovery"): Date {
  return kind === "addition"
    ? parseKeyAcceptance(payload).predicate.acceptedAt
    : parseKeyRecovery(payload).predicate.approvedAt;
}

/** What a key authorised before it was revoked stands: a key that is given up is rotated first, then revoked. */
function checkNotRevokedBefore(leaf: Leaf, acceptedAt: Date, { revocations }: LineagePolicy): void {
  const revocation = revocations.find(
    (entry) => names(entry, leaf) && acceptedAt > new Date(entry.revokedAt),
  );
  if (revocation !== undefined) throw revokedSigner(leaf, revocation, acceptedAt);
}

function names({ subject, id }: LineageRevocation, leaf: Leaf): boolean {
  return (
    (subject === "key" && id === leaf.key.keyid) || (subject === "certificate" && id === fingerprint(leaf))
  );
}

function revokedSigner(leaf: Leaf, revocation: LineageRevocation, at: Date) {
  return refusal("MPK-X011", `The ${leaf.kind} key or certificate of ${leaf.id} is revoked.`, {
    found: `key ${leaf.key.keyid}, used at ${formatTime(at)}`,
    expected: `used at the latest at ${revocation.approvalsUntil ?? revocation.revokedAt}`,
  });
}
