/** Reading a copy of a catalogue, and how it is refused. */
import { join } from "node:path";
import { isProblem, Problem, type ProblemDetail } from "../errors.ts";
import type { Audience } from "../ids.ts";
import { isNamed, notFolder, readIfFile } from "../storage/outside-file.ts";

/** The folders of a copy. */
export type Place = {
  /** Whose catalogue it is to be. */
  readonly audience: Audience;
  readonly folder: string;
  readonly metadata: string;
  readonly targets: string;
  readonly log: string;
  /** What a client had accepted before. */
  readonly known: string;
};

export function placeIn(folder: string, audience: Audience): Place {
  return {
    audience,
    folder,
    metadata: join(folder, "metadata"),
    targets: join(folder, "targets"),
    log: join(folder, "log"),
    known: join(folder, "known"),
  };
}

export type RefusalCode =
  | "catalogue.root_refused"
  | "catalogue.missing"
  | "catalogue.metadata_malformed"
  | "catalogue.not_signed"
  | "catalogue.expired"
  | "catalogue.rolled_back"
  | "catalogue.mixed"
  | "catalogue.other_audience"
  | "catalogue.target_changed"
  | "catalogue.malformed"
  | "catalogue.foreign"
  | "catalogue.not_in_log";

/** Where something is wrong: the file in the copy, as far as it can be said the place in it, what was found and expected. */
export type At = Required<Pick<ProblemDetail, "entry" | "found" | "expected">> &
  Pick<ProblemDetail, "pointer" | "offset">;

export function refuse(code: RefusalCode, message: string, at: At, cause?: unknown): Problem {
  return new Problem("unprocessable", code, message, [{ code, message, ...at }], { cause });
}

/** `entry` is the file's path in the copy. @throws Problem `catalogue.missing` */
export async function mustRead(place: Place, entry: string, maxBytes: number): Promise<Buffer> {
  const { bytes, found } = await readIfFile(join(place.folder, ...entry.split("/")), maxBytes);
  if (bytes !== null) return asBuffer(bytes);
  throw missing(entry, found, maxBytes);
}

/** The very bytes. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** `found` is what stands there instead, in words. */
export function missing(entry: string, found: string, maxBytes: number): Problem {
  const expected = `a file of at most ${maxBytes} bytes`;
  return refuse("catalogue.missing", `${entry}: ${found}, where ${expected} is expected.`, {
    entry,
    found,
    expected,
  });
}

/** null when it is no file, or too large. */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | null> {
  const { bytes } = await readIfFile(path, maxBytes);
  return bytes === null ? null : asBuffer(bytes);
}

/**
 * What a client had accepted before, or null when it had accepted none or more than such a file may have. Something else in
 * its place is refused: by it nobody knows whether what is there is older. @throws Problem `catalogue.missing`
 */
export async function readKnown(place: Place, name: string, maxBytes: number): Promise<Buffer | null> {
  const path = join(place.known, name);
  if (!isNamed(path)) return null;
  const { bytes, found, isTooLarge } = await readIfFile(path, maxBytes);
  if (bytes !== null) return asBuffer(bytes);
  if (isTooLarge) return null;
  throw missing(`known/${name}`, found, maxBytes);
}

/** As with the files in it. @throws Problem `catalogue.missing` */
export function mustBeFolderOrNone({ known }: Place): void {
  const found = isNamed(known) ? notFolder(known) : null;
  if (found === null) return;
  const expected = "a folder";
  throw refuse("catalogue.missing", `known: ${found}, where ${expected} is expected.`, {
    entry: "known",
    found,
    expected,
  });
}

/** Of what a parser refuses, the file in the copy. */
export function inEntry<Value>(entry: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { kind, code, message, details } = error;
    throw new Problem(
      kind,
      code,
      message,
      details.map((detail) => ({ entry, ...detail })),
      { cause: error },
    );
  }
}

/** What a parser with codes of its own says: the finding keeps its code. */
export function asMalformed<Value>(entry: string, parse: () => Value): Value {
  try {
    return inEntry(entry, parse);
  } catch (error) {
    if (!isProblem(error)) throw error;
    const message = `${entry}: ${error.message}`;
    throw new Problem("unprocessable", "catalogue.malformed", message, error.details, { cause: error });
  }
}
