/** What those who have an app say of it: who may, what comes of it in numbers, who reads it, and what becomes of it. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { addPersonToGroup } from "../accounts/groups/members.ts";
import { changeSetting } from "../accounts/store-settings/settings.ts";
import { rateApp } from "../catalog/ratings/rate.ts";
import { MOST_OPEN_REPORTS } from "../catalog/reports/fields.ts";
import { closeReport, hideRating, readReport } from "../catalog/reports/moderate.ts";
import { searchApps } from "../catalog/search/ask.ts";
import type { OrganisationId, RatingId, ReportId } from "../ids.ts";
import { newPerson, type Portal, startPortal } from "../testing/portal.ts";
import { codeOfSync } from "../testing/problems.ts";
import {
  type AskerName,
  publishShownApps,
  SHOWN,
  type ShownApps,
  versionRow,
} from "../testing/shown-apps.ts";

setDefaultTimeout(60_000);

let portal: Portal;
let world: ShownApps;
beforeAll(async () => {
  portal = await startPortal();
  world = await publishShownApps(portal);
});
afterAll(() => portal.close());
beforeEach(() => {
  const { raw } = portal.store.db;
  raw.run("DELETE FROM app_ratings");
  raw.run("DELETE FROM app_holders");
  raw.run("DELETE FROM reports");
  raw.run("DELETE FROM outbox WHERE kind LIKE 'rating.%'");
  changeSetting(portal.store, OPERATOR, "ratings", null);
});

/** What the answers that are looked at have, one or another of it. */
type Told = {
  readonly code?: string;
  readonly id: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly average: number | null;
  readonly count: number;
  readonly rating: unknown;
  readonly items: readonly {
    readonly id: string;
    readonly author: string | null;
    readonly rating: unknown;
    readonly answer: { readonly text: string } | null;
    readonly [member: string]: unknown;
  }[];
  readonly nextCursor: string | null;
  readonly [member: string]: unknown;
};

type Answer = { readonly status: number; readonly code: string | undefined; readonly json: Told };

async function call(who: AskerName, method: string, path: string, body?: unknown): Promise<Answer> {
  const { token } = world.askers[who];
  const answer = await fetch(`${portal.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      "If-Match": "*",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json: Told = JSON.parse(text.startsWith("{") ? text : "{}");
  return { status: answer.status, code: json.code, json };
}

const PUBLIC = SHOWN.public.id;
const GROUP = SHOWN.group.id;
const download = (who: AskerName, id: string = PUBLIC) =>
  call(who, "GET", `/catalog/${id}/versions/1/package`);
const rate = (who: AskerName, said: object, id: string = PUBLIC) =>
  call(who, "PUT", `/catalog/${id}/rating`, said);
const summary = async (id: string = PUBLIC): Promise<Partial<Told>> =>
  (await call("member", "GET", `/catalog/${id}/ratings/summary`)).json;

type Audited = { readonly action: string; readonly before: string | null; readonly after: string | null };

const lastAudited = (action: string): Audited =>
  portal.store.db.raw
    .query<Audited, [string]>(
      "SELECT action, before, after FROM audit_entries WHERE action = ? ORDER BY position DESC LIMIT 1",
    )
    .get(action) ?? { action, before: null, after: null };

const hide = (id: unknown, reason = "It insults.", app: string = PUBLIC) =>
  call("admin", "POST", `/apps/${app}/ratings/${id}/hide`, { reason });

test("who has downloaded an app rates it once, says it otherwise, and takes it back", async () => {
  expect(await rate("member", { stars: 4 })).toMatchObject({ status: 403, code: "rating.not_had" });
  await download("member");
  const first = await rate("member", {
    stars: 4,
    text: " Opens at once. \r\nAnd stays. ",
    language: "de-CH",
  });
  expect(first.json).toMatchObject({
    ...{ stars: 4, text: "Opens at once. \nAnd stays.", language: "de", version: "1.0.0", versionCode: 1 },
    ...{ revision: 1, answer: null, hidden: null },
  });
  expect(await rate("member", { stars: 4, text: "Opens at once. \nAnd stays." })).toMatchObject({
    json: { revision: 1 },
  });
  expect((await rate("member", { stars: 2 })).json).toMatchObject({
    id: first.json.id,
    stars: 2,
    revision: 2,
  });
  expect(await summary()).toEqual({
    average: 2,
    count: 1,
    stars: { "1": 0, "2": 1, "3": 0, "4": 0, "5": 0 },
  });
  expect((await call("member", "DELETE", `/catalog/${PUBLIC}/rating`)).status).toBe(204);
  expect(await summary()).toMatchObject({ average: null, count: 0 });
  expect((await call("member", "GET", `/catalog/${PUBLIC}/rating`)).code).toBe("rating.not_found");
  const told = portal.store.db.raw
    .query<{ action: string; organisation_id: string | null; person: string | null }, []>(
      "SELECT action, organisation_id, person FROM audit_entries WHERE subject_type = 'rating' ORDER BY position DESC LIMIT 3",
    )
    .all();
  expect(told.map(({ action, organisation_id }) => [action, organisation_id])).toEqual([
    ["rating.withdrawn", null],
    ["rating.changed", null],
    ["rating.made", null],
  ]);
  // The words stand where they go with the account.
  expect(JSON.parse(told[1]?.person ?? "{}").before).toEqual({ text: "Opens at once. \nAnd stays." });
});

test("what is no rating is refused, with the place of each fault", async () => {
  await download("member");
  const refused = await rate("member", { stars: 6, text: `a\u202e${"x".repeat(2000)}` });
  expect([refused.status, refused.code]).toEqual([422, "rating.invalid"]);
  expect(refused.json.errors.map(({ pointer }) => pointer)).toEqual(["/stars", "/text"]);
  for (const said of [{ stars: 0 }, { stars: 5, text: "x".repeat(2001) }, { stars: 5, text: "\u0000" }])
    expect((await rate("member", said)).code).toBe("rating.invalid");
  expect(await summary()).toMatchObject({ count: 0 });
});

test("nobody rates for the organisation that an app is of, nor what they may not see", async () => {
  for (const who of ["orgViewer", "orgKey"] as const) await download(who);
  expect((await rate("orgViewer", { stars: 5 })).code).toBe("rating.own_app");
  expect((await rate("orgKey", { stars: 5 })).code).toBe("rights.forbidden");
  expect((await rate("nobody", { stars: 5 })).code).toBe("auth.required");
  expect((await rate("otherGroup", { stars: 5 }, GROUP)).code).toBe("app.not_found");
});

test("a device rates what it has fetched, or says of what anybody may fetch which version it has", async () => {
  const path = (id: string) => `/device/ratings/${id}`;
  expect((await call("insideDevice", "PUT", path(GROUP), { stars: 3 })).code).toBe("rating.not_had");
  const sha256 = versionRow(portal.store, world.versions.group).releasedSha256;
  const file = `/store/v1/audiences/${world.group}/packages/${sha256}.mosis`;
  const headers = { Authorization: `Bearer ${world.askers.insideDevice.token}` };
  expect((await fetch(portal.url + file, { headers })).status).toBe(200);
  const rated = await call("insideDevice", "PUT", path(GROUP), { stars: 3, text: "Slow here." });
  expect(rated.json).toMatchObject({ stars: 3, versionCode: 1 });
  // A device is nobody whose words would go with an account.
  expect(lastAudited("rating.made").after).toContain('"text":"Slow here."');
  expect((await call("insideDevice", "PUT", path(PUBLIC), { stars: 5, versionCode: 9 })).code).toBe(
    "version.not_found",
  );
  expect((await call("insideDevice", "PUT", path(PUBLIC), { stars: 5, versionCode: 1 })).status).toBe(200);
  const { items } = (await call("member", "GET", `/catalog/${GROUP}/ratings`)).json;
  expect(items).toMatchObject([{ author: null, text: "Slow here." }]);
  expect((await call("member", "PUT", path(GROUP), { stars: 1 })).code).toBe("auth.device_required");
  expect((await call("nobody", "GET", path(GROUP))).code).toBe("auth.device_required");
  expect((await call("insideDevice", "PUT", `/catalog/${GROUP}/rating`, { stars: 1 })).status).toBe(401);
  expect((await call("insideDevice", "DELETE", path(GROUP))).status).toBe(204);
});

test("they are read by page and language, by a name alone, and stand with the app everywhere", async () => {
  const who = ["member", "otherGroup", "signedIn"] as const;
  for (const [at, one] of who.entries()) {
    await download(one);
    await rate(one, { stars: 5 - at, text: at === 1 ? "" : `Says ${one}`, language: at === 2 ? "ar" : "en" });
  }
  const list = async (query: string) =>
    (await call("admin", "GET", `/catalog/${PUBLIC}/ratings?${query}`)).json;
  const first = await list("limit=1");
  expect(first.items).toMatchObject([{ author: "Sven Stranger", stars: 3, text: "Says signedIn" }]);
  expect(Object.keys(first.items[0] ?? {})).not.toContain("accountId");
  const second = await list(`limit=1&cursor=${first.nextCursor}`);
  expect([second.items[0]?.author, second.nextCursor]).toEqual(["Mika Member", null]);
  expect((await list("language=en-GB")).items).toHaveLength(1);
  const rating = { average: 4, count: 3, stars: { "1": 0, "2": 0, "3": 1, "4": 1, "5": 1 } };
  expect((await call("admin", "GET", `/catalog/${PUBLIC}`)).json.rating).toEqual(rating);
  const { items } = (await call("admin", "GET", "/catalog")).json;
  expect(items.find(({ id }) => id === PUBLIC)?.rating).toEqual(rating);
  const page = await (await fetch(`${portal.url}/catalog/${PUBLIC}`)).text();
  expect(page).toContain("Says signedIn");
  expect(await (await fetch(`${portal.url}/catalog`)).text()).toContain("4.0 of 5 stars");
});

test("what is liked comes before what is not, of apps that answer as well", async () => {
  const order = () =>
    searchApps(portal.store, OPERATOR, { question: "ledger", locale: "en" }, { limit: 9 }).items.map(
      ({ id }) => id,
    );
  const add = portal.store.db.raw.query(
    "INSERT OR REPLACE INTO app_rating_sums (app_id, stars, ratings) VALUES (?, ?, 500)",
  );
  for (const [best, worst] of [
    [GROUP, PUBLIC],
    [PUBLIC, GROUP],
  ] as const) {
    portal.store.db.raw.run("DELETE FROM app_rating_sums");
    add.run(best, 5);
    add.run(worst, 1);
    expect([order()[0], order().at(-1)]).toEqual([best, worst]);
  }
  portal.store.db.raw.run("DELETE FROM app_rating_sums");
});

test("an app's developers answer, and nobody else does; the answer stands below, and goes again", async () => {
  await download("member");
  const { id } = (await rate("member", { stars: 1, text: "Lost a day's notes." })).json;
  const path = `/apps/${PUBLIC}/ratings/${id}/answer`;
  for (const [who, code] of [
    ["orgViewer", "rights.forbidden"],
    ["signedIn", "app.not_found"],
    ["admin", "rights.forbidden"],
  ] as const)
    expect([who, (await call(who, "PUT", path, { text: "Sorry." })).code]).toEqual([who, code]);
  expect((await call("orgKey", "PUT", path, { text: " " })).code).toBe("rating.answer_invalid");
  expect((await call("orgKey", "PUT", path, { text: "Mended in 1.1." })).json).toMatchObject({
    answer: { text: "Mended in 1.1.", by: "Quiet Works" },
    author: "Mika Member",
  });
  const other = `/apps/${SHOWN.signedIn.id}/ratings/${id}/answer`;
  expect((await call("orgKey", "PUT", other, { text: "x" })).code).toBe("rating.not_found");
  const answers = async () =>
    (await call("signedIn", "GET", `/catalog/${PUBLIC}/ratings`)).json.items.map(
      ({ answer }) => answer?.text ?? null,
    );
  expect(await answers()).toEqual(["Mended in 1.1."]);
  expect((await call("orgKey", "DELETE", path)).status).toBe(200);
  expect(await answers()).toEqual([null]);
});

test("whatever removes, hides or shows a rating, the sums follow", async () => {
  const { raw } = portal.store.db;
  const counts = async (change: string) => {
    raw.run(change);
    const { average, count } = await summary();
    return [average, count];
  };
  await download("otherGroup");
  await rate("otherGroup", { stars: 1, text: "No." });
  expect(await counts("UPDATE app_ratings SET hidden_at = 1")).toEqual([null, 0]);
  expect(await counts("UPDATE app_ratings SET stars = 4")).toEqual([null, 0]);
  expect(await counts("UPDATE app_ratings SET hidden_at = NULL, stars = 5")).toEqual([5, 1]);
  // With the account, as its deletion does it.
  const person = await newPerson(portal.store, "Gone Soon");
  const by = `SET account_id = '${person.accountId}'`;
  expect(await counts(`UPDATE app_ratings ${by}`)).toEqual([5, 1]);
  expect(await counts(`DELETE FROM accounts WHERE id = '${person.accountId}'`)).toEqual([null, 0]);
});

test("where the administrator allows none nothing shows, and nobody notes who has what", async () => {
  await download("member");
  await rate("member", { stars: 5, text: "Remembered." });
  changeSetting(portal.store, OPERATOR, "ratings", "false");
  portal.store.db.raw.run("DELETE FROM app_holders");
  await download("member");
  expect(portal.store.db.raw.query("SELECT count(*) AS n FROM app_holders").get()).toEqual({ n: 0 });
  for (const [method, path] of [
    ["GET", `/catalog/${PUBLIC}/ratings`],
    ["GET", `/catalog/${PUBLIC}/ratings/summary`],
    ["GET", `/catalog/${PUBLIC}/rating`],
  ] as const)
    expect([path, (await call("member", method, path)).code]).toEqual([path, "rating.off"]);
  expect((await rate("member", { stars: 5 })).code).toBe("rating.off");
  expect((await call("member", "GET", `/catalog/${PUBLIC}`)).json.rating).toBeNull();
  const pages = await Promise.all(
    ["/", "/catalog", `/catalog/${PUBLIC}`].map(async (path) => (await fetch(portal.url + path)).text()),
  );
  for (const page of pages) expect(page).not.toMatch(/Remembered|of 5 stars|Rate this app/);
  expect((await fetch(`${portal.url}/catalog/${PUBLIC}/ratings`)).status).toBe(404);
});

test("the page takes a rating without a script, and keeps what is to be mended", async () => {
  const { cookie = "" } = world.askers.member;
  const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
  const send = (path: string, form: Record<string, string>) =>
    fetch(portal.url + path, {
      method: "POST",
      headers,
      body: new URLSearchParams(form),
      redirect: "manual",
    });
  const page = async () => (await fetch(`${portal.url}/catalog/${PUBLIC}/ratings`, { headers })).text();
  expect(await page()).toContain("once you have downloaded it while signed in");
  expect((await fetch(`${portal.url}/catalog/${PUBLIC}/versions/1/package`, { headers })).status).toBe(200);
  expect(await page()).toContain('name="stars"');
  const wrong = await send(`/catalog/${PUBLIC}/rating`, { revision: "", stars: "", text: "Kept text" });
  expect([wrong.status, (await wrong.text()).includes("Kept text")]).toEqual([422, true]);
  const sent = await send(`/catalog/${PUBLIC}/rating`, { revision: "", stars: "3", text: "<b>So so</b>" });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, `/catalog/${PUBLIC}/ratings`]);
  expect(await page()).toContain("&lt;b&gt;So so&lt;/b&gt;");
  const gone = await send(`/catalog/${PUBLIC}/rating/withdraw`, { revision: "1" });
  expect(gone.status).toBe(303);
  expect(await summary()).toMatchObject({ count: 0 });
});

test("people report an app or what was said of it; who looks after the store hides it, and its author is told", async () => {
  const { raw } = portal.store.db;
  await download("member");
  const { id } = (await rate("member", { stars: 1, text: "Rude words." })).json;
  const path = `/catalog/${PUBLIC}/ratings/${id}/report`;
  expect((await call("signedIn", "PUT", path, { reason: "broken" })).code).toBe("report.invalid");
  expect((await call("signedIn", "PUT", path, { reason: "other" })).json.errors).toMatchObject([
    { pointer: "/text" },
  ]);
  const made = (await call("signedIn", "PUT", path, { reason: "abusive" })).json;
  // Until it is decided, the second takes the place of the first.
  expect((await call("signedIn", "PUT", path, { reason: "spam", text: "Twice." })).json.id).toBe(made.id);
  await call("otherGroup", "PUT", path, { reason: "abusive" });
  await call("signedIn", "PUT", `/catalog/${PUBLIC}/report`, { reason: "misleading" });
  expect((await call("otherGroup", "PUT", `/catalog/${GROUP}/report`, { reason: "broken" })).code).toBe(
    "app.not_found",
  );
  for (const who of ["signedIn", "orgViewer"] as const)
    expect((await call(who, "GET", "/reports")).code).toBe("rights.forbidden");
  const waiting = (await call("auditor", "GET", "/reports")).json.items;
  expect(waiting).toMatchObject([
    {
      id: made.id,
      reason: "spam",
      text: "Twice.",
      by: { name: "Sven Stranger" },
      rating: { text: "Rude words." },
    },
    { by: { name: "Otto Other" } },
    { reason: "misleading", rating: null },
  ]);
  const rating = `/apps/${PUBLIC}/ratings/${id}`;
  expect((await call("auditor", "POST", `${rating}/hide`, { reason: "x" })).code).toBe("rights.forbidden");
  expect((await call("admin", "POST", `${rating}/hide`, { reason: " " })).code).toBe("reason.invalid");
  expect((await call("admin", "POST", `${rating}/hide`, { reason: "It insults." })).json).toMatchObject({
    hiddenReason: "It insults.",
  });
  expect(await summary()).toMatchObject({ count: 0 });
  expect((await call("signedIn", "GET", `/catalog/${PUBLIC}/ratings`)).json.items).toEqual([]);
  expect((await call("signedIn", "PUT", path, { reason: "spam" })).code).toBe("rating.not_found");
  expect((await call("member", "GET", `/catalog/${PUBLIC}/rating`)).json).toMatchObject({
    hidden: { reason: "It insults." },
  });
  // Writing it otherwise does not show it again.
  await rate("member", { stars: 5, text: "Kind words." });
  expect(await summary()).toMatchObject({ count: 0 });
  const told = () =>
    raw
      .query<{ kind: string; body: string }, []>(
        "SELECT kind, body FROM outbox WHERE kind LIKE 'rating.%' ORDER BY id",
      )
      .all();
  expect(told().map(({ kind, body }) => [kind, body.includes("It insults."), body.includes("Ada")])).toEqual([
    ["rating.hidden", true, false],
  ]);
  const left = (await call("admin", "GET", "/reports")).json.items;
  expect(left).toMatchObject([{ reason: "misleading" }]);
  const close = `/reports/${left[0]?.id}/close`;
  expect((await call("admin", "POST", close, { outcome: "handled" })).json).toMatchObject({
    closed: { outcome: "handled" },
  });
  expect((await call("admin", "POST", close, { outcome: "dismissed" })).code).toBe("report.closed");
  const closed = (await call("admin", "GET", "/reports?state=closed")).json.items;
  expect(closed.map((one) => (one.closed as { outcome: string }).outcome)).toEqual([
    "handled",
    "hidden",
    "hidden",
  ]);
  expect((await call("admin", "POST", `${rating}/show`)).json).toMatchObject({ hiddenReason: null });
  expect(await summary()).toMatchObject({ average: 5, count: 1 });
  expect(told().map(({ kind }) => kind)).toEqual(["rating.hidden", "rating.shown"]);
  const audited = raw
    .query<{ action: string; after: string }, []>(
      "SELECT action, after FROM audit_entries WHERE action IN ('rating.hidden', 'report.closed') ORDER BY position DESC LIMIT 1",
    )
    .all();
  expect(JSON.parse(audited[0]?.after ?? "{}")).toMatchObject({ outcome: "handled" });
});

test("nobody fills the queue", async () => {
  const { accountId } = world.askers.signedIn.person ?? { accountId: "" };
  const add = portal.store.db.raw.query(
    `INSERT INTO reports (id, app_id, rating_id, account_id, reason, body, revision, created_at, closed_at)
     VALUES (?, '${PUBLIC}', NULL, '${accountId}', 'broken', '', 1, 0, NULL)`,
  );
  portal.store.db.raw.run("DELETE FROM reports");
  portal.store.db.raw.run("DROP INDEX reports_own");
  for (let n = 0; n < MOST_OPEN_REPORTS; n += 1) add.run(`rpt-${n}`);
  expect(
    (await call("signedIn", "PUT", `/catalog/${SHOWN.signedIn.id}/report`, { reason: "broken" })).code,
  ).toBe("report.too_many");
  portal.store.db.raw.run("DELETE FROM reports");
  portal.store.db.raw.run(
    "CREATE UNIQUE INDEX reports_own ON reports (account_id, app_id, coalesce(rating_id, '')) WHERE closed_at IS NULL",
  );
});

test("what was hidden stays so when its author takes it back and rates again; developers read none of it", async () => {
  await download("member");
  const { id } = (await rate("member", { stars: 1, text: "Rude words." })).json;
  await hide(id);
  const list = async (who: AskerName) => (await call(who, "GET", `/apps/${PUBLIC}/ratings`)).json.items;
  expect(await list("orgKey")).toMatchObject([{ id, hidden: true, text: "", author: null, byDevice: false }]);
  expect(await list("admin")).toMatchObject([{ id, text: "Rude words.", author: "Mika Member" }]);
  const answer = await call("orgKey", "PUT", `/apps/${PUBLIC}/ratings/${id}/answer`, { text: "Well." });
  expect(answer).toMatchObject({ status: 409, code: "rating.hidden" });
  expect((await call("member", "DELETE", `/catalog/${PUBLIC}/rating`)).status).toBe(204);
  expect((await call("member", "GET", `/catalog/${PUBLIC}/rating`)).code).toBe("rating.not_found");
  expect((await call("member", "DELETE", `/catalog/${PUBLIC}/rating`)).code).toBe("rating.not_found");
  expect([await list("orgKey"), await list("admin")]).toEqual([[], []]);
  expect((await hide(id, "Again.")).code).toBe("rating.not_found");
  expect((await rate("member", { stars: 5, text: "The same again." })).json).toMatchObject({
    ...{ id, stars: 5, hidden: { reason: "It insults." } },
  });
  expect(await summary()).toMatchObject({ count: 0 });
  expect((await call("signedIn", "GET", `/catalog/${PUBLIC}/ratings`)).json.items).toEqual([]);
  expect((await call("admin", "POST", `/apps/${PUBLIC}/ratings/${id}/show`)).status).toBe(200);
  expect(await summary()).toMatchObject({ average: 5, count: 1 });
});

test("who gave stars alone is not named to the developers", async () => {
  await download("member");
  await rate("member", { stars: 2 });
  for (const who of ["orgKey", "admin"] as const)
    expect((await call(who, "GET", `/apps/${PUBLIC}/ratings`)).json.items).toMatchObject([
      { author: null, byDevice: false, stars: 2 },
    ]);
});

test("a report keeps what was said, and is closed when its author takes that back", async () => {
  const { raw } = portal.store.db;
  await download("member");
  const { id } = (await rate("member", { stars: 1, text: "Rude words." })).json;
  await call("signedIn", "PUT", `/catalog/${PUBLIC}/ratings/${id}/report`, { reason: "abusive" });
  await rate("member", { stars: 4, text: "Kind words." });
  const reports = async (state: string) =>
    (await call("auditor", "GET", `/reports?state=${state}`)).json.items;
  expect(await reports("open")).toMatchObject([
    { said: { stars: 1, text: "Rude words." }, rating: { text: "Kind words." } },
  ]);
  await call("member", "DELETE", `/catalog/${PUBLIC}/rating`);
  expect(await reports("open")).toEqual([]);
  expect(await reports("closed")).toMatchObject([
    { said: { stars: 1, text: "Rude words." }, rating: null, closed: { outcome: "withdrawn", by: "" } },
  ]);
  const told = lastAudited("report.closed");
  expect(JSON.parse(told.after ?? "{}")).toEqual({ outcome: "withdrawn", appId: PUBLIC, reports: 1 });
  // With the account of who said it, as its deletion does it.
  const person = await newPerson(portal.store, "Gone Too");
  raw.run("UPDATE reports SET said_by = ?", [person.accountId]);
  raw.run("DELETE FROM accounts WHERE id = ?", [person.accountId]);
  expect(await reports("closed")).toEqual([]);
});

test("nobody decides about what they said, or about their own organisation's app, or learns who reports it", async () => {
  const { store } = portal;
  await download("admin");
  await download("member");
  const own = (await rate("admin", { stars: 5, text: "Best of all." })).json.id;
  const others = (await rate("member", { stars: 1, text: "Rude words." })).json.id;
  const report = async (id: string) =>
    (await call("signedIn", "PUT", `/catalog/${PUBLIC}/ratings/${id}/report`, { reason: "spam" })).json.id;
  const [ofOwn, ofOthers] = [await report(own), await report(others)];
  expect((await call("admin", "GET", `/reports/${ofOwn}`)).json).toMatchObject({ own: true, by: null });
  expect((await call("auditor", "GET", `/reports/${ofOwn}`)).json.by).toMatchObject({
    name: "Sven Stranger",
  });
  expect((await call("admin", "POST", `/reports/${ofOwn}/close`, { outcome: "dismissed" })).code).toBe(
    "report.own",
  );
  expect((await hide(own)).code).toBe("report.own");
  const { cookie = "" } = world.askers.admin;
  const page = await (
    await fetch(`${portal.url}/admin/reports/${ofOwn}`, { headers: { Cookie: cookie } })
  ).text();
  expect([page.includes("Somebody else decides"), page.includes("Sven Stranger")]).toEqual([true, false]);
  const organisation = store.db.raw
    .query<{ id: OrganisationId }, [string]>("SELECT organisation_id AS id FROM apps WHERE id = ?")
    .get(PUBLIC);
  if (organisation === null) throw new Error("the app is somebody's");
  const { actor } = await newPerson(store, "Rita Reviewer", {
    ...{ storeRole: "reviewer", organisations: [[organisation.id, "developer"]] },
  });
  expect(readReport(store, actor, ofOthers as ReportId)).toMatchObject({
    own: true,
    by: null,
    mayDecide: false,
  });
  expect(codeOfSync(() => closeReport(store, actor, ofOthers as ReportId, "dismissed"))).toBe("report.own");
  const of = { appId: PUBLIC, ratingId: others as RatingId };
  expect(codeOfSync(() => hideRating(store, actor, of, "Bad for us."))).toBe("report.own");
  // A role that is paused is one all the same.
  const paused = { ...actor, organisations: new Map() };
  expect(codeOfSync(() => rateApp(store, paused, PUBLIC, { stars: 5 }))).toBe("rating.own_app");
});

test("a byte of a package makes nobody have it; most of it does, where it ends it", async () => {
  const { token } = world.askers.member;
  const url = `${portal.url}/api/v1/catalog/${PUBLIC}/versions/1/package`;
  const part = async (Range: string) => {
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}`, Range } });
    await answer.arrayBuffer();
    return answer.status;
  };
  for (const range of ["bytes=-1", "bytes=0-99"]) {
    expect([range, await part(range)]).toEqual([range, 206]);
    expect([range, (await rate("member", { stars: 4 })).code]).toEqual([range, "rating.not_had"]);
  }
  expect(await part("bytes=1-")).toBe(206);
  expect((await rate("member", { stars: 4 })).status).toBe(200);
});

test("who may not see an app any more still finds what they said, and takes it back; also without ratings", async () => {
  const { store } = portal;
  const { cookie = "", person } = world.askers.member;
  if (person === undefined) throw new Error("a member is a person");
  const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
  const page = async (id: string) => {
    const answer = await fetch(`${portal.url}/catalog/${id}/ratings`, { headers });
    return [answer.status, (await answer.text()).includes("Remove your rating")];
  };
  await download("member", GROUP);
  const { id } = (await rate("member", { stars: 2, text: "Slow." }, GROUP)).json;
  await call("orgKey", "PUT", `/apps/${GROUP}/ratings/${id}/answer`, { text: "For the circle alone." });
  store.db.raw.run("DELETE FROM group_accounts WHERE account_id = ?", [person.accountId]);
  try {
    expect(await page(GROUP)).toEqual([200, true]);
    const own = (await call("member", "GET", `/catalog/${GROUP}/rating`)).json;
    expect(own).toMatchObject({ text: "Slow.", answer: null });
    await hide(id, "It insults.", GROUP);
    const letter = store.db.raw
      .query<{ subject: string; body: string }, []>(
        "SELECT subject, body FROM outbox WHERE kind = 'rating.hidden' ORDER BY id DESC LIMIT 1",
      )
      .get();
    expect(`${letter?.subject}${letter?.body}`).not.toContain(SHOWN.group.name);
    expect(letter?.body).toContain(GROUP);
    const gone = await fetch(`${portal.url}/catalog/${GROUP}/rating/withdraw`, {
      ...{ method: "POST", headers, redirect: "manual" },
      body: new URLSearchParams({ revision: String((own.revision as number) + 1) }),
    });
    expect([gone.status, gone.headers.get("location")]).toEqual([303, "/catalog"]);
    expect((await page(GROUP))[0]).toBe(404);
  } finally {
    addPersonToGroup(store, OPERATOR, world.group, { accountId: person.accountId });
  }
  await download("member");
  await rate("member", { stars: 3 });
  changeSetting(store, OPERATOR, "ratings", "false");
  expect(await page(PUBLIC)).toEqual([200, true]);
  expect((await call("member", "DELETE", `/catalog/${PUBLIC}/rating`)).status).toBe(204);
  expect((await page(PUBLIC))[0]).toBe(404);
});

test("who decides about reports sees that some wait, and hides what nobody reported", async () => {
  await download("member");
  await rate("member", { stars: 1 });
  const { cookie = "" } = world.askers.admin;
  const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
  const read = async (path: string) => (await fetch(portal.url + path, { headers })).text();
  const send = (path: string, form: Record<string, string>) =>
    fetch(portal.url + path, {
      method: "POST",
      headers,
      body: new URLSearchParams(form),
      redirect: "manual",
    });
  const list = await read(`/apps/${PUBLIC}/ratings`);
  const action = /href="(\/apps\/[^"]+\/hide)"/.exec(list)?.[1] ?? "";
  expect(await read(action)).toContain('name="reason"');
  expect((await send(action, { revision: "1", reason: "" })).status).toBe(422);
  expect((await send(action, { revision: "1", reason: "A wave of them." })).status).toBe(303);
  expect(await summary()).toMatchObject({ count: 0 });
  expect((await send(action.replace(/hide$/, "show"), { revision: "2" })).status).toBe(303);
  expect(await summary()).toMatchObject({ count: 1 });
  await call("signedIn", "PUT", `/catalog/${PUBLIC}/report`, { reason: "broken" });
  const needs = async (who: AskerName) =>
    (await call(who, "GET", "/me/needs")).json.items.filter(({ kind }) => kind === "reports_waiting");
  expect(await needs("admin")).toMatchObject([{ count: 1, path: "/admin/reports" }]);
  expect(await needs("auditor")).toEqual([]);
  expect(await read("/dashboard")).toContain("1 report waits for a decision");
});
