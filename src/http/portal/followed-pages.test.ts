/** Pages of an app and of a review follow what happens, and take nothing from who works on them: what is typed, is asked or has the focus. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";

const ID = "org.example.followed" as AppId;

let browser: Browser;
let portal: Portal;
beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

test("a decision comes to both pages, and leaves the reason, the question and the focus where they were", async () => {
  const { store, url } = portal;
  const organisation = newOrganisation(store, "Followed Works");
  const mara = await newPerson(store, "Mara Owner", { organisations: [[organisation, "owner"]] });
  const jonas = await newPerson(store, "Jonas Reviewer", { storeRole: "reviewer" });
  const signer = await newSigner(store, mara.actor);
  const send = async (versionCode: number) => {
    const manifest = { id: ID, versionCode, version: `${versionCode}.0.0` };
    const sent = await submitBytes(store, mara.actor, await signedApp(store, signer, manifest));
    await portal.scheduler.drain();
    return sent;
  };
  const first = await send(1);
  const [review, app] = await Promise.all([openTab(browser), openTab(browser)]);
  try {
    await useSession(review.context, url, jonas.cookie);
    await useSession(app.context, url, mara.cookie);
    await review.page.goto(`${url}/review/${first.id}`);
    await app.page.goto(`${url}/apps/${ID}`);

    const reason = review.page.getByLabel("Reason for rejecting");
    await reason.fill("Name the author.");
    await reason.press("Home");
    const row = app.page.locator(`#row-${first.id}`);
    await row.locator("summary", { hasText: "Withdraw" }).click();
    await row.getByRole("button", { name: "Withdraw" }).focus();

    // Another version stands before it now, and its question is asked on.
    const second = await send(2);
    await app.page.locator(`#row-${second.id}`).getByText("In review").waitFor();
    const asked = row.getByRole("button", { name: "Withdraw" });
    expect(await asked.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    expect(await asked.isVisible()).toBe(true);
    expect(await faultsOf(app.page)).toEqual([]);

    approve(store, reviewer(), first.id, {});
    await portal.scheduler.drain();
    await row.getByText("Published").waitFor();
    await app.page.locator(".facts a", { hasText: "1.0.0" }).waitFor();
    expect(await row.locator("summary", { hasText: "Withdraw" }).count()).toBe(0);

    await review.page.locator("#review-live").getByText("Published").waitFor();
    expect(
      await review.page.locator("#review-standing").getByText("What you have typed stays here").isVisible(),
    ).toBe(true);
    expect(
      await reason.evaluate((field: HTMLTextAreaElement) => [
        field === field.ownerDocument.activeElement,
        field.selectionStart,
        field.value,
      ]),
    ).toEqual([true, 0, "Name the author."]);
    expect(await faultsOf(review.page)).toEqual([]);
    expect([...review.complaints, ...app.complaints]).toEqual([]);
  } finally {
    await Promise.all([review.context.close(), app.context.close()]);
  }
});
