/** /api/v1/uploads: packages that come in parts, over as many connections as it takes. */
import { Type } from "@sinclair/typebox";
import { NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import {
  KEYS_TOO,
  listUploads,
  MOST_OPEN,
  MOST_OPEN_PACKAGES,
} from "../../catalog/partial-uploads/uploads.ts";
import { finishUpload } from "../../catalog/upload.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type ReplySpec, type Route } from "../route.ts";
import { APP_ID, idOf, ORGANISATION_ID, PAGE_QUERY, pageSchema, record, TIME } from "../schemas.ts";
import {
  answerBegin,
  answerDiscard,
  answerPart,
  answerRead,
  PART_BODY,
  tusOptions,
  UPLOAD_PARAMS,
} from "../tus.ts";
import { UPLOAD_ERRORS, VERSION_REPLIES } from "./uploads.ts";

const PATH = "/api/v1/uploads";
const ONE = `${PATH}/:uploadId`;
const TAG = "Uploads in parts";

const UPLOAD = record(
  {
    id: idOf("upl", "an upload's"),
    fileName: Type.String({ description: "As its sender calls the file; empty when that was not said." }),
    sizeBytes: Type.Integer({ minimum: 1, description: "Of the whole file, as it was announced." }),
    receivedBytes: Type.Integer({ minimum: 0, description: "So much is here: go on from there." }),
    createdAt: TIME,
    expiresAt: { ...TIME, description: "When it is removed, unless it is a version by then." },
  },
  "Upload",
);

/** What every answer tells of an upload. */
const STANDING = ["Tus-Resumable", "Upload-Offset", "Upload-Length", "Upload-Expires"] as const;
const DISCARDED: ReplySpec = { status: 204, description: "It is gone.", headers: ["Tus-Resumable"] };

export const partialUploadRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "version.upload",
    name: "listUploads",
    summary: "List one's open uploads",
    description: "Those that this person or key has begun and not finished, the oldest first.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of uploads.", schema: pageSchema(UPLOAD) }],
    errors: ["cursor.invalid"],
    handle: async ({ store, actor, query }) => {
      const page = await listUploads(store, actor, pageRequest("uploads", query));
      return json(pageAnswer("uploads", page, (upload) => upload));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "version.upload",
    name: "beginUpload",
    summary: "Begin an upload in parts",
    description: `By the tus protocol 1.0.0 with its extensions creation, expiration and termination: any client of it sends the package to this address, and goes on where it was when the connection breaks or the store is started anew. \`filename\` in Upload-Metadata is kept. At most ${MOST_OPEN} uploads of one person or key are open at a time, of ${MOST_OPEN_PACKAGES} times the largest package together, and of a person with all keys of theirs that are for some apps alone ${KEYS_TOO} times as many; what is not a version after three days is removed. Once all of it is received, \`POST …/version\` makes the version.`,
    tag: TAG,
    creates: true,
    takes: ["TusResumable", "UploadLength", "UploadMetadata"],
    options: tusOptions,
    replies: [
      {
        status: 201,
        description: "There is room for it. Location is where its bytes go.",
        schema: UPLOAD,
        location: true,
        headers: STANDING,
      },
    ],
    errors: [
      "upload.protocol",
      "upload.too_large",
      "upload.empty",
      "upload.too_many",
      "idempotency.resource_gone",
    ],
    handle: (call) => answerBegin(call, PATH),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "version.upload",
    name: "readUpload",
    summary: "Ask how far an upload is",
    description:
      "HEAD says it in headers alone. Whoever asks takes it over: a request that still sends bytes of it ends.",
    tag: TAG,
    params: UPLOAD_PARAMS,
    options: tusOptions,
    replies: [{ status: 200, description: "How far it is.", schema: UPLOAD, headers: STANDING }],
    errors: ["upload.protocol", "upload.not_found", "upload.in_use"],
    handle: answerRead,
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: ONE,
    access: "version.upload",
    name: "continueUpload",
    summary: "Send bytes of an upload",
    description:
      "From Upload-Offset on, which is where it ends so far; as many as one likes. What came of them stays when the connection breaks.",
    tag: TAG,
    params: UPLOAD_PARAMS,
    takes: ["TusResumable", "UploadOffset"],
    body: PART_BODY,
    replies: [{ status: 204, description: "They are kept.", headers: STANDING }],
    errors: [
      "upload.protocol",
      "upload.not_found",
      "upload.offset_differs",
      "upload.too_large",
      "upload.in_use",
      "request.too_large",
    ],
    handle: answerPart,
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: ONE,
    access: "version.upload",
    name: "discardUpload",
    summary: "Discard an upload",
    tag: TAG,
    params: UPLOAD_PARAMS,
    replies: [DISCARDED],
    errors: ["upload.protocol", "upload.not_found", "upload.in_use"],
    handle: answerDiscard,
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/version`,
    access: "version.upload",
    name: "finishUpload",
    summary: "Make a version of an upload",
    description:
      "Once all of it was received. From here on it is as if the package had been sent at once: the same checks, and the same answers. What is refused stays open, to be sent to another place or discarded.",
    tag: TAG,
    creates: true,
    params: UPLOAD_PARAMS,
    body: jsonBody(
      record({
        appId: Type.Optional({ ...APP_ID, description: "The package must be of this app." }),
        organisationId: Type.Optional(ORGANISATION_ID),
        createApp: Type.Optional(
          Type.Boolean({ description: "true: makes the app when its id is free and appId is left out" }),
        ),
        confirmAlike: Type.Optional(
          Type.Boolean({
            description:
              "true: the id of an app that is made is meant, although people may take it for another one's",
          }),
        ),
        notes: Type.Optional(
          Type.String({
            maxCharacters: NOTES_MAX_CHARACTERS,
            description: "release notes; a new version has none without it",
          }),
        ),
        translatedNotes: Type.Optional(
          Type.Record(Type.String(), Type.String(), {
            description: "release notes in other languages, by their tags (BCP 47)",
          }),
        ),
        hold: Type.Optional(Type.Boolean({ description: "true: approval does not publish, `publish` does" })),
        submit: Type.Optional(Type.Boolean({ description: "false: stays a draft once its checks passed" })),
      }),
    ),
    replies: VERSION_REPLIES,
    errors: [
      ...UPLOAD_ERRORS,
      "upload.not_found",
      "upload.unfinished",
      "upload.in_use",
      "version.wrong_app",
      "app.id_taken",
      "app.id_alike",
      "organisation.required",
      "organisation.not_found",
    ],
    handle: async ({ store, actor, params, body, idempotency }) => {
      const { version, created } = await finishUpload(
        store,
        actor,
        params.uploadId,
        Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
        idempotency,
      );
      return resource(version, {
        status: created ? 201 : 200,
        headers: { Location: `/api/v1/apps/${version.appId}/versions/${version.versionCode}` },
      });
    },
  }),
];
