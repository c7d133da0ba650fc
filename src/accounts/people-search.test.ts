/** Whom a search of people finds, in which order, and that it reads no others. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { OPERATOR } from "./actor.ts";
import { listPeople } from "./administration.ts";
import { createAccount } from "./people.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  for (const [name, email] of [
    ["Ada Lovelace", "ada@example.org"],
    ["Zoë Müller", "z.mueller@Field.example"],
    ["山田太郎", "taro@example.jp"],
    ["أحمد", "ahmad@example.org"],
    ["Ada Byron", "byron@other.example"],
  ] as const)
    await createAccount(store, OPERATOR, { name, email });
});
afterAll(() => store.close());

const pageOf = (search: string, page: { readonly after?: string; readonly limit: number }) =>
  listPeople(store, OPERATOR, { search, ...page });
const found = (search: string) => pageOf(search, { limit: 50 }).items.map(({ name }) => name);

test.each([
  ["ada", ["Ada Byron", "Ada Lovelace"]],
  ["LOVE", ["Ada Lovelace"]],
  ["ada exam", ["Ada Byron", "Ada Lovelace"]],
  ["ada@example.org", ["Ada Lovelace"]],
  ["zoe muller", ["Zoë Müller"]],
  ["ZOË", ["Zoë Müller"]],
  ["field.ex", ["Zoë Müller"]],
  ["山田", ["山田太郎"]],
  ["أحمد", ["أحمد"]],
  ["lace", []],
  ["ada qwertz", []],
  ["", ["Ada Byron", "أحمد", "山田太郎", "Zoë Müller", "Ada Lovelace"]],
  [" @ ", ["Ada Byron", "أحمد", "山田太郎", "Zoë Müller", "Ada Lovelace"]],
])("%p finds %p", (search, names) => {
  expect(found(search)).toEqual(names);
});

test("pages go on where the one before ended, also after somebody who is gone since", async () => {
  const { raw } = store.db;
  const all = found("e");
  raw.run("SAVEPOINT before");
  const first = pageOf("e", { limit: 1 });
  const after = first.nextCursor ?? "";
  expect(pageOf("e", { limit: 50, after }).items.map(({ name }) => name)).toEqual(all.slice(1));
  raw.query("DELETE FROM accounts WHERE id = ?").run(after);
  expect(pageOf("e", { limit: 50, after }).items.map(({ name }) => name)).toEqual(all.slice(1));
  raw.run("ROLLBACK TO before");
  raw.run("RELEASE before");
});

test("of what somebody was called nothing is found any more, and of whom is deleted nothing is left", async () => {
  const { id } = await createAccount(store, OPERATOR, { name: "Quill Feather", email: "quill@example.net" });
  const { raw } = store.db;
  raw.query("UPDATE accounts SET name = 'Plume' WHERE id = ?").run(id);
  expect([found("feather"), found("plu"), found("quill")]).toEqual([[], ["Plume"], ["Plume"]]);
  raw.query("DELETE FROM accounts WHERE id = ?").run(id);
  expect(found("plu")).toEqual([]);
  const words = raw
    .query<{ block: Uint8Array }, []>("SELECT block FROM account_words_data")
    .all()
    .map(({ block }) => Buffer.from(block).toString("latin1"))
    .join();
  expect(words).toContain("lovelace");
  expect(words).not.toContain("plume");
  expect(words).not.toContain("feather");
});

test("whatever is typed is a search and no failure", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (search) => Array.isArray(found(search))),
    { numRuns: 60 },
  );
});

test("no table is read from end to end", async () => {
  const fresh = await openTestStore();
  for (const name of ["Ada", "Eve"])
    await createAccount(fresh, OPERATOR, { name, email: `${name}@example.org` });
  const asked = queryPlans(fresh.db, () => {
    const { nextCursor } = listPeople(fresh, OPERATOR, { search: "e", limit: 1 });
    listPeople(fresh, OPERATOR, { search: "e", limit: 1, after: nextCursor ?? "" });
  });
  expect(asked.filter(({ sql }) => sql.includes("account_words"))).toHaveLength(2);
  // What is said of each person is a few rows, in order.
  expect(slowPlans(asked.filter(({ sql }) => /account_words|account_numbers/.test(sql)))).toEqual([]);
  fresh.close();
});
