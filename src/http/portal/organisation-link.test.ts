/** Names of organisations on pages: they lead to it for who may open it, and are words for others. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApp } from "../../catalog/apps.ts";
import { requestRecovery } from "../../catalog/recovery.ts";
import { enact } from "../../catalog/revocation/act.ts";
import { parseChange } from "../../catalog/revocation/change.ts";
import { offerApp } from "../../catalog/transfer/offer.ts";
import type { AppId, KeyId, OrganisationId } from "../../ids.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { newPublisher, newSigner, publishApp } from "../../testing/publishing.ts";

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

test("so it is with keys, recoveries, offers of apps and what a revocation would concern", async () => {
  const { store } = portal;
  const publisher = await newPublisher(store, "Keyed");
  const { organisationId, signer } = publisher;
  const owner = await newPerson(store, "Olga Owner", { organisations: [[organisationId, "owner"]] });
  await publishApp(portal, publisher, { id: "org.keyed.app" });
  const fresh = await newSigner(store, publisher.actor);
  const asked = requestRecovery(store, owner.actor, { keyid: fresh.keyid as KeyId, reason: "Lost." });
  const offer = offerApp(store, OPERATOR, "org.keyed.app" as AppId, { to: "Theirs", reason: "" });
  const keyed = link(organisationId, "Keyed");
  const words = "<bdi>Keyed</bdi>";
  for (const path of ["/keys", `/keys/${signer.keyid}`, `/recoveries/${asked.id}`]) {
    expect([path, await page(admin, path)]).toEqual([path, expect.stringContaining(keyed)]);
    expect([path, await page(owner, path)]).toEqual([path, expect.stringContaining(keyed)]);
  }
  expect(await page(admin, "/admin/recoveries")).toContain(keyed);
  // Who gets it is told to the side that gives it once it was accepted.
  const offers = `/organisations/${organisationId}/transfers`;
  expect(await page(owner, offers)).toContain("<bdi>to Theirs</bdi>");
  expect(await page(admin, `/organisations/${theirs}/transfers/${offer.id}`)).toContain(keyed);
  const taker = await newPerson(store, "Tom Taker", { organisations: [[theirs, "owner"]] });
  expect(await page(taker, `/organisations/${theirs}/transfers/${offer.id}`)).toContain(words);
  const form = {
    act: "revoke",
    subject: "developer",
    id: organisationId,
    action: "block",
    reason: "Stolen.",
  };
  const preview = await fetch(`${portal.url}/admin/revocations/preview`, {
    method: "POST",
    headers: { Cookie: admin.cookie, "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams({ ...form, approvalsUntil: "", appId: "", versionCode: "" }),
  });
  // What it is called, and whose the version is.
  expect((await preview.text()).split(keyed)).toHaveLength(3);
  await enact(store, OPERATOR, parseChange({ ...form, act: "revoke", id: theirs, approvalsUntil: null }));
  for (const path of ["/admin/revocations", "/admin/revocations?show=history"])
    expect(await page(admin, path)).toContain(`<strong>${link(theirs, "Theirs")}</strong>`);
});
