/**
 * The audit log in a browser, with scripts and without: by whom, on what, when and by what request it is searched; who
 * reads of which organisation; what goes with an export; and what everybody concerned is told of a damaged log.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember } from "../../accounts/organisations.ts";
import { AUDIT_ACTIONS } from "../../audit/actions.ts";
import { checkAudit } from "../../audit/check.ts";
import type { AuditLine } from "../../audit/line.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import { write } from "../../db/database.ts";
import { approve } from "../../review/decide.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";

let browser: Browser;
let portal: Portal;
let sample: SampleStore;
let stranger: Person;
let others: ReturnType<typeof newOrganisation>;
beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
  sample = await fillStore(portal);
  others = newOrganisation(portal.store, "Other Works");
  stranger = await newPerson(portal.store, "Otto Other", { organisations: [[others, "owner"]] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

const PATH = "/admin/audit";
const ownPath = () => `/organisations/${sample.organisation}/audit`;

/** The page, without the <bdi> in which names stand in a sentence. */
async function get(
  who: Person,
  path: string,
  { url }: Pick<Portal, "url"> = portal,
  redirect: RequestRedirect = "manual",
) {
  const response = await fetch(url + path, { redirect, headers: { Cookie: who.cookie } });
  return { status: response.status, body: (await response.text()).replaceAll(/<\/?bdi>/g, "") };
}

/** What is said on a page, an entry each. */
async function saidOn(who: Person, path: string): Promise<string[]> {
  // Times that are of somebody's zone lead on to the same in UTC.
  const { status, body } = await get(who, path, portal, "follow");
  expect([path, status]).toEqual([path, 200]);
  return [...body.matchAll(/<span class="audit-said">(.*?)<\/span>/g)].map(([, said]) =>
    (said ?? "").replaceAll("&#39;", "'").replaceAll("&amp;", "&"),
  );
}

const said = (page: Page) => page.locator(".audit-said").allInnerTexts();

describe.each([
  ["with scripts", true],
  ["without scripts", false],
] as const)("%s", (_how, javaScriptEnabled) => {
  test("an auditor looks for who rejected what, and opens the entry", async () => {
    const { page, complaints, context } = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(context, portal.url, sample.people.auditor.cookie);
      await page.goto(portal.url + PATH);
      await page.getByText("Filters", { exact: true }).click();
      await page.getByLabel("Who did it").fill("jonas.bauer@example.org");
      await page.getByLabel("What was done").selectOption({ label: "A version was rejected." });
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/action=review\.rejected/);
      expect(await said(page)).toEqual(["Jonas Bauer rejected com.northwind.notes 0.9.0."]);
      await page.locator(".audit-entry summary").click();
      const facts = page.locator(".audit-facts");
      expect(await facts.getByRole("row", { name: "State In review Rejected" }).count()).toBe(1);
      const id = sample.versions.rejected;
      // From an entry to all others about the same thing.
      await page.getByRole("link", { name: id }).click();
      await page.waitForURL(new RegExp(`subject=${id}`));
      expect(await said(page)).toEqual([
        "Jonas Bauer rejected com.northwind.notes 0.9.0.",
        "Mara Lindqvist uploaded com.northwind.notes 0.9.0.",
      ]);
      expect(await page.getByLabel("On what").inputValue()).toBe(id);
      await page.getByRole("link", { name: "Clear" }).click();
      await page.waitForURL(portal.url + PATH);
      expect((await said(page)).length).toBe(25);
      // The same entries again after a way there and back.
      const first = await said(page);
      await page.getByRole("link", { name: "Next" }).click();
      await page.waitForURL(/cursor=/);
      expect(await said(page)).not.toEqual(first);
      await page.getByRole("link", { name: "Previous" }).click();
      await page.waitForURL(portal.url + PATH);
      expect(await said(page)).toEqual(first);
      if (javaScriptEnabled) expect([...(await faultsOf(page)), ...complaints]).toEqual([]);
    } finally {
      await context.close();
    }
  }, 60_000);

  test("what is no time, no person or no action is said beside its field, and nothing is listed", async () => {
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(context, portal.url, sample.people.auditor.cookie);
      await page.goto(`${portal.url}${PATH}?actor=Jonas+Bauer&action=made.up&since=yesterday&q=x`);
      const fields = await page
        .locator(".error-summary a")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      expect(fields).toEqual(["#field-actor", "#field-action", "#field-since"]);
      expect(await page.getByLabel("Who did it").inputValue()).toBe("Jonas Bauer");
      expect(await page.locator(".audit-entry").count()).toBe(0);
      expect(await page.getByRole("link", { name: /^Export/ }).count()).toBe(0);
    } finally {
      await context.close();
    }
  });
});

test("an export has what the page's filters let pass, in either form", async () => {
  const { page, context } = await openTab(browser);
  try {
    await useSession(context, portal.url, sample.people.auditor.cookie);
    await page.goto(`${portal.url}${PATH}?action=app.created&q=Field`);
    for (const [name, file] of [
      ["Export as JSON lines", /^audit-\d{4}-\d\d-\d\d\.jsonl$/],
      ["Export as CSV", /^audit-\d{4}-\d\d-\d\d\.csv$/],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(file);
      const text = await Bun.file(await download.path()).text();
      const rows = text.split(/\r?\n/).filter((line) => line !== "");
      // A line of CSV names the columns.
      expect(rows.length).toBe(name.endsWith("CSV") ? 2 : 1);
      expect(rows.at(-1)).toContain("com.northwind.notes");
    }
  } finally {
    await context.close();
  }
}, 30_000);

test("entries are found by time, by request and by text as the API finds them", async () => {
  const { auditor } = sample.people;
  const { raw } = portal.store.db;
  const request = "req-of-the-test";
  const member = await newPerson(portal.store, "Tina Test");
  const from = { requestId: request, address: "203.0.113.9", userAgent: "test/1" };
  addMember(portal.store, { ...sample.people.administrator.actor, from }, others, member.accountId, "viewer");
  const told = "Ada Okafor made Tina Test a viewer of Other Works.";
  expect(await saidOn(auditor, `${PATH}?requestId=${request}`)).toEqual([told]);
  expect(await saidOn(auditor, `${PATH}?q=203.0.113.9`)).toEqual([told]);
  expect(await saidOn(auditor, `${PATH}?q=tina+test&action=member.role`)).toEqual([told]);
  expect(await saidOn(auditor, `${PATH}?subject=tina.test@example.org&action=member.role`)).toEqual([told]);
  expect(await saidOn(auditor, `${PATH}?requestId=another`)).toEqual([]);
  const row = raw
    .query<{ at: number }, [string]>("SELECT recorded_at AS at FROM audit_entries WHERE request_id = ?")
    .get(request);
  const at = (ms: number) => new Date((row?.at ?? 0) + ms).toISOString();
  for (const [query, found] of [
    [`since=${at(0)}`, 1],
    [`since=${at(0).slice(0, -1)}`, 1],
    [`since=${at(1)}`, 0],
    [`until=${at(0)}`, 0],
    [`until=${at(1)}`, 1],
    ["since=2000-01-01T00:00", 1],
    ["until=2000-01-01T00:00", 0],
  ] as const)
    expect([query, (await saidOn(auditor, `${PATH}?requestId=${request}&${query}`)).length]).toEqual([
      query,
      found,
    ]);
});

test("an owner reads of their own organisation, and nothing of another or of the store", async () => {
  const { developer, viewer, reviewer, administrator } = sample.people;
  const from = { requestId: "req-2", address: "203.0.113.77", userAgent: "staff/1" };
  approve(portal.store, { ...reviewer.actor, from }, sample.versions.waiting, {});
  const { body } = await get(developer, ownPath());
  expect(body).toContain("Jonas Bauer approved com.northwind.inspect 2.4.0.");
  // From where the store's people act is not theirs, nor is the check of the whole log.
  expect([body.includes("203.0.113.77"), body.includes("staff/1"), body.includes("Last check")]).toEqual([
    false,
    false,
    false,
  ]);
  expect((await get(administrator, ownPath())).body).toContain("203.0.113.77");
  expect(await saidOn(developer, `${ownPath()}?q=203.0.113.77`)).toEqual([]);
  // In the whole of it, page by page, stands nothing else than the organisation's.
  const { body: whole } = await get(developer, `${ownPath()}/export?format=jsonl`);
  const lines = whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditLine);
  expect([...new Set(lines.map(({ organisationId }) => organisationId))]).toEqual([sample.organisation]);
  expect(lines.length).toBeGreaterThan(10);
  for (const path of [ownPath(), `${ownPath()}/export`]) {
    expect([path, (await get(stranger, path)).status]).toEqual([path, 404]);
    expect([path, (await get(viewer, path)).status]).toEqual([path, 403]);
  }
  for (const path of [PATH, `${PATH}/export`]) {
    expect([path, (await get(developer, path)).status]).toEqual([path, 403]);
    expect([path, (await get(reviewer, path)).status]).toEqual([path, 403]);
  }
  // A filter of another organisation's is no way there.
  const foreign = `${ownPath()}?organisationId=${others}&subject=${stranger.accountId}`;
  expect(await saidOn(developer, foreign)).toEqual([]);
  expect((await get(developer, `${ownPath()}/export?organisationId=${others}`)).body).not.toContain(others);
});

test("the choice of actions has every one of them, and to owners those that concern organisations", async () => {
  const optionsOf = async (who: Person, path: string) => {
    const { body } = await get(who, path);
    const select = /<select[\s\S]*?<\/select>/.exec(body)?.[0] ?? "";
    return [...select.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value ?? "");
  };
  const all = await optionsOf(sample.people.auditor, PATH);
  expect(all.toSorted()).toEqual(Object.keys(AUDIT_ACTIONS).sort());
  const own = await optionsOf(sample.people.developer, ownPath());
  expect(own.filter((action) => /^(?:store|storekey|job|message|account|session)\./.test(action))).toEqual(
    [],
  );
  const recorded = portal.store.db.raw
    .query<{ action: string }, []>(
      "SELECT DISTINCT action FROM audit_entries WHERE organisation_id IS NOT NULL",
    )
    .all();
  for (const { action } of recorded) expect(own).toContain(action);
});

test("names stay names, whatever is in them", async () => {
  const hostile = await newPerson(portal.store, "<img src=x onerror=alert(1)>");
  addMember(portal.store, OPERATOR, others, hostile.accountId, "viewer");
  const { body } = await get(sample.people.auditor, `${PATH}?action=member.role`);
  expect(body).toContain("made &lt;img src=x onerror=alert(1)&gt; a viewer of Other Works.");
});

describe("of a store with a long log", () => {
  let store: Portal["store"];
  let long: Portal;
  let auditor: Person;
  let owner: Person;
  let own: ReturnType<typeof newOrganisation>;
  const ask = (who: Person, path: string) => get(who, path, long);
  beforeAll(async () => {
    long = await startPortal();
    ({ store } = long);
    own = newOrganisation(store, "Northwind");
    auditor = await newPerson(store, "Anouk Visser", { storeRole: "auditor" });
    owner = await newPerson(store, "Mara Lindqvist", { organisations: [[own, "owner"]] });
    write(store.db, (tx) => {
      const change = { action: "job.replayed", subject: { type: "job", id: "job-many" } } as const;
      for (let n = 0; n < 25_000; n += 1) recordChange(tx, SYSTEM_AUTHOR, change, store.clock.now());
    });
  }, 60_000);
  afterAll(() => long.close());

  test("a page goes on where nothing was found yet, after so many entries", async () => {
    const { body } = await ask(auditor, `${PATH}?q=mara+lind`);
    expect(body).toContain("Older ones are on the next page.");
    const next = /href="([^"]*cursor=[^"]*)"/.exec(body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await ask(auditor, next)).body).toContain("made Mara Lindqvist an owner of Northwind.");
    expect((await ask(auditor, PATH)).body).toContain("The store put the job job-many back into the queue.");
  });

  test("an entry has an address that opens the log with it, marked by the browser, with newer ones before it", async () => {
    const { body } = await ask(auditor, `${PATH}?entry=12345`);
    const [first = "", second = ""] =
      body.match(/<li class="audit-entry" id="entry-\d+"><details[^>]*>/g) ?? [];
    expect([first, second]).toEqual([
      expect.stringMatching(/entry-12345"><details open/),
      expect.stringMatching(/entry-12344"><details>/),
    ]);
    expect(body).toContain('href="/admin/audit?entry=12345#entry-12345"');
    const newer = /href="([^"]*cursor=[^"]*)"/.exec(body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await ask(auditor, newer)).body).toContain('id="entry-12346"');
    expect((await ask(auditor, `${PATH}?entry=99999999`)).status).toBe(404);
  });

  test("what the last check found is told on the page, and a damage on the dashboards of who may read all", async () => {
    expect((await ask(auditor, PATH)).body).toContain("The hashes were not computed again yet");
    await checkAudit(store);
    expect((await ask(auditor, PATH)).body).toMatch(
      /Each of [\d,]+ entries, up to number [\d,]+, is what was written/,
    );
    store.db.raw.run("DROP TRIGGER audit_entries_fixed");
    store.db.raw.run("UPDATE audit_entries SET after = '{}' WHERE position = 1");
    await checkAudit(store);
    const { body } = await ask(auditor, PATH);
    expect(body).toContain("The last check found a fault at entry 1:");
    expect(body).toMatch(/entry 1 is not what was written/);
    const words = "The audit log is not what was written";
    const told = async (who: Person, path: string) => (await ask(who, path)).body.includes(words);
    const administrator = await newPerson(store, "Ada Okafor", { storeRole: "administrator" });
    const support = await newPerson(store, "Suri Pert", { storeRole: "support" });
    expect([await told(auditor, "/dashboard"), await told(administrator, "/dashboard")]).toEqual([
      true,
      true,
    ]);
    expect([await told(owner, "/dashboard"), await told(support, "/dashboard")]).toEqual([false, false]);
    expect(await told(owner, `/organisations/${own}/audit`)).toBe(false);
  });
});
