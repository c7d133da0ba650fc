/** The files in one version's package, for those who may see the version. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findVersionFor, type VersionRef } from "../versions.ts";
import { type ContentsState, type ReadFile, withPackage } from "./contents.ts";
import type { ListedFile } from "./file-changes.ts";

export type VersionFiles = {
  readonly contents: ContentsState;
  /** In the package's order; none where it cannot be read. */
  readonly files: readonly ListedFile[];
};

/** @throws Problem `app.not_found`, `version.not_found` */
export async function listVersionFiles(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): Promise<VersionFiles> {
  const row = findVersionFor(store.db.orm, actor, "version.read", appId, ref);
  const read = await withPackage(store, row, (contents) => contents.files());
  return { contents: read.state, files: read.state === "there" ? read.value : [] };
}

export type VersionFile = {
  readonly contents: ContentsState;
  /** Null where the package cannot be read. */
  readonly file: (ReadFile & { readonly path: string }) | null;
};

/** @throws Problem `app.not_found`, `version.not_found`, `version.file_not_found` */
export async function readVersionFile(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  path: string,
): Promise<VersionFile> {
  const row = findVersionFor(store.db.orm, actor, "version.read", appId, ref);
  const read = await withPackage(store, row, (contents) => contents.read(path));
  if (read.state !== "there") return { contents: read.state, file: null };
  if (read.value === null) throw fileNotFound();
  return { contents: "there", file: { ...read.value, path } };
}

export function fileNotFound(): Problem {
  return new Problem("not_found", "version.file_not_found", say`The package has no file of this name.`);
}
