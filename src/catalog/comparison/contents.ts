/** Into the packages of versions: their lists of files, and single files, read as far as somebody looks at them. */
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import { contentDigest, parseDigests, sha256Hex } from "../../format/digests.ts";
import { FormatError } from "../../format/findings.ts";
import { DIGESTS_MAX_BYTES, DIGESTS_NAME } from "../../format/names.ts";
import { hasManyLines, SHOWN_TEXT_BYTES, shownText } from "../../format/shown-text.ts";
import type { Source } from "../../format/source.ts";
import { readEntryBytes } from "../../format/zip/entry.ts";
import { type Container, openDirectory } from "../../format/zip/reader.ts";
import type { VersionId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";
import { packageOf } from "../versions.ts";
import type { ListedFile } from "./file-changes.ts";

/**
 * `there`: its files can be read. `unread`: no check has found a whole package in it, or none has looked yet. `gone`: it is not
 * stored any more. `damaged`: what is stored is not what the checks read.
 */
export const CONTENTS_STATES = ["there", "unread", "gone", "damaged"] as const;
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

/** What is stored keeps to the format, but is not what the checks read. */
class Damaged extends Error {}

/** Says whose package cannot be read, where two lie open. */
class Unreadable extends Error {
  constructor(
    readonly versionId: VersionId,
    readonly state: "gone" | "damaged",
    message: string,
  ) {
    super(message);
  }
}

async function reading<Value>({ id }: VersionRow, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (isProblem(error) && error.code === "blob.missing") throw new Unreadable(id, "gone", error.message);
    if (error instanceof Damaged || error instanceof FormatError)
      throw new Unreadable(id, "damaged", error.message);
    throw error;
  }
}

/**
 * Opens the version's package, by two reads of it, one for its list of files, and one for each entry that is asked for.
 * @returns What `use` gives, or why there is nothing to be used
 */
export async function withPackage<Value>(
  store: Store,
  row: VersionRow,
  use: (contents: OpenPackage) => Promise<Value>,
): Promise<
  { readonly state: "there"; readonly value: Value } | { readonly state: Exclude<ContentsState, "there"> }
> {
  const digest = row.contentDigest;
  // Only what the checks found to be whole: the rest of the container's rules are not asked again.
  if (digest === null) return { state: "unread" };
  try {
    const source = await reading(row, () => store.blobs.open(packageOf(row).key));
    try {
      return { state: "there", value: await use(await openPackage(row, source, digest)) };
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof Unreadable) || error.versionId !== row.id) throw error;
    const { state, message } = error;
    // Nothing that the store itself does changes a package: a disk fails, or somebody else wrote there.
    if (state === "damaged") store.log.error("package.damaged", { versionId: row.id, error: message });
    else store.log.info("package.gone", { versionId: row.id });
    return { state };
  }
}

async function openPackage(row: VersionRow, source: Source, digest: string): Promise<OpenPackage> {
  const container = await reading(row, () => openDirectory(source));
  let list: Promise<ReadonlyMap<string, ListedFile>> | undefined;
  const listed = () => {
    list ??= readList(container, digest);
    return list;
  };
  return {
    files: () => reading(row, async () => [...(await listed()).values()]),
    read: (path) =>
      reading(row, async () => {
        const file = (await listed()).get(path);
        return file === undefined ? null : readOne(container, file);
      }),
  };
}

/** What the content digest says that is in it, by path, in the package's order. */
async function readList(container: Container, digest: string): Promise<ReadonlyMap<string, ListedFile>> {
  const entry = container.byName.get(DIGESTS_NAME);
  if (entry === undefined || entry.sizeBytes > DIGESTS_MAX_BYTES) throw new Damaged("no list of files");
  const bytes = await readEntryBytes(container, entry);
  if (contentDigest(bytes) !== digest) throw new Damaged("another list of files");
  return new Map(
    parseDigests(bytes).files.map(({ p, n, h }) => [p, { path: p, sizeBytes: n, sha256: h }] as const),
  );
}

/** @throws Damaged where it is not the file that the list names: the directory beside it may have been written anew */
async function readOne(container: Container, { path, sizeBytes, sha256 }: ListedFile): Promise<ReadFile> {
  const entry = container.byName.get(path);
  if (entry === undefined || entry.sizeBytes !== sizeBytes) throw new Damaged(`another ${path}`);
  if (sizeBytes > SHOWN_TEXT_BYTES) return { sizeBytes, kind: "large", text: null };
  const bytes = await readEntryBytes(container, entry);
  if (sha256Hex(bytes) !== sha256) throw new Damaged(`another ${path}`);
  const text = shownText(bytes);
  if (text !== null && hasManyLines(bytes)) return { sizeBytes, kind: "large", text: null };
  return { sizeBytes, kind: text === null ? "binary" : "text", text };
}
