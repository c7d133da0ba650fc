/**
 * The byte layout of a delta container (.mosisd, package format §8), and its headers as text.
 *
 *     container = "MOSISD1\n"  u32 length  header  group*
 *     group     = u32 length  group header  frame
 *
 * Integers are little-endian. Both headers are canonical JSON. What the frames decode to is one stream: the target's
 * digests.json, developer.dsse and store.dsse, then, in the order of digests.json, each file whose SHA-256 is not that
 * of a file of the base.
 */
import { canonicalize, type JsonValue, parseCanonical } from "../../signing/json.ts";
import { excerpt } from "../../signing/refuse.ts";
import { hasKeys, isSha256 } from "../digests.ts";
import {
  type FindingCode,
  type FindingPlace,
  type FormatError,
  findingsOf,
  formatError,
} from "../findings.ts";
import { ENVELOPE_MAX_BYTES, FORMAT_LIMITS, type Sha256 } from "../names.ts";

export const DELTA_MAGIC = new TextEncoder().encode("MOSISD1\n");
/** Stands before every dictionary, so that no base can make Zstandard take it for one with tables of its own. */
export const DICTIONARY_PREFIX = new TextEncoder().encode("MOSISDIC");

const MIB = 2 ** 20;
export const GROUP_MAX_BYTES = 16 * MIB;
export const DICTIONARY_MAX_BYTES = 8 * MIB;
export const DICTIONARY_MAX_RANGES = 4096;
export const HEADER_MAX_BYTES = 1024;
export const GROUP_HEADER_MAX_BYTES = 256 * 1024;
/** 20,000 entries with names of 200 bytes have less: a longer digests.json is not worth the memory of reading it. */
const LIST_MAX_BYTES = 6 * MIB;

export type DeltaHeader = {
  /** Content digest of the version that it is applied to; null for a compact full container. */
  readonly base: Sha256 | null;
  /** Content digest of the target. */
  readonly content: Sha256;
  /** Sizes in bytes of digests.json, developer.dsse and store.dsse. */
  readonly meta: readonly [digests: number, developer: number, store: number];
};

/** A part of a file of the base: its place in the base's digests.json, offset and length in bytes. */
export type BaseRange = readonly [file: number, offset: number, length: number];

export type GroupHeader = {
  readonly dictionary: readonly BaseRange[];
  /** What the frame decodes to. */
  readonly sizeBytes: number;
  readonly frameBytes: number;
};

/** The most that a frame of Zstandard may be larger than its content, with room for its headers. */
export function frameBound(sizeBytes: number): number {
  return sizeBytes + Math.ceil(sizeBytes / 128) + 1024;
}

export function buildHeader({ base, content, meta }: DeltaHeader): Record<string, unknown> {
  return { base, content, meta: [...meta], v: 1 };
}

export function buildGroupHeader(group: GroupHeader): Record<string, unknown> {
  return { d: group.dictionary.map((range) => [...range]), n: group.sizeBytes, z: group.frameBytes };
}

/** A header as it stands in the container: its length, then its text. */
export function sized(header: Record<string, unknown>): Uint8Array {
  const text = canonicalize(header);
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeUInt32LE(text.length);
  bytes.set(text, 4);
  return bytes;
}

/** @throws FormatError MPK-B002 */
export function parseHeader(bytes: Uint8Array): DeltaHeader {
  const value = document(bytes, "MPK-B002");
  const fail = (pointer: string, found: unknown, expected: string) =>
    refuseDelta("MPK-B002", `The header is malformed at “${pointer}”.`, {
      pointer,
      found: excerpt(found),
      expected,
    });
  if (!hasKeys(value, ["base", "content", "meta", "v"]))
    throw fail("", value, '{"base","content","meta","v"}');
  const { base, content, meta, v } = value;
  if (v !== 1) throw fail("/v", v, "1");
  if (base !== null && !isSha256(base)) throw fail("/base", base, "null or 64 lower-case hex digits");
  if (!isSha256(content)) throw fail("/content", content, "64 lower-case hex digits");
  const most = [LIST_MAX_BYTES, ENVELOPE_MAX_BYTES, ENVELOPE_MAX_BYTES];
  if (!Array.isArray(meta) || meta.length !== 3) throw fail("/meta", meta, "three sizes in bytes");
  const sizes = meta.map((size: unknown, index) => {
    if (isCount(size, 1, most[index] ?? 0)) return size;
    throw fail(`/meta/${index}`, size, `an integer from 1 to ${most[index]}`);
  });
  const [digests = 0, developer = 0, store = 0] = sizes;
  return { base, content, meta: [digests, developer, store] };
}

/** Judges the form; whether the ranges lie within the base is for who has it. @throws FormatError MPK-B004 or MPK-B005 */
export function parseGroupHeader(bytes: Uint8Array, offset: number): GroupHeader {
  const value = document(bytes, "MPK-B004", offset);
  const fail = (pointer: string, found: unknown, expected: string) =>
    refuseDelta("MPK-B004", `A group's header is malformed at “${pointer}”.`, {
      offset,
      pointer,
      found: excerpt(found),
      expected,
    });
  if (!hasKeys(value, ["d", "n", "z"])) throw fail("", value, '{"d","n","z"}');
  const { d, n, z } = value;
  if (!isCount(n, 1, GROUP_MAX_BYTES)) throw fail("/n", n, `an integer from 1 to ${GROUP_MAX_BYTES}`);
  if (!isCount(z, 1, frameBound(n))) throw fail("/z", z, `an integer from 1 to ${frameBound(n)}`);
  if (!Array.isArray(d) || d.length > DICTIONARY_MAX_RANGES)
    throw fail("/d", d, `an array of at most ${DICTIONARY_MAX_RANGES} ranges`);
  const dictionary = d.map((range: unknown, index): BaseRange => {
    if (Array.isArray(range) && range.length === 3) {
      const [file, start, length]: unknown[] = range;
      if (
        isCount(file, 0, FORMAT_LIMITS.entries) &&
        isCount(start, 0, FORMAT_LIMITS.entryBytes) &&
        isCount(length, 1, DICTIONARY_MAX_BYTES)
      )
        return [file, start, length];
    }
    throw fail(`/d/${index}`, range, "[file, offset, length]");
  });
  checkOrder(dictionary, offset);
  return { dictionary, sizeBytes: n, frameBytes: z };
}

/** One order for one dictionary, and no byte of the base twice: its size cannot be made to look smaller than it is. */
function checkOrder(dictionary: readonly BaseRange[], offset: number): void {
  let total = 0;
  let before: BaseRange | undefined;
  for (const [index, range] of dictionary.entries()) {
    const [file, start, length] = range;
    total += length;
    const follows =
      before === undefined || file > before[0] || (file === before[0] && start > before[1] + before[2]);
    if (!follows || total > DICTIONARY_MAX_BYTES) {
      throw refuseDelta("MPK-B005", "A group's dictionary is out of order or too large.", {
        offset,
        pointer: `/d/${index}`,
        found: follows ? `${total} bytes in all` : `[${range.join(",")}] after [${before?.join(",")}]`,
        expected: follows
          ? `at most ${DICTIONARY_MAX_BYTES} bytes`
          : "rising files and offsets, with a gap between",
      });
    }
    before = range;
  }
}

export function refuseDelta(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("delta", code, message, place);
}

/** Its length was judged before it was read. */
function document(bytes: Uint8Array, code: FindingCode, offset = 0): JsonValue {
  try {
    return parseCanonical(bytes, { maxBytes: bytes.length });
  } catch (error) {
    const [first] = findingsOf(error, "delta");
    throw refuseDelta(code, `A header is not canonical JSON: ${first.message}`, {
      offset,
      found: first.found ?? excerpt(new TextDecoder().decode(bytes.subarray(0, 64))),
      expected: first.expected ?? "canonical JSON",
    });
  }
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}
