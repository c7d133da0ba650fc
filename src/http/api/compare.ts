/** /api/v1/apps/{appId}/compare: two versions against each other; /files: what is in one. */
import { Type } from "@sinclair/typebox";
import { compareFile, compareVersions, pairFor } from "../../catalog/comparison/compare.ts";
import { listVersionFiles, readVersionFile } from "../../catalog/comparison/files.ts";
import { MANIFEST_NAME } from "../../format/names.ts";
import type { VersionId } from "../../ids.ts";
import { encodeCursor, pageRequest, positionOf } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, orNull, PAGE_QUERY, type PageQuery, record, VERSION_CODE } from "../schemas.ts";
import {
  COMPARISON,
  CONTENTS,
  FILE_COMPARISON,
  FILE_PATH,
  PACKAGE_FILE,
  refOf,
  VERSION_FILE,
  VERSION_REF,
} from "../schemas-compare.ts";

const PATH = "/api/v1/apps/:appId/compare";
const VERSION_PATH = "/api/v1/apps/:appId/versions/:versionCode";
const TAG = "Versions";
const MISSING = ["app.not_found", "version.not_found"];
/** A package is opened for it. */
const COST = 2;
const PARAMS = Type.Object({ appId: APP_ID });
const CODE_PARAMS = Type.Object({ appId: APP_ID, versionCode: VERSION_CODE });
const PAIR = {
  from: Type.Optional({
    ...VERSION_REF,
    description: `${VERSION_REF.description}; without it what devices get, or else the upload before`,
  }),
  to: Type.Optional({
    ...VERSION_REF,
    description: `${VERSION_REF.description}; without it the newest upload`,
  }),
};
const FILE = {
  path: Type.Optional({ ...FILE_PATH, description: `${FILE_PATH.description}; without it ${MANIFEST_NAME}` }),
};

type Asked = { readonly from?: string; readonly to?: string };

/** What is named of the two. */
export function askedPair({ from, to }: Asked) {
  return {
    ...(from === undefined ? {} : { from: refOf(from) }),
    ...(to === undefined ? {} : { to: refOf(to) }),
  };
}

/** The list of files that differ between these two: a cursor of another pair is none of it. */
export const comparedList = ({ from, to }: { readonly from: VersionId; readonly to: VersionId }) =>
  `compare-${from}-${to}`;

/** Lists that a package has as a whole are gone through by numbers. @throws Problem `cursor.invalid` */
export function slicePage<Item>(list: string, items: readonly Item[], query: PageQuery) {
  const { limit, after } = pageRequest(list, query);
  const start = after === undefined ? 0 : positionOf(after);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? encodeCursor(list, String(end)) : null,
  };
}

export const compareRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "version.read",
    name: "compareVersions",
    summary: "Compare two versions",
    description:
      "What the second says of itself otherwise than the first, and which files of its package are added, removed, changed or moved, by their digests. Where a package is not stored any more, the manifests are compared all the same.",
    tag: TAG,
    cost: COST,
    params: PARAMS,
    query: Type.Object({ ...PAIR, ...PAGE_QUERY }),
    replies: [{ status: 200, description: "What differs.", schema: COMPARISON }],
    errors: [...MISSING, "cursor.invalid"],
    handle: async ({ store, actor, params, query }) => {
      const pair = pairFor(store, actor, params.appId, askedPair(query));
      const { files, ...rest } = await compareVersions(store, actor, params.appId, pair);
      const list = comparedList({ from: rest.from.version.id, to: rest.to.version.id });
      const { items, nextCursor } = slicePage(list, files?.changes ?? [], query);
      return json({ ...rest, totals: files?.totals ?? null, files: items, nextCursor });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/file`,
    access: "version.read",
    name: "compareFile",
    summary: "Compare a file of two versions",
    description:
      "Line by line, with three lines around each change: by its rows the one file becomes the other. Files that are no text in UTF-8, or are larger than 512 KiB or 20,000 lines, have none.",
    tag: TAG,
    cost: COST,
    params: PARAMS,
    query: Type.Object({ ...PAIR, ...FILE }),
    replies: [{ status: 200, description: "What changed in it.", schema: FILE_COMPARISON }],
    errors: [...MISSING, "version.file_not_found"],
    handle: async ({ store, actor, params, query }) => {
      const pair = pairFor(store, actor, params.appId, askedPair(query));
      const path = query.path ?? MANIFEST_NAME;
      const { from, to, file } = await compareFile(store, actor, params.appId, pair, path);
      return json({ from, to, file: file && { ...file, lines: file.lines && linesJson(file.lines) } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${VERSION_PATH}/files`,
    access: "version.read",
    name: "listVersionFiles",
    summary: "List the files in a version’s package",
    description: "In the package's order.",
    tag: TAG,
    cost: COST,
    params: CODE_PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [
      {
        status: 200,
        description: "A page of its files.",
        schema: record({
          contents: CONTENTS,
          items: Type.Array(PACKAGE_FILE),
          nextCursor: orNull(Type.String({ description: "For the next page; null on the last one." })),
        }),
      },
    ],
    errors: [...MISSING, "cursor.invalid"],
    handle: async ({ store, actor, params, query }) => {
      const { contents, files } = await listVersionFiles(store, actor, params.appId, params.versionCode);
      return json({ contents, ...slicePage("files", files, query) });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${VERSION_PATH}/file`,
    access: "version.read",
    name: "readVersionFile",
    summary: "Read a text file of a version’s package",
    tag: TAG,
    cost: COST,
    params: CODE_PARAMS,
    query: Type.Object(FILE),
    replies: [{ status: 200, description: "The file.", schema: VERSION_FILE }],
    errors: [...MISSING, "version.file_not_found"],
    handle: async ({ store, actor, params, query }) =>
      json(
        await readVersionFile(store, actor, params.appId, params.versionCode, query.path ?? MANIFEST_NAME),
      ),
  }),
];

/** How long the search took is nobody's matter. */
function linesJson({ edits: _, ...lines }: { readonly edits: number }) {
  return lines;
}
