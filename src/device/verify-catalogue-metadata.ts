/** What is wrong with one file of a catalogue's metadata: which code, where, what was found and what was expected. */
import { createHash } from "node:crypto";
import type { MetaFile } from "@tufjs/models";
import { LengthOrHashMismatchError, UnsignedMetadataError } from "@tufjs/models/dist/error";
import { ExpiredMetadataError } from "tuf-js/dist/error";
import {
  audienceNamedIn,
  checkMetadata,
  type MetadataFacts,
  type MetadataType,
} from "../catalog/tuf/metadata-form.ts";
import { describeError, isProblem, type Problem } from "../errors.ts";
import type { Audience } from "../ids.ts";
import { canonicalText } from "../signing/json.ts";
import { escapePointer } from "../signing/shape.ts";
import { formatTime } from "../signing/times.ts";
import { refuse } from "./verify-catalogue-files.ts";

/** A file whose form is right, on its way to being trusted. */
export type MetadataInHand = {
  readonly type: MetadataType;
  readonly entry: string;
  readonly facts: MetadataFacts;
  readonly at: Date;
  /** The version that another file names. */
  readonly expected?: number | undefined;
};

/** Judges the form before any library reads the bytes; of a root all is one code. */
export function judgedForm(type: MetadataType, entry: string, bytes: Uint8Array, at: Date): MetadataInHand {
  try {
    return { type, entry, facts: checkMetadata(bytes, type, entry.replace("metadata/", "")), at };
  } catch (error) {
    if (!isProblem(error)) throw error;
    const code = type === "root" ? "catalogue.root_refused" : "catalogue.metadata_malformed";
    const [{ offset, pointer, found = "", expected = "" } = {}] = error.details;
    const place = {
      ...(offset === undefined ? {} : { offset }),
      ...(pointer === undefined ? {} : { pointer }),
    };
    throw refuse(code, error.message, { entry, ...place, found, expected }, error);
  }
}

/** Whose it is, is a part of what is signed. @throws Problem `catalogue.other_audience` */
export function mustBeOf(audience: Audience, { type, entry, facts }: MetadataInHand): void {
  // A root may have any name.
  const expected =
    type === "root" ? null : audienceNamedIn(entry.slice(entry.lastIndexOf("/") + 1), audience);
  if (facts.audience === expected) return;
  const words = (of: string | null) => of ?? "no audience";
  const message = `${entry} is of ${words(facts.audience)}, where one of ${words(expected)} is expected.`;
  throw refuse("catalogue.other_audience", message, {
    entry,
    pointer: "/signed/audience",
    found: facts.audience ?? "nothing",
    expected: expected ?? "nothing",
  });
}

/** Length and digests are judged before anything is read of a file. */
export function mustBeNamed(named: MetaFile | undefined, entry: string, bytes: Buffer): void {
  try {
    named?.verify(bytes);
  } catch (error) {
    if (!(error instanceof LengthOrHashMismatchError)) throw error;
    throw refuse(
      "catalogue.mixed",
      `${entry} is not the file that is named.`,
      {
        entry,
        found: `${bytes.length} bytes of SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`,
        expected: canonicalText(named?.toJSON()),
      },
      error,
    );
  }
}

export function expired(entry: string, end: string, at: Date): Problem {
  return refuse("catalogue.expired", `${entry} ended at ${end}, and it is ${formatTime(at)}.`, {
    entry,
    pointer: "/signed/expires",
    found: end,
    expected: `a time after ${formatTime(at)}`,
  });
}

/** Runs a step of the client's workflow, and says in our words what it refuses. */
export function judged<Value>(file: MetadataInHand, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw refusalOf(file, error);
  }
}

function refusalOf({ type, entry, facts, at, expected }: MetadataInHand, error: unknown): Problem {
  const words = describeError(error);
  if (error instanceof UnsignedMetadataError) {
    const [, count = "too few", threshold = "more"] = /signed by (\d+)\/(\d+) keys/.exec(words) ?? [];
    return refuse(
      type === "root" ? "catalogue.root_refused" : "catalogue.not_signed",
      `${entry} has ${count} of the ${threshold} signatures that it needs.`,
      {
        entry,
        pointer: "/signatures",
        found: `${count} that hold`,
        expected: `${threshold}, of keys of the role`,
      },
      error,
    );
  }
  // TUF 1.0 §5.5.4 to §5.5.6: the library asks for a snapshot's version last.
  if (expected !== undefined && facts.version !== expected) {
    const code = type === "root" ? "catalogue.root_refused" : "catalogue.mixed";
    const message = `${entry} says that it is version ${facts.version}, where ${expected} is expected.`;
    const place = {
      entry,
      pointer: "/signed/version",
      found: String(facts.version),
      expected: String(expected),
    };
    return refuse(code, message, place, error);
  }
  const back = rollbackIn(words);
  if (back !== null) {
    const { pointer, found, expected: least } = back;
    const message = `${entry} is older than what was accepted before: ${found} at ${pointer}, where ${least} is expected.`;
    return refuse("catalogue.rolled_back", message, { entry, ...back }, error);
  }
  if (error instanceof ExpiredMetadataError) return expired(entry, facts.expires, at);
  const code = type === "root" ? "catalogue.root_refused" : "catalogue.metadata_malformed";
  const place = { entry, found: "something else", expected: `metadata of ${type}` };
  return refuse(code, `${entry} is no metadata of ${type}.`, place, error);
}

/** What the library found older than before. */
function rollbackIn(words: string): { pointer: string; found: string; expected: string } | null {
  const [, gone] = /Missing file (.*) in new snapshot/.exec(words) ?? [];
  if (gone !== undefined) return { pointer: "/signed/meta", found: "nothing", expected: gone };
  const [, role, found = "", file, least = ""] =
    /New (?:(\w+) )?version (\d+)(?: of (.*))? is less than current version (\d+)/.exec(words) ?? [];
  if (least === "") return null;
  const listed = role === "snapshot" ? "snapshot.json" : file;
  const pointer = `/signed/${listed === undefined ? "" : `meta/${escapePointer(listed)}/`}version`;
  return { pointer, found, expected: `at least ${least}` };
}
