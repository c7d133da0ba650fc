/** Reading a copy of a catalogue, and how it is refused. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isProblem, Problem, type ProblemDetail } from "../errors.ts";
import { readAtMost } from "../storage/read-at-most.ts";

/** The folders of a copy. */
export type Place = {
  readonly folder: string;
  readonly metadata: string;
  readonly targets: string;
  readonly log: string;
  /** What a client had accepted before. */
  readonly known: string;
};

export function placeIn(folder: string): Place {
  return {
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

/** `entry` is the file's path in the copy. */
export async function mustRead(place: Place, entry: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readBounded(join(place.folder, ...entry.split("/")), maxBytes);
  if (bytes !== null) return bytes;
  throw refuse("catalogue.missing", `${entry} is not there, or larger than ${maxBytes} bytes.`, {
    entry,
    found: "no such file, or a larger one",
    expected: `a file of at most ${maxBytes} bytes`,
  });
}

/** null when it is not there or too large. */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | null> {
  const handle = await open(path, "r").catch((error: unknown) => {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"].includes(String(error.code))
    )
      return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const bytes = await readAtMost(handle, maxBytes);
    return bytes === null ? null : Buffer.from(bytes);
  } finally {
    await handle.close();
  }
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
