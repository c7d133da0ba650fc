/** The page of a signing key: an owner is shown what revoking it concerns, does that, and can only make it stricter. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { revoke } from "../../catalog/revocation/act.ts";
import { previewRevocation } from "../../catalog/revocation/preview.ts";
import type { OrganisationId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { fingerprintText } from "../../signing/keys.ts";
import type { Signer } from "../../signing/signer.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../../testing/portal.ts";
import { newSigner, signedApp, submitBytes } from "../../testing/publishing.ts";

let portal: Portal;
let organisation: OrganisationId;
let owner: Person;
let developer: Person;
let administrator: Person;
let signer: Signer;

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  organisation = newOrganisation(store);
  owner = await newPerson(store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  developer = await newPerson(store, "Ole Hansen", { organisations: [[organisation, "developer"]] });
  administrator = await newAdministrator(store);
  signer = await newSigner(store, owner.actor);
  await upload("com.example.notes", signer);
}, 60_000);
afterAll(() => portal?.close());

async function upload(id: string, by: Signer, versionCode = 1): Promise<void> {
  const bytes = await signedApp(portal.store, by, { id, versionCode });
  const { id: version } = await submitBytes(portal.store, owner.actor, bytes);
  await untilState(portal.store, version, "in_review");
}

async function get(who: Person, path: string) {
  const answer = await fetch(portal.url + path, { headers: { Cookie: who.cookie } });
  return { status: answer.status, body: await answer.text() };
}

async function post(who: Person, path: string, form: Record<string, string>) {
  const answer = await fetch(portal.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: who.cookie, "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: await answer.text(), to: answer.headers.get("location") };
}

const hidden = (body: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? "";
const offered = (body: string) =>
  [...body.matchAll(/type="radio"[^>]*value="(\w+)"/g)].map(([, value]) => value);

test("an owner looks, is told what changed meanwhile, does it, and then can only make it stricter", async () => {
  const at = `/keys/${signer.keyid}`;
  const first = await get(owner, at);
  expect(offered(first.body)).toEqual(["block", "disable", "remove"]);
  const none = await post(owner, `${at}/revoke/preview`, { action: "block", reason: "" });
  expect(none.status).toBe(400);
  const typed = { action: "block", reason: "It was on a stolen laptop." };
  const shown = await post(owner, `${at}/revoke/preview`, typed);
  expect(shown.status).toBe(200);
  expect(shown.body).toContain("com.example.notes");
  expect(shown.body).toContain("1 version of 1 app: 0 published, 1 on its way");
  const confirmed = { ...typed, scope: hidden(shown.body, "scope"), seen: hidden(shown.body, "seen") };

  // Nothing is done without what was shown, nor about more than that.
  expect((await post(owner, `${at}/revoke`, { ...typed, scope: "", seen: "" })).status).toBe(409);
  await upload("com.example.tasks", signer);
  const stale = await post(owner, `${at}/revoke`, confirmed);
  expect(stale.status).toBe(409);
  expect(stale.body).toContain("You were shown 1 version of 1 app");
  expect(stale.body).toContain("com.example.tasks");
  expect((await get(owner, at)).body).not.toContain("stolen laptop");

  const done = await post(owner, `${at}/revoke`, { ...typed, scope: hidden(stale.body, "scope"), seen: "" });
  expect([done.status, done.to]).toEqual([303, at]);
  const revoked = await get(owner, at);
  expect(revoked.body).toContain("<strong>Blocked</strong>");
  expect(revoked.body).toContain("It was on a stolen laptop.");
  expect(offered(revoked.body)).toEqual(["disable", "remove"]);
  const milder = await post(owner, `${at}/revoke/preview`, { action: "block", reason: "All is fine." });
  expect([milder.status, milder.body.includes("You can make that stricter")]).toEqual([409, true]);

  const graver = await post(owner, `${at}/revoke/preview`, { action: "remove", reason: "It spreads." });
  const again = await post(owner, `${at}/revoke`, {
    action: "remove",
    reason: "It spreads.",
    scope: hidden(graver.body, "scope"),
  });
  expect(again.status).toBe(303);
  const last = await get(owner, at);
  expect(last.body).toContain("<strong>Removed</strong>");
  expect(offered(last.body)).toEqual([]);
});

test("whoever is no owner revokes nothing here; an administrator is led to where it is done", async () => {
  const key = await newSigner(portal.store, owner.actor);
  const at = `/keys/${key.keyid}`;
  const typed = { action: "block", reason: "x" };
  for (const who of [developer, administrator])
    for (const path of ["revoke/new", "revoke/preview", "revoke"])
      expect((await post(who, `${at}/${path}`, typed)).status).toBe(403);
  const link = `/admin/revocations/new?act=revoke&subject=key&id=${key.keyid}`;
  expect((await get(administrator, at)).body).toContain(link);
  expect((await get(developer, at)).body).not.toContain(link);
  for (const who of [developer, administrator]) expect(offered((await get(who, at)).body)).toEqual([]);
});

test("a key whose certificate is revoked says so, and what helps", async () => {
  const key = await newSigner(portal.store, owner.actor);
  const [row] = portal.store.db.raw
    .query<{ sha256: string }, [string]>("SELECT sha256 FROM developer_certificates WHERE keyid = ?")
    .all(key.keyid);
  const groups = fingerprintText(row?.sha256 ?? "");
  const before = await get(owner, `/keys/${key.keyid}`);
  expect(before.body).toContain(groups);
  const act = {
    act: "revoke",
    subject: "certificate",
    // As it is copied from the page.
    id: groups,
    action: "block",
    reason: "It was issued twice.",
  } as const;
  const { scope } = previewRevocation(portal.store, administrator.actor, act, { limit: 1 });
  await revoke(portal.store, administrator.actor, act, scope);
  const after = await get(owner, `/keys/${key.keyid}`);
  for (const words of ["Certificate revoked", "It was issued twice.", "mosis keys enroll"])
    expect(after.body).toContain(words);
  expect((await get(owner, "/keys")).body).toContain("Certificate revoked");
});

test("the page of a published app names the keys that may sign it, as they stand", async () => {
  const other = await newSigner(portal.store, owner.actor);
  const bytes = await signedApp(portal.store, other, { id: "com.example.shown" });
  const { id: version } = await submitBytes(portal.store, owner.actor, bytes);
  const page = "/apps/com.example.shown?part=keys";
  expect((await get(developer, page)).body).not.toContain("The first version");
  await untilState(portal.store, version, "in_review");
  approve(portal.store, administrator.actor, version, {});
  await untilState(portal.store, version, "published");
  const { body } = await get(developer, page);
  expect(body).toContain(`href="/keys/${other.keyid}">${fingerprintText(other.keyid)}</a>`);
  expect(body).toContain("The first version");
  const act = {
    act: "revoke",
    subject: "key",
    id: other.keyid,
    action: "block",
    reason: "It was copied.",
  } as const;
  const { scope } = previewRevocation(portal.store, administrator.actor, act, { limit: 1 });
  await revoke(portal.store, administrator.actor, act, scope);
  const after = (await get(developer, page)).body;
  expect(after.slice(after.lastIndexOf(`/keys/${other.keyid}`))).toContain("Revoked");
}, 60_000);
