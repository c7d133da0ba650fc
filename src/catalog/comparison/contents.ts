/** Into the packages of versions: their lists of files, and single files, read as far as somebody looks at them. */
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import { contentDigest, parseDigests } from "../../format/digests.ts";
import { DIGESTS_MAX_BYTES, DIGESTS_NAME } from "../../format/names.ts";
import { hasManyLines, SHOWN_TEXT_BYTES, shownText } from "../../format/shown-text.ts";
import type { Source } from "../../format/source.ts";
import { readEntryBytes } from "../../format/zip/entry.ts";
import { type Container, openDirectory, type ZipEntry } from "../../format/zip/reader.ts";
import type { VersionRow } from "../records.ts";
import { packageOf } from "../versions.ts";
import type { ListedFile } from "./file-changes.ts";

/**
 * `there`: its files can be read. `unread`: no check has found a whole package in it, or none has looked yet. `gone`: it is not
 * stored any more, or what is stored is not what the checks read.
 */
export const CONTENTS_STATES = ["there", "unread", "gone"] as const;
export type ContentsState = (typeof CONTENTS_STATES)[number];

/** A package that lies open, as long as it is needed. */
export type OpenPackage = {
  /** In the package's order. */
  readonly files: () => Promise<readonly ListedFile[]>;
  /** Null: it has no such file. */
  readonly read: (path: string) => Promise<ReadFile | null>;
};

/** `text` is null of what is none, or is larger than what is shown. */
export type ReadFile = {
  readonly sizeBytes: number;
  readonly kind: "text" | "binary" | "large";
  readonly text: string | null;
};

/** Thrown by a package's readers where it is damaged; told as `gone`. */
class Damaged extends Error {}

/**
 * Opens the version's package, by two reads of it and one for each entry that is asked for.
 * @returns What `use` gives, or why there is nothing to be used
 */
export async function withPackage<Value>(
  store: Store,
  row: VersionRow,
  use: (contents: OpenPackage) => Promise<Value>,
): Promise<{ readonly state: "there"; readonly value: Value } | { readonly state: "unread" | "gone" }> {
  const digest = row.contentDigest;
  // Only what the checks found to be whole: the rest of the container's rules are not asked again.
  if (digest === null) return { state: "unread" };
  try {
    const source = await store.blobs.open(packageOf(row).key);
    try {
      return { state: "there", value: await use(await openPackage(source, digest)) };
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof Damaged || isProblem(error)) {
      store.log.info("package.unreadable", { versionId: row.id, error: error.message });
      return { state: "gone" };
    }
    throw error;
  }
}

async function openPackage(source: Source, digest: string): Promise<OpenPackage> {
  const container = await openDirectory(source);
  return {
    files: async () => {
      const entry = container.byName.get(DIGESTS_NAME);
      if (entry === undefined || entry.sizeBytes > DIGESTS_MAX_BYTES) throw new Damaged("no list of files");
      const bytes = await readEntryBytes(container, entry);
      if (contentDigest(bytes) !== digest) throw new Damaged("another list of files");
      return parseDigests(bytes).files.map(({ p, n, h }) => ({ path: p, sizeBytes: n, sha256: h }));
    },
    read: (path) => readOne(container, container.byName.get(path)),
  };
}

async function readOne(container: Container, entry: ZipEntry | undefined): Promise<ReadFile | null> {
  if (entry === undefined) return null;
  const { sizeBytes } = entry;
  if (sizeBytes > SHOWN_TEXT_BYTES) return { sizeBytes, kind: "large", text: null };
  const bytes = await readEntryBytes(container, entry);
  const text = shownText(bytes);
  if (text !== null && hasManyLines(bytes)) return { sizeBytes, kind: "large", text: null };
  return { sizeBytes, kind: text === null ? "binary" : "text", text };
}
