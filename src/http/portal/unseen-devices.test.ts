/** Devices that have not come for long, on the pages of those who look after them and in the API. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { noteSeen } from "../../accounts/devices/seen.ts";
import type { DeviceId } from "../../ids.ts";
import { newDevice } from "../../testing/devices.ts";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";

const DAY_MS = 86_400_000;
const clock = testClock();
let portal: Portal;
let administrator: Person;
let auditor: Person;
let developer: Person;
beforeAll(async () => {
  portal = await startPortal({ deviceUnseenDays: "14" }, clock);
  const { store } = portal;
  for (let n = 0; n < 30; n += 1) newDevice(store, { name: `Till ${String(n).padStart(2, "0")}` });
  clock.advance(20 * DAY_MS);
  newDevice(store, { name: "Kiosk of today" });
  // Sessions begin now: what is above is older than one lasts.
  administrator = await newAdministrator(store);
  auditor = await newPerson(store, "Anouk Visser", { storeRole: "auditor" });
  developer = await newPerson(store, "Dev Eloper");
});
afterAll(() => portal.close());

async function page(person: Person, path: string): Promise<string> {
  const answer = await fetch(portal.url + path, { headers: { Cookie: person.cookie } });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.text()).replaceAll(/\s+/g, " ");
}

async function api(person: Person, path: string) {
  const owner = { accountId: person.accountId };
  const { token } = createApiKey(portal.store, OPERATOR, { owner, name: "x" });
  const answer = await read(
    await fetch(portal.url + path, { headers: { Authorization: `Bearer ${token}` } }),
  );
  expect(undocumented(routeOf("GET", path.split("?")[0] ?? ""), answer)).toEqual([]);
  return answer;
}

const WARNING = "30 devices were not seen for 14 days";

test("are warned of on the page of devices, which leads to them page by page", async () => {
  const all = await page(auditor, "/devices");
  expect(all).toContain(WARNING);
  expect(all).toContain('href="/devices?unseen=14"');
  const first = await page(auditor, "/devices?unseen=14");
  expect(first).toContain('<option value="14" selected>Not for 14 days</option>');
  expect([first.includes(WARNING), first.includes("Kiosk of today")]).toEqual([false, false]);
  expect(first.match(/Not seen for long/g)).toHaveLength(25);
  const next = /href="(\/devices\?unseen=14&(?:amp;)?cursor=[\w-]+)"/.exec(first)?.[1]?.replace("&amp;", "&");
  expect((await page(auditor, next ?? "")).match(/Not seen for long/g)).toHaveLength(5);
});

test("a number of days that is none filters nothing, and any other may be asked for", async () => {
  for (const nonsense of ["", "0", "-1", "1e3", "99999", "'><b>"])
    expect(await page(auditor, `/devices?unseen=${encodeURIComponent(nonsense)}`)).toContain(
      "Kiosk of today",
    );
  expect(await page(auditor, "/devices?unseen=21")).toContain("No device is as you ask.");
  expect(await page(auditor, "/devices?unseen=20&search=till+0")).toContain("Till 09");
});

test("are on the dashboard of administrators alone", async () => {
  expect(await page(administrator, "/dashboard")).toContain(WARNING);
  for (const person of [auditor, developer]) expect(await page(person, "/dashboard")).not.toContain(WARNING);
});

test("are counted and listed by the API, for those who may see devices", async () => {
  expect((await api(auditor, "/api/v1/devices/unseen")).json).toEqual({ days: 14, count: 30, more: false });
  expect((await api(developer, "/api/v1/devices/unseen")).status).toBe(403);
  type List = { items: { id: string; name: string }[]; nextCursor: string | null };
  const first = (await api(auditor, "/api/v1/devices?unseenDays=20&limit=20")).json as List;
  const rest = (await api(auditor, `/api/v1/devices?unseenDays=20&limit=20&cursor=${first.nextCursor}`))
    .json as List;
  expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([20, 10, null]);
  expect((await api(auditor, "/api/v1/devices?unseenDays=21")).json).toMatchObject({ items: [] });
  for (const wrong of ["0", "3651", "x", "1.5"])
    expect((await api(auditor, `/api/v1/devices?unseenDays=${wrong}`)).status).toBe(400);
  // A cursor belongs to the order in which it was given.
  const other = (await api(auditor, "/api/v1/devices?limit=1")).json as List;
  for (const path of [
    `/api/v1/devices?unseenDays=20&cursor=${other.nextCursor}`,
    `/api/v1/devices?cursor=${first.nextCursor}`,
  ])
    expect((await api(auditor, path)).json).toMatchObject({ code: "cursor.invalid" });
});

test("are no more once they come", async () => {
  const { store } = portal;
  const { items } = (await api(auditor, "/api/v1/devices?unseenDays=14&limit=100")).json as {
    items: { id: DeviceId }[];
  };
  const see = (deviceId: DeviceId) => noteSeen(store, { kind: "device", deviceId }, "192.0.2.1");
  for (const { id } of items.slice(1)) see(id);
  expect(await page(auditor, "/devices")).toContain("1 device was not seen for 14 days");
  for (const { id } of items.slice(0, 1)) see(id);
  expect(await page(auditor, "/devices")).not.toContain("not seen for");
  // As it was, for the other tests.
  store.db.raw.run("UPDATE devices SET last_seen_at = NULL");
});
