/** /api/v1/apps/{appId}/versions: reading, and what a developer does with a version. */
import { Type } from "@sinclair/typebox";
import { NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import { changeReleaseNotes } from "../../catalog/release-notes/change.ts";
import { TRANSLATED_CHARACTERS, TRANSLATED_LANGUAGES } from "../../catalog/release-notes/translations.ts";
import {
  listFindings,
  listVersions,
  publishVersion,
  readCheckedVersion,
  readPackage,
  submitVersion,
  withdrawVersion,
} from "../../catalog/versions.ts";
import { serveBlob } from "../blob-reply.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
  APP_ID,
  CHECKED_VERSION,
  FINDING,
  LISTED_VERSION,
  PAGE_QUERY,
  pageSchema,
  record,
  VERSION,
  VERSION_CODE,
} from "../schemas.ts";

const PATH = "/api/v1/apps/:appId/versions";
const TAG = "Versions";
const PARAMS = Type.Object({ appId: APP_ID, versionCode: VERSION_CODE });
const MISSING = ["app.not_found", "version.not_found"];

const transitions = [
  {
    verb: "submit",
    name: "submitVersion",
    access: "version.submit",
    summary: "Submit a version for review",
    description: "While its checks still run, the wish is kept and fulfilled when they pass.",
    act: submitVersion,
  },
  {
    verb: "withdraw",
    name: "withdrawVersion",
    access: "version.withdraw",
    summary: "Take a version back",
    description: "Its code becomes free for another upload. What is published cannot be taken back.",
    act: withdrawVersion,
  },
  {
    verb: "publish",
    name: "publishVersion",
    access: "version.publish",
    summary: "Publish an approved version that was held",
    description: "Needed only for what was uploaded with hold: else approval publishes.",
    act: publishVersion,
  },
] as const;

export const versionRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "version.read",
    name: "listVersions",
    summary: "List an app's versions",
    description: "The newest upload first.",
    tag: TAG,
    params: Type.Object({ appId: APP_ID }),
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of versions.", schema: pageSchema(LISTED_VERSION) }],
    errors: ["app.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(pageFor("versions", query, (page) => listVersions(store, actor, params.appId, page))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:versionCode`,
    access: "version.read",
    name: "readVersion",
    summary: "Read a version",
    description: "The newest upload with this code, with its checks; also while they run.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The version.", schema: CHECKED_VERSION }],
    errors: MISSING,
    handle: ({ store, actor, params }) =>
      resource(readCheckedVersion(store, actor, params.appId, params.versionCode)),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:versionCode/findings`,
    access: "version.read",
    name: "listFindings",
    summary: "What the checks found",
    description: "All of them, in the order of the checks.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The findings.", schema: record({ items: Type.Array(FINDING) }) }],
    errors: MISSING,
    handle: ({ store, actor, params }) =>
      json({ items: listFindings(store, actor, params.appId, params.versionCode) }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:versionCode/package`,
    access: "version.read",
    name: "downloadPackage",
    summary: "Download the package",
    description: "The released file once there is one, else the file as it was uploaded. Takes Range.",
    tag: TAG,
    params: PARAMS,
    replies: [
      { status: 200, description: "The package.", mediaType: "application/vnd.mosis.package" },
      { status: 206, description: "The asked part of it.", mediaType: "application/vnd.mosis.package" },
    ],
    errors: [...MISSING, "range.unsatisfiable"],
    handle: ({ store, actor, params, request, info }) => {
      const file = readPackage(store, actor, params.appId, params.versionCode);
      return serveBlob(store, request, info, {
        key: file.key,
        etag: `"${file.sha256}"`,
        type: "application/vnd.mosis.package",
        caching: "private, no-cache",
        fileName: file.fileName,
      });
    },
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: `${PATH}/:versionCode/notes`,
    access: "version.upload",
    name: "changeReleaseNotes",
    summary: "Change the release notes of a version",
    description:
      "What is left out stays as it is, and so do languages that are; an empty text takes its language away. Notes in the app's own language change until the review is decided, since they are approved and signed with the version; those in other languages change as long as people can read them, also once it is published.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        notes: Type.Optional(
          Type.String({
            maxCharacters: NOTES_MAX_CHARACTERS,
            description: "in the app's own language, as Markdown",
          }),
        ),
        translatedNotes: Type.Optional(
          Type.Record(Type.String(), Type.String(), {
            description: `in other languages, by their tags (BCP 47): at most ${TRANSLATED_LANGUAGES}, with ${TRANSLATED_CHARACTERS} characters together`,
          }),
        ),
      }),
    ),
    replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
    errors: [
      ...MISSING,
      "upload.notes_too_long",
      "upload.notes_invalid",
      "version.notes_fixed",
      "version.wrong_state",
      "app.being_deleted",
    ],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(changeReleaseNotes(store, actor, params.appId, params.versionCode, body, ifMatch)),
  }),
  ...transitions.map(({ verb, name, access, summary, description, act }) =>
    defineRoute({
      area: "api",
      method: "POST",
      path: `${PATH}/:versionCode/${verb}`,
      access,
      name,
      summary,
      description,
      tag: TAG,
      changes: true,
      params: PARAMS,
      replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
      errors: [
        ...MISSING,
        "version.wrong_state",
        ...(verb === "publish"
          ? ["version.code_not_rising", "version.key_outside_lineage", "catalog.damaged"]
          : []),
      ],
      handle: ({ store, actor, params, ifMatch }) =>
        resource(act(store, actor, params.appId, params.versionCode, ifMatch)),
    }),
  ),
];
