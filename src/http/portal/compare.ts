/** `/apps/:appId/compare`: any two versions against each other; `/file`: one file of both. */
import { Type } from "@sinclair/typebox";
import type { FileChangeRow, FilesProps, FileView } from "../../../views/components/file-changes.tsx";
import type { Changes } from "../../../views/components/review.tsx";
import type { ShownLine, ShownLines } from "../../../views/components/source.tsx";
import type { PageContext } from "../../../views/page.ts";
import {
  type CompareProps,
  compareFilePage,
  compareHref,
  comparePage,
} from "../../../views/pages/compare.tsx";
import { readApp } from "../../catalog/apps.ts";
import {
  type ComparedVersion,
  type Comparison,
  compareFile,
  compareVersionsAndTexts,
  type Pair,
  pairFor,
} from "../../catalog/comparison/compare.ts";
import type { FileChange } from "../../catalog/comparison/file-changes.ts";
import { picturesByPath } from "../../catalog/comparison/pictures.ts";
import type { FileComparison } from "../../catalog/comparison/texts.ts";
import type { ShownPicture } from "../../catalog/shown-pictures/views.ts";
import { listVersions, readVersionDetails } from "../../catalog/versions.ts";
import type { Store } from "../../context.ts";
import { MANIFEST_NAME } from "../../format/names.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { askedPair, comparedList, slicePage } from "../api/compare.ts";
import { pageRequest, positionOf } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { FILE_PATH, VERSION_REF } from "../schemas-compare.ts";
import { tabbedApp } from "./app-props.ts";
import { permissionsOf } from "./manifest.ts";
import { pagerOf, show } from "./page.ts";
import { shownHunks } from "./source-lines.ts";

const PATH = "/apps/:appId/compare";
const PARAMS = Type.Object({ appId: APP_ID });
const PAIR = { from: Type.Optional(VERSION_REF), to: Type.Optional(VERSION_REF) };
const COST = 2;

/** Of files that changed, on a page; of those the first texts are there at once, and of each so many lines. */
const FILES_SHOWN = 50;
const TEXTS_SHOWN = 5;
const LINES_AT_ONCE = 200;
export const LINES_SHOWN = 500;
/** To choose from: those that were uploaded last. */
const VERSIONS_SHOWN = 100;

/** From which line a file is shown, counted in what is shown of it. */
export const FROM_LINE = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 10_000_000, description: "how many lines of it come before" }),
);

/** So many lines from a place, and where the next are. */
export function linesFrom(
  lines: readonly ShownLine[],
  at: number,
  most: number,
  href: (at: number) => string,
): ShownLines {
  const end = at + most;
  return { lines: lines.slice(at, end), moreHref: end < lines.length ? href(end) : null };
}

type Addressed = { readonly appId: AppId; readonly from: VersionId; readonly to: VersionId };

function fileHref({ appId, from, to }: Addressed, path: string, at = 0): string {
  const query = new URLSearchParams({ from, to, path, ...(at === 0 ? {} : { at: String(at) }) });
  return `/apps/${appId}/compare/file?${query}`;
}

type Pictures = { readonly before: ReadonlyMap<string, ShownPicture>; readonly after: Pictures["before"] };

function picturesOfBoth({ store, actor }: CallBase, appId: AppId, { from, to }: Pair): Pictures {
  return {
    before: picturesByPath(store, actor, appId, from),
    after: picturesByPath(store, actor, appId, to),
  };
}

function pictureOf(picture: ShownPicture | undefined) {
  if (picture === undefined) return null;
  const sizes = picture.sizes.map(({ key, widthPx, heightPx }) => ({ src: `/${key}`, widthPx, heightPx }));
  return { state: picture.state, sizes };
}

function pairOfPictures({ before, after }: Pictures, path: string): FileView["pictures"] {
  const pictures = { before: pictureOf(before.get(path)), after: pictureOf(after.get(path)) };
  return pictures.before === null && pictures.after === null ? null : pictures;
}

function viewOf(
  file: FileComparison,
  at: number,
  most: number,
  href: (at: number) => string,
  pictures: Pictures,
): FileView {
  const kinds = [file.before?.kind, file.after?.kind];
  return {
    path: file.path,
    kind: kinds.includes("large") ? "large" : kinds.includes("binary") ? "binary" : "text",
    shown: file.lines && linesFrom(shownHunks(file.lines.hunks), at, most, href),
    added: file.lines?.added ?? 0,
    removed: file.lines?.removed ?? 0,
    isCoarse: file.lines?.isCoarse ?? false,
    isLaidOut: file.isLaidOut,
    pictures: pairOfPictures(pictures, file.path),
  };
}

/** A file of the list, with nothing of what is in it. */
export function fileRow(
  { path, change, movedFrom, before, after }: FileChange,
  at: Addressed,
): FileChangeRow {
  return {
    ...{ path, change, movedFrom },
    ...{ sizeBefore: before?.sizeBytes ?? null, sizeAfter: after?.sizeBytes ?? null },
    ...{ sha256Before: before?.sha256 ?? null, sha256After: after?.sha256 ?? null },
    href: change === "moved" ? null : fileHref(at, path),
    view: null,
  };
}

const NO_LINES = { kind: "binary", shown: null, added: 0, removed: 0 } as const;

function rowOf(
  change: FileChange,
  addressed: Addressed,
  texts: ReadonlyMap<string, FileComparison>,
  pictures: Pictures,
): FileChangeRow {
  const row = fileRow(change, addressed);
  if (row.href === null) return row;
  const { path } = row;
  const text = texts.get(path);
  const shown = pairOfPictures(pictures, path);
  if (shown !== null) {
    return { ...row, view: { path, ...NO_LINES, isCoarse: false, isLaidOut: false, pictures: shown } };
  }
  const href = (at: number) => fileHref(addressed, path, at);
  return { ...row, view: text === undefined ? null : viewOf(text, 0, LINES_AT_ONCE, href, pictures) };
}

/** What the comparison says in words, for pages. */
export function changesFor(
  ctx: PageContext,
  store: Store,
  comparison: Pick<Comparison, "changes" | "from" | "to">,
  manifests: readonly (Readonly<Record<string, unknown>> | null)[],
): Changes {
  const api = store.api();
  return {
    rows: comparison.changes,
    permissions: manifests.flatMap((manifest) => permissionsOf(api, manifest, ctx.locale)),
    sizeBefore: comparison.from.version.uploadSizeBytes,
    sizeAfter: comparison.to.version.uploadSizeBytes,
  };
}

export function comparedOf({ version, contents }: ComparedVersion) {
  const { id, version: name, versionCode: code, state } = version;
  return { id, version: name, code, state, contents };
}

type CompareQuery = { readonly from?: string; readonly to?: string; readonly cursor?: string };

async function showComparison(call: CallBase, appId: AppId, query: CompareQuery): Promise<Response> {
  const { store, actor } = call;
  const app = readApp(store, actor, appId);
  const versions = listVersions(store, actor, appId, { limit: VERSIONS_SHOWN }).items;
  const base = { app: tabbedApp(call, app) };
  if (versions.length === 0) {
    const nothing = { ...base, versions: [], pair: null, changes: null, files: null };
    return show(call, (ctx) => comparePage(ctx, nothing));
  }
  const pair = pairFor(store, actor, appId, askedPair(query));
  const texts = query.cursor === undefined ? TEXTS_SHOWN : 0;
  const comparison = await compareVersionsAndTexts(store, actor, appId, pair, texts);
  const { from, to } = comparison;
  const wanted = { limit: FILES_SHOWN, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) };
  const files = filesOf(call, { appId, from: from.version.id, to: to.version.id }, comparison, wanted, pair);
  const manifests = [pair.from, pair.to].map((ref) => readVersionDetails(store, actor, appId, ref).manifest);
  const listed = versions.map(({ id, version, versionCode, state }) => ({
    ...{ id, version, code: versionCode, state },
  }));
  // One that was uploaded long ago is among those to choose from while it is chosen.
  const older = [from, to].map(comparedOf).filter(({ id }) => !listed.some((each) => each.id === id));
  return show(call, (ctx) => {
    const props: CompareProps = {
      ...base,
      versions: [...listed, ...new Map(older.map((each) => [each.id, each])).values()],
      pair: { from: comparedOf(from), to: comparedOf(to) },
      changes: from.version.id === to.version.id ? null : changesFor(ctx, store, comparison, manifests),
      files,
    };
    return comparePage(ctx, props);
  });
}

function filesOf(
  call: CallBase,
  addressed: Addressed,
  { files, texts }: Pick<Comparison, "files"> & { readonly texts: ReadonlyMap<string, FileComparison> },
  wanted: { readonly limit: number; readonly cursor?: string },
  pair: Pair,
): FilesProps | null {
  if (files === null || addressed.from === addressed.to) return null;
  const list = comparedList(addressed);
  const page = slicePage(list, files.changes, wanted);
  const { after } = pageRequest(list, wanted);
  const pictures = picturesOfBoth(call, addressed.appId, pair);
  const start = after === undefined ? 0 : positionOf(after);
  return {
    totals: files.totals,
    rows: page.items.map((change) => rowOf(change, addressed, texts, pictures)),
    pager: pagerOf(
      list,
      compareHref(addressed.appId, addressed.from, addressed.to),
      {
        ...(after === undefined ? {} : { after }),
        nextCursor: page.nextCursor === null ? null : String(start + FILES_SHOWN),
      },
      () => (start > FILES_SHOWN ? String(start - FILES_SHOWN) : null),
    ),
  };
}

export const compareRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "version.read",
    name: "comparePage",
    summary: "What one version has otherwise than another",
    cost: COST,
    params: PARAMS,
    query: Type.Object({ ...PAIR, cursor: PAGE_QUERY.cursor }),
    handle: (call) => showComparison(call, call.params.appId, call.query),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/file`,
    access: "version.read",
    name: "compareFilePage",
    summary: "What changed in one file of two versions",
    cost: COST,
    params: PARAMS,
    query: Type.Object({ ...PAIR, path: Type.Optional(FILE_PATH), at: FROM_LINE }),
    handle: async (call) => {
      const { store, actor, params, query } = call;
      const app = readApp(store, actor, params.appId);
      const path = query.path ?? MANIFEST_NAME;
      const pair = pairFor(store, actor, app.id, askedPair(query));
      const { from, to, file } = await compareFile(store, actor, app.id, pair, path);
      const addressed = { appId: app.id, from: from.version.id, to: to.version.id };
      const href = (at: number) => fileHref(addressed, path, at);
      const pictures = picturesOfBoth(call, app.id, pair);
      return show(call, (ctx) =>
        compareFilePage(ctx, {
          app: tabbedApp(call, app),
          // Without both packages nobody can say whether there is such a file, and the page repeats no other words.
          ...{ from: comparedOf(from), to: comparedOf(to), path: file === null ? null : path },
          view: file && viewOf(file, query.at ?? 0, LINES_SHOWN, href, pictures),
        }),
      );
    },
  }),
];
