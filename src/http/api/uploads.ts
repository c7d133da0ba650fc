/** The two addresses that take a package: for any app, and for one. */
import { type Static, type TObject, Type } from "@sinclair/typebox";
import type { LocalTexts } from "../../catalog/local-texts.ts";
import { NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import { TRANSLATED_CHARACTERS } from "../../catalog/release-notes/translations.ts";
import { authoriseUpload, uploadVersion } from "../../catalog/upload.ts";
import type { Idempotency } from "../../db/idempotency.ts";
import { Problem } from "../../errors.ts";
import { PACKAGE_MEDIA_TYPE } from "../../format/names.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { parseStrictJson } from "../../signing/json.ts";
import { type BodySpec, fileBody, MULTIPART_OVERHEAD_BYTES, type StreamedFile } from "../body.ts";
import { resource } from "../reply.ts";
import { type Call, defineRoute, type ReplySpec, type Route } from "../route.ts";
import { APP_ID, ORGANISATION_ID, VERSION } from "../schemas.ts";
import { parseForm } from "../validate.ts";

const TAG = "Versions";

const UPLOAD_QUERY = {
  notes: Type.Optional(
    Type.String({
      maxCharacters: NOTES_MAX_CHARACTERS,
      description: `release notes, of at most ${NOTES_MAX_CHARACTERS} characters; a new version has none without it`,
    }),
  ),
  translatedNotes: Type.Optional(
    Type.String({
      maxCharacters: 2 * TRANSLATED_CHARACTERS,
      contentMediaType: "application/json",
      description: `release notes in other languages, as a JSON object: the text by the language's tag (BCP 47), each as long as \`notes\` may be, and all together at most ${TRANSLATED_CHARACTERS} characters`,
      examples: ['{"de":"Notizen lassen sich sortieren."}'],
    }),
  ),
  hold: Type.Optional(
    Type.Boolean({
      description:
        "true: approval does not publish, `publish` does; false, as of a new version without it: approval publishes",
    }),
  ),
  submit: Type.Optional(
    Type.Boolean({
      description:
        "true, as of a new version without it: goes to review once its checks passed; false: stays a draft",
    }),
  ),
};
const ANY_APP_QUERY = Type.Object({
  ...UPLOAD_QUERY,
  createApp: Type.Boolean({ default: false, description: "true: makes the app when its id is free" }),
  confirmAlike: Type.Boolean({
    default: false,
    description:
      "true: the id of an app that is made is meant, although people may take it for another one's",
  }),
  organisationId: Type.Optional(ORGANISATION_ID),
});
const ONE_APP_QUERY = Type.Object(UPLOAD_QUERY);

/** The package, or a form with what the query may say, and the package as its last part. */
function packageBody(query: TObject): BodySpec<StreamedFile> {
  const form = Type.Object({
    ...Type.Partial(query).properties,
    package: Type.String({
      contentMediaType: "application/octet-stream",
      description: "the package's bytes, as the form's last part",
    }),
  });
  return fileBody(PACKAGE_MEDIA_TYPE, "package", form);
}

export const VERSION_REPLIES: readonly ReplySpec[] = [
  {
    status: 201,
    description: "Taken; its checks run now. Location is the version.",
    schema: VERSION,
    location: true,
  },
  {
    status: 200,
    description:
      "The same bytes are there already: this is their version, with what this call says of its notes, translatedNotes, hold and submit.",
    schema: VERSION,
    location: true,
  },
];
/** Of what is made a version, however its bytes came. */
export const UPLOAD_ERRORS = [
  "upload.manifest_unreadable",
  "upload.notes_too_long",
  "upload.notes_invalid",
  "version.code_taken",
  "version.differs",
  "app.not_found",
  "version.trusted_only",
  "idempotency.resource_gone",
  "MPK-C*",
  "MPK-J*",
];
const ERRORS = [
  ...UPLOAD_ERRORS,
  "upload.too_large",
  "multipart.malformed",
  "multipart.unexpected",
  "request.too_large",
];
const DESCRIPTION =
  "The body is the package, streamed; or a form with the package as its last part and before it what is else said in the query, of which a server takes no more than 16 KiB. The answer comes once it is stored for good; the checks run after that, so read the version until its state is no longer checking. The same bytes again give the version that is there: notes, translatedNotes, hold and submit are changed as the call says, and what it leaves out stays as it is; once the review is decided a difference is refused, but of translatedNotes.";

type AnyUpload = Static<typeof ONE_APP_QUERY> & Partial<Static<typeof ANY_APP_QUERY>>;

type Fields = NonNullable<StreamedFile["fields"]>;

async function take(
  call: Call<unknown, AnyUpload, StreamedFile>,
  readForm: (fields: Fields) => AnyUpload,
  appId?: AppId,
): Promise<Response> {
  const { store, actor, body } = call;
  const said = body.fields === null ? call.query : readForm(body.fields);
  const { organisationId } = said;
  const target = {
    ...(appId === undefined ? {} : { appId }),
    ...(organisationId === undefined ? {} : { organisationId }),
  };
  authoriseUpload(store, actor, target);
  const { version, created } = await uploadVersion(
    store,
    actor,
    {
      ...target,
      bytes: body.bytes,
      notes: said.notes,
      translatedNotes: textsIn(said.translatedNotes),
      hold: said.hold,
      submit: said.submit,
      ...(said.createApp === undefined ? {} : { createApp: said.createApp }),
      ...(said.confirmAlike === undefined ? {} : { confirmAlike: said.confirmAlike }),
    },
    idempotencyWith(call.idempotency, body.fields),
  );
  return resource(version, {
    status: created ? 201 : 200,
    headers: { Location: `/api/v1/apps/${version.appId}/versions/${version.versionCode}` },
  });
}

/** @throws Problem `upload.notes_invalid` for what is no JSON object of texts */
function textsIn(json: string | undefined): LocalTexts | undefined {
  if (json === undefined) return undefined;
  const parsed = parsedJson(json);
  const isTexts =
    typeof parsed === "object" &&
    parsed !== null &&
    !Array.isArray(parsed) &&
    Object.values(parsed).every((text) => typeof text === "string");
  if (isTexts) return parsed as LocalTexts;
  const message = say`translatedNotes is a JSON object: a text for each language, by its tag.`;
  throw new Problem("invalid", "upload.notes_invalid", message, [
    { code: "upload.notes_invalid", pointer: "/translatedNotes", message },
  ]);
}

function parsedJson(json: string): unknown {
  try {
    return parseStrictJson(Buffer.from(json), { maxBytes: MULTIPART_OVERHEAD_BYTES });
  } catch {
    return undefined;
  }
}

/** A form's fields are a part of the request as the query is: the same key with others is another request. */
function idempotencyWith(
  idempotency: Idempotency | undefined,
  fields: StreamedFile["fields"],
): Idempotency | undefined {
  if (idempotency === undefined || fields === null) return idempotency;
  return { ...idempotency, request: `${idempotency.request}\n${JSON.stringify(fields)}` };
}

export const uploadRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/versions",
    access: "version.upload",
    name: "uploadPackage",
    summary: "Upload a package",
    description: `${DESCRIPTION} Which app it is of, the package says.`,
    tag: TAG,
    creates: true,
    query: ANY_APP_QUERY,
    body: packageBody(ANY_APP_QUERY),
    replies: VERSION_REPLIES,
    errors: [...ERRORS, "app.id_taken", "app.id_alike", "organisation.required", "organisation.not_found"],
    handle: (call) => take(call, (fields) => parseForm(ANY_APP_QUERY, call.url.searchParams, fields)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/apps/:appId/versions",
    access: "version.upload",
    name: "uploadVersion",
    summary: "Upload a version of an app",
    description: `${DESCRIPTION} The package must be of this app.`,
    tag: TAG,
    creates: true,
    params: Type.Object({ appId: APP_ID }),
    query: ONE_APP_QUERY,
    body: packageBody(ONE_APP_QUERY),
    replies: VERSION_REPLIES,
    errors: [...ERRORS, "version.wrong_app"],
    handle: (call) =>
      take(call, (fields) => parseForm(ONE_APP_QUERY, call.url.searchParams, fields), call.params.appId),
  }),
];
