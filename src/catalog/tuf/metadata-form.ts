/**
 * What metadata of the signed catalogue looks like, documented in assets/docs/reference/catalogue.md. Libraries of TUF take
 * more than the specification does: a key twice in an object, any text that could be a time, versions below zero, keys under
 * any id. So the bytes are judged before a library reads them. Pure.
 */
import { createHash, createPublicKey } from "node:crypto";
import { isProblem } from "../../errors.ts";
import { type Audience, type AudienceId, EVERYBODY } from "../../ids.ts";
import { KEY_RULES, readSigningKey } from "../../signing/algorithms.ts";
import { type JsonValue, parseStrictJson } from "../../signing/json.ts";
import { escapePointer } from "../../signing/shape.ts";
import { isTime } from "../../signing/times.ts";
import { isPattern, MOST_DELEGATED_PATHS } from "./delegated-paths.ts";
import { asJson, type Document, type Reader, readerOf, refusalBy } from "./reader.ts";
import { isShared, TOP_ROLES } from "./roles.ts";

/** Every role that lists targets has the form of `targets`. */
export type MetadataType = "root" | "timestamp" | "snapshot" | "targets";

/** The largest metadata that a device reads. */
export const METADATA_MAX_BYTES: Readonly<Record<MetadataType, number>> = {
  root: 512_000,
  timestamp: 16_384,
  snapshot: 2_000_000,
  targets: 5_000_000,
};

/**
 * As many members as an object or a list of metadata may have. Libraries of TUF go through some of them in a time that
 * grows with the square, and a device has to be done before long.
 */
export const METADATA_MOST = {
  signatures: 256,
  keys: 256,
  delegations: 256,
  /** Roles in a snapshot. */
  roles: 4096,
  targets: 1024,
} as const;

/** What `<version>.<role>.json` holds, by its name in the folder `metadata`. */
export function metadataTypeOf(file: string): MetadataType {
  const role = /^(?:\d+\.)?(root|timestamp|snapshot)\.json$/.exec(file)?.[1];
  return role === "root" || role === "timestamp" || role === "snapshot" ? role : "targets";
}

/** What other files are compared with. */
export type MetadataFacts = {
  readonly version: number;
  readonly expires: string;
  /** Whose catalogue it says that it is of; null: it says nothing. */
  readonly audience: string | null;
};

/**
 * Judges the form of one file of metadata; whether it is signed, and counts, is for others.
 * @throws Problem `catalogue.metadata_malformed` that says where, what was found and what was expected
 */
export function checkMetadata(bytes: Uint8Array, type: MetadataType, file: string): MetadataFacts {
  const about: Document = { name: file, refusal: refusalBy("catalogue.metadata_malformed") };
  const limits = { maxBytes: METADATA_MAX_BYTES[type], numbers: "whole" } as const;
  const value = asJson(about, "JSON of metadata", () => parseStrictJson(bytes, limits));
  const metadata = readerOf(value, about);
  const far = farKeyIn(value);
  if (far !== undefined)
    readerOf(far.key, about, far.pointer).refuse("a key without characters above U+D7FF");
  metadata.having("signatures", "signed");
  const signed = metadata.get("signed");
  signed.having("_type", "spec_version", "version", "expires");
  signed.get("_type").literal(type);
  signed.get("spec_version").match(isSpecification, "1.<number> or 1.<number>.<number>");
  const version = checkVersion(signed);
  const expires = signed.get("expires").match(isTime, "YYYY-MM-DDTHH:MM:SSZ");
  PARTS[type](signed);
  checkSignatures(metadata.get("signatures"));
  const audience = signed.has("audience")
    ? signed.get("audience").match(isAudience, "an audience's id, 1 to 64 of a-z, 0-9 and -")
    : null;
  return { version, expires, audience };
}

const isAudience = (text: string): text is string => /^[a-z0-9-]{1,64}$/.test(text);

/**
 * What a file of an audience's catalogue must say of whose it is; null: nothing. One set of keys signs all catalogues, and a
 * snapshot lists versions alone: whoever mixes what is signed for one into another is found by this.
 */
export function audienceNamedIn(file: string, audience: Audience): AudienceId | null {
  const role = /^(?:\d+\.)?([a-z][a-z0-9-]*)\.json$/.exec(file)?.[1] ?? "";
  return audience === EVERYBODY || isShared(role) ? null : audience;
}

/** The order of keys, in which they are signed, is by UTF-16 code units for some and by code points for others: up to U+D7FF it is one. */
function farKeyIn(value: JsonValue): { key: string; pointer: string } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, member] of members) {
    const name = String(key);
    const far = /[\ud800-\uffff]/.test(name) ? { key: name, pointer: "" } : farKeyIn(member);
    if (far !== undefined) return { ...far, pointer: `/${escapePointer(name)}${far.pointer}` };
  }
  return undefined;
}

const isSpecification = (text: string): text is string => /^1(?:\.\d{1,9}){1,2}$/.test(text);
const isHex = (text: string): text is string => /^(?:[0-9a-f]{2})*$/.test(text);

const PARTS: Readonly<Record<MetadataType, (signed: Reader) => void>> = {
  root(signed) {
    signed.having("consistent_snapshot", "keys", "roles");
    signed.get("consistent_snapshot").literal(true);
    checkKeys(signed.get("keys"));
    const roles = signed.get("roles");
    roles.exactly(...TOP_ROLES);
    for (const role of TOP_ROLES) checkRole(roles.get(role));
  },
  timestamp(signed) {
    signed.having("meta");
    signed.get("meta").exactly("snapshot.json");
    checkMetaFile(signed.get("meta").get("snapshot.json"));
  },
  snapshot(signed) {
    signed.having("meta");
    for (const [, file] of membersOf(signed.get("meta"), METADATA_MOST.roles)) checkMetaFile(file);
  },
  targets(signed) {
    signed.having("targets");
    for (const [, target] of membersOf(signed.get("targets"), METADATA_MOST.targets)) {
      target.having("length", "hashes");
      target.get("length").integer(0);
      for (const [, hash] of membersOf(target.get("hashes"))) hash.text();
    }
    if (signed.has("delegations")) checkDelegations(signed.get("delegations"));
  },
};

function membersOf(object: Reader, most = Number.POSITIVE_INFINITY): [string, Reader][] {
  const members = object.entries(() => undefined);
  return members.length <= most ? members : object.refuse(`an object of at most ${most} members`);
}

function checkVersion(object: Reader): number {
  object.having("version");
  return object.get("version").integer(1);
}

const DIGESTS = {
  sha256: (text: string): text is string => /^[0-9a-f]{64}$/.test(text),
  sha512: (text: string): text is string => /^[0-9a-f]{128}$/.test(text),
} as const;
const DIGEST_EXPECTED = { sha256: "64 lower-case hex digits", sha512: "128 lower-case hex digits" } as const;

function checkMetaFile(file: Reader): void {
  checkVersion(file);
  if (file.has("length")) file.get("length").integer(0);
  if (!file.has("hashes")) return;
  const hashes = file.get("hashes");
  const rule = (name: string) => (Object.hasOwn(DIGESTS, name) ? undefined : "sha256 or sha512");
  const members = hashes.entries(rule);
  if (members.length === 0) hashes.refuse("sha256 or sha512 or both");
  for (const [name, hash] of members)
    hash.match(DIGESTS[name as keyof typeof DIGESTS], DIGEST_EXPECTED[name as keyof typeof DIGESTS]);
}

/** A list in which nothing stands twice. */
function eachOnce(list: Reader, read: (item: Reader) => string, most?: number): void {
  const seen = new Set<string>();
  const readNew = (item: Reader): void => {
    const name = read(item);
    if (seen.has(name)) item.refuse("what does not stand before it in the list");
    seen.add(name);
  };
  list.list(readNew, 0, most);
}

function checkSignatures(signatures: Reader): void {
  const read = (signature: Reader): string => {
    signature.having("keyid", "sig");
    signature.get("sig").match(isHex, "lower-case hex");
    return signature.get("keyid").sha256();
  };
  eachOnce(signatures, read, METADATA_MOST.signatures);
}

function checkRole(role: Reader): void {
  role.having("keyids", "threshold");
  eachOnce(role.get("keyids"), (keyid) => keyid.sha256());
  role.get("threshold").integer(1);
}

function checkDelegations(delegations: Reader): void {
  delegations.having("keys");
  checkKeys(delegations.get("keys"));
  // Readers that take one of the two would see other delegations than those that take the other.
  if (delegations.has("roles") === delegations.has("succinct_roles"))
    delegations.refuse("either roles or succinct_roles");
  if (delegations.has("roles")) checkDelegatedRoles(delegations.get("roles"));
  else checkBins(delegations.get("succinct_roles"));
}

function checkDelegatedRoles(roles: Reader): void {
  let paths = 0;
  const read = (role: Reader): string => {
    paths += checkDelegatedPaths(role);
    if (paths > MOST_DELEGATED_PATHS.file)
      role.refuse(`at most ${MOST_DELEGATED_PATHS.file} patterns and prefixes in the file`);
    return checkDelegatedRole(role);
  };
  eachOnce(roles, read, METADATA_MOST.delegations);
}

/** How many patterns or prefixes it has. */
function checkDelegatedPaths(role: Reader): number {
  if (role.has("paths") === role.has("path_hash_prefixes")) role.refuse("either paths or path_hash_prefixes");
  return role.has("paths")
    ? role.get("paths").list((path) => path.match(isPattern, PATTERN_IN_WORDS)).length
    : role.get("path_hash_prefixes").list((prefix) => prefix.match(isPrefix, PREFIX_IN_WORDS)).length;
}

const PATTERN_IN_WORDS =
  "1 to 256 of A-Z, a-z, 0-9, ., _, - and *, in 1 to 16 names between slashes with at most one * each, none empty or with a dot first";
const PREFIX_IN_WORDS = "1 to 64 lower-case hex digits";

function checkDelegatedRole(role: Reader): string {
  checkRole(role);
  role.having("name", "terminating");
  role.get("terminating").bool();
  return roleName(role.get("name"));
}

function roleName(given: Reader): string {
  const name = given.match(isRoleName, ROLE_NAME_IN_WORDS);
  return TOP_ROLES.some((taken) => taken === name) ? given.refuse("a name that no top-level role has") : name;
}

/** Names stand in the names of files as they are; and one that looks like a number would take another place among others in a library's objects. */
const isRoleName = (text: string): text is string => /^[a-z][a-z0-9-]{0,63}$/.test(text);
const ROLE_NAME_IN_WORDS = "1 to 64 of a-z, 0-9 and -, a letter first";

const isPrefix = (text: string): text is string => /^[0-9a-f]{1,64}$/.test(text);

function checkBins(bins: Reader): void {
  checkRole(bins);
  bins.having("bit_length", "name_prefix");
  bins.get("bit_length").integer(1, 32);
  roleName(bins.get("name_prefix"));
}

/**
 * Each under the id that follows from it, and in the one form that its kind has: otherwise one key could stand under two
 * ids, and meet a threshold of two alone.
 */
function checkKeys(keys: Reader): void {
  for (const [id, key] of membersOf(keys, METADATA_MOST.keys)) {
    key.exactly("keytype", "keyval", "scheme");
    const keytype = key.get("keytype").match(isKeyType, "ed25519 or ecdsa");
    const scheme = key.get("scheme").literal(SCHEMES[keytype]);
    const value = key.get("keyval");
    value.exactly("public");
    const isPublic = (text: string): text is string => KINDS[keytype](text);
    const text = value.get("public").match(isPublic, PUBLIC_FORMS[keytype]);
    const canonical = `{"keytype":"${keytype}","keyval":{"public":"${text}"},"scheme":"${scheme}"}`;
    const expected = createHash("sha256").update(canonical).digest("hex");
    if (id !== expected) key.refuse(`this key under the id ${expected}`);
  }
}

type KeyType = "ed25519" | "ecdsa";
const isKeyType = (text: string): text is KeyType => text === "ed25519" || text === "ecdsa";
const SCHEMES = { ed25519: "ed25519", ecdsa: "ecdsa-sha2-nistp256" } as const;
const PUBLIC_FORMS: Readonly<Record<KeyType, string>> = {
  ed25519: "a point of the curve as 64 lower-case hex digits",
  ecdsa: "a P-256 key as PEM, in lines of 64 characters each ended by a line feed",
};
const KINDS: Readonly<Record<KeyType, (text: string) => boolean>> = {
  ed25519: (text) =>
    /^[0-9a-f]{64}$/.test(text) &&
    isKey(Buffer.concat([KEY_RULES.ed25519.spkiPrefix, Buffer.from(text, "hex")]), "ed25519"),
  ecdsa(text) {
    const der = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\n/g, ""), "base64");
    return isKey(der, "ecdsa-p256") && pemOf(der) === text;
  },
};

function isKey(spki: Uint8Array, algorithm: string): boolean {
  try {
    return readSigningKey(spki).algorithm === algorithm;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return false;
  }
}

/** The one PEM of a public key. */
function pemOf(spki: Buffer): string {
  return createPublicKey({ key: spki, format: "der", type: "spki" })
    .export({ format: "pem", type: "spki" })
    .toString();
}
