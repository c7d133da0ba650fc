/** Any two versions of an app against each other: what they say of themselves, and the files in their packages. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import { type PermissionChange, permissionChanges } from "../../format/compare.ts";
import { type JsonChange, jsonChanges } from "../../format/json-changes.ts";
import { askedPermissions } from "../../format/permissions.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import type { JsonValue } from "../../signing/json.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { findAppFor } from "../apps.ts";
import { selectVersions, type VersionRow } from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { versionView } from "../version-views.ts";
import { findVersionFor, type VersionRef } from "../versions.ts";
import type { VersionView } from "../views.ts";
import { type ContentsState, type OpenPackage, withPackage } from "./contents.ts";
import { type FileChange, type FileTotals, fileChanges, fileTotals } from "./file-changes.ts";
import { fileNotFound } from "./files.ts";
import { type Change, changesBetween, keyChange } from "./manifest-changes.ts";
import { type FileComparison, firstTexts, readBoth } from "./texts.ts";

/** Which two: the second is as a rule the later one. */
export type Pair = { readonly from: VersionRef; readonly to: VersionRef };

export type ComparedVersion = { readonly version: VersionView; readonly contents: ContentsState };

export type Comparison = {
  readonly from: ComparedVersion;
  readonly to: ComparedVersion;
  /** In words, from the manifests and signatures. */
  readonly changes: readonly Change[];
  readonly permissions: readonly PermissionChange[];
  /** Every value of the manifest that differs; items of a list are compared by their place. */
  readonly manifest: readonly JsonChange[];
  /** Null where one of the two packages cannot be read. */
  readonly files: { readonly totals: FileTotals; readonly changes: readonly FileChange[] } | null;
};

/** @throws Problem `app.not_found`, `version.not_found` */
export async function compareVersions(
  store: Store,
  actor: Actor,
  appId: AppId,
  pair: Pair,
): Promise<Comparison> {
  const [from, to] = bothFor(store, actor, appId, pair);
  return (await compareOpened(store, from, to, 0)).comparison;
}

/** The same with what changed in the first text files, as far as a page has room for them. */
export async function compareVersionsAndTexts(
  store: Store,
  actor: Actor,
  appId: AppId,
  pair: Pair,
  mostTexts: number,
): Promise<Comparison & { readonly texts: ReadonlyMap<string, FileComparison> }> {
  const [from, to] = bothFor(store, actor, appId, pair);
  const { comparison, texts } = await compareOpened(store, from, to, mostTexts);
  return { ...comparison, texts };
}

/**
 * What changed in one file; `file` is null where a package cannot be read.
 * @throws Problem `app.not_found`, `version.not_found`, `version.file_not_found`
 */
export async function compareFile(
  store: Store,
  actor: Actor,
  appId: AppId,
  pair: Pair,
  path: string,
): Promise<{
  readonly from: ComparedVersion;
  readonly to: ComparedVersion;
  readonly file: FileComparison | null;
}> {
  const [from, to] = bothFor(store, actor, appId, pair);
  const read = await openBoth(store, from, to, (was, is) => readBoth(was, is, path));
  if (read.from === "there" && read.to === "there" && read.value === null) throw fileNotFound();
  return {
    from: compared(store, from, read.from),
    to: compared(store, to, read.to),
    file: read.value,
  };
}

/**
 * The two that are meant where not both are named: the newest upload, and of the others what devices get, or else the upload
 * before it; with one version alone, that one twice.
 * @throws Problem `app.not_found`, `version.not_found`
 */
export function pairFor(store: Store, actor: Actor, appId: AppId, asked: Partial<Pair>): Pair {
  const tx = store.db.orm;
  findAppFor(tx, actor, "version.read", appId);
  const [newest, before] = selectVersions(tx, appId, { limit: 2 });
  const to = asked.to ?? newest?.id;
  if (to === undefined)
    throw new Problem("not_found", "version.not_found", say`${appId} has no version yet.`);
  if (asked.from !== undefined) return { from: asked.from, to };
  const other = (row: VersionRow | undefined) => row !== undefined && row.id !== to && row.versionCode !== to;
  const from = [selectOffered(tx, appId, 1)[0], before, newest].find(other);
  return { from: from?.id ?? to, to };
}

function bothFor(store: Store, actor: Actor, appId: AppId, pair: Pair): [VersionRow, VersionRow] {
  const find = (ref: VersionRef) => findVersionFor(store.db.orm, actor, "version.read", appId, ref);
  return [find(pair.from), find(pair.to)];
}

/** Both packages are opened once, also for the texts. */
async function compareOpened(
  store: Store,
  from: VersionRow,
  to: VersionRow,
  mostTexts: number,
): Promise<{ comparison: Comparison; texts: ReadonlyMap<string, FileComparison> }> {
  const lists = await openBoth(store, from, to, async (was, is) => {
    const [before, after] = [await was.files(), await is.files()];
    const changes = fileChanges(before, after);
    const texts = await firstTexts(was, is, changes, mostTexts);
    return { changes, totals: fileTotals(before, after, changes), texts };
  });
  const api = store.api();
  const [before, after] = [manifestOf(from), manifestOf(to)];
  const comparison = {
    from: compared(store, from, lists.from),
    to: compared(store, to, lists.to),
    changes: [
      // One that no check could read says nothing; what it lacks was not taken away.
      ...(before === null || after === null ? [] : changesBetween(before, after)),
      ...(from.developerKeyid === null || to.developerKeyid === null
        ? []
        : keyChange(fingerprintText(from.developerKeyid), fingerprintText(to.developerKeyid))),
    ],
    permissions:
      before === null || after === null
        ? []
        : permissionChanges(askedPermissions(before, api), askedPermissions(after, api), api),
    manifest: before === null || after === null ? [] : jsonChanges(before, after),
    files: lists.value && { changes: lists.value.changes, totals: lists.value.totals },
  };
  return { comparison, texts: lists.value?.texts ?? new Map() };
}

/** Both at once, or why one of them cannot be looked into. */
async function openBoth<Value>(
  store: Store,
  from: VersionRow,
  to: VersionRow,
  use: (was: OpenPackage, is: OpenPackage) => Promise<Value>,
): Promise<{ readonly from: ContentsState; readonly to: ContentsState; readonly value: Value | null }> {
  const both = await withPackage(store, from, (was) => withPackage(store, to, (is) => use(was, is)));
  // The other one was not read to its end, if at all.
  const stateOf = async (row: VersionRow) => (await withPackage(store, row, (each) => each.files())).state;
  if (both.state !== "there") return { from: both.state, to: await stateOf(to), value: null };
  const { value: inner } = both;
  return inner.state === "there"
    ? { from: "there", to: "there", value: inner.value }
    : { from: await stateOf(from), to: inner.state, value: null };
}

function compared(store: Store, row: VersionRow, contents: ContentsState): ComparedVersion {
  return { version: versionView(store.db.orm, row), contents };
}

function manifestOf({ manifest }: VersionRow): Readonly<Record<string, JsonValue>> | null {
  return manifest === null ? null : JSON.parse(manifest);
}
