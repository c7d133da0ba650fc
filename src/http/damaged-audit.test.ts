/** An audit log of which some entries cannot be read any more: all the others are shown, and those as damaged. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { changeOwnName } from "../accounts/own.ts";
import { checkAudit } from "../audit/check.ts";
import { lastEntry } from "../audit/records.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
} from "../testing/portal.ts";

let portal: Portal;
let administrator: Person;
let owner: Person;
let organisation: string;
let damaged: readonly number[];
let size: number;
beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  administrator = await newAdministrator(store);
  const made = newOrganisation(store, "Northwind");
  organisation = made;
  owner = await newPerson(store, "Olga Owner", { organisations: [[made, "owner"]] });
  for (const name of ["One", "Two", "Three", "Four", "Five"]) changeOwnName(store, owner.actor, name);
  size = (lastEntry(store.db.orm)?.position ?? 0) + 1;
  const { raw } = store.db;
  raw.run("DROP TRIGGER audit_entries_fixed");
  const set = (position: number, column: string, value: string) =>
    raw.run(`UPDATE audit_entries SET ${column} = ${value} WHERE position = ${position}`);
  const member = raw
    .query("SELECT position FROM audit_entries WHERE organisation_id = ? ORDER BY position DESC LIMIT 1")
    .get(made) as { position: number };
  damaged = [size - 1, size - 2, size - 3, size - 4, member.position];
  set(size - 1, "after", `'{"a":{"b":1e400}'`);
  set(size - 2, "recorded_at", "9007199254740993");
  set(size - 3, "person", `'{"after":'`);
  set(size - 4, "after", "'[]'");
  set(member.position, "after", `'{"role":"owner"'`);
});
afterAll(() => portal.close());

const get = async (path: string, { cookie }: Person) => {
  const response = await fetch(portal.url + path, { headers: { Cookie: cookie } });
  return { status: response.status, text: await response.text() };
};

test("the page of all entries, and a search in them, are shown", async () => {
  const all = await get("/admin/audit", administrator);
  expect(all.status).toBe(200);
  for (const position of damaged) expect(all.text).toContain(`id="entry-${position}"`);
  expect(all.text).toContain("Damaged");
  expect((await get("/admin/audit?q=One", administrator)).status).toBe(200);
});

test("an owner sees and searches those of the organisation", async () => {
  const path = `/organisations/${organisation}/audit`;
  for (const query of ["", "?q=owner"]) {
    const { status, text } = await get(path + query, owner);
    expect(status).toBe(200);
    // What cannot be read might hold what is not for them.
    expect(text).not.toContain("{&#34;role&#34;");
  }
});

test("every entry is exported, in both formats", async () => {
  const { text } = await get("/admin/audit/export?format=jsonl", administrator);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ position }) => position as number).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: size }, (_, n) => n),
  );
  const of = (position: number) => lines.find((line) => line.position === position);
  expect(of(size - 1)).toMatchObject({ after: { damaged: true } });
  expect(of(size - 3)).toMatchObject({ personAfter: { damaged: true }, address: null });
  expect(of(size - 4)).toMatchObject({ after: { damaged: true } });
  const csv = await get("/admin/audit/export?format=csv", administrator);
  expect(csv.status).toBe(200);
  expect(csv.text.trimEnd().split("\r\n")).toHaveLength(size + 1);
});

test("the daily check finds the first of them, and /readyz warns of it", async () => {
  const { fault } = await checkAudit(portal.store);
  expect(fault?.position).toBe(Math.min(...damaged));
  const ready = await fetch(`${portal.url}/readyz`);
  expect(await ready.text()).toContain("audit.damaged");
});
