/** Messages and their links in a browser, with scripts and without, and over the API. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { askForPassword, readPasswordLink } from "../../accounts/forgotten.ts";
import { listMessages, tellAddress } from "../../accounts/messages/outbox.ts";
import { updateMessage } from "../../accounts/messages/records.ts";
import { giveUpLate } from "../../accounts/messages/trouble.ts";
import { disableAccount } from "../../accounts/people.ts";
import { write } from "../../db/database.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { startMailServer, startOddServer } from "../../testing/mail-server.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";
import { waysOf } from "../../testing/ways.ts";

const FROM = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
let browser: Browser;
let portal: Portal;
let ada: Person;
let bob: Person;
let rita: Person;
beforeAll(async () => {
  browser = await startBrowser();
  portal = await startPortal();
  ada = await newAdministrator(portal.store);
  bob = await newPerson(portal.store, "Bob Lost");
  rita = await newPerson(portal.store, "Rita Reviewer", { storeRole: "reviewer" });
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** The message with the link, which a job writes. */
async function forgotten(email: string): Promise<string> {
  const { store } = portal;
  const count = () => listMessages(store, OPERATOR, { limit: 100 }).items.length;
  const before = count();
  askForPassword(store, { email, from: FROM });
  while (count() === before) await Bun.sleep(20);
  return listMessages(store, OPERATOR, { limit: 1 }).items[0]?.id ?? "";
}

const tokenOf = (url: string) => new URL(url).searchParams.get("token") ?? "";

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an administrator makes the link of a message, which is shown this one time", async () => {
    const { url, store } = portal;
    await forgotten(bob.email);
    const { context, page, complaints } = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(context, url, ada.cookie);
      await page.goto(`${url}/admin/outbox`);
      await page.getByText("This store has no mail server").waitFor();
      const card = page.locator("section, article, .card", { hasText: "A new password for Northwind Apps" });
      expect(await page.content()).not.toContain("token=");
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      await card.getByRole("button", { name: "Make the link" }).first().click();
      await page.getByText(`Hand this over to ${bob.email} alone`).waitFor();
      const link = (await page.locator("#link").textContent())?.trim() ?? "";
      expect(link).toStartWith(`${url}/new-password?token=`);
      expect(readPasswordLink(store, tokenOf(link))).toEqual({ email: bob.email });
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      await page.getByRole("link", { name: "Back to the messages" }).click();
      await page.getByText("Link handed over").first().waitFor();
      expect(await page.content()).not.toContain(tokenOf(link));
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }, 60_000);
});

test("a subject with a word that has no end wraps in its card, on the narrowest screen as well", async () => {
  const { url, store } = portal;
  const name = "W".repeat(80);
  const said = {
    kind: "account.exists",
    subject: `It is called ${name} now`,
    body: ["Long."],
    path: "/sign-in",
  } as const;
  write(store.db, (tx) => tellAddress(tx, { address: bob.email, accountId: null }, said, store.clock.now()));
  const { context, page, complaints } = await openTab(browser, { viewport: { width: 320, height: 640 } });
  try {
    await useSession(context, url, ada.cookie);
    await page.goto(`${url}/admin/outbox`);
    await page.getByText(`It is called ${name} now`).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}, 60_000);

describe("a link over HTTP", () => {
  const post = (path: string, headers: Record<string, string>) =>
    fetch(`${portal.url}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: portal.url, "Sec-Fetch-Site": "same-origin", ...headers },
    });
  const tokenFor = (person: Person) =>
    createApiKey(portal.store, OPERATOR, { owner: { accountId: person.accountId }, name: "test" }).token;
  const linksMade = () =>
    portal.store.db.raw
      .query<{ n: number }, []>("SELECT count(*) AS n FROM one_time_tokens WHERE purpose = 'password'")
      .get()?.n;

  test("is for administrators alone, kept by nobody on the way, and in the audit log without itself", async () => {
    const id = await forgotten(bob.email);
    const before = linksMade();
    for (const person of [rita, bob]) {
      const page = await post(`/admin/outbox/${id}/link`, { Cookie: person.cookie });
      expect([403, 404]).toContain(page.status);
      const api = await post(`/api/v1/outbox/${id}/link`, { Authorization: `Bearer ${tokenFor(person)}` });
      expect([403, 404]).toContain(api.status);
    }
    expect((await post(`/api/v1/outbox/${id}/link`, {})).status).toBe(401);
    const foreign = { Cookie: ada.cookie, Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    expect((await post(`/admin/outbox/${id}/link`, foreign)).status).toBe(403);
    expect(linksMade()).toBe(before);

    const page = await post(`/admin/outbox/${id}/link`, { Cookie: ada.cookie });
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const api = await post(`/api/v1/outbox/${id}/link`, { Authorization: `Bearer ${tokenFor(ada)}` });
    expect([api.status, api.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const made = (await api.json()) as { to: string; url: string; subject: string };
    expect(made).toMatchObject({ to: bob.email, subject: "A new password for Northwind Apps" });
    expect(readPasswordLink(portal.store, tokenOf(made.url)).email).toBe(bob.email);
    const entries = JSON.stringify(portal.store.db.raw.query("SELECT * FROM audit_entries").all());
    expect(entries).toContain("message.handed_over");
    expect(entries).not.toContain(tokenOf(made.url));
  });

  test.each<[what: string, code: string, status: number, prepare: () => Promise<string> | string]>([
    ["no message", "message.not_found", 404, () => `msg-${"0".repeat(32)}`],
    [
      "a message without a link",
      "message.no_link",
      409,
      () =>
        write(portal.store.db, (tx) =>
          tellAddress(
            tx,
            { address: "x@example.org", accountId: null },
            { kind: "account.exists", subject: "S", body: ["B"], path: "/sign-in" },
            portal.store.clock.now(),
          ),
        ),
    ],
    [
      "a message whose reader is disabled",
      "message.over",
      409,
      async () => {
        const gone = await newPerson(portal.store, "Gone Person");
        const id = await forgotten(gone.email);
        disableAccount(portal.store, OPERATOR, gone.accountId);
        return id;
      },
    ],
  ])("%s has none", async (_what, code, status, prepare) => {
    const id = await prepare();
    const api = await post(`/api/v1/outbox/${id}/link`, { Authorization: `Bearer ${tokenFor(ada)}` });
    expect([api.status, ((await api.json()) as { code: string }).code]).toEqual([status, code]);
    const page = await post(`/admin/outbox/${id}/link`, { Cookie: ada.cookie });
    expect(page.status).toBe(status);
  });

  test("is not made by a look", async () => {
    const id = await forgotten(rita.email);
    const before = linksMade();
    const seen = await fetch(`${portal.url}/admin/outbox/${id}/link`, {
      headers: { Cookie: ada.cookie },
      redirect: "manual",
    });
    expect([seen.status, seen.headers.get("location")]).toEqual([303, "/admin/outbox"]);
    expect(linksMade()).toBe(before);
  });
});

test("administrators are told when nothing goes for an hour: at the top, at /readyz, and with each message", async () => {
  const dead = await startOddServer((socket) => socket.destroy());
  const clock: TestClock = testClock();
  const failing = await startPortal(
    {
      smtp: `smtp://127.0.0.1:${dead.port}`,
      mailFrom: "apps@example.com",
      publicUrl: "http://127.0.0.1:8470",
    },
    clock,
  );
  try {
    const admin = await newAdministrator(failing.store);
    const auditor = await newPerson(failing.store, "Otto Auditor", { storeRole: "auditor" });
    const since = clock.now();
    const id = write(failing.store.db, (tx) =>
      tellAddress(
        tx,
        { address: "eve@example.org", accountId: null },
        { kind: "account.exists", subject: "You have an account", body: ["B"], path: "/sign-in" },
        since,
      ),
    );
    const message = () => listMessages(failing.store, OPERATOR, { limit: 1 }).items[0];
    await failing.scheduler.drain();
    while (message()?.failure === null) await Bun.sleep(20);
    const at = (path: string, { cookie }: Person) =>
      fetch(`${failing.url}${path}`, { headers: { Cookie: cookie, Host: "127.0.0.1:8470" } }).then((answer) =>
        answer.text(),
      );
    const warnings = async () =>
      (
        (await (await fetch(`${failing.url}/readyz`)).json()) as { warnings: { code: string }[] }
      ).warnings.filter(({ code }) => code === "mail.failing");
    expect(await warnings()).toEqual([]);
    clock.advance(3_600_000);
    expect(await warnings()).toEqual([{ code: "mail.failing", since: since.toISOString() }] as never);
    const words = "No mail can be sent: 1 message waits";
    expect(await at("/dashboard", admin)).toContain(words);
    expect(await at("/dashboard", auditor)).not.toContain(words);
    const page = await at("/admin/outbox", admin);
    for (const said of [words, "Not taken, tried again", "Reason:"]) expect(page).toContain(said);
    // Given up, it goes on being told.
    clock.advance(3 * 86_400_000);
    write(failing.store.db, (tx) => giveUpLate(tx, clock.now()));
    expect(message()?.ended).toBe("late");
    expect(await warnings()).toEqual([{ code: "mail.failing", since: since.toISOString() }] as never);
    for (const path of ["/dashboard", "/admin/outbox"]) {
      const text = await at(path, admin);
      expect(text).toContain("No mail can be sent");
      expect(text).not.toContain(words);
    }
    write(failing.store.db, (tx) =>
      updateMessage(tx, id, { sentAt: clock.now(), failure: null, failingSince: null }),
    );
    clock.advance(1001);
    expect(await warnings()).toEqual([]);
  } finally {
    await failing.close();
    await dead.stop();
  }
}, 60_000);

test("administrators are told that the mail server refuses everything for good, with its code", async () => {
  const server = await startMailServer({ onRecipient: () => [550, "5.7.1 <b>Relaying</b> denied"] });
  const clock: TestClock = testClock();
  const refusing = await startPortal(
    {
      smtp: `smtp://127.0.0.1:${server.port}`,
      mailFrom: "apps@example.com",
      publicUrl: "http://127.0.0.1:8470",
    },
    clock,
  );
  try {
    const { store } = refusing;
    const admin = await newAdministrator(store);
    const since = clock.now();
    const people = [
      admin,
      await newPerson(store, "Otto Auditor", { storeRole: "auditor" }),
      await newPerson(store, "Rita Reviewer", { storeRole: "reviewer" }),
    ];
    for (const { accountId, email } of people)
      write(store.db, (tx) =>
        tellAddress(
          tx,
          { address: email, accountId },
          { kind: "factor.added", subject: "Hello", body: ["B"], path: "/account" },
          since,
        ),
      );
    const isRefused = () => listMessages(store, OPERATOR, { limit: 3 }).items.every(({ ended }) => ended);
    await refusing.scheduler.drain();
    while (!isRefused()) await Bun.sleep(20);
    clock.advance(600_000);
    const { warnings } = (await (await fetch(`${refusing.url}/readyz`)).json()) as { warnings: unknown[] };
    expect(warnings).toEqual([{ code: "mail.failing", since: since.toISOString(), answer: "550 5.7.1" }]);
    const at = (path: string, { cookie }: Person) =>
      fetch(`${refusing.url}${path}`, { headers: { Cookie: cookie, Host: "127.0.0.1:8470" } }).then(
        (answer) => answer.text(),
      );
    const words = "The mail server refuses every message for good: 550 5.7.1";
    for (const path of ["/dashboard", "/admin/outbox"]) expect(await at(path, admin)).toContain(words);
    for (const person of people.slice(1)) expect(await at("/dashboard", person)).not.toContain(words);
    expect(await at("/admin/outbox", admin)).toContain("5.7.1 &lt;b&gt;Relaying&lt;/b&gt; denied");
  } finally {
    await refusing.close();
    await server.stop();
  }
}, 60_000);
