/** When the first of many apps that are being deleted is gone: each dashboard asks it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import type { OrganisationId } from "../../ids.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { DAY_MS } from "../../time.ts";
import { createApp } from "../apps.ts";
import { firstDeletion } from "./view.ts";

/** More than a page of any list. */
const MANY = 150;

let portal: Portal;
let owner: Person;
let none: OrganisationId;
const ends = new Map<OrganisationId, Date>();
beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  const organisations = ["Sooner", "Later", "None"].map((name) => newOrganisation(store, name));
  owner = await newPerson(store, "Olga Owner", { organisations: organisations.map((id) => [id, "owner"]) });
  const now = store.clock.now().getTime();
  const [sooner, later, third] = organisations as [OrganisationId, OrganisationId, OrganisationId];
  none = third;
  for (const [place, organisationId] of [sooner, later].entries()) {
    const id = `org.example.${["sooner", "later"][place]}`;
    createApp(store, OPERATOR, { id, name: "App", organisationId });
    // Like that one, and the last by its id ends first.
    const copy = store.db.raw.query(
      `INSERT INTO apps (id, organisation_id, name, summary, created_by, created_at, updated_at, catalogue_shard, revision, deletion_at)
       SELECT ?, organisation_id, name, summary, created_by, created_at, updated_at, catalogue_shard, 1, ? FROM apps WHERE id = ?`,
    );
    const first = now + (place + 1) * DAY_MS;
    for (let n = 0; n < MANY; n += 1)
      copy.run(`${id}.n${String(n).padStart(3, "0")}`, first + (MANY - 1 - n) * DAY_MS, id);
    // One that is gone counts no more.
    copy.run(`${id}.gone`, now, id);
    store.db.raw.run("UPDATE apps SET removed_at = ? WHERE id = ?", [now, `${id}.gone`]);
    ends.set(organisationId, new Date(first));
  }
});
afterAll(() => portal.close());

/** The same person, with a role in these organisations alone. */
const within = (...ids: readonly OrganisationId[]) => ({
  ...owner.actor,
  organisations: new Map(ids.map((id) => [id, "owner" as const])),
});

test("it is the first of all that who asks may see, however many stand before it, by an index", () => {
  const { store } = portal;
  const [[sooner, first], [later, second]] = [...ends] as [[OrganisationId, Date], [OrganisationId, Date]];
  const plans = queryPlans(store.db, () => {
    expect(firstDeletion(store, OPERATOR)).toEqual(first);
    expect(firstDeletion(store, owner.actor)).toEqual(first);
    expect(firstDeletion(store, within(sooner))).toEqual(first);
    expect(firstDeletion(store, within(later))).toEqual(second);
    expect(firstDeletion(store, within(none))).toBe(null);
  });
  expect(plans.length).toBeGreaterThan(3);
  expect(slowPlans(plans)).toEqual([]);
  // None is walked from its beginning.
  for (const { steps } of plans) expect(steps.join()).toContain("deletion_at>?");
});
