/** Names of organisations on pages: they lead to it for who may open it, and are words for others. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApp } from "../../catalog/apps.ts";
import type { OrganisationId } from "../../ids.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";

let portal: Portal;
let ours: OrganisationId;
let theirs: OrganisationId;
let admin: Person;
/** Sees all apps, and of organisations the own one alone. */
let reviewer: Person;
beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  ours = newOrganisation(store, "Ours & Co");
  theirs = newOrganisation(store, "Theirs");
  admin = await newAdministrator(store);
  reviewer = await newPerson(store, "Rita Reviewer", {
    storeRole: "reviewer",
    organisations: [[ours, "viewer"]],
  });
  createApp(store, OPERATOR, { id: "org.ours.app", name: "Our app", organisationId: ours });
  createApp(store, OPERATOR, { id: "org.theirs.app", name: "Their app", organisationId: theirs });
});
afterAll(() => portal.close());

async function page({ cookie }: Person, path: string): Promise<string> {
  const answer = await fetch(portal.url + path, { headers: { Cookie: cookie } });
  expect([path, answer.status]).toEqual([path, 200]);
  const text = await answer.text();
  return text.slice(text.indexOf("<main"));
}

const link = (id: OrganisationId, name: string) =>
  `<a dir="auto" href="/organisations/${id}/members">${name}</a>`;

test("an administrator opens each from the lists of apps and people, an app, and a person's page", async () => {
  for (const path of [
    "/dashboard",
    "/apps/org.ours.app",
    "/admin/people",
    `/admin/people/${reviewer.accountId}`,
  ])
    expect(await page(admin, path)).toContain(link(ours, "Ours &amp; Co"));
  expect(await page(admin, "/apps/org.theirs.app")).toContain(link(theirs, "Theirs"));
  expect(
    (await fetch(`${portal.url}/organisations/${theirs}/members`, { headers: { Cookie: admin.cookie } }))
      .status,
  ).toBe(200);
});

test("who reviews opens the own one, and only reads what another is called", async () => {
  const list = await page(reviewer, "/dashboard");
  expect(list).toContain(link(ours, "Ours &amp; Co"));
  expect(list).toContain("<bdi>Theirs</bdi>");
  expect(await page(reviewer, "/apps/org.theirs.app")).not.toContain(`/organisations/${theirs}`);
  expect(
    (await fetch(`${portal.url}/organisations/${theirs}/members`, { headers: { Cookie: reviewer.cookie } }))
      .status,
  ).toBe(404);
});
