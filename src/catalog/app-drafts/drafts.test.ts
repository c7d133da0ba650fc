import { afterAll, beforeAll, expect, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../../accounts/actor.ts";
import { createOrganisation } from "../../accounts/organisations.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { newOwner } from "../../testing/publishing.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { DAY_MS } from "../../time.ts";
import { discardDraft, forgetOldDrafts, readDraft, saveDraft } from "./drafts.ts";

let store: TestStore;
let owner: AccountActor;
let other: AccountActor;
beforeAll(async () => {
  store = await openTestStore();
  const organisationId = createOrganisation(store, OPERATOR, { name: "Example" }).id;
  owner = await newOwner(store, organisationId);
  other = await newOwner(store, organisationId, "other@example.com");
});
afterAll(() => store.close());

const FIELDS = [
  ["id", "Not An Id"],
  ["names/de", "Prüfung"],
] as const;
const rows = () => store.db.raw.query("SELECT count(*) AS n FROM app_drafts").get();

test("what was typed is there for who typed it, right or wrong, until it is discarded", () => {
  saveDraft(store, owner, { fields: FIELDS, step: "names" });
  saveDraft(store, owner, { fields: [...FIELDS, ["category", "tools"]], step: "category" });
  expect(readDraft(store, owner)).toMatchObject({
    fields: [...FIELDS, ["category", "tools"]],
    step: "category",
  });
  expect(readDraft(store, other)).toBeNull();
  discardDraft(store, other);
  expect(readDraft(store, owner)).not.toBeNull();
  discardDraft(store, owner);
  expect(readDraft(store, owner)).toBeNull();
});

test("what is longer than any form is refused, and what was kept before stays", () => {
  saveDraft(store, owner, { fields: FIELDS, step: "id" });
  const many = Array.from({ length: 201 }, (_, at) => [`names/x${at}`, "x"] as const);
  for (const fields of [[["id", "x".repeat(30_000)]] as const, many])
    expect(codeOfSync(() => saveDraft(store, owner, { fields, step: "id" }))).toBe("app.draft_too_long");
  expect(readDraft(store, owner)?.fields).toEqual(FIELDS);
  discardDraft(store, owner);
});

test("after a month it is gone, and with its person", () => {
  saveDraft(store, owner, { fields: FIELDS, step: "id" });
  store.clock.advance(30 * DAY_MS - 1);
  expect(readDraft(store, owner)).not.toBeNull();
  saveDraft(store, other, { fields: FIELDS, step: "id" });
  store.clock.advance(1);
  expect(readDraft(store, owner)).toBeNull();
  forgetOldDrafts(store);
  expect(rows()).toEqual({ n: 1 });
  store.db.raw.query("DELETE FROM memberships WHERE account_id = ?").run(other.accountId);
  store.db.raw.query("DELETE FROM accounts WHERE id = ?").run(other.accountId);
  expect(rows()).toEqual({ n: 0 });
});
