/**
 * `/upload` and `/apps/:appId/upload`: the package streams to storage while it is hashed. The fields come before the
 * file, so that everything that can be refused is refused before its bytes are taken.
 */
import { Type } from "@sinclair/typebox";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { type UploadProps, uploadPage } from "../../../views/pages/upload.tsx";
import { readApp } from "../../catalog/apps.ts";
import { NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import { authoriseUpload, uploadVersion } from "../../catalog/upload.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { MULTIPART_OVERHEAD_BYTES, type UploadForm, uploadForm, uploadTooLarge } from "../body.ts";
import { declaredLength } from "../body-bytes.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { organisationOf } from "./create-app.ts";
import { attempt, plainLines } from "./form.ts";
import { goOn, show } from "./page.ts";

const FIELDS = ["organisation", "notes", "hold"] as const;
type Field = (typeof FIELDS)[number];

/**
 * The size is judged where the fields are known, so that the form comes back with what was typed: first the declared
 * length, then each byte on its way to storage.
 */
const BODY = { ...uploadForm(FIELDS, "file"), maxBytes: () => Number.MAX_SAFE_INTEGER };

/** Whatever else is wrong is wrong with the file. */
const FIELD_OF: Readonly<Record<string, string>> = {
  "upload.notes_invalid": "notes",
  "upload.notes_too_long": "notes",
  "organisation.required": "organisation",
  "organisation.not_found": "organisation",
};

type Fault = (ctx: PageContext) => FieldError;

const nothingChosen: Fault = (ctx) => ({ field: "file", message: ctx.t("upload.no_file") });
const faultOf =
  (problem: Problem): Fault =>
  () => ({ field: FIELD_OF[problem.code] ?? "file", message: problem.words });

async function take(
  call: CallBase & { readonly body: UploadForm<Field> },
  appId: AppId | null,
): Promise<Response> {
  const { store, actor, request, body } = call;
  const values = {
    organisation: body.fields.organisation,
    notes: plainLines(body.fields.notes),
    hold: body.fields.hold === "true",
  };
  const organisationId = organisationOf(values.organisation);
  const target =
    appId !== null ? { appId } : { createApp: true, ...(organisationId === null ? {} : { organisationId }) };
  authoriseUpload(store, actor, appId === null && organisationId === null ? {} : target);
  if (body.fileName === "") {
    for await (const _ of body.bytes);
    return form(call, appId, values, { fault: nothingChosen, status: 422 });
  }
  const outcome = await attempt(() => {
    const declared = declaredLength(request);
    if (declared !== null && declared > store.config.maxUploadBytes + MULTIPART_OVERHEAD_BYTES) {
      throw uploadTooLarge(store.config.maxUploadBytes);
    }
    return uploadVersion(store, actor, {
      ...target,
      bytes: body.bytes,
      // A field left empty says nothing of a version that is there already: it must not undo what was said before.
      notes: values.notes === "" ? undefined : values.notes,
      hold: values.hold ? true : undefined,
      submit: true,
    });
  });
  if (!isProblem(outcome)) {
    const { version, created } = outcome;
    const address = `/apps/${version.appId}/versions/${version.id}`;
    return created ? goOn(call, address) : goOn(call, address, "upload_repeated");
  }
  // The request itself was broken on the way: no form is shown to a connection that ended.
  if (/^(?:multipart|request)\./.test(outcome.code)) throw outcome;
  return form(call, appId, values, { fault: faultOf(outcome), status: statusOf(outcome) });
}

function form(
  call: CallBase,
  appId: AppId | null,
  values: UploadProps["values"],
  failure: { readonly fault: Fault; readonly status: number } | null,
): Promise<Response> {
  const { store, actor } = call;
  const app = appId === null ? null : readApp(store, actor, appId);
  return show(
    call,
    (ctx) =>
      uploadPage(ctx, {
        app: app && { id: app.id, name: app.name },
        values,
        errors: failure === null ? [] : [failure.fault(ctx)],
        maxBytes: store.config.maxUploadBytes,
        // A browser counts UTF-16 units and cuts what is pasted: it must cut nothing that the store takes.
        maxNotesUnits: 2 * NOTES_MAX_CHARACTERS,
      }),
    failure === null ? {} : { status: failure.status },
  );
}

const NOTHING_TYPED = { organisation: "", notes: "", hold: false };

export const uploadRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/upload",
    access: "version.upload",
    name: "uploadPage",
    summary: "The form for a package of any app",
    handle: (call) => form(call, null, NOTHING_TYPED, null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/upload",
    access: "version.upload",
    name: "uploadPackageForm",
    summary: "Upload a package",
    body: BODY,
    handle: (call) => take(call, null),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/apps/:appId/upload",
    access: "version.upload",
    name: "uploadVersionPage",
    summary: "The form for a version of one app",
    params: Type.Object({ appId: APP_ID }),
    handle: (call) => {
      const { store, actor, params } = call;
      readApp(store, actor, params.appId);
      authoriseUpload(store, actor, { appId: params.appId });
      return form(call, params.appId, NOTHING_TYPED, null);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/apps/:appId/upload",
    access: "version.upload",
    name: "uploadVersionForm",
    summary: "Upload a version of an app",
    params: Type.Object({ appId: APP_ID }),
    body: BODY,
    handle: (call) => take(call, call.params.appId),
  }),
];
