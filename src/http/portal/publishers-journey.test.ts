/** Trusted publishing in a browser, with scripts and without: a build job is trusted, uploads, and is trusted no more. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApp } from "../../catalog/apps.ts";
import { systemClock } from "../../clock.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { type CiServer, startCiServer } from "../../testing/ci-server.ts";
import { newOrganisation, newPerson, startPortal } from "../../testing/portal.ts";
import { newSigner, signedApp } from "../../testing/publishing.ts";
import { waysOf } from "../../testing/ways.ts";

/** As the configuration of tests has the store's address. */
const AUDIENCE = "http://127.0.0.1:8470";
const APP = "com.example.notes";

let browser: Browser;
let ci: CiServer;
beforeAll(async () => {
  browser = await startBrowser();
  ci = await startCiServer(() => systemClock.now(), AUDIENCE);
});
afterAll(async () => {
  await browser.close();
  await ci.stop();
});

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an owner trusts a build job, refuses all others, and ends both", async () => {
    const trustedIssuers = JSON.stringify({ ci: { kind: "github", name: "Forge", issuer: ci.issuer } });
    const portal = await startPortal({ trustedIssuers });
    const { store, url } = portal;
    const organisationId = newOrganisation(store, "Lovelace");
    const owner = await newPerson(store, "Mara Owner", { organisations: [[organisationId, "owner"]] });
    const viewer = await newPerson(store, "Vera Viewer", { organisations: [[organisationId, "viewer"]] });
    createApp(store, OPERATOR, { id: APP, name: "Notes", organisationId });
    const signer = await newSigner(store, owner.actor);
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const exchange = async () => {
      const answer = await fetch(`${url}/api/v1/trusted-publishing/token`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ appId: APP, identityToken: await ci.sign() }),
      });
      return (await answer.json()) as { token?: string; code?: string };
    };
    const confirmed = async (label: string) => {
      await page.locator("summary", { hasText: label }).click();
      await page.locator(".confirm-panel").getByRole("button", { name: label }).click();
    };
    try {
      await useSession(context, url, owner.cookie);
      await page.goto(`${url}/apps/${APP}?part=team`);
      await page.getByText("No build job may upload versions by itself.").waitFor();
      await page.getByRole("link", { name: "Trusted publishing" }).click();
      await page.getByText("No build job may upload versions of this app by itself.").waitFor();
      await looksWell();
      // Without a repository every job of the server would do, so it is not said to be optional, as others are.
      const optional = (label: string) =>
        page.locator("label", { hasText: label }).locator(".optional").count();
      expect([await optional("Repository or project"), await optional("Environment")]).toEqual([0, 1]);
      await page.getByLabel("Environment").fill("release");
      await page.getByRole("button", { name: "Trust it" }).click();
      await page.getByRole("alert").getByText("Say repository or repository_id").waitFor();
      expect(await page.getByLabel("Environment").inputValue()).toBe("release");
      await looksWell();
      // What no job could say is told where it was typed.
      await page.getByLabel("Repository or project").fill("https://forge.example/Example/Notes");
      await page.getByLabel("Workflow file").fill(".github/workflows/release.yml");
      await page.getByRole("button", { name: "Trust it" }).click();
      await page.getByRole("alert").getByText("and no address").waitFor();
      const wrong = page.locator("main [aria-invalid=true]");
      expect(await wrong.evaluateAll((all) => all.map(({ id }) => id))).toEqual([
        "field-repository",
        "field-workflow",
      ]);
      await looksWell();
      await page.getByLabel("Repository or project").fill("Example/Notes");
      await page.getByLabel("Workflow file").fill("release.yml");
      await page.getByLabel("Other claims").fill("ref_type = tag\n\nrunner is mine");
      await page.getByRole("button", { name: "Trust it" }).click();
      await page.getByRole("alert").getByText("name = value").waitFor();
      await page.getByLabel("Other claims").fill("ref_type = tag");
      await page.getByRole("button", { name: "Trust it" }).click();
      await page.getByText("The build job is trusted from now on.").waitFor();
      await page.getByText(`mosis submit app.mosis --trusted --store ${AUDIENCE}`).waitFor();
      await looksWell();

      const { token } = await exchange();
      const uploaded = await fetch(`${url}/api/v1/apps/${APP}/versions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/vnd.mosis.package" },
        body: (await signedApp(store, signer, {
          id: APP,
          versionCode: 1,
          version: "1.0.0",
        })) as Uint8Array<ArrayBuffer>,
      });
      expect(uploaded.status).toBe(201);
      const { id } = (await uploaded.json()) as { id: string };
      await page.goto(`${url}/apps/${APP}/versions/${id}`);
      await page.getByRole("heading", { name: "Published from" }).waitFor();
      const repository = page.getByRole("link", { name: "example/notes", exact: true });
      expect(await repository.getAttribute("href")).toBe(`${ci.issuer}/example/notes`);
      expect(await repository.getAttribute("rel")).toBe("noreferrer");
      await page.getByText("Forge vouched for the run").waitFor();
      await page.getByText("Example/Notes · release.yml · release (trusted publisher)").first().waitFor();
      await looksWell();

      await page.goto(`${url}/apps/${APP}/publishers`);
      await page.getByText("Held to repository_id = 74, repository_owner_id = 65").waitFor();
      await confirmed("Refuse all others");
      await page.getByText("Nobody else may upload").waitFor();
      await looksWell();
      await page.goto(`${url}/apps/${APP}?part=team`);
      await page.getByText("Only one trusted build job may upload versions.").waitFor();
      expect(
        await page
          .getByRole("link", { name: "Upload", exact: false })
          .filter({ hasText: "Upload a version" })
          .count(),
      ).toBe(0);

      await page.goto(`${url}/apps/${APP}/publishers`);
      await confirmed("Remove");
      await page.getByText("Nobody can upload versions of this app").waitFor();
      await looksWell();
      const me = await fetch(`${url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
      expect(me.status).toBe(401);
      expect((await exchange()).code).toBe("trusted.no_publisher");
      await confirmed("Let others upload");
      await page.getByText("Others may upload, too").waitFor();

      // A viewer sees it, and has nothing to press.
      await useSession(context, url, viewer.cookie);
      await page.goto(`${url}/apps/${APP}/publishers`);
      await page.getByText("Others may upload, too").waitFor();
      expect(await page.getByRole("button", { name: "Trust it" }).count()).toBe(0);
      expect(await page.locator("summary", { hasText: "Refuse all others" }).count()).toBe(0);
    } finally {
      await context.close();
      await portal.close();
    }
  }, 60_000);
});

test("a proof that is old is asked for before a build job is trusted", async () => {
  const trustedIssuers = JSON.stringify({ ci: { kind: "github", issuer: ci.issuer } });
  const portal = await startPortal({ trustedIssuers });
  try {
    const { store, url } = portal;
    const organisationId = newOrganisation(store, "Lovelace");
    const owner = await newPerson(store, "Mara Owner", { organisations: [[organisationId, "owner"]] });
    createApp(store, OPERATOR, { id: APP, name: "Notes", organisationId });
    store.db.raw.run("UPDATE sessions SET proved_at = 0");
    for (const [path, fields] of [
      ["publishers", { issuer: "ci", repository: "example/notes" }],
      ["trusted-only", { trustedOnly: "true" }],
      [`publishers/pub-${"0".repeat(32)}/remove`, {}],
    ] as const) {
      const answer = await fetch(`${url}/apps/${APP}/${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { Cookie: owner.cookie, "Sec-Fetch-Site": "same-origin" },
        body: new URLSearchParams(fields),
      });
      expect([path, answer.status === 303 || answer.status === 401 || answer.status === 403]).toEqual([
        path,
        true,
      ]);
      expect(answer.headers.get("location") ?? "/prove").toContain("/prove");
    }
    expect(store.db.raw.query("SELECT * FROM trusted_publishers").all()).toEqual([]);
  } finally {
    await portal.close();
  }
});

test("no line of the form is lost: one that names the prototype or a claim again is refused", async () => {
  const trustedIssuers = JSON.stringify({ ci: { kind: "github", issuer: ci.issuer } });
  const portal = await startPortal({ trustedIssuers });
  try {
    const { store, url } = portal;
    const organisationId = newOrganisation(store, "Lovelace");
    const owner = await newPerson(store, "Mara Owner", { organisations: [[organisationId, "owner"]] });
    createApp(store, OPERATOR, { id: APP, name: "Notes", organisationId });
    const trust = async (claims: string) => {
      const answer = await fetch(`${url}/apps/${APP}/publishers`, {
        method: "POST",
        redirect: "manual",
        headers: { Cookie: owner.cookie, "Sec-Fetch-Site": "same-origin" },
        body: new URLSearchParams({ issuer: "ci", repository: "example/notes", claims }),
      });
      return { status: answer.status, body: await answer.text() };
    };
    const lost = await trust("__proto__ = x");
    expect([lost.status, lost.body.includes("is not the name of a claim.")]).toEqual([422, true]);
    for (const twice of [
      "ref = a\nref = b",
      "repository = example/other",
      "constructor = a\nconstructor = b",
    ]) {
      const refused = await trust(twice);
      expect([refused.status, refused.body.includes("stands there twice.")]).toEqual([422, true]);
    }
    expect(store.db.raw.query("SELECT * FROM trusted_publishers").all()).toEqual([]);
    expect((await trust("constructor = a\nref_type = tag")).status).toBe(303);
    expect(store.db.raw.query("SELECT claims FROM trusted_publishers").all()).toEqual([
      { claims: '{"constructor":"a","ref_type":"tag","repository":"example/notes"}' },
    ]);
  } finally {
    await portal.close();
  }
});
