/** The files of an audience in a restricted store: for its devices, and for no person, whomever the app is for. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../accounts/groups/members.ts";
import { newDevice } from "../testing/devices.ts";
import { newPerson, type Portal, startPortal } from "../testing/portal.ts";
import { publishShownApps, SHOWN } from "../testing/shown-apps.ts";

const portals: Portal[] = [];
let open: Portal;
let restricted: Portal;

beforeAll(async () => {
  open = await startPortal({});
  restricted = await startPortal({ restricted: "true" });
  portals.push(open, restricted);
});
afterAll(async () => {
  for (const portal of portals) await portal.close();
});

async function statuses({ store, url }: Portal) {
  const group = createGroup(store, OPERATOR, { name: "Field", description: "" }).id;
  const member = await newPerson(store, "Mia Member");
  const auditor = await newPerson(store, "Ada Auditor", { storeRole: "auditor" });
  const { id: device } = newDevice(store, { name: "Headset" });
  for (const { accountId } of [member, auditor]) addPersonToGroup(store, OPERATOR, group, { accountId });
  addDeviceToGroup(store, OPERATOR, group, device);
  const keyOf = (accountId: typeof member.accountId) =>
    createApiKey(store, OPERATOR, { owner: { accountId }, name: "k" }).token;
  const { token } = await issueAccessToken(store, { kind: "device", subject: device, audience: "files" });
  const status = async (bearer: string) =>
    (
      await fetch(`${url}/store/v1/audiences/${group}/metadata/timestamp.json`, {
        headers: { authorization: `Bearer ${bearer}` },
      })
    ).status;
  return [await status(keyOf(member.accountId)), await status(keyOf(auditor.accountId)), await status(token)];
}

test("in an open store a member may ask, in a restricted one only devices and who may read all files", async () => {
  // 404: let in, and there is nothing yet.
  expect(await statuses(open)).toEqual([404, 404, 404]);
  expect(await statuses(restricted)).toEqual([403, 404, 404]);
});

test("in a restricted store the pages show an app, and its package is for devices and who may read all files", async () => {
  const { askers } = await publishShownApps(restricted);
  const ask = async (path: string, by: { cookie?: string; token?: string }) => {
    const headers: Record<string, string> = path.startsWith("/api/")
      ? by.token === undefined
        ? {}
        : { authorization: `Bearer ${by.token}` }
      : { cookie: by.cookie ?? "" };
    const answer = await fetch(restricted.url + path, { headers, redirect: "manual" });
    return [answer.status, (await answer.text()).includes("/package")];
  };
  const { id } = SHOWN.group;
  expect(await ask(`/catalog/${id}`, askers.member)).toEqual([200, false]);
  expect((await ask(`/catalog/${id}/versions/1/package`, askers.member))[0]).toBe(403);
  expect((await ask(`/api/v1/catalog/${id}/versions/1/package`, askers.member))[0]).toBe(403);
  // Who may not see it is not told that it is kept from them.
  expect((await ask(`/catalog/${id}/versions/1/package`, askers.auditor))[0]).toBe(404);
  expect((await ask(`/catalog/${SHOWN.public.id}/versions/1/package`, {}))[0]).toBe(303);
  // A visitor's program sees what a visitor's page shows, and is asked for a key where that asks to sign in.
  expect((await ask(`/api/v1/catalog/${SHOWN.public.id}`, {}))[0]).toBe(200);
  expect((await ask(`/api/v1/catalog/${SHOWN.public.id}/versions/1/package`, {}))[0]).toBe(401);
  expect((await ask(`/api/v1/catalog/${id}/versions/1/package`, {}))[0]).toBe(404);
  expect(await ask(`/catalog/${SHOWN.public.id}`, askers.auditor)).toEqual([200, true]);
  expect((await ask(`/catalog/${SHOWN.public.id}/versions/1/package`, askers.auditor))[0]).toBe(200);
}, 60_000);
