/**
 * `/upload` and `/apps/:appId/upload`: the package streams to storage while it is hashed. The fields come before the
 * file, so that everything that can be refused is refused before its bytes are taken.
 */
import { Type } from "@sinclair/typebox";
import type { NotesForm } from "../../../views/components/notes-fields.tsx";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { type UploadProps, uploadPage } from "../../../views/pages/upload.tsx";
import { readApp } from "../../catalog/apps.ts";
import { publishedCode } from "../../catalog/overview.ts";
import {
  discardUpload,
  KEYS_TOO,
  keepWhole,
  listUploads,
  MOST_OPEN,
  type OpenUpload,
} from "../../catalog/partial-uploads/uploads.ts";
import { languageOfApp } from "../../catalog/release-notes/shown.ts";
import type { ReleaseNotes } from "../../catalog/release-notes/translations.ts";
import { authoriseUpload, finishUpload, uploadVersion } from "../../catalog/upload.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { type AppId, isAppId, isId } from "../../ids.ts";
import { say, type Words } from "../../say.ts";
import { MULTIPART_OVERHEAD_BYTES, type UploadForm, uploadForm, uploadTooLarge } from "../body.ts";
import { declaredLength } from "../body-bytes.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { organisationOf } from "./create-app.ts";
import { meaningOf } from "./findings.ts";
import { attempt, MENDABLE } from "./form.ts";
import type { FormPairs } from "./local-form.ts";
import {
  NOTES_BODY,
  notesErrors,
  notesFormAgain,
  notesOf,
  type TypedNotes,
  typedNotes,
} from "./notes-form.ts";
import { goOn, show } from "./page.ts";

const FIELDS = ["organisation", "hold", "confirm", "upload", "preview", "again"] as const;
type Field = (typeof FIELDS)[number];

/**
 * The size is judged where the fields are known, so that the form comes back with what was typed: first the declared
 * length, then each byte on its way to storage.
 */
const BODY = { ...uploadForm(FIELDS, "file"), maxBytes: () => Number.MAX_SAFE_INTEGER };

/** Whatever else is wrong is wrong with the file. */
const FIELD_OF: Readonly<Record<string, string>> = {
  "organisation.required": "organisation",
  "organisation.not_found": "organisation",
};
/** Whatever is wrong with these is wrong with the notes, and said by field. */
const OF_NOTES = ["upload.notes_invalid", "upload.notes_too_long", "language.repeated"];
/** What is there already, and has to be sent again for no reason. */
const STAYS = ["app.id_alike", "upload.in_use", "upload.unfinished", "upload.too_many"];

type Fault = (ctx: PageContext) => FieldError;
type Again = {
  readonly fault: Fault | null;
  readonly status: number;
  readonly notes?: NotesForm;
  readonly errors?: readonly FieldError[];
  /** The id that is easily taken for another's app. */
  readonly alike?: string;
};

const nothingChosen: Fault = (ctx) => ({ field: "file", message: ctx.t("upload.no_file") });
const fieldOf = (problem: Problem): string => FIELD_OF[problem.code] ?? "file";
const faultOf =
  (problem: Problem): Fault =>
  () => ({ field: fieldOf(problem), message: faultWords(problem) });

/** A package that cannot be read is refused in the format's words, which are English: its code has words of its own. */
function faultWords({ code, words }: Problem): Words {
  const meaning = meaningOf(code);
  return meaning === null ? words : say`${meaning.title} (${code}). ${meaning.remedy}`;
}

type Values = UploadProps["values"] & {
  readonly confirm: AppId | null;
  readonly upload: string;
  readonly typed: TypedNotes;
};

function valuesOf(
  fields: Readonly<Record<"organisation" | "hold" | "confirm" | "upload", string>>,
  pairs: FormPairs,
): Values {
  return {
    organisation: fields.organisation,
    typed: typedNotes(pairs),
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
  const values = valuesOf(body.fields, body.pairs);
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
  const said = await notesOf(values.typed);
  if (body.fields.preview !== "" || isProblem(said)) {
    // A browser does not keep the file that was chosen: so that it need not be sent again, the store does.
    const whole = isChosen ? await attempt(() => keepFile(call, body)) : null;
    if (isProblem(whole)) return refused(call, appId, values, whole);
    const again = whole === null ? values : { ...values, upload: whole.id };
    if (!isProblem(said)) return previewed(call, appId, again, said);
    // All that is wrong is said at once.
    const isMissing = body.fields.preview === "" && !isChosen && kept === null;
    return refused(call, appId, again, said, isMissing ? nothingChosen : null);
  }
  const { notes, translatedNotes } = said;
  if (!isChosen && kept === null) return form(call, appId, values, { fault: nothingChosen, status: 422 });
  const terms = {
    ...target,
    // A field left empty says nothing of a version that is there already: it must not undo what was said before.
    ...(notes === "" ? {} : { notes }),
    translatedNotes: Object.fromEntries(Object.entries(translatedNotes).filter(([, text]) => text !== "")),
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
    if (created) return goOn(call, address);
    return goOn(call, address, notes === "" ? "upload_repeated" : "upload_repeated_notes");
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

/** The form with what people will read. */
function previewed(
  call: CallBase,
  appId: AppId | null,
  values: Values,
  said: ReleaseNotes,
): Promise<Response> {
  const notes = notesFormAgain(values.typed, ownLanguage(call, appId), said);
  return form(call, appId, values, { fault: null, status: 200, notes });
}

/** As the newest package of the app has it; null: none was read yet. */
function ownLanguage({ store, actor }: CallBase, appId: AppId | null): string | null {
  return appId === null ? null : languageOfApp(store, actor, appId);
}

function refused(
  call: CallBase,
  appId: AppId | null,
  values: Values,
  problem: Problem,
  besides: Fault | null = null,
): Promise<Response> {
  // The request itself was broken on the way: no form is shown to a connection that ended.
  if (/^(?:multipart|request)\./.test(problem.code)) throw problem;
  const alike = problem.code === "app.id_alike" ? problem.details[0]?.found : undefined;
  const status = statusOf(problem);
  if (OF_NOTES.includes(problem.code)) {
    const notes = notesFormAgain(values.typed, ownLanguage(call, appId));
    const errors = notesErrors(problem, values.typed, notes);
    return form(call, appId, values, { fault: besides, status, notes, errors });
  }
  const again = { fault: faultOf(problem), status };
  return form(call, appId, values, alike === undefined ? again : { ...again, alike });
}

async function form(
  call: CallBase,
  appId: AppId | null,
  values: Values,
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
        app: app && { id: app.id, name: app.name, above: publishedCode(store, app.id) },
        values,
        received: received ?? null,
        open: items.filter(({ id }) => id !== received?.id),
        alike: again.alike ?? values.confirm,
        notes: again.notes ?? notesFormAgain(values.typed, ownLanguage(call, appId)),
        errors: [...(again.errors ?? []), ...(again.fault === null ? [] : [again.fault(ctx)])],
        maxBytes: store.config.maxUploadBytes,
      }),
    { status: again.status, here: appId === null ? "/upload" : `/apps/${appId}/upload` },
  );
}

/** An upload that is there already may be named in the address. */
const CHOSEN = Type.Object({ upload: Type.Optional(Type.String({ maxLength: 64 })) });

const NOTHING_TYPED: Values = {
  ...{ organisation: "", hold: false, confirm: null, upload: "" },
  typed: typedNotes([]),
};

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
    body: NOTES_BODY,
    handle: async (call) => {
      const sent = new Map(call.body);
      const field = (name: string) => sent.get(name) ?? "";
      const [organisation, hold] = [field("organisation"), field("hold")];
      const fields = { organisation, hold, confirm: field("confirm"), upload: field("upload") };
      const values = valuesOf(fields, call.body);
      const said = await notesOf(values.typed);
      const app = field("app");
      const appId = isAppId(app) ? app : null;
      return isProblem(said) ? refused(call, appId, values, said) : previewed(call, appId, values, said);
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
