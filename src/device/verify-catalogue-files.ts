/** Reading a copy of a catalogue, and how it is refused. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isProblem, Problem } from "../errors.ts";
import { readAtMost } from "../storage/read-at-most.ts";

/** The folders of a copy. */
export type Place = {
  readonly metadata: string;
  readonly targets: string;
  readonly log: string;
  /** What a client had accepted before. */
  readonly known: string;
};

export function placeIn(folder: string): Place {
  return {
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

export function refuse(code: RefusalCode, message: string, cause?: unknown): Problem {
  return new Problem("unprocessable", code, message, [{ code, message }], { cause });
}

export async function mustRead(path: string, name: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readBounded(path, maxBytes);
  if (bytes === null)
    throw refuse("catalogue.missing", `${name} is not there, or larger than ${maxBytes} bytes.`);
  return bytes;
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

/** What a parser with codes of its own says: the finding keeps its code. */
export function asMalformed<Value>(path: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { code, message, details } = error;
    throw new Problem(
      "unprocessable",
      "catalogue.malformed",
      `${path}: ${message}`,
      (details.length === 0 ? [{ code, message }] : details).map((detail) => ({ entry: path, ...detail })),
      { cause: error },
    );
  }
}
