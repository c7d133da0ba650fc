/** The zone in which times are told: the account's, else the store's; on pages, in letters, and of what forms are given. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { listMessages, tellAddress } from "../../accounts/messages/outbox.ts";
import { changeOwnTimeZone } from "../../accounts/own.ts";
import { changeSetting } from "../../accounts/store-settings/settings.ts";
import { readCollection } from "../../catalog/collections/collections.ts";
import { write } from "../../db/database.ts";
import { say } from "../../say.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";

let portal: Portal;
let ada: Person;
let lia: Person;
beforeAll(async () => {
  portal = await startPortal({}, testClock(new Date("2026-07-14T22:30:00Z")));
  ada = await newAdministrator(portal.store);
  lia = await newPerson(portal.store, "Lia Local");
});
afterAll(() => portal.close());

function ask(path: string, { cookie }: Person, form?: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(portal.url + path, {
    method: form ? "POST" : "GET",
    redirect: "manual",
    headers: { Cookie: cookie, "Accept-Language": "en", "Sec-Fetch-Site": "same-origin" },
    ...(form && { body: new URLSearchParams(form) }),
  });
}

const choose = (person: Person, timeZone: string) => ask("/account/time-zone", person, { timeZone });

/** The titles of all moments on a page. */
async function titlesOn(path: string, person: Person): Promise<string[]> {
  const html = await (await ask(path, person)).text();
  return [...html.matchAll(/<time datetime="[^"]*Z" title="([^"]*)"/g)].map(([, title]) => title ?? "");
}

const written = () =>
  portal.store.db.raw
    .query<{ before: string | null; after: string | null; person: string }, [string]>(
      "SELECT before, after, person FROM audit_entries WHERE action = 'account.time_zone_chosen' AND subject = ? ORDER BY position",
    )
    .all(lia.accountId)
    .map(({ before, after, person }) => {
      // What outlives the account says nothing of where it was.
      expect([before, after]).toEqual([null, null]);
      const { before: was, after: is } = JSON.parse(person);
      return [was.timeZone, is.timeZone];
    });

test("a person chooses one, which is told in the audit log, and in which pages and letters tell times", async () => {
  const { accountId, email } = lia.actor;
  const letter = () => {
    const about = {
      kind: "apikey.ending" as const,
      subject: say`The API key ${"k"} ends on ${new Date("2026-07-08T22:30:00Z")}`,
    };
    write(portal.store.db, (tx) =>
      tellAddress(
        tx,
        { address: email, accountId },
        { ...about, body: [], path: "/" },
        portal.store.clock.now(),
      ),
    );
    return listMessages(portal.store, ada.actor, { limit: 1 }).items[0]?.subject;
  };
  expect(letter()).toBe("The API key k ends on 8 July 2026 at 22:30 UTC");
  expect((await choose(lia, "Europe/Berlin")).headers.get("location")).toBe("/account");
  // The same again is no change.
  await choose(lia, "Europe/Berlin");
  const titles = await titlesOn("/account", lia);
  expect(titles.length).toBeGreaterThan(0);
  for (const title of titles) expect(title).toMatch(/\d\d:\d\d:\d\d CES?T$/);
  expect(letter()).toBe("The API key k ends on 9 July 2026 at 00:30 CEST");
  await choose(lia, "");
  expect(written()).toEqual([
    [null, "Europe/Berlin"],
    ["Europe/Berlin", null],
  ]);
});

test("one that is none is refused beside its field, and changes nothing", async () => {
  const before = written().length;
  for (const timeZone of ["Europe/Atlantis", "+01:00", "<b>"]) {
    const response = await choose(lia, timeZone);
    expect([timeZone, response.status]).toEqual([timeZone, 422]);
    expect(await response.text()).toContain('id="field-timeZone-error"');
  }
  expect(written()).toHaveLength(before);
});

test("one that a later runtime does not have is as none", async () => {
  const late = await newPerson(portal.store, "Lou Late");
  portal.store.db.raw.run("UPDATE accounts SET time_zone = 'Old/Zone' WHERE id = ?", [late.accountId]);
  for (const title of await titlesOn("/account", late)) expect(title).toEndWith(" UTC");
});

test("who chose none has the store's, which is taken up as it is set, in letters too", async () => {
  const set = (text: string | null) => changeSetting(portal.store, ada.actor, "time_zone", text);
  set("asia/kolkata");
  const titles = await titlesOn("/account", lia);
  expect(titles.every((title) => title.endsWith("GMT+5:30"))).toBe(true);
  expect(titles.length).toBeGreaterThan(0);
  expect(portal.store.db.raw.query("SELECT value FROM settings WHERE name = 'zone_in_force'").get()).toEqual({
    value: '"Asia/Kolkata"',
  });
  expect(() => set("Mars")).toThrow("a time zone is a name of the IANA database");
  set(null);
  for (const title of await titlesOn("/account", lia)) expect(title).toEndWith(" UTC");
});

describe("a form that takes a time", () => {
  beforeAll(() => {
    changeOwnTimeZone(portal.store, ada.actor, "Europe/Berlin");
  });

  async function save(times: Readonly<Record<string, string>>) {
    const { revision } = readCollection(portal.store, ada.actor, "featured");
    const form = { revision: String(revision), "names/en": "Featured", published: "true", ...times };
    const response = await ask("/admin/collections/featured", ada, form);
    expect([response.status, times]).toEqual([303, times]);
    return readCollection(portal.store, ada.actor, "featured");
  }

  test("means the reader's zone, says so, and keeps the moment of an hour that clocks show twice", async () => {
    const { shownFrom, shownUntil } = await save({
      shownFrom: "2026-03-29T02:30",
      shownUntil: "2026-10-25T02:30",
    });
    // One that clocks skip is as much later, and of two the first is meant.
    expect([shownFrom?.toISOString(), shownUntil?.toISOString()]).toEqual([
      "2026-03-29T01:30:00.000Z",
      "2026-10-25T00:30:00.000Z",
    ]);
    const html = await (await ask("/admin/collections/featured", ada)).text();
    expect(html).toContain('value="2026-03-29T03:30"');
    expect(html).toContain("Time zone: Central European Time (Europe/Berlin).");
    portal.store.db.raw.run("UPDATE collections SET shown_until = ? WHERE id = 'featured'", [
      Date.parse("2026-10-25T01:30:00Z"),
    ]);
    const again = await save({ shownFrom: "2026-03-29T03:30", shownUntil: "2026-10-25T02:30" });
    expect(again.shownUntil?.toISOString()).toBe("2026-10-25T01:30:00.000Z");
  });

  test("is of the zone that its page was shown in, though pages show another one by then", async () => {
    const { revision } = readCollection(portal.store, ada.actor, "featured");
    const times = { shownFrom: "2026-08-01T09:00", shownUntil: "2026-09-01T18:00" };
    await save({ ...times, zone: "Europe/Berlin" });
    changeOwnTimeZone(portal.store, ada.actor, "Asia/Kolkata");
    try {
      const saved = await save({ ...times, shownUntil: "2026-09-01T19:00", zone: "Europe/Berlin" });
      expect([saved.shownFrom, saved.shownUntil].map((at) => at?.toISOString())).toEqual([
        "2026-08-01T07:00:00.000Z",
        "2026-09-01T17:00:00.000Z",
      ]);
      const form = { "names/en": "Featured", published: "true", zone: "Europe/Berlin" };
      const send = async (fields: Readonly<Record<string, string>>) => {
        const response = await ask("/admin/collections/featured", ada, { ...form, ...fields });
        return { status: response.status, html: await response.text() };
      };
      const fieldIn = (html: string, name: string) =>
        html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0].match(/ value="([^"]*)"/)?.[1];
      // One that is refused comes back with its zone, and one that comes too late in the page's.
      const back = { ...times, shownUntil: "2026-07-01T18:00", revision: String(saved.revision) };
      const refused = await send(back);
      expect([refused.status, fieldIn(refused.html, "shownFrom"), fieldIn(refused.html, "zone")]).toEqual([
        422,
        "2026-08-01T09:00",
        "Europe/Berlin",
      ]);
      expect(refused.html).toContain("Time zone: Central European Time (Europe/Berlin).");
      const late = await send({ ...times, shownUntil: "2026-09-01T20:00", revision: String(revision) });
      expect([late.status, fieldIn(late.html, "shownUntil"), fieldIn(late.html, "zone")]).toEqual([
        412,
        "2026-09-01T23:30",
        "Asia/Kolkata",
      ]);
      const differing = [...late.html.matchAll(/name="meanwhile\.take" value="([^"]*)"/g)].map(
        ([, name]) => name,
      );
      expect(differing).toEqual(["shownUntil"]);
      const unknown = await send({ ...times, revision: String(saved.revision), zone: "Old/Zone" });
      expect([unknown.status, fieldIn(unknown.html, "zone")]).toEqual([400, "Asia/Kolkata"]);
      expect(readCollection(portal.store, ada.actor, "featured").revision).toBe(saved.revision);
    } finally {
      changeOwnTimeZone(portal.store, ada.actor, "Europe/Berlin");
    }
  });

  test("the audit log is searched from and until a time there, and keeps one in UTC that an address has", async () => {
    const place = portal.store.db.raw
      .query<{ position: number }, []>("SELECT max(position) AS position FROM audit_entries")
      .get()?.position;
    const addressOf = async (query: Readonly<Record<string, string>>) => {
      const response = await ask(`/admin/audit?${new URLSearchParams(query)}`, ada);
      expect([query, response.status]).toEqual([query, 303]);
      return response.headers.get("location") ?? "";
    };
    const shown = async (path: string, reader = ada) => {
      const html = await (await ask(path, reader)).text();
      return { html, has: html.includes(`id="entry-${place}"`) };
    };
    const found = async (query: Readonly<Record<string, string>>) => shown(await addressOf(query));
    expect((await found({ since: "2026-07-15T00:30", until: "2026-07-15T00:31" })).has).toBe(true);
    expect((await found({ since: "2026-07-15T00:31", until: "2026-07-15T01:00" })).has).toBe(false);
    // What is sent to somebody else is in UTC: they are shown the same entries, and their own wall's times.
    const sent = { q: "", since: "2026-07-15T00:30", until: "2026-07-15T00:31", zone: "Europe/Berlin" };
    const utc = "since=2026-07-14T22%3A30%3A00.000Z&until=2026-07-14T22%3A31%3A00.000Z";
    expect(await addressOf(sent)).toBe(`/admin/audit?${utc}`);
    const eve = await newPerson(portal.store, "Eve Elsewhere", { storeRole: "administrator" });
    changeOwnTimeZone(portal.store, eve.actor, "Asia/Kolkata");
    for (const [reader, time] of [
      [ada, "2026-07-15T00:30:00.000"],
      [eve, "2026-07-15T04:00:00.000"],
    ] as const) {
      const { html, has } = await shown(`/admin/audit?${utc}`, reader);
      expect([time, has, html.includes(`value="${time}"`)]).toEqual([time, true, true]);
      expect(html.includes(`/admin/audit/export?format=csv&${utc}"`)).toBe(true);
    }
    const offset = "since=2026-07-15T00%3A30%3A00%2B02%3A00&until=2026-07-14T22%3A31%3A00Z";
    expect((await shown(`/admin/audit?${offset}`)).has).toBe(true);
    // Of a zone that there is not, a time is none.
    const unknown = await ask(`/admin/audit?${new URLSearchParams({ ...sent, zone: "Old/Zone" })}`, ada);
    expect(unknown.status).toBe(400);
  });
});
