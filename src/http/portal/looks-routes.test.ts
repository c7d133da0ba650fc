/**
 * Every page that the router has, opened in a browser by somebody who may: axe, console, policy, and no scrolling sideways. A check
 * draws some of them in one look each; MOSIS_LOOKS=all opens each as everybody who may, in every look, in English and Arabic.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { makeLink } from "../../accounts/links/links.ts";
import { createCollection } from "../../catalog/collections/collections.ts";
import { putIntoCollection } from "../../catalog/collections/contents.ts";
import { insertRating } from "../../catalog/ratings/records.ts";
import { write } from "../../db/database.ts";
import { type AppId, type InvitationId, newId, type VersionCode } from "../../ids.ts";
import { addressAbout, type Belongings, makeBelongings } from "../../testing/belongings.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { axeRules, isSeenOnce, seesAll } from "../../testing/looks.ts";
import { newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { SCREENS, THEMES, WIDTHS } from "../../testing/screens.ts";
import type { Route } from "../route.ts";
import { pageRoutes } from "./routes.ts";

let browser: Browser;
let portal: Portal;
let sample: SampleStore;
let ours: Belongings;
let people: Readonly<Record<string, Person>>;
/** By the name of a route: its address, and who reads a page there. */
let readers: ReadonlyMap<string, { readonly path: string; readonly who: readonly string[] }>;

beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal({ signUp: "open" })]);
  sample = await fillStore(portal);
  const owner = await newPerson(portal.store, "Tara Target", {
    organisations: [[sample.organisation, "owner"]],
  });
  ours = await makeBelongings(portal.store, {
    ...{ mark: "Tarragon", appId: "com.northwind.belongings" as AppId },
    ...{ organisationId: sample.organisation, person: owner.actor },
  });
  await portal.scheduler.drain();
  others = makeOthers();
  people = { owner, ...sample.people };
  readers = new Map(
    await Promise.all(routes.map(async (route) => [route.name, await readersOf(route)] as const)),
  );
}, 120_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

const routes = pageRoutes.filter(({ method, stream }) => method === "GET" && !stream);

/** Addresses that give no page to anybody here, and why. */
const NO_PAGE: Readonly<Record<string, string>> = {
  auditExportPage: "a file",
  organisationAuditExportPage: "a file",
  packageOfCatalog: "a file",
  packageOfVersion: "a file",
  readPicture: "a picture",
  uploadStandingPage: "read by the script of an upload",
  signInWithProvider: "leads to a provider",
  comeBackFromProvider: "leads on from a provider",
  providerLinkPage: "between a provider and the store: providers.test.ts",
  secondStepPage: "in the middle of signing in: factor-journey.test.ts",
  setupPage: "of a store without an administrator: journey.test.ts",
  keepAccountPage: "of an account that is being deleted: deletion-journey.test.ts",
};

/** Addresses with what only a letter, a form or a list has. */
let others: Readonly<Record<string, string>>;

function makeOthers(): Readonly<Record<string, string>> {
  const { store } = portal;
  const now = store.clock.now();
  const { accountId, email } = sample.people.newcomer;
  createCollection(store, OPERATOR, { id: "shown", names: { en: "For the field" }, published: true });
  putIntoCollection(store, OPERATOR, "shown", { appId: sample.apps.published });
  return write(store.db, (tx) => {
    const link = (purpose: "password" | "address", of = email) =>
      makeLink(tx, { purpose, email: of, accountId, invitationId: null }, { mailed: true }, now).path;
    const invitation = ours.invitationId?.id as InvitationId;
    const rating = insertRating(
      tx,
      { accountId: sample.people.viewer.accountId },
      {
        ...{ id: newId("rat"), appId: sample.apps.published, stars: 4, body: "It works.", language: "en" },
        ...{ versionCode: 230 as VersionCode, version: "2.3.0", createdAt: now },
      },
    ).id;
    return {
      newPasswordPage: link("password"),
      confirmAddressPage: link("address"),
      invitationPage: makeLink(
        tx,
        { purpose: "invitation", email, accountId: null, invitationId: invitation },
        { mailed: true },
        now,
      ).path,
      mergeCategoryPage: "/admin/categories/tools/merge?into=games",
      catalogCollectionPage: "/catalog/collections/shown",
      reportRatingPage: `/catalog/${sample.apps.published}/ratings/${rating}/report`,
    };
  });
}

/** The visitor, whose name is empty, and everybody else who is given a page there, of the things that are tried. */
async function readersOf(route: Route): Promise<{ path: string; who: readonly string[] }> {
  const { apps, versions } = sample;
  const own = { "*": "quick-start", providerId: "none", picture: "0".repeat(64), file: "192.png" };
  const states = Object.keys(versions) as (keyof typeof versions)[];
  const tried: readonly Record<string, string>[] = [
    {},
    { appId: apps.published, versionId: versions.waiting },
    ...states.map((state) => ({ appId: appOf(state), versionId: versions[state] })),
  ];
  const addresses = tried.map((things) =>
    addressAbout(route, ours, { ...own, ...things }).replace(/\*$/, "quick-start"),
  );
  for (const path of new Set([others[route.name] ?? [], addresses].flat())) {
    const who: string[] = [];
    for (const name of ["", ...Object.keys(people)]) if (await isPage(path, name)) who.push(name);
    if (who.length > 0) return { path, who };
  }
  return { path: "", who: [] };

  function appOf(state: keyof typeof versions): AppId {
    const row = portal.store.db.raw.query("SELECT app_id AS id FROM versions WHERE id = ?");
    return (row.get(versions[state]) as { id: AppId }).id;
  }
}

async function isPage(path: string, who: string): Promise<boolean> {
  const answer = await fetch(portal.url + path, {
    redirect: "manual",
    headers: { Cookie: people[who]?.cookie ?? "", "Sec-Fetch-Site": "same-origin" },
  });
  await answer.body?.cancel();
  return answer.status === 200 && answer.headers.get("content-type")?.startsWith("text/html") === true;
}

/** Who has most to do there: the first of those who are signed in, if anybody is. */
const mainOf = (who: readonly string[]) => who.find((name) => name !== "") ?? "";

test("each page of the router is there for somebody, or it is said why it is not", () => {
  const unread = [...readers].filter(([, { who }]) => who.length === 0).map(([name]) => name);
  expect(unread.sort()).toEqual(Object.keys(NO_PAGE).sort());
});

describe.each(WIDTHS)("%s", (width) => {
  describe.each(THEMES)("and %s", (theme) => {
    test.each(seesAll ? ["en", "ar"] : ["en"])(
      "no page has a fault, in %s",
      async (locale) => {
        const faults: string[] = [];
        for (const name of ["", ...Object.keys(people)]) {
          const seen = [...readers].filter(
            ([route, { who }]) =>
              who.includes(name) && (seesAll || (mainOf(who) === name && isSeenOnce(route, width, theme))),
          );
          if (seen.length === 0) continue;
          const { page, complaints, context } = await openTab(browser, { ...SCREENS[width], locale });
          try {
            await context.addCookies([{ name: "mosis_theme", value: theme, url: portal.url }]);
            if (name !== "") await useSession(context, portal.url, people[name]?.cookie ?? "");
            for (const [route, { path }] of seen) {
              const answer = await page.goto(portal.url + path);
              if (answer?.status() !== 200) faults.push(`${route} of ${name}: ${answer?.status()}`);
              for (const fault of await faultsOf(page, axeRules(theme)))
                faults.push(`${route} of ${name}: ${fault}`);
            }
            faults.push(...complaints);
          } finally {
            await context.close();
          }
        }
        expect(faults).toEqual([]);
      },
      600_000,
    );
  });
});
