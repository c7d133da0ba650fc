/** `/apps/:appId/versions/:versionId/files`: what is in a version's package, and one text file of it with its lines. */
import { Type } from "@sinclair/typebox";
import { versionFilePage, versionFilesPage } from "../../../views/pages/version-files.tsx";
import { readApp } from "../../catalog/apps.ts";
import type { ContentsState } from "../../catalog/comparison/contents.ts";
import { listVersionFiles, readVersionFile } from "../../catalog/comparison/files.ts";
import { readVersion } from "../../catalog/versions.ts";
import { MANIFEST_NAME } from "../../format/names.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { slicePage } from "../api/compare.ts";
import { pageRequest, positionOf } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, VERSION_ID } from "../schemas.ts";
import { FILE_PATH } from "../schemas-compare.ts";
import { tabbedApp } from "./app-props.ts";
import { comparedOf, FROM_LINE, LINES_SHOWN, linesFrom } from "./compare.ts";
import { pagerOf, show } from "./page.ts";
import { shownText } from "./source-lines.ts";

const PATH = "/apps/:appId/versions/:versionId/files";
const PARAMS = Type.Object({ appId: APP_ID, versionId: VERSION_ID });
const PER_PAGE = 200;
const COST = 2;

type Ids = { readonly appId: AppId; readonly versionId: VersionId };

function bothOf(call: CallBase, { appId, versionId }: Ids, contents: ContentsState) {
  const { store, actor } = call;
  return {
    app: tabbedApp(call, readApp(store, actor, appId)),
    version: comparedOf({ version: readVersion(store, actor, appId, versionId), contents }),
  };
}

function viewHref({ appId, versionId }: Ids, path: string, at = 0): string {
  const query = new URLSearchParams({ path, ...(at === 0 ? {} : { at: String(at) }) });
  return `/apps/${appId}/versions/${versionId}/files/view?${query}`;
}

/** The line that a byte of the text stands in, from 1. */
function lineOfByte(text: string, offset: number): number {
  const before = Buffer.from(text, "utf8").subarray(0, offset);
  let line = 1;
  for (const byte of before) if (byte === 0x0a) line++;
  return line;
}

export const versionFileRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "version.read",
    name: "versionFilesPage",
    summary: "The files in a version's package",
    cost: COST,
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: async (call) => {
      const { store, actor, params, query } = call;
      const { contents, files } = await listVersionFiles(store, actor, params.appId, params.versionId);
      const wanted = { limit: PER_PAGE, ...query };
      const { items, nextCursor } = slicePage("files", files, wanted);
      const { after } = pageRequest("files", wanted);
      const start = after === undefined ? 0 : positionOf(after);
      const page = {
        ...(after === undefined ? {} : { after }),
        nextCursor: nextCursor === null ? null : String(start + PER_PAGE),
      };
      const address = `/apps/${params.appId}/versions/${params.versionId}/files`;
      return show(call, (ctx) =>
        versionFilesPage(ctx, {
          ...bothOf(call, params, contents),
          files: items.map((file) => ({ ...file, href: viewHref(params, file.path) })),
          count: files.length,
          pager: pagerOf("files", address, page, () => (start > PER_PAGE ? String(start - PER_PAGE) : null)),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/view`,
    access: "version.read",
    name: "versionFilePage",
    summary: "A text file in a version's package",
    cost: COST,
    params: PARAMS,
    query: Type.Object({
      path: Type.Optional(FILE_PATH),
      at: FROM_LINE,
      offset: Type.Optional(Type.Integer({ minimum: 0, description: "a byte of the file, which is shown" })),
    }),
    handle: async (call) => {
      const { store, actor, params, query } = call;
      const path = query.path ?? MANIFEST_NAME;
      const { contents, file } = await readVersionFile(store, actor, params.appId, params.versionId, path);
      const text = file?.text ?? null;
      const found = query.offset === undefined || text === null ? null : lineOfByte(text, query.offset);
      const lines = text === null ? null : shownText(text);
      // Some lines before the one that something leads to, so that one sees where it stands.
      const foundAt = found === null ? 0 : (lines?.findIndex(({ after }) => after === found) ?? 0);
      const at = query.at ?? Math.max(0, foundAt - LINES_SHOWN / 2);
      return show(call, (ctx) =>
        versionFilePage(ctx, {
          ...bothOf(call, params, contents),
          ...{
            path: file === null ? null : path,
            sizeBytes: file?.sizeBytes ?? 0,
            kind: file?.kind ?? "binary",
            found,
          },
          shown: lines && linesFrom(lines, at, LINES_SHOWN, (next) => viewHref(params, path, next)),
        }),
      );
    },
  }),
];
