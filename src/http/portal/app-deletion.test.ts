/** Deleting a published app on its pages, and keeping it; what each of them shows to whom. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { APP_PARTS, appPartHref } from "../../../views/pages/app-props.ts";
import { createApp, deleteApp, readApp } from "../../catalog/apps.ts";
import { yankVersion } from "../../catalog/yank/yank.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";

let portal: Portal;
let owner: Person;
let viewer: Person;
let administrator: Person;
const APP = "org.example.kiosk" as AppId;

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  const organisation = newOrganisation(store, "Kiosk Works");
  owner = await newPerson(store, "Mara Owner", { organisations: [[organisation, "owner"]] });
  viewer = await newPerson(store, "Vera Viewer", { organisations: [[organisation, "viewer"]] });
  administrator = await newPerson(store, "Adam Admin", { storeRole: "administrator" });
  const signer = await newSigner(store, owner.actor);
  const manifest = { id: APP, versionCode: 1, version: "1.0.0", name: { en: "Kiosk" } };
  const sent = await submitBytes(store, owner.actor, await signedApp(store, signer, manifest));
  await portal.scheduler.drain();
  approve(store, reviewer(), sent.id, {});
  await portal.scheduler.drain();
});
afterAll(() => portal.close());

async function ask(who: Person | null, path: string, form?: Readonly<Record<string, string>>) {
  const answer = await fetch(portal.url + path, {
    method: form === undefined ? "GET" : "POST",
    headers: { "Sec-Fetch-Site": "same-origin", ...(who === null ? {} : { Cookie: who.cookie }) },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    redirect: "manual",
  });
  return { status: answer.status, to: answer.headers.get("location"), body: await answer.text() };
}

/** What the owner's dashboard and the app's page say that it is in, and how many apps of theirs are published. */
async function said() {
  const dashboard = (await ask(owner, "/dashboard")).body;
  const page = (await ask(owner, `/apps/${APP}`)).body;
  const badgesIn = (html: string) =>
    [...html.matchAll(/class="badge [^"]*"[^>]*>([^<]+)/g)].map(([, label]) => label);
  const row = dashboard.slice(
    dashboard.lastIndexOf(`href="/apps/${APP}"`),
    dashboard.lastIndexOf("</tbody>"),
  );
  const head = page.slice(page.indexOf('class="page-title"'), page.indexOf('class="page-lead"'));
  const published = /Published<\/span><span class="stat-figure"><span title="(\d+)"/.exec(dashboard)?.[1];
  return { published: Number(published), badges: [badgesIn(row), badgesIn(head)] };
}

const revisionIn = (body: string) => /name="revision" value="(\d+)"/.exec(body)?.[1] ?? "";

test("each part of the page has an address, and nothing stands there that is not so", async () => {
  const { store } = portal;
  const { organisationId } = readApp(store, owner.actor, APP);
  const part = async (who: Person, name: string, id: string = APP) =>
    (await ask(who, `/apps/${id}?part=${name}`)).body;
  for (const one of APP_PARTS) {
    const { body } = await ask(owner, appPartHref(APP, one));
    expect([one, body]).toEqual([one, expect.stringMatching(/aria-current="page"/)]);
  }
  const change = `/organisations/${organisationId}/members/${viewer.accountId}`;
  const [team, seen] = [await part(owner, "team"), await part(viewer, "team")];
  expect([team.includes(change), seen.includes(change)]).toEqual([true, false]);
  for (const name of ["Mara Owner", "Vera Viewer"]) expect(seen).toContain(name);
  // An administrator of the store is none of its people.
  expect(seen).not.toContain("Adam Admin");
  // What was never published stands in no list, and nobody has to be warned off.
  const id = "org.example.unborn" as AppId;
  createApp(store, owner.actor, { id, name: "Unborn", organisationId });
  const listing = await part(owner, "listing", id);
  expect(listing).toContain("Once something of it is published");
  expect([listing.includes("/unlist"), listing.includes("/deprecate")]).toEqual([true, false]);
  expect((await ask(owner, `/apps/${APP}?part=nothing`)).status).toBe(400);
  deleteApp(store, owner.actor, id);
});

test("an owner deletes an app, everybody who sees it sees that, and an administrator keeps it", async () => {
  // Of a part that is not there for somebody they see the overview.
  expect((await ask(viewer, `/apps/${APP}?part=settings`)).body).not.toContain(`/apps/${APP}/remove`);
  expect((await ask(owner, `/apps/${APP}?part=settings`)).body).toContain(`/apps/${APP}/remove`);
  const form = await ask(owner, `/apps/${APP}/remove`);
  expect(form.body).toContain("For 30 days");
  const revision = revisionIn(form.body);
  const wrong = await ask(owner, `/apps/${APP}/remove`, {
    revision,
    reason: "Journal took its place.",
    confirm: "org.example.other",
  });
  // What was typed is still there, beside what is wrong.
  expect(wrong.status).toBe(422);
  expect(wrong.body).toContain('value="Journal took its place."');
  expect(wrong.body).toContain("This is not the id of the app");
  const asked = await ask(owner, `/apps/${APP}/remove`, {
    revision,
    reason: "Journal took its place.",
    confirm: APP,
  });
  expect([asked.status, asked.to]).toEqual([303, `/apps/${APP}`]);

  const pages = { own: owner, seen: viewer, watched: administrator };
  for (const [name, who] of Object.entries(pages)) {
    const { body } = await ask(who, `/apps/${APP}`);
    expect([name, body.includes("Will be deleted on")]).toEqual([name, true]);
    expect([name, body.includes(`action="/apps/${APP}/keep"`)]).toEqual([name, name !== "seen"]);
    // Nothing is offered that would be refused.
    for (const part of APP_PARTS) {
      const shown = (await ask(who, `/apps/${APP}?part=${part}`)).body;
      for (const more of ["upload", "remove", "visibility", "deprecate", "transfer"])
        expect([name, part, more, shown.includes(`/apps/${APP}/${more}`)]).toEqual([name, part, more, false]);
    }
    const list = (await ask(who, "/deletions")).body;
    expect([name, list.includes("Journal took its place.")]).toEqual([name, true]);
    expect([name, list.includes(`/apps/${APP}/keep`)]).toEqual([name, name !== "seen"]);
    expect((await ask(who, "/dashboard")).body).toContain('href="/deletions"');
  }
  expect(await said()).toEqual({ published: 0, badges: [["Being deleted"], ["Being deleted"]] });
  expect((await ask(null, `/catalog/${APP}`)).status).toBe(404);
  expect((await ask(owner, `/apps/${APP}/store-listing`)).status).toBe(200);
  expect((await ask(viewer, `/apps/${APP}/keep`, { revision: "1" })).status).toBe(403);

  const question = await ask(administrator, `/apps/${APP}/keep`);
  const kept = await ask(administrator, `/apps/${APP}/keep`, { revision: revisionIn(question.body) });
  expect([kept.status, kept.to]).toEqual([303, `/apps/${APP}`]);
  expect((await ask(null, `/catalog/${APP}`)).status).toBe(200);
  expect((await ask(owner, "/deletions")).body).toContain("No app is being deleted.");
  expect((await ask(owner, "/dashboard")).body).not.toContain('href="/deletions"');

  // The dashboard and the app's page say the same of it, and published is what is offered.
  const { store } = portal;
  const now = () => String(readApp(store, owner.actor, APP).revision);
  expect(await said()).toEqual({ published: 1, badges: [["Published"], ["Published"]] });
  const text = "Journal does the same.";
  const deprecated = await ask(owner, `/apps/${APP}/deprecate`, { revision: now(), text, instead: "" });
  expect(deprecated.status).toBe(303);
  const both = ["Published", "Deprecated"];
  expect(await said()).toEqual({ published: 1, badges: [both, both] });
  const version = { appId: APP, version: 1 as VersionCode };
  await yankVersion(store, owner.actor, version, "It loses what was written.");
  const yanked = ["Yanked", "Deprecated"];
  expect(await said()).toEqual({ published: 0, badges: [yanked, yanked] });
});
