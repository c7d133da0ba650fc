/**
 * Revoking in a browser, by keyboard with scripts and without: an app is looked for, what it concerns is shown, changes
 * meanwhile, is confirmed, stands in the lists, and is lifted again.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Locator, Page } from "playwright-core";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { withdrawVersion } from "../../catalog/versions.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const REASON = "It sends reports to strangers.";
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const badge = (page: Page, words: string) => page.getByRole("table").getByText(words, { exact: true });

/** Goes on with the tabulator until the control has the focus, past the menu by the link for that: what cannot be reached so fails. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  if (await page.evaluate(() => document.activeElement === document.body)) {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
  }
  for (let keys = 0; keys < 30; keys += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator does not lead to ${control}`);
}

async function press(page: Page, control: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}

/** What the form of a button would send. */
function formOf(page: Page, button: string): Promise<string> {
  return page.getByRole("button", { name: button }).evaluate((element) => {
    const form = element.closest("form");
    if (form === null) throw new Error("the button has no form");
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    return new URLSearchParams(fields).toString();
  });
}

function sentAgain(page: Page, form: string): Promise<string> {
  return page.evaluate(async (sent) => {
    const body = new URLSearchParams(sent);
    return (await fetch("/admin/revocations", { method: "POST", body })).text();
  }, form);
}

/** Waits for what the store does by itself. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === 200) throw new Error("it did not come about within ten seconds");
    await Bun.sleep(50);
  }
}

function signedList({ store }: Portal): string {
  const body = findTargetBody(store.db.orm, "trust/revocations.json");
  if (!body) throw new Error("the store signs no list");
  return new TextDecoder().decode(body);
}

describe.each([
  ["with script, narrow", true, { width: 320, height: 640 }],
  ["without script, wide", false, { width: 1280, height: 860 }],
] as const)("%s", (_, script, viewport) => {
  let portal: Portal;
  let sample: SampleStore;
  beforeAll(async () => {
    portal = await startPortal();
    sample = await fillStore(portal);
  }, 60_000);
  afterAll(() => portal.close());

  test("an app is disabled and lifted again, with the keyboard alone", async () => {
    const { store, url } = portal;
    const tab = await openTab(browser, { javaScriptEnabled: script, viewport });
    const visitor = await openTab(browser, { javaScriptEnabled: script });
    const { page } = tab;
    const faults: string[] = [];
    const look = async (what: string) => {
      if (!script) return; // axe is a script; looks-trust.measure.ts has every page and theme.
      for (const fault of await faultsOf(page)) faults.push(`${what}: ${fault}`);
    };
    const named = () =>
      visitor.page.goto(url).then(() => visitor.page.getByRole("heading", { name: "Site Inspect" }).count());
    try {
      await useSession(tab.context, url, sample.people.administrator.cookie);
      expect(await named()).toBe(1);
      await page.goto(`${url}/admin/revocations`);
      await page.getByText("Nothing is revoked.").waitFor();

      // What is wrong is said beside its field, and what was typed stays. No action is chosen for anybody.
      await press(page, page.getByRole("link", { name: "Revoke…" }));
      await heading(page, "Revoke").waitFor();
      await look("form");
      expect(await page.getByRole("radio", { checked: true }).count()).toBe(0);
      expect(await page.getByLabel("Approvals that still count").isVisible()).toBe(false);
      await page.getByLabel("What it is").selectOption("key");
      expect(await page.getByLabel("Approvals that still count").isVisible()).toBe(true);
      await page.getByLabel("What it is").selectOption("app");
      await tabTo(page, page.getByLabel("Its id"));
      await page.keyboard.type("com.northwind.inspct");
      // Within the group the arrows choose.
      await press(page, page.getByRole("radio", { name: "Block" }), "ArrowDown");
      await tabTo(page, page.getByLabel("Reason"));
      await page.keyboard.type(REASON);
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByText("This store knows no app com.northwind.inspct").waitFor();
      expect(await page.getByLabel("Reason").inputValue()).toBe(REASON);
      expect(await page.getByRole("radio", { name: "Disable" }).isChecked()).toBe(true);
      await press(page, page.getByRole("alert").getByRole("link"));
      await tabTo(page, page.getByLabel("Its id"));
      await page.getByLabel("Its id").fill("com.northwind.inspect");
      await press(page, page.getByRole("button", { name: "Show what it concerns" }));

      // The blast radius, before anything is done.
      await page.getByText("Nothing is done yet.").waitFor();
      await page.getByText("2 versions of 1 app: 1 published, 1 on its way").waitFor();
      await page.getByText("Not known: devices do not report to this store").waitFor();
      await page.getByText("The version that is on its way is withdrawn, with the reason.").waitFor();
      await look("preview");
      expect(signedList(portal)).not.toContain("com.northwind.inspect");

      // Its developer withdraws a version in between: what was shown does not hold, and nothing is done.
      withdrawVersion(store, sample.people.developer.actor, sample.apps.published, sample.versions.waiting);
      tab.complaints.length = 0; // the 404 of the wrong id
      await press(page, page.getByRole("button", { name: "Disable now" }));
      await page.getByText("What it concerns has changed since you looked").waitFor();
      await page.getByText("1 version of 1 app: 1 published, 0 on their way").waitFor();
      tab.complaints.length = 0; // the 409
      expect(signedList(portal)).not.toContain("com.northwind.inspect");

      const confirmed = script ? await formOf(page, "Disable now") : "";
      await press(page, page.getByRole("button", { name: "Disable now" }));
      await page.getByText("Done. Devices follow at their next refresh.").waitFor();
      await badge(page, "Disabled").waitFor();
      await page.getByRole("table").getByText(REASON).waitFor();
      await look("in force");
      const listed = signedList(portal);
      expect(JSON.parse(listed).entries).toMatchObject([
        { action: "disable", subject: "app", id: "com.northwind.inspect", reason: REASON },
      ]);
      await until(async () => (await named()) === 0);

      // The same form sent once more, as by a double click, signs nothing.
      if (script) {
        expect(await sentAgain(page, confirmed)).toContain("It was so already; nothing was signed.");
        expect(signedList(portal)).toBe(listed);
      }

      await press(page, page.getByRole("link", { name: "Lift" }));
      await heading(page, "Lift a revocation").waitFor();
      await tabTo(page, page.getByLabel("Reason"));
      await page.keyboard.type("A mistake of ours.");
      await page.keyboard.press("Enter");
      await page.getByText(`Disabled: ${REASON}`).waitFor();
      await press(page, page.getByRole("button", { name: "Lift now" }));
      await page.getByText("Nothing is revoked.").waitFor();
      await until(async () => (await named()) === 1);

      await press(page, page.getByRole("link", { name: "History" }));
      await badge(page, "Lifted").waitFor();
      await badge(page, "Disabled").waitFor();
      await page.getByRole("table").getByText("Ada Okafor").first().waitFor();
      expect([...faults, ...tab.complaints, ...visitor.complaints]).toEqual([]);
    } finally {
      await Promise.all([tab.context.close(), visitor.context.close()]);
    }
  }, 120_000);
});
