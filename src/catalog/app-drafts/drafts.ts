/**
 * What somebody has filled in of an app that they have not created yet: one a person, as it was typed, so that they can leave and go
 * on on another day. It takes no id and changes nothing that anybody else sees; after a month it is removed.
 */
import type { AccountActor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import * as records from "./records.ts";

const LASTS_MS = 30 * DAY_MS;
/** More than every field of the form in every language that it may have. */
const MOST_FIELDS = 200;
const MOST_CHARACTERS = 20_000;

export type DraftFields = readonly (readonly [name: string, value: string])[];
export type AppDraft = { readonly fields: DraftFields; readonly step: string; readonly savedAt: Date };

/** null: there is none. */
export function readDraft(store: Pick<Store, "db" | "clock">, actor: AccountActor): AppDraft | null {
  const row = records.findDraft(store.db.orm, actor.accountId);
  if (row === undefined || row.savedAt.getTime() + LASTS_MS <= store.clock.now().getTime()) return null;
  return { fields: row.fields, step: row.step, savedAt: row.savedAt };
}

/** Right or wrong: it is judged when the app is created. @throws Problem `rights.forbidden`, `app.draft_too_long` */
export function saveDraft(
  store: Pick<Store, "db" | "clock">,
  actor: AccountActor,
  { fields, step }: Pick<AppDraft, "fields" | "step">,
): void {
  authorise(actor, "app.create");
  refuseLongDraft(fields);
  write(store.db, (tx) => {
    records.saveDraft(tx, { accountId: actor.accountId, fields, step, savedAt: store.clock.now() });
    // What somebody has typed and not sent is no change of the store.
    asideRow();
  });
}

/** @throws Problem `app.draft_too_long` */
export function refuseLongDraft(fields: DraftFields): void {
  if (fields.length <= MOST_FIELDS && JSON.stringify(fields).length <= MOST_CHARACTERS) return;
  throw new Problem(
    "too_large",
    "app.draft_too_long",
    say`What is filled in is longer than is kept: ${MOST_FIELDS} fields with ${MOST_CHARACTERS} characters in all. Shorten it, and send it again.`,
  );
}

export function discardDraft(store: Pick<Store, "db">, actor: AccountActor): void {
  write(store.db, (tx) => discardDraftIn(tx, actor));
}

/** The same inside of another's transaction: what became an app is no draft any more. */
export function discardDraftIn(tx: Tx, actor: AccountActor): void {
  if (records.removeDraft(tx, actor.accountId)) asideRow();
}

/** Those that nobody came back to. */
export function forgetOldDrafts(store: Pick<Store, "db" | "clock">): void {
  const until = new Date(store.clock.now().getTime() - LASTS_MS);
  write(store.db, (tx) => records.removeDraftsUntil(tx, until));
}
