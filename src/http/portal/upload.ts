/**
 * `/upload` and `/apps/:appId/upload`: the package streams to storage while it is hashed. The fields come before the
 * file, so that everything that can be refused is refused before its bytes are taken.
 */
import { Type } from "@sinclair/typebox";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { type UploadProps, uploadPage } from "../../../views/pages/upload.tsx";
import { readApp } from "../../catalog/apps.ts";
import { checkNotes, NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import {
  discardUpload,
  KEYS_TOO,
  keepWhole,
  listUploads,
  MOST_OPEN,
  type OpenUpload,
} from "../../catalog/partial-uploads/uploads.ts";
import { authoriseUpload, finishUpload, uploadVersion } from "../../catalog/upload.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { type AppId, isAppId, isId } from "../../ids.ts";
import { formBody, MULTIPART_OVERHEAD_BYTES, type UploadForm, uploadForm, uploadTooLarge } from "../body.ts";
import { declaredLength } from "../body-bytes.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { organisationOf } from "./create-app.ts";
import { attempt, MENDABLE, plainLines } from "./form.ts";
import { notesHtml } from "./markdown.ts";
import { goOn, show } from "./page.ts";

const FIELDS = ["organisation", "notes", "hold", "confirm", "upload", "preview", "again"] as const;
type Field = (typeof FIELDS)[number];

/**
 * The size is judged where the fields are known, so that the form comes back with what was typed: first the declared
 * length, then each byte on its way to storage.
 */
const BODY = { ...uploadForm(FIELDS, "file"), maxBytes: () => Number.MAX_SAFE_INTEGER };
/** Notes as a form without a file has them: each of their characters may be four bytes, written as twelve. */
const PREVIEW_BODY = {
  ...formBody(["organisation", "notes", "hold", "confirm", "upload", "app"]),
  maxBytes: () => 2 ** 18,
};

/** Whatever else is wrong is wrong with the file. */
const FIELD_OF: Readonly<Record<string, string>> = {
  "upload.notes_invalid": "notes",
  "upload.notes_too_long": "notes",
  "organisation.required": "organisation",
  "organisation.not_found": "organisation",
};
/** What is there already, and has to be sent again for no reason. */
const STAYS = ["app.id_alike", "upload.in_use", "upload.unfinished", "upload.too_many"];

type Fault = (ctx: PageContext) => FieldError;
type Again = {
  readonly fault: Fault | null;
  readonly status: number;
  readonly previews?: boolean;
  /** The id that is easily taken for another's app. */
  readonly alike?: string;
};

const nothingChosen: Fault = (ctx) => ({ field: "file", message: ctx.t("upload.no_file") });
const fieldOf = (problem: Problem): string => FIELD_OF[problem.code] ?? "file";
const faultOf =
  (problem: Problem): Fault =>
  () => ({ field: fieldOf(problem), message: problem.words });

type Values = UploadProps["values"];

function valuesOf(
  fields: Readonly<Record<"organisation" | "notes" | "hold" | "confirm" | "upload", string>>,
): Values & { readonly confirm: AppId | null; readonly upload: string } {
  return {
    organisation: fields.organisation,
    notes: plainLines(fields.notes),
    hold: fields.hold === "true",
    confirm: isAppId(fields.confirm) ? fields.confirm : null,
    upload: fields.upload,
  };
}

async function take(
  call: CallBase & { readonly body: UploadForm<Field> },
  appId: AppId | null,
): Promise<Response> {
  const { store, actor, body } = call;
  const values = valuesOf(body.fields);
  const organisationId = organisationOf(values.organisation);
  const target =
    appId !== null ? { appId } : { createApp: true, ...(organisationId === null ? {} : { organisationId }) };
  authoriseUpload(store, actor, appId === null && organisationId === null ? {} : target);
  const isChosen = body.fileName !== "";
  if (!isChosen) for await (const _ of body.bytes);
  const kept = isId("upl", values.upload) ? values.upload : null;

  if (body.fields.again !== "") {
    if (kept !== null) await attempt(() => discardUpload(store, actor, kept), ["not_found", "locked"]);
    return form(call, appId, { ...values, upload: "" });
  }
  const notes = await attempt(() => checkNotes(values.notes));
  if (body.fields.preview !== "" || isProblem(notes)) {
    // A browser does not keep the file that was chosen: so that it need not be sent again, the store does.
    const whole = isChosen ? await attempt(() => keepFile(call, body)) : null;
    if (isProblem(whole)) return refused(call, appId, values, whole);
    const again = whole === null ? values : { ...values, upload: whole.id };
    return isProblem(notes)
      ? refused(call, appId, again, notes)
      : form(call, appId, again, { fault: null, status: 200, previews: true });
  }
  if (!isChosen && kept === null) return form(call, appId, values, { fault: nothingChosen, status: 422 });
  const terms = {
    ...target,
    // A field left empty says nothing of a version that is there already: it must not undo what was said before.
    ...(notes === "" ? {} : { notes }),
    ...(values.hold ? { hold: true } : {}),
    ...(values.confirm === null ? {} : { confirmAlike: values.confirm }),
    submit: true,
  };
  const outcome = await attempt(() => {
    if (!isChosen && kept !== null) return finishUpload(store, actor, kept, terms);
    refuseDeclared(call);
    return uploadVersion(store, actor, { ...terms, bytes: body.bytes });
  }, [...MENDABLE, "not_found"]);
  if (!isProblem(outcome)) {
    const { version, created } = outcome;
    const address = `/apps/${version.appId}/versions/${version.id}`;
    return created ? goOn(call, address) : goOn(call, address, "upload_repeated");
  }
  // A file that is refused for good makes room for another one.
  if (kept !== null && fieldOf(outcome) === "file" && !STAYS.includes(outcome.code)) {
    await attempt(() => discardUpload(store, actor, kept), ["not_found", "locked"]);
    return refused(call, appId, { ...values, upload: "" }, outcome);
  }
  return refused(call, appId, values, outcome);
}

function keepFile(call: CallBase, body: UploadForm<Field>): Promise<OpenUpload> {
  refuseDeclared(call);
  return keepWhole(call.store, call.actor, { fileName: body.fileName, bytes: body.bytes });
}

/** @throws Problem `upload.too_large` before a byte of it is kept */
function refuseDeclared({ request, store }: CallBase): void {
  const declared = declaredLength(request);
  if (declared === null || declared <= store.config.maxUploadBytes + MULTIPART_OVERHEAD_BYTES) return;
  throw uploadTooLarge(store.config.maxUploadBytes);
}

function refused(
  call: CallBase,
  appId: AppId | null,
  values: Values & { readonly upload: string },
  problem: Problem,
): Promise<Response> {
  // The request itself was broken on the way: no form is shown to a connection that ended.
  if (/^(?:multipart|request)\./.test(problem.code)) throw problem;
  const alike = problem.code === "app.id_alike" ? problem.details[0]?.found : undefined;
  const again = { fault: faultOf(problem), status: statusOf(problem) };
  return form(call, appId, values, alike === undefined ? again : { ...again, alike });
}

async function form(
  call: CallBase,
  appId: AppId | null,
  values: Values & { readonly upload: string },
  again: Again = { fault: null, status: 200 },
): Promise<Response> {
  const { store, actor } = call;
  const app = appId === null ? null : readApp(store, actor, appId);
  const { items } = await listUploads(store, actor, { limit: KEYS_TOO * MOST_OPEN });
  const received = items.find((one) => one.id === values.upload && one.receivedBytes === one.sizeBytes);
  return show(
    call,
    (ctx) =>
      uploadPage(ctx, {
        app: app && { id: app.id, name: app.name },
        values,
        received: received ?? null,
        open: items.filter(({ id }) => id !== received?.id),
        alike: again.alike ?? values.confirm,
        previewHtml: again.previews === true ? notesHtml(values.notes) : null,
        errors: again.fault === null ? [] : [again.fault(ctx)],
        maxBytes: store.config.maxUploadBytes,
        // A browser counts UTF-16 units and cuts what is pasted: it must cut nothing that the store takes.
        maxNotesUnits: 2 * NOTES_MAX_CHARACTERS,
      }),
    { status: again.status, here: appId === null ? "/upload" : `/apps/${appId}/upload` },
  );
}

/** An upload that is there already may be named in the address. */
const CHOSEN = Type.Object({ upload: Type.Optional(Type.String({ maxLength: 64 })) });

const NOTHING_TYPED = { organisation: "", notes: "", hold: false, confirm: null, upload: "" };

export const uploadRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/upload",
    access: "version.upload",
    name: "uploadPage",
    summary: "The form for a package of any app",
    query: CHOSEN,
    handle: (call) => form(call, null, { ...NOTHING_TYPED, upload: call.query.upload ?? "" }),
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
    method: "POST",
    path: "/upload/preview",
    access: "version.upload",
    name: "previewNotesForm",
    summary: "Look at release notes before they are sent",
    body: PREVIEW_BODY,
    handle: async (call) => {
      const values = valuesOf(call.body);
      const notes = await attempt(() => checkNotes(values.notes));
      const appId = isAppId(call.body.app) ? call.body.app : null;
      return isProblem(notes)
        ? refused(call, appId, values, notes)
        : form(call, appId, values, { fault: null, status: 200, previews: true });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/apps/:appId/upload",
    access: "version.upload",
    name: "uploadVersionPage",
    summary: "The form for a version of one app",
    params: Type.Object({ appId: APP_ID }),
    query: CHOSEN,
    handle: (call) => {
      const { store, actor, params, query } = call;
      readApp(store, actor, params.appId);
      authoriseUpload(store, actor, { appId: params.appId });
      return form(call, params.appId, { ...NOTHING_TYPED, upload: query.upload ?? "" });
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
