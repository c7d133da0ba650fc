/** The extensions of a certificate: the four that are judged here; no other one is looked into (package format §3). */
import { childrenOf, contentOf, isOid, malformed } from "./certificate-parts.ts";
import {
  type DerNode,
  isMinimalInteger,
  readChildren,
  readDer,
  TAG_BIT_STRING,
  TAG_BOOLEAN,
  TAG_INTEGER,
  TAG_OCTET_STRING,
  TAG_SEQUENCE,
} from "./der.ts";
import { refusal } from "./refuse.ts";

/** What the known extensions say; null for one that is not there. */
export type KnownExtensions = {
  /** pathLength as far as it can matter: Infinity for one of more than six bytes. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  /** The first eight of its bits, the first one highest (RFC 5280 §4.2.1.3). */
  readonly keyUsage: number | null;
  /** Object identifiers, as lower-case hex of their content. */
  readonly extendedKeyUsage: readonly string[] | null;
  readonly subjectAltNames: readonly { readonly tag: number; readonly content: Uint8Array }[] | null;
};

const MAX_EXTENSIONS = 64;

export const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04 } as const;

const TAG_EXTENSIONS = 0xa3;

/** Object identifiers below 2.5.29, as hex. */
const OIDS = {
  basicConstraints: "551d13",
  keyUsage: "551d0f",
  extendedKeyUsage: "551d25",
  subjectAltNames: "551d11",
} as const;
const KNOWN: ReadonlySet<string> = new Set(Object.values(OIDS));

/** Reads the field of extensions, [3]. Throws MPK-X001 and MPK-X005. */
export function readExtensions(der: Uint8Array, field: DerNode | undefined): KnownExtensions {
  const values = new Map<string, Uint8Array>();
  let unknown: string | undefined;
  for (const extension of field === undefined ? [] : listOf(der, field)) {
    const { id, isCritical, value } = readExtension(der, extension);
    if (values.has(id)) throw malformed("an extension that stands there twice");
    values.set(id, value);
    if (isCritical && !KNOWN.has(id)) unknown ??= id;
  }
  const known = {
    basicConstraints: read(values.get(OIDS.basicConstraints), readBasicConstraints),
    keyUsage: read(values.get(OIDS.keyUsage), readKeyUsage),
    extendedKeyUsage: read(values.get(OIDS.extendedKeyUsage), readExtendedKeyUsage),
    subjectAltNames: read(values.get(OIDS.subjectAltNames), readSubjectAltNames),
  };
  if (unknown === undefined) return known;
  throw refusal("MPK-X005", "The certificate has a critical extension that is not known.", {
    found: `object identifier ${unknown} (hex)`,
    expected: "basic constraints, key usage, extended key usage and subject alternative name",
  });
}

function listOf(der: Uint8Array, field: DerNode): readonly DerNode[] {
  const [list, ...more] = childrenOf(der, field);
  const extensions = childrenOf(der, list);
  if (field.tag !== TAG_EXTENSIONS || list?.tag !== TAG_SEQUENCE || more.length > 0)
    throw malformed("extensions of another structure");
  if (extensions.length === 0 || extensions.length > MAX_EXTENSIONS)
    throw malformed(`none, or more than ${MAX_EXTENSIONS} extensions`);
  return extensions;
}

/** An object identifier, TRUE when it is critical (DER leaves out FALSE, the default), an octet string. */
function readExtension(der: Uint8Array, node: DerNode) {
  const parts = childrenOf(der, node);
  const [id, second] = parts;
  const value = parts.at(-1);
  const isCritical = parts.length === 3;
  const isRight =
    node.tag === TAG_SEQUENCE &&
    (parts.length === 2 || (isCritical && isTrue(der, second))) &&
    value?.tag === TAG_OCTET_STRING;
  if (!isRight || !isOid(der, id)) throw malformed("an extension of another structure");
  return { id: Buffer.from(contentOf(der, id)).toString("hex"), isCritical, value: contentOf(der, value) };
}

function isTrue(der: Uint8Array, node: DerNode | undefined): boolean {
  return node?.tag === TAG_BOOLEAN && node.end === node.contentStart + 1 && der[node.contentStart] === 0xff;
}

/** Reads a value that is exactly one element. Throws MPK-X001 for anything else. */
function read<T>(
  value: Uint8Array | undefined,
  reader: (value: Uint8Array, root: DerNode) => T | undefined,
): T | null {
  if (value === undefined) return null;
  const root = readDer(value, 0, value.length);
  const known = root?.end === value.length ? reader(value, root) : undefined;
  if (known === undefined) throw malformed("a known extension whose value has another form");
  return known;
}

function readBasicConstraints(value: Uint8Array, root: DerNode) {
  const parts = root.tag === TAG_SEQUENCE ? readChildren(value, root) : undefined;
  const [first] = parts ?? [];
  const ca = isTrue(value, first);
  const rest = ca ? parts?.slice(1) : parts;
  const [length, ...more] = rest ?? [];
  if (rest === undefined || more.length > 0) return undefined;
  if (length === undefined) return { ca, pathLength: null };
  const content = contentOf(value, length);
  if (length.tag !== TAG_INTEGER || !isMinimalInteger(content) || (content[0] ?? 0x80) >= 0x80)
    return undefined;
  const pathLength =
    content.length > 6 ? Number.POSITIVE_INFINITY : Buffer.from(content).readUIntBE(0, content.length);
  return { ca, pathLength };
}

/** A list of named bits ends with a bit that is set (X.690 §11.2.2). */
function readKeyUsage(value: Uint8Array, root: DerNode): number | undefined {
  const [unused = 8, ...bytes] = contentOf(value, root);
  if (root.tag !== TAG_BIT_STRING || unused > 7) return undefined;
  const last = bytes.at(-1);
  if (last === undefined) return unused === 0 ? 0 : undefined;
  const lowest = last & -last;
  return lowest === 1 << unused ? bytes[0] : undefined;
}

function readExtendedKeyUsage(value: Uint8Array, root: DerNode): readonly string[] | undefined {
  const purposes = root.tag === TAG_SEQUENCE ? childrenOf(value, root) : [];
  if (purposes.length === 0 || !purposes.every((purpose) => isOid(value, purpose))) return undefined;
  return purposes.map((purpose) => Buffer.from(contentOf(value, purpose)).toString("hex"));
}

/** The identifiers of GeneralName: [0], [3], [4] and [5] have parts, the others none (RFC 5280 §4.2.1.6). */
const GENERAL_NAMES: ReadonlySet<number> = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88]);

function readSubjectAltNames(value: Uint8Array, root: DerNode) {
  const names = root.tag === TAG_SEQUENCE ? childrenOf(value, root) : [];
  if (names.length === 0 || !names.every(({ tag }) => GENERAL_NAMES.has(tag))) return undefined;
  return names.map((name) => ({ tag: name.tag, content: contentOf(value, name) }));
}
