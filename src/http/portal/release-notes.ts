/** `/apps/:appId/versions/:versionId/notes`: what is new in a version, looked at and changed in each language. */
import { Type } from "@sinclair/typebox";
import type { NotesForm } from "../../../views/components/notes-fields.tsx";
import type { FieldError } from "../../../views/page.ts";
import { releaseNotesPage } from "../../../views/pages/release-notes.tsx";
import { readApp } from "../../catalog/apps.ts";
import {
  type ChangeableNotes,
  changeReleaseNotes,
  readChangeableNotes,
} from "../../catalog/release-notes/change.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, VERSION_ID } from "../schemas.ts";
import { attempt, revisionIn } from "./form.ts";
import { notesIn } from "./markdown.ts";
import {
  NOTES_BODY,
  notesErrors,
  notesForm,
  notesFormAgain,
  notesOf,
  type TypedNotes,
  typedNotes,
} from "./notes-form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId/versions/:versionId/notes";
const PARAMS = Type.Object({ appId: APP_ID, versionId: VERSION_ID });

type Again = {
  readonly form: NotesForm;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function showNotes(call: CallBase, { version, ownLanguage, changeable }: ChangeableNotes, again?: Again) {
  const app = readApp(call.store, call.actor, version.appId);
  return show(
    call,
    (ctx) =>
      releaseNotesPage(ctx, {
        app: { id: app.id, name: app.name },
        version: { id: version.id, version: version.version, revision: version.revision },
        form: again?.form ?? notesForm(version, ownLanguage),
        fixed:
          changeable === "all" ? null : [notesIn(version.notes, ownLanguage)].filter((one) => one !== null),
        errors: again?.errors ?? [],
      }),
    again === undefined ? {} : { status: again.status },
  );
}

/** With all that was typed. */
function refused(call: CallBase, of: ChangeableNotes, typed: TypedNotes, problem: Problem) {
  const form = notesFormAgain(typed, of.ownLanguage);
  return showNotes(call, of, { form, errors: notesErrors(problem, typed, form), status: statusOf(problem) });
}

export const releaseNotesRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "version.upload",
    name: "releaseNotesPage",
    summary: "What is new in a version, to be changed",
    params: PARAMS,
    handle: (call) => {
      const { store, actor, params } = call;
      return showNotes(call, readChangeableNotes(store, actor, params.appId, params.versionId));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "version.upload",
    name: "changeReleaseNotesForm",
    summary: "Change what is new in a version, or look at the change first",
    params: PARAMS,
    body: NOTES_BODY,
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const of = readChangeableNotes(store, actor, params.appId, params.versionId);
      const typed = typedNotes(body);
      const said = await notesOf(typed);
      if (isProblem(said)) return refused(call, of, typed, said);
      if (body.some(([name]) => name === "preview")) {
        const form = notesFormAgain(typed, of.ownLanguage, said);
        return showNotes(call, of, { form, errors: [], status: 200 });
      }
      const revision = revisionIn(body);
      const { notes, translatedNotes } = said;
      const change = of.changeable === "all" ? { notes, translatedNotes } : { translatedNotes };
      const outcome = await attempt(() =>
        changeReleaseNotes(store, actor, params.appId, params.versionId, change, revision),
      );
      if (!isProblem(outcome))
        return goOn(call, `/apps/${params.appId}/versions/${params.versionId}`, "notes_changed");
      // What was changed meanwhile may have ended, too.
      return refused(call, readChangeableNotes(store, actor, params.appId, params.versionId), typed, outcome);
    },
  }),
];
