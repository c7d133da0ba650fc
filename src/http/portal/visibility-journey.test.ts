/** Who may see an app, in a browser: said when it is made, looked at, changed; and the group that cannot be deleted. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup, readGroup } from "../../accounts/groups/groups.ts";
import { createApp } from "../../catalog/apps.ts";
import { changeVisibility, previewVisibility, readVisibility } from "../../catalog/visibility/change.ts";
import type { AppId } from "../../ids.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
let portal: Portal;
let administrator: Person;
beforeAll(async () => {
  browser = await startBrowser();
  portal = await startPortal();
  administrator = await newAdministrator(portal.store);
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** A form that was refused has its status, of which the console tells. */
const unexpected = (complaints: readonly string[]) =>
  complaints.filter((complaint) => !/status of 4(?:00|09|22)/.test(complaint));

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  const name = javaScriptEnabled ? "Testers" : "Kiosks";
  const appId = `org.example.${name.toLowerCase()}` as AppId;

  test("an owner makes an app for a group, and shows it to others later", async () => {
    const { store, url } = portal;
    createGroup(store, OPERATOR, { name, offered: true });
    const owner = await newPerson(store, `Mara ${name}`, {
      organisations: [[newOrganisation(store, `Example ${name}`), "owner"]],
    });
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const shown = () => {
      const { visibility, groups } = readVisibility(store, OPERATOR, appId);
      return [visibility, ...groups.map((group) => group.name)];
    };
    try {
      await useSession(context, url, owner.cookie);
      await page.goto(`${url}/apps/new`);
      await page.getByLabel("App id").fill(appId);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("group", { name: "English" }).getByLabel("Name").fill("Shift board");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Category").waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Who may see it").selectOption("groups");
      await looksWell();
      // Without a group it is refused, and nothing that was filled in is lost.
      await page.getByRole("button", { name: "Create app" }).click();
      await page.getByRole("alert").getByText("names 1 to 50").waitFor();
      expect(await page.getByLabel("Who may see it").inputValue()).toBe("groups");
      await page.getByLabel(name, { exact: true }).check();
      await looksWell();
      await page.getByRole("button", { name: "Create app" }).click();
      await page.getByRole("heading", { level: 1, name: "Shift board" }).waitFor();
      expect(shown()).toEqual(["groups", name]);
      await looksWell();

      await page.getByRole("link", { name: "Visibility", exact: true }).click();
      await page.getByText("Nothing of it is published yet").waitFor();
      expect(await page.getByLabel(name, { exact: true }).isChecked()).toBe(true);
      await looksWell();
      await page.getByLabel("Who may see it").selectOption("signed-in");
      await page.getByRole("button", { name: "Look at what changes" }).click();
      await page.getByText("Will not see it any more").waitFor();
      await page.getByText("0 people, 0 devices").waitFor();
      await looksWell();
      expect(shown()).toEqual(["groups", name]);
      // Somebody else is faster: what was confirmed is not what it would be now, and is not done.
      const everyone = { visibility: "everyone" };
      const { scope } = previewVisibility(store, OPERATOR, appId, everyone);
      await changeVisibility(store, OPERATOR, appId, everyone, scope);
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByText("This is not what was shown").waitFor();
      expect(shown()).toEqual(["everyone"]);
      await looksWell();
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByText("Changed who may see the app.").waitFor();
      expect(shown()).toEqual(["signed-in"]);
      await looksWell();
      await page.getByRole("button", { name: "Look at what changes" }).click();
      await page.getByText("It is so already").waitFor();
      await looksWell();
      expect(unexpected(complaints)).toEqual([]);
    } finally {
      await context.close();
    }
  }, 90_000);

  test("a group that apps are for shows them, and is not deleted", async () => {
    const { store, url } = portal;
    const group = createGroup(store, OPERATOR, { name: `${name} of ours`, offered: true });
    const owner = await newPerson(store, `Otto ${name}`, {
      organisations: [[newOrganisation(store, `Others ${name}`), "owner"]],
    });
    createApp(store, owner.actor, {
      id: `${appId}.ours`,
      name: "Ours",
      visibility: { visibility: "groups", groups: [group.id] },
    });
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(context, url, administrator.cookie);
      await page.goto(`${url}/groups/${group.id}`);
      await page.getByRole("link", { name: "Ours" }).waitFor();
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      const offered = page.getByLabel("Owners and maintainers may choose it");
      expect(await offered.isChecked()).toBe(true);
      await offered.uncheck();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The group is changed").waitFor();
      expect(readGroup(store, OPERATOR, group.id).offered).toBe(false);
      await page.getByRole("link", { name: "Delete the group" }).click();
      await page.getByRole("alert").getByText("One app is for this group.").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      await page.getByRole("link", { name: "Ours" }).click();
      await page.getByRole("heading", { level: 2, name: "Who may see it", exact: true }).waitFor();
      expect(unexpected(complaints)).toEqual([]);
    } finally {
      await context.close();
    }
  }, 90_000);
});
