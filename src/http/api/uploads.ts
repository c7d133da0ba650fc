/** The two addresses that take a package: for any app, and for one. */
import { type Static, Type } from "@sinclair/typebox";
import { authoriseUpload, uploadVersion } from "../../catalog/upload.ts";
import type { AppId } from "../../ids.ts";
import { streamBody } from "../body.ts";
import { resource } from "../reply.ts";
import { type Call, defineRoute, type ReplySpec, type Route } from "../route.ts";
import { APP_ID, ORGANISATION_ID, VERSION } from "../schemas.ts";

const TAG = "Versions";
const MEDIA_TYPE = "application/vnd.mosis.package";

const UPLOAD_QUERY = {
  notes: Type.String({ default: "", maxLength: 10_000, description: "release notes" }),
  hold: Type.Boolean({ default: false, description: "true: approval does not publish; `publish` does" }),
  submit: Type.Boolean({ default: true, description: "false: stays a draft once its checks passed" }),
};
const ANY_APP_QUERY = Type.Object({
  ...UPLOAD_QUERY,
  createApp: Type.Boolean({ default: false, description: "true: makes the app when its id is free" }),
  organisationId: Type.Optional(ORGANISATION_ID),
});
const ONE_APP_QUERY = Type.Object(UPLOAD_QUERY);

const REPLIES: readonly ReplySpec[] = [
  {
    status: 201,
    description: "Taken; its checks run now. Location is the version.",
    schema: VERSION,
    location: true,
  },
  {
    status: 200,
    description: "The same bytes are there already: this is their version.",
    schema: VERSION,
    location: true,
  },
];
const ERRORS = [
  "upload.too_large",
  "upload.manifest_unreadable",
  "upload.notes_too_long",
  "version.code_taken",
  "app.not_found",
  "idempotency.resource_gone",
  "MPK-C*",
  "MPK-J*",
];
const DESCRIPTION =
  "The body is the package, streamed. The answer comes once it is stored for good; the checks run after that, so read the version until its state is no longer checking. The same bytes again give the version that is there.";

type Bytes = AsyncIterable<Uint8Array>;
type AnyUpload = Static<typeof ONE_APP_QUERY> & Partial<Static<typeof ANY_APP_QUERY>>;

async function take(call: Call<unknown, AnyUpload, Bytes>, appId?: AppId): Promise<Response> {
  const { store, actor, query, body, idempotency, wasReplayed } = call;
  const { organisationId } = query;
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
      bytes: body,
      notes: query.notes,
      hold: query.hold,
      submit: query.submit,
      ...(query.createApp === undefined ? {} : { createApp: query.createApp }),
    },
    idempotency,
  );
  return resource(version, {
    status: created || wasReplayed() ? 201 : 200,
    headers: { Location: `/api/v1/apps/${version.appId}/versions/${version.versionCode}` },
  });
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
    body: streamBody(MEDIA_TYPE),
    replies: REPLIES,
    errors: [...ERRORS, "app.id_taken", "organisation.required", "organisation.not_found"],
    handle: (call) => take(call),
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
    body: streamBody(MEDIA_TYPE),
    replies: REPLIES,
    errors: [...ERRORS, "version.wrong_app"],
    handle: (call) => take(call, call.params.appId),
  }),
];
