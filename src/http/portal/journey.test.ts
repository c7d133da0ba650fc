/**
 * The whole way by the keyboard alone, in a real browser against a real server, once with scripts and once without: from the
 * set-up link to an app that a developer who signed up brought in, that a reviewer approved, and that people have and rate.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember, listOrganisations } from "../../accounts/organisations.ts";
import { readAccount, setStoreRole } from "../../accounts/people.ts";
import { createSetupLink } from "../../accounts/setup.ts";
import { tellNow } from "../../db/announcements.ts";
import { sampleFiles } from "../../format/testing.ts";
import { packApp } from "../../format/zip/writer.ts";
import { startBrowser } from "../../testing/browser.ts";
import { newPerson, PASSWORD, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, signedApp } from "../../testing/publishing.ts";
import { pngOf } from "../../testing/shown-pictures.ts";
import { follows, linkTo, newVisitor, signIn, type Visitor } from "../../testing/visitor.ts";

const ID = "com.northwind.inspect";
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-journey-"));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The link makes the first administrator; what is wrong is said beside its field, and what was typed stays. */
async function setUp(ada: Visitor, portal: Portal): Promise<void> {
  const { page, button, field, heading, link, press, sees, type, words } = ada;
  const { token } = createSetupLink(portal.store, OPERATOR);
  await page.goto(`${portal.url}/setup?token=${token}`);
  await type(field("Name of the store"), "Northwind Apps");
  await type(field("Your name"), "Ada Okafor");
  await type(field("Email address"), "ada@example.org");
  await type(field("Password"), "password1234");
  await press(button("Set up the store"));
  await sees(ada.refusal("among the first that are guessed"));
  expect(await field("Email address").inputValue()).toBe("ada@example.org");
  await type(field("Password"), PASSWORD);
  await press(button("Set up the store"));
  await sees(heading("Set-up"));
  await sees(words("The store is set up. Welcome."));

  // What holds for a store on this machine without mail is right as it is.
  await press(link("Go on: Address"));
  await sees(heading("Address"));
  await sees(words("The address has no TLS"));
  await press(button("It is right as it is"));
  await sees(heading("Mail"));
  await press(button("Go without mail"));
  await sees(heading("Storage"));
  await press(button("Write, read and remove a file"));
  await sees(page.getByText("Works", { exact: true }));
  await press(link("Next: Sign-in"));
  await sees(heading("Sign-in"));
  await ada.mark(page.getByRole("radio", { name: "Everybody" }));
  await press(button("Save").first());
  await sees(words("The setting is changed."));
  await press(link("Next: Backup of the root key"));
  await sees(heading("Backup of the root key"));
  await press(button("The keys are backed up, and I have looked into the backup"));
  await sees(heading("Set-up"));
  await page.goto(`${portal.url}/setup?token=${token}`);
  await sees(words("set up already"));
  ada.complaints.length = 0; // the 409 and the 422 just shown

  await page.goto(`${portal.url}/dashboard`);
  await press(link("Create organisation"));
  await sees(heading("New organisation"));
  await type(field("Name"), "Northwind");
  await press(button("Create organisation"));
  await sees(words("The organisation was created."));
  await press(button("Sign out"));
  await sees(words("You are signed out."));
}

async function signUp(mara: Visitor, portal: Portal): Promise<void> {
  const { page, button, field, link, press, sees, type, words } = mara;
  await page.goto(portal.url);
  await press(link("Make an account"));
  await sees(mara.heading("Make an account"));
  await type(field("Email address"), "mara@example.org");
  await press(button("Ask for the link"));
  await sees(words("Your request is written down."));
  await page.goto(await linkTo(portal, "mara@example.org"));
  await type(field("Your name"), "Mara Lindqvist");
  await type(field("Password"), PASSWORD);
  await press(button("Make the account"));
  await sees(words("Your account is made."));
}

/** In steps: wrongly at first, left in the middle, found again, and nothing is lost on the way back. */
async function createApp(mara: Visitor, script: boolean): Promise<void> {
  const { page, button, field, heading, link, press, sees, type, words } = mara;
  await press(link("New app"));
  await sees(heading("New app"));
  await type(field("App id"), "Not An Id");
  await press(button("Next"));
  await sees(mara.refusal("reverse-DNS"));
  mara.complaints.length = 0; // the 400
  await type(field("App id"), ID);
  if (script) await sees(words(`${ID} is free.`));
  await press(button("Next"));
  await type(mara.in("English", "Name"), "Inspect");
  await type(mara.in("Deutsch", "Name"), "Prüfung");
  await press(button("Save and leave"));
  await sees(words(`You began to create ${ID}`));
  await press(link("Go on"));
  await sees(mara.in("Deutsch", "Name"));
  expect(await mara.in("Deutsch", "Name").inputValue()).toBe("Prüfung");
  await press(button("Back"));
  await sees(field("App id"));
  expect(await field("App id").inputValue()).toBe(ID);
  await press(button("Next"));
  await sees(mara.in("English", "Name"));
  await press(button("Next"));
  await mara.choose(field("Category"), "Bus");
  await press(button("Next"));
  await sees(words("Who may see it"));
  await press(button("Create app"));
  await sees(heading("Inspect"));
  await sees(words("The app was created."));
  await sees(words(`mosis new inspect --id ${ID} --name 'Inspect'`));
  expect(new URL(page.url()).pathname).toBe(`/apps/${ID}`);
}

async function fillListing(mara: Visitor, script: boolean): Promise<void> {
  const { button, field, file, heading, link, press, sees, type, words } = mara;
  const picture = (name: string, width: number, height: number) => {
    const path = join(folder, name);
    writeFileSync(path, pngOf(width, height));
    return path;
  };
  await press(link("Listing"));
  await press(link("Edit listing"));
  await sees(heading("Store listing"));
  await type(field("Summary"), "Findings on site");
  await type(field("Description"), "Photos **and** notes.");
  await type(field("Tags"), "field, safety");
  await press(button("Save"));
  await sees(words("Saved. The store shows it now."));
  await press(link("Change pictures"));
  await sees(heading("Icon and screenshots"));
  await type(field("Description"), "A list of findings");
  await file(field("Picture").first(), picture("list.png", 400, 640));
  await press(button("Upload screenshot"));
  await sees(words("A list of findings"));
  await file(field("Picture").last(), picture("icon.png", 512, 512));
  await press(button("Upload icon"));
  await sees(button("Upload icon"));
  await follows(mara, words("The store shows this icon"), script);
}

const badge = ({ page }: Visitor, said: string) =>
  page.locator(".page-head").getByText(said, { exact: true });

/** From the app's page to that of the version, once it is in that state. @returns Its address */
async function upload(
  mara: Visitor,
  { path, notes, hold = false }: { path: string; notes: string; hold?: boolean },
  { state, script }: { state: string; script: boolean },
): Promise<string> {
  const { page, field, press, sees } = mara;
  await press(mara.link("Upload version"));
  await sees(mara.heading("Upload a version of Inspect"));
  await mara.type(field("Notes"), notes);
  if (hold) await mara.tick(field("Hold after approval"));
  await mara.file(page.locator("input[type=file]"), path);
  await press(mara.button("Upload"));
  await sees(mara.heading(/^Inspect \d/));
  await follows(mara, badge(mara, state), script);
  expect(new URL(page.url()).pathname).toMatch(
    /^\/apps\/com\.northwind\.inspect\/versions\/ver-[0-9a-f]{32}$/,
  );
  return page.url();
}

/** The page says that the store is away, and goes on when it is back. A tab that was opened behind others asks for no events until somebody sees it. */
async function staysConnected(mara: Visitor, portal: Portal): Promise<void> {
  const lost = mara.words("The store cannot be reached.");
  const serveAgain = await portal.interrupt();
  await lost.waitFor();
  serveAgain();
  await lost.waitFor({ state: "hidden" });
  mara.complaints.length = 0; // what was asked for meanwhile

  const page = await mara.context.newPage();
  const hide = (hidden: boolean) =>
    `Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });`;
  await page.addInitScript(hide(true));
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/events?")) asked.push(request.url());
  });
  await page.goto(mara.page.url());
  await page.waitForFunction("window.htmx !== undefined");
  expect(asked).toEqual([]);
  const begins = page.waitForRequest(/\/events\?/);
  await page.evaluate(`${hide(false)} document.dispatchEvent(new Event("visibilitychange"));`);
  await begins;
  expect(asked).toHaveLength(1);
  await page.close();
}

async function openReview(jonas: Visitor, version: string): Promise<void> {
  await jonas.sees(jonas.heading("Review queue"));
  await jonas.press(jonas.link(`Inspect ${version}`));
  await jonas.sees(jonas.heading(`Inspect ${version}`));
}

/** Everybody sees it, with the icon and the words of its listing; who downloads it signed in may rate it. */
async function findAndRate(nina: Visitor, portal: Portal): Promise<void> {
  const { page, button, field, heading, link, press, sees, words } = nina;
  await page.goto(portal.url);
  const icon = await page.locator(".store-card img").getAttribute("src");
  const picture = await fetch(`${portal.url}${icon}`);
  expect([picture.status, picture.headers.get("cache-control")]).toEqual([200, "public, max-age=86400"]);
  await press(page.getByRole("heading", { level: 3, name: "Inspect" }).getByRole("link"));
  await sees(heading("Inspect"));
  await sees(page.locator(".prose strong", { hasText: "and" }));
  await sees(page.getByRole("img", { name: "A list of findings" }));
  await sees(words("Photos are attached"));
  await press(link("Sign in to rate it"));
  await signIn(nina, "nina.roth@example.org");
  await sees(words("once you have downloaded it while signed in"));
  await press(link("Inspect"));
  await sees(heading("Inspect"));
  const coming = page.waitForEvent("download");
  await press(link("Download the package"));
  await (await coming).path();
  await press(link("Rate this app"));
  await nina.mark(page.getByRole("radio", { name: "4 stars" }));
  await nina.type(field("What do you want to tell others?"), "Quick to fill in.");
  await press(button("Rate"));
  await sees(page.locator(".review .said", { hasText: "Quick to fill in." }));
  await page.goto(portal.url);
  await sees(page.locator(".store-card", { hasText: "4.0 of 5 stars" }));
}

/** The reason reaches its developer in the lines in which it was written. */
async function rejectUpdate(given: { mara: Visitor; jonas: Visitor; portal: Portal; path: string }) {
  const { mara, jonas, portal, path } = given;
  await mara.page.goto(`${portal.url}/apps/${ID}`);
  const update = { path, notes: "Line one\nLine two" };
  const address = await upload(mara, update, { state: "In review", script: true });
  await jonas.page.goto(`${portal.url}/review`);
  await openReview(jonas, "1.1.0");
  await jonas.type(jonas.field("Reason for rejecting"), "Say what changed.\n<b>And</b> where.");
  await jonas.press(jonas.button("Reject"));
  await jonas.sees(jonas.words("Rejected. The developer sees your reason."));
  await mara.page.goto(address);
  await mara.sees(badge(mara, "Rejected"));
  const reason = await mara.page.locator(".notice .prewrap").textContent();
  expect(reason).toBe("Say what changed.\n<b>And</b> where.");
}

describe.each([
  ["with scripts", true],
  ["without scripts", false],
] as const)("by the keyboard, %s", (_, script) => {
  test("from the set-up link to an app that people rate", async () => {
    const portal = await startPortal();
    const { store } = portal;
    const mara = await newVisitor(browser, script);
    const jonas = await newVisitor(browser, script);
    const nina = await newVisitor(browser, script);
    const everybody = [mara, jonas, nina];
    try {
      await setUp(jonas, portal);
      await signUp(mara, portal);

      // What the operator does by command.
      const [organisation] = listOrganisations(store);
      if (!organisation) throw new Error("the organisation is not there");
      addMember(store, OPERATOR, organisation.id, readAccount(store, "mara@example.org").id, "owner");
      await newPerson(store, "Nina Roth");
      const reviewer = await newPerson(store, "Jonas Bauer", { storeRole: "reviewer" });
      const { actor } = await newPerson(store, "Key Holder", {
        organisations: [[organisation.id, "developer"]],
      });
      const signer = await newSigner(store, actor);
      const file = async (version: string, versionCode: number, isSigned = true) => {
        const path = join(folder, `${script}-${version}-${isSigned}.mosis`);
        const manifest = { id: ID, name: { en: "Inspect" }, version, versionCode };
        writeFileSync(
          path,
          isSigned ? await signedApp(store, signer, manifest) : await packApp(sampleFiles(manifest)),
        );
        return path;
      };

      await mara.page.goto(`${portal.url}/dashboard`);
      await mara.sees(mara.words("Your first app starts here"));
      await createApp(mara, script);
      await fillListing(mara, script);

      await mara.page.goto(`${portal.url}/apps/${ID}`);
      const first = { path: await file("1.0.0", 1, false), notes: "First" };
      await upload(mara, first, { state: "Checks failed", script });
      // What was found says what is wrong, and leads to what there is to do about it.
      const finding = mara.page.locator(".finding");
      await mara.sees(finding.getByText("The package is unsigned"));
      await mara.press(finding.getByRole("link"));
      await mara.sees(mara.heading("Errors"));
      expect(new URL(mara.page.url()).hash).toStartWith("#MPK-");
      await mara.page.goto(`${portal.url}/apps/${ID}`);
      const mended = {
        path: await file("1.0.0", 1),
        notes: "Photos are attached.\n\nTo findings.",
        hold: true,
      };
      const address = await upload(mara, mended, { state: "In review", script });
      await mara.sees(mara.words("All checks passed."));
      await mara.sees(mara.page.locator("#check-category").getByText("Passed"));
      if (script) await staysConnected(mara, portal);

      await jonas.page.goto(`${portal.url}/sign-in`);
      await signIn(jonas, "jonas.bauer@example.org");
      await jonas.press(jonas.link(/1 version waits for review/));
      await openReview(jonas, "1.0.0");
      await jonas.press(jonas.opener("Approve"));
      await jonas.press(jonas.button("Approve"));
      await jonas.sees(jonas.words("All caught up"));
      await jonas.sees(jonas.words("Approved."));
      await mara.page.goto(address);
      await follows(mara, badge(mara, "Held"), script);
      await mara.press(mara.opener("Publish"));
      await mara.press(mara.button("Publish"));
      await follows(mara, badge(mara, "Published"), script);
      await findAndRate(nina, portal);

      if (script) await rejectUpdate({ mara, jonas, portal, path: await file("1.1.0", 2) });
      expect(everybody.flatMap(({ complaints, unseen }) => [...complaints, ...unseen])).toEqual([]);
      // Who may not see a page any more is sent nothing of it, and is told that it stands still.
      setStoreRole(store, OPERATOR, reviewer.accountId, null);
      tellNow(store.db, "review-queue");
      if (script) await jonas.sees(jonas.words("This page does not follow by itself any more."));
    } finally {
      for (const { context } of everybody) await context.close();
      await portal.close();
    }
  }, 240_000);
});
