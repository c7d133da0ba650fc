/** A store in which each page that the router has is there for somebody, and who that is. */
import { OPERATOR } from "../accounts/actor.ts";
import { makeLink } from "../accounts/links/links.ts";
import { createCollection } from "../catalog/collections/collections.ts";
import { putIntoCollection } from "../catalog/collections/contents.ts";
import { insertRating } from "../catalog/ratings/records.ts";
import { write } from "../db/database.ts";
import { pageRoutes } from "../http/portal/routes.ts";
import type { Route } from "../http/route.ts";
import { type AppId, type InvitationId, newId, type VersionCode } from "../ids.ts";
import { addressAbout, type Belongings, makeBelongings } from "./belongings.ts";
import { newPerson, type Person, type Portal, startPortal } from "./portal.ts";
import { fillStore, type SampleStore } from "./sample-store.ts";

/** An address, and who is given a page there: names of people, and the empty one of a visitor. */
export type Readers = { readonly path: string; readonly who: readonly string[] };

export type PageWorld = {
  readonly portal: Portal;
  readonly sample: SampleStore;
  readonly people: Readonly<Record<string, Person>>;
  /** By the names of routes. */
  readonly readers: ReadonlyMap<string, Readers>;
};

/** Addresses that give no page to anybody here, and why. */
export const NO_PAGE: Readonly<Record<string, string>> = {
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

export async function openPageWorld(): Promise<PageWorld> {
  const portal = await startPortal({ signUp: "open" });
  const sample = await fillStore(portal);
  const owner = await newPerson(portal.store, "Tara Target", {
    organisations: [[sample.organisation, "owner"]],
  });
  const ours = await makeBelongings(portal.store, {
    ...{ mark: "Tarragon", appId: "com.northwind.belongings" as AppId },
    ...{ organisationId: sample.organisation, person: owner.actor },
  });
  await portal.scheduler.drain();
  const people = { owner, ...sample.people };
  const others = addressesOfOthers(portal, sample, ours);
  const routes = pageRoutes.filter(({ method, stream }) => method === "GET" && !stream);
  const readers = new Map(
    await Promise.all(
      routes.map(async (route) => {
        const paths = [others[route.name] ?? [], addressesOf(route, portal, sample, ours)].flat();
        return [route.name, await readersOf(portal, people, paths)] as const;
      }),
    ),
  );
  return { portal, sample, people, readers };
}

/** Who has most to do there: the first of those who are signed in, if anybody is. */
export function mainOf({ who }: Readers): string {
  return who.find((name) => name !== "") ?? "";
}

/** Addresses with what only a letter, a form or a list has. */
function addressesOfOthers(
  { store }: Portal,
  sample: SampleStore,
  ours: Belongings,
): Readonly<Record<string, string>> {
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
      catalogPublisherPage: `/catalog/publishers/${sample.organisation}`,
      reportRatingPage: `/catalog/${sample.apps.published}/ratings/${rating}/report`,
    };
  });
}

/** About the things that are there, one after the other. */
function addressesOf(route: Route, { store }: Portal, sample: SampleStore, ours: Belongings): string[] {
  const { apps, versions } = sample;
  const own = { "*": "quick-start", providerId: "none", picture: "0".repeat(64), file: "192.png" };
  const appOf = store.db.raw.query<{ id: AppId }, [string]>("SELECT app_id AS id FROM versions WHERE id = ?");
  const tried: readonly Record<string, string>[] = [
    {},
    { appId: apps.published, versionId: versions.waiting },
    ...Object.values(versions).map((id) => ({ appId: appOf.get(id)?.id ?? "", versionId: id })),
  ];
  return tried.map((things) =>
    addressAbout(route, ours, { ...own, ...things }).replace(/\*$/, "quick-start"),
  );
}

async function readersOf(
  { url }: Portal,
  people: PageWorld["people"],
  paths: readonly string[],
): Promise<Readers> {
  for (const path of new Set(paths)) {
    const who: string[] = [];
    for (const name of ["", ...Object.keys(people)])
      if (await isPage(url + path, people[name])) who.push(name);
    if (who.length > 0) return { path, who };
  }
  return { path: "", who: [] };
}

async function isPage(address: string, person: Person | undefined): Promise<boolean> {
  const answer = await fetch(address, {
    redirect: "manual",
    headers: { Cookie: person?.cookie ?? "", "Sec-Fetch-Site": "same-origin" },
  });
  await answer.body?.cancel();
  return answer.status === 200 && answer.headers.get("content-type")?.startsWith("text/html") === true;
}
