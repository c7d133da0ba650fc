/**
 * Who meets which app in the store: on pages, in the API, as pictures and files. For whom an app is not, it is not there: the
 * answer is that of an app that does not exist, to the byte.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { ANONYMOUS, OPERATOR } from "../accounts/actor.ts";
import { shownCategories } from "../catalog/categories/browse.ts";
import { createCollection } from "../catalog/collections/collections.ts";
import { putIntoCollection } from "../catalog/collections/contents.ts";
import { askToDeleteApp } from "../catalog/deletion/ask.ts";
import { keepApp } from "../catalog/deletion/keep.ts";
import { addFetches } from "../catalog/installs/records.ts";
import { setListed } from "../catalog/listing/change.ts";
import { enact } from "../catalog/revocation/act.ts";
import { parseChange } from "../catalog/revocation/change.ts";
import { ORDERS, type Order } from "../catalog/sorting/orders.ts";
import { newestApps } from "../catalog/visibility/visible.ts";
import { write } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import { bytesOf } from "../testing/http/events.ts";
import { type Portal, startPortal } from "../testing/portal.ts";
import {
  ASKERS,
  type AskerName,
  KINDS,
  type Kind,
  NOT_THERE,
  publishShown,
  publishShownApps,
  SHOWN,
  type ShownApps,
  showTo,
  versionRow,
} from "../testing/shown-apps.ts";
import { pageRoutes } from "./portal/routes.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

setDefaultTimeout(60_000);

let portal: Portal;
let world: ShownApps;
beforeAll(async () => {
  portal = await startPortal();
  world = await publishShownApps(portal);
  const { store } = portal;
  for (const [id, kinds] of Object.entries(COLLECTIONS)) {
    createCollection(store, OPERATOR, { id, names: { en: `Name of ${id}` }, published: true });
    for (const kind of kinds) putIntoCollection(store, OPERATOR, id, { appId: SHOWN[kind].id });
  }
});

const publisherId = () => world.owner.actor.organisations.keys().next().value ?? ("" as OrganisationId);
/** Of an organisation that publishes nothing. */
const otherId = () =>
  world.askers.signedIn.person?.actor.organisations.keys().next().value ?? ("" as OrganisationId);

/** The last is called nothing that another page says. */
const COLLECTIONS = { all: ["group", "public", "signedIn"], circle: ["group"] } as const;
afterAll(() => portal.close());

type Answer = {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
};

async function get(path: string, as: AskerName, more: Record<string, string> = {}): Promise<Answer> {
  const { cookie, token } = world.askers[as];
  const byToken = /^\/(?:api|store)\//.test(path);
  const headers = {
    ...more,
    ...(byToken && token !== undefined ? { Authorization: `Bearer ${token}` } : {}),
    ...(!byToken && cookie !== undefined ? { Cookie: cookie } : {}),
  };
  const answer = await fetch(portal.url + path, { headers, redirect: "manual" });
  const text = Buffer.from(await bytesOf(answer)).toString("latin1");
  return { status: answer.status, text, headers: Object.fromEntries(answer.headers) };
}

/** What each meets by the API. Whoever manages or oversees apps sees no more of it there than anybody. */
const MEETS: Readonly<Record<AskerName, readonly Kind[]>> = {
  nobody: ["public"],
  signedIn: ["public", "signedIn"],
  member: ["public", "signedIn", "group"],
  otherGroup: ["public", "signedIn"],
  orgViewer: ["public", "signedIn"],
  admin: ["public", "signedIn"],
  auditor: ["public", "signedIn"],
  orgKey: ["public", "signedIn"],
  narrowedKey: [],
  insideDevice: [],
};
/** Whoever has no session is a visitor on pages, whatever token they send there. */
const onPages = (who: AskerName): readonly Kind[] =>
  world.askers[who].cookie === undefined ? ["public"] : MEETS[who];
/** A key that was not given it does not ask as a visitor, nor does a token for files. */
const API_REFUSES: Partial<Record<AskerName, number>> = { narrowedKey: 403, insideDevice: 401 };

const named = (text: string): Kind[] =>
  KINDS.filter((kind) => text.includes(SHOWN[kind].id) || text.includes(SHOWN[kind].name));

const pagesOf = (id: string) => [
  `/catalog/${id}`,
  `/catalog/${id}/versions/1/package`,
  `/catalog/${id}/ratings`,
];
const callsOf = (id: string) => [
  `/api/v1/catalog/${id}`,
  `/api/v1/catalog/${id}/versions`,
  `/api/v1/catalog/${id}/ratings`,
  `/api/v1/catalog/${id}/ratings/summary`,
  `/api/v1/catalog/${id}/versions/1/package`,
];

describe.each(ASKERS.map((who) => [who]))("%s", (who) => {
  test("finds in the lists what is for them, and nothing else", async () => {
    for (const path of ["/", "/catalog"]) {
      const { status, text } = await get(path, who);
      expect([path, status, named(text)]).toEqual([path, 200, [...onPages(who)]]);
      expect(text.includes("Only for your groups")).toBe(onPages(who).includes("group"));
      expect(text.includes("Only for who is signed in")).toBe(onPages(who).includes("signedIn"));
    }
    const { status, text } = await get("/api/v1/catalog", who);
    expect([status, named(text)]).toEqual([API_REFUSES[who] ?? 200, [...MEETS[who]]]);
    if (status === 200)
      expect(
        (JSON.parse(text) as { items: { id: string; visibility: string }[] }).items.map(
          ({ visibility }) => visibility,
        ),
      ).toEqual(
        [...MEETS[who]]
          .map((kind) => ({ public: "everyone", signedIn: "signed-in", group: "groups" })[kind])
          .sort(
            (a, b) =>
              ["groups", "signed-in", "everyone"].indexOf(a) - ["groups", "signed-in", "everyone"].indexOf(b),
          ),
      );
  });

  test("finds by searching what is for them, and nothing else", async () => {
    for (const q of ["ledger", "legder", "quietworks", "d", "damson ledger", "org.quietworks.damson"]) {
      const { status, text } = await get(`/catalog?q=${encodeURIComponent(q)}`, who);
      const results = text.slice(text.indexOf('id="catalog-results"'));
      const met = named(results.replaceAll(q, ""));
      expect(new Set(met).difference(new Set(onPages(who))).size).toBe(0);
      if (/^(?:led|leg|quiet)/.test(q)) expect([q, status, met]).toEqual([q, 200, [...onPages(who)]]);
      const api = await get(`/api/v1/catalog?q=${encodeURIComponent(q)}`, who);
      expect(new Set(named(api.text)).difference(new Set(MEETS[who])).size).toBe(0);
      if (/^(?:led|leg|quiet)/.test(q))
        expect([q, api.status, named(api.text)]).toEqual([q, API_REFUSES[who] ?? 200, [...MEETS[who]]]);
    }
  });

  test("finds in a category what is for them, and is told no other number", async () => {
    const count = onPages(who).length;
    const tiles = (await get("/catalog", who)).text;
    expect(tiles.match(/categories\/finance"[^>]*>Finance<\/a>\s*<p class="meta">(\d+) apps?</)?.[1]).toBe(
      String(count),
    );
    expect(tiles).not.toContain("categories/games");
    const page = await get("/catalog/categories/finance", who);
    expect([page.status, named(page.text)]).toEqual([200, [...onPages(who)]]);
    const found = await get("/catalog/categories/finance?q=ledger", who);
    expect(named(found.text)).toEqual([...onPages(who)]);
    for (const path of ["/catalog/categories/games", "/catalog/categories/games?q=ledger"])
      expect(named((await get(path, who)).text)).toEqual([]);
    if (API_REFUSES[who] !== undefined) return;
    const { items } = JSON.parse((await get("/api/v1/catalog/categories", who)).text);
    expect(items.filter(({ apps }: { apps: number }) => apps > 0)).toMatchObject([
      { id: "finance", apps: MEETS[who].length },
    ]);
    for (const query of ["category=finance", "category=finance&q=ledger"])
      expect(named((await get(`/api/v1/catalog?${query}`, who)).text)).toEqual([...MEETS[who]]);
    expect((await get("/api/v1/catalog?category=nothing", who)).status).toBe(404);
  });

  test("finds in a collection what is for them, and no collection without any", async () => {
    const inOrder = (met: readonly Kind[]) => COLLECTIONS.all.filter((kind) => met.includes(kind));
    const isInside = onPages(who).includes("group");
    for (const path of ["/", "/catalog/collections"])
      expect([path, (await get(path, who)).text.includes("Name of circle")]).toEqual([path, isInside]);
    const page = await get("/catalog/collections/all", who);
    expect([page.status, named(page.text)]).toEqual([200, [...onPages(who)]]);
    const first = inOrder(onPages(who)).map((kind) => page.text.indexOf(`/catalog/${SHOWN[kind].id}"`));
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    const circle = await get("/catalog/collections/circle", who);
    expect(circle.status).toBe(isInside ? 200 : 404);
    if (!isInside) await sameAsMissing(circle, "/catalog/collections/square", "circle", who, "square");
    if (API_REFUSES[who] !== undefined) return;
    const json = async (path: string) => JSON.parse((await get(`/api/v1/catalog${path}`, who)).text);
    expect((await json("/front/collections/all")).apps).toBe(MEETS[who].length);
    const { items } = (await json("/front/collections/all/apps")) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(inOrder(MEETS[who]).map((kind) => SHOWN[kind].id));
    const listed = (await json("/front/collections")) as { items: { id: string }[] };
    expect(listed.items.map(({ id }) => id)).toEqual(
      MEETS[who].includes("group") ? ["all", "circle"] : ["all"],
    );
    const front = (await json("/front?locale=de")) as { featured: null; collections: { items: unknown[] }[] };
    expect([front.featured, front.collections[0]?.items.length]).toEqual([null, MEETS[who].length]);
    const missing = await get("/api/v1/catalog/front/collections/circle/apps", who);
    expect(missing.status).toBe(MEETS[who].includes("group") ? 200 : 404);
  });

  test("finds on the page of a publisher what is for them, and no other number", async () => {
    const id = publisherId();
    const path = `/catalog/publishers/${id}`;
    const page = await get(path, who);
    expect([page.status, named(page.text)]).toEqual([200, [...onPages(who)]]);
    const count = onPages(who).length;
    expect(page.text).toContain(`>${count} ${count === 1 ? "app" : "apps"}<`);
    expect((await get(`/catalog/${SHOWN.public.id}`, who)).text).toContain(`href="${path}"`);
    // There is one without an app, too: it is as one that is not there.
    const none = `org-${"0".repeat(32)}`;
    const other = await get(`/catalog/publishers/${otherId()}`, who);
    expect(other.status).toBe(404);
    await sameAsMissing(other, `/catalog/publishers/${none}`, otherId(), who, none);
    if (API_REFUSES[who] !== undefined) return;
    const api = `/api/v1/catalog/front/publishers/`;
    expect(JSON.parse((await get(api + id, who)).text)).toEqual({
      ...{ id, name: "Quiet Works", apps: MEETS[who].length, hasMore: false },
    });
    const met: string[] = [];
    let cursor = "";
    do {
      const { text } = await get(`${api}${id}/apps?limit=1${cursor}`, who);
      const { items, nextCursor } = JSON.parse(text);
      met.push(...items.map((app: { id: string }) => app.id));
      cursor = nextCursor === null ? "" : `&cursor=${nextCursor}`;
    } while (cursor !== "");
    expect(met).toEqual(MEETS[who].map((kind) => SHOWN[kind].id).sort());
    for (const rest of ["", "/apps"]) {
      const missing = await get(`${api}${otherId()}${rest}`, who);
      expect(missing.status).toBe(404);
      await sameAsMissing(missing, `${api}${none}${rest}`, otherId(), who, none);
    }
  });

  test("goes through the list one by one, and no place or cursor tells of another", async () => {
    if (API_REFUSES[who] !== undefined) return;
    const met: string[] = [];
    let cursor = "";
    do {
      const { text } = await get(`/api/v1/catalog?limit=1${cursor && `&cursor=${cursor}`}`, who);
      const page = JSON.parse(text) as { items: { id: string }[]; nextCursor: string | null };
      met.push(...page.items.map(({ id }) => id));
      expect(page.items.length).toBe(1);
      cursor = page.nextCursor ?? "";
      expect(Buffer.from(cursor, "base64url").toString()).toBe(cursor && `catalog:${met.at(-1)}`);
    } while (cursor !== "");
    expect(met).toEqual([...MEETS[who]].map((kind) => SHOWN[kind].id).sort());
  });

  test("goes through each other order one by one: to what is for them alone, and by cursors of that order alone", async () => {
    const all = KINDS.filter((kind) => onPages(who).includes(kind));
    for (const sort of ORDERS)
      for (const path of [
        "/catalog",
        "/catalog/categories/finance",
        `/catalog/publishers/${publisherId()}`,
      ]) {
        const page = await get(`${path}?sort=${sort}`, who);
        expect([path, sort, page.status, named(page.text)]).toEqual([path, sort, 200, all]);
        // From one category to the next, and back to all, the order holds.
        const links = [...page.text.matchAll(/href="(\/catalog(?:\/categories\/[^"?]+)?)(\?[^"]*)?"/g)];
        if (path.includes("/categories/"))
          expect(links.filter(([, , query]) => query === `?sort=${sort}`).map(([, to]) => to)).toEqual(
            expect.arrayContaining(["/catalog", path]),
          );
      }
    if (API_REFUSES[who] !== undefined) return;
    const lists = {
      catalog: "/api/v1/catalog?",
      finance: "/api/v1/catalog?category=finance&",
      publisher: `/api/v1/catalog/front/publishers/${publisherId()}/apps?`,
    };
    for (const sort of ORDERS)
      for (const list of Object.values(lists)) {
        const met: string[] = [];
        let cursor = "";
        do {
          const { text } = await get(`${list}sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`, who);
          const { items, nextCursor } = JSON.parse(text) as {
            items: { id: string }[];
            nextCursor: string | null;
          };
          expect(items.length).toBe(1);
          met.push(...items.map(({ id }) => id));
          if (nextCursor !== null) {
            const other = await get(
              `${list}sort=${sort === "newest" ? "updated" : "newest"}&cursor=${nextCursor}`,
              who,
            );
            expect([other.status, other.text.includes("cursor.invalid")]).toEqual([400, true]);
            // It names the last one that was shown.
            expect(Buffer.from(nextCursor, "base64url").toString()).toEndWith(`.${met.at(-1)}`);
          }
          cursor = nextCursor ?? "";
        } while (cursor !== "");
        expect(met.toSorted()).toEqual(MEETS[who].map((kind) => SHOWN[kind].id).sort());
      }
    for (const list of Object.values(lists)) expect((await get(`${list}sort=name`, who)).status).toBe(400);
  });

  test("opens the pages, files and pictures of those alone; the rest is not there, to the byte", async () => {
    for (const kind of KINDS) {
      const { id } = SHOWN[kind];
      const isThere = onPages(who).includes(kind);
      for (const [index, path] of pagesOf(id).entries()) {
        const answer = await get(path, who);
        expect([path, answer.status]).toEqual([path, isThere ? 200 : 404]);
        expect(answer.headers["cache-control"]).toBe(isThere ? "private, no-cache" : "no-store");
        expect(answer.headers.vary).toContain("Cookie");
        if (!isThere) await sameAsMissing(answer, pagesOf(NOT_THERE)[index] ?? "", id, who);
      }
      const status = API_REFUSES[who] ?? (MEETS[who].includes(kind) ? 200 : 404);
      for (const [index, path] of callsOf(id).entries()) {
        const answer = await get(path, who);
        expect([path, answer.status]).toEqual([path, status]);
        expect(answer.headers["cache-control"]).toMatch(/^(?:private|no-store)/);
        if (status === 404) await sameAsMissing(answer, callsOf(NOT_THERE)[index] ?? "", id, who);
      }
      // Whoever reads the app's own pages sees its pictures there, too.
      const reads = ["orgViewer", "admin", "auditor"].includes(who);
      const icon = await get(world.icons[kind], who);
      expect([kind, icon.status]).toEqual([kind, isThere || reads ? 200 : 404]);
      expect(icon.headers["cache-control"]).toMatch(
        kind === "public" ? /^public/ : icon.status === 200 ? /^private/ : /^no-store/,
      );
      if (!isThere && !reads) {
        const [name = ""] = /[0-9a-f]{64}/.exec(world.icons[kind]) ?? [];
        await sameAsMissing(icon, `/pictures/${"0".repeat(64)}/192.png`, name, who, "0".repeat(64));
      }
    }
  });

  test("learns nothing by what a cache or a broken download would ask", async () => {
    for (const kind of KINDS.filter((kind) => !onPages(who).includes(kind))) {
      const sha256 = versionRow(portal.store, world.versions[kind]).releasedSha256;
      const path = `/catalog/${SHOWN[kind].id}/versions/1/package`;
      for (const headers of [
        { "If-None-Match": `"${sha256}"` },
        { "If-None-Match": "*" },
        { Range: "bytes=0-3" },
      ])
        expect([kind, (await get(path, who, headers)).status]).toEqual([kind, 404]);
    }
  });
});

/** Body, status and headers, but for what names the request or counts it. */
async function sameAsMissing(
  answer: Answer,
  missing: string,
  id: string,
  who: AskerName,
  none: string = NOT_THERE,
): Promise<void> {
  const plain = ({ status, text, headers }: Answer) => {
    const { "x-request-id": request = "", date: _, ratelimit: __, ...rest } = headers;
    return { status, headers: rest, text: text.replaceAll(request, "").replaceAll(id, none) };
  };
  expect(plain(answer)).toEqual(plain(await get(missing, who)));
}

test("wherever else there is to look, nobody meets the name of what is not for them", async () => {
  const fill = (path: string, kind: Kind) =>
    path
      .replace(":appId", SHOWN[kind].id)
      .replace(":versionId", world.versions[kind])
      .replace(":versionCode", "1")
      .replace(":audienceId", world.group)
      .replace(":groupId", world.group)
      .replace(":organisationId", world.owner.actor.organisations.keys().next().value ?? "")
      .replace(":accountId", world.owner.accountId)
      .replace(":picture/:file", world.icons[kind].replace("/pictures/", ""))
      .replace(/:[A-Za-z]+/g, "x")
      .replace("*", "search");
  /** Who works on the apps, or for the store, meets them there. */
  const works: readonly AskerName[] = ["orgViewer", "admin", "auditor", "orgKey", "narrowedKey"];
  const wrong: string[] = [];
  for (const who of ASKERS.filter((name) => !works.includes(name))) {
    for (const route of [...pageRoutes, ...apiRoutes, ...fileRoutes].filter(
      ({ method }) => method === "GET",
    )) {
      for (const kind of KINDS) {
        const path = fill(route.path, kind);
        // It only repeats what was asked for.
        const asked = path.includes(SHOWN[kind].id) ? SHOWN[kind].id : "?";
        const { text } = await get(path, who);
        const allowed = path.startsWith("/api/") ? MEETS[who] : onPages(who);
        const found = named(text.replaceAll(asked, "")).filter((one) => !allowed.includes(one));
        // A device reads in the signed files what its groups may.
        if (found.length > 0 && !(who === "insideDevice" && path.startsWith("/store/")))
          wrong.push(`${who} ${path}: ${found.join()}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("what is revoked, and who may see it, changes what is met at once: versions, order and pages", async () => {
  const { store } = portal;
  await publishShown(store, world, "group", 2);
  const codes = async (who: AskerName) => {
    const { status, text } = await get(`/api/v1/catalog/${SHOWN.group.id}/versions`, who);
    if (status !== 200) return status;
    return (JSON.parse(text) as { items: { versionCode: number }[] }).items.map(
      ({ versionCode }) => versionCode,
    );
  };
  expect([await codes("member"), await codes("signedIn")]).toEqual([[2, 1], 404]);
  const page = await get(`/catalog/${SHOWN.group.id}`, "member");
  expect(page.text).toContain("versions/2/package");
  expect((await get("/", "member")).text).toContain("2.0.0");

  const digest = versionRow(store, world.versions.group).contentDigest ?? "";
  const newest = store.db.raw
    .query<{ id: string; content_digest: string }, [string]>(
      "SELECT id, content_digest FROM versions WHERE app_id = ? AND version_code = 2",
    )
    .get(SHOWN.group.id);
  const reason = "It sent what nobody asked for.";
  await enact(
    store,
    OPERATOR,
    parseChange({
      act: "revoke",
      subject: "package",
      id: newest?.content_digest ?? "",
      action: "block",
      reason,
    }),
  );
  expect(await codes("member")).toEqual([1]);
  const counted = async () =>
    shownCategories(store, world.askers.member.person?.actor ?? ANONYMOUS).find(({ id }) => id === "finance")
      ?.apps;
  expect(await counted()).toBe(3);
  expect((await get(`/catalog/${SHOWN.group.id}/versions/2/package`, "member")).status).toBe(404);
  expect((await get(`/catalog/${SHOWN.group.id}`, "member")).text).not.toContain("2.0.0");
  await enact(
    store,
    OPERATOR,
    parseChange({ act: "revoke", subject: "package", id: digest, action: "block", reason }),
  );
  expect(await codes("member")).toBe(404);
  expect(await counted()).toBe(2);
  expect(named((await get("/catalog", "member")).text)).not.toContain("group");
  for (const id of [digest, newest?.content_digest ?? ""])
    await enact(store, OPERATOR, parseChange({ act: "lift", subject: "package", id, reason }));
  expect(await codes("member")).toEqual([2, 1]);
  expect(await counted()).toBe(3);

  await showTo(store, SHOWN.group.id, { visibility: "everyone" });
  expect(named((await get("/catalog", "nobody")).text)).toEqual(["public", "group"]);
  // For visitors it is the newest, however long others have had it.
  const front = (await get("/", "nobody")).text;
  expect(front.indexOf(SHOWN.group.name)).toBeLessThan(front.indexOf(SHOWN.public.name));
  expect(newestApps(store, ANONYMOUS, 1).map(({ id }) => id)).toEqual([SHOWN.group.id]);
  await showTo(store, SHOWN.group.id, { visibility: "groups", groups: [world.group] });
  expect(named((await get("/catalog", "nobody")).text)).toEqual(["public"]);
  expect((await get(`/catalog/${SHOWN.group.id}/versions/1/package`, "nobody")).status).toBe(404);
  expect((await get(`/catalog/${SHOWN.group.id}/versions/1/package`, "member")).status).toBe(200);
});

test("a new version is an update and makes nothing new; what is fetched more stands higher", async () => {
  const { store } = portal;
  const order = async (sort: Order) => {
    const { text } = await get(`/api/v1/catalog?sort=${sort}`, "member");
    return (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => id);
  };
  const newest = await order("newest");
  const last = SHOWN.signedIn.id;
  await publishShown(store, world, "signedIn", 3);
  expect(await order("newest")).toEqual(newest);
  const updated = await order("updated");
  expect(updated[0]).toBe(last);
  expect(updated).toHaveLength(3);

  write(store.db, (tx) => {
    addFetches(tx, SHOWN.group.id, 1, { whole: 5, updates: 0 });
    addFetches(tx, SHOWN.public.id, 1, { whole: 9, updates: 0 });
  });
  expect(await order("installs")).toEqual([SHOWN.public.id, SHOWN.group.id, last]);
});

test("a publisher is met by what stands in the lists: not by what is unlisted, revoked, deleted or of others alone", async () => {
  const { store } = portal;
  const path = `/catalog/publishers/${publisherId()}`;
  const met = async (who: AskerName) => {
    const { status, text } = await get(path, who);
    return status === 200 ? named(text) : status;
  };
  const linked = async () => (await get(`/catalog/${SHOWN.public.id}`, "nobody")).text.includes(`"${path}"`);
  const { id } = SHOWN.public;
  expect([await met("nobody"), await met("signedIn"), await linked()]).toEqual([
    ["public"],
    ["public", "signedIn"],
    true,
  ]);
  await setListed(store, OPERATOR, id, false);
  // Its own page works, and leads to no page that is not there.
  expect([await met("nobody"), await met("signedIn"), await linked()]).toEqual([404, ["signedIn"], false]);
  await setListed(store, OPERATOR, id, true);
  expect(await met("nobody")).toEqual(["public"]);

  const reason = "It sent what nobody asked for.";
  const change = { subject: "app", id, reason } as const;
  await enact(store, OPERATOR, parseChange({ ...change, act: "revoke", action: "block" }));
  expect([await met("nobody"), await met("signedIn")]).toEqual([404, ["signedIn"]]);
  await enact(store, OPERATOR, parseChange({ ...change, act: "lift" }));
  expect(await met("nobody")).toEqual(["public"]);

  await askToDeleteApp(store, OPERATOR, id, { confirm: id, reason });
  expect([await met("nobody"), await met("signedIn")]).toEqual([404, ["signedIn"]]);
  await keepApp(store, OPERATOR, id);
  expect([await met("nobody"), await met("signedIn")]).toEqual([["public"], ["public", "signedIn"]]);
});
