/** Streams of a real server: what they tell, to whom and for how long. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { eq } from "drizzle-orm";
import { OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { removeMember } from "../../accounts/members.ts";
import { askForOrganisation } from "../../accounts/organisation-requests/ask.ts";
import { addMember } from "../../accounts/organisations.ts";
import { setStoreRole } from "../../accounts/people.ts";
import { createSession, endSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import { beginChecks } from "../../catalog/check-progress.ts";
import { changeReleaseNotes } from "../../catalog/release-notes/change.ts";
import { enact } from "../../catalog/revocation/act.ts";
import { parseChange } from "../../catalog/revocation/change.ts";
import { withdrawVersion } from "../../catalog/versions.ts";
import type { CheckView, VersionView } from "../../catalog/views.ts";
import { unyankVersion, yankVersion } from "../../catalog/yank/yank.ts";
import { sessions } from "../../db/schema.ts";
import { type Events, openEvents } from "../../testing/http/events.ts";
import { makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";
import { submitBytes } from "../../testing/publishing.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { PATIENCE } from "../body-bytes.ts";
import { startServer } from "../server.ts";
import { countStreams, joinStreams, leaveStreams, MOST_IN_ALL, MOST_OF_ONE } from "./open-streams.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  // So that what is asked at least every few seconds is asked while a test looks on.
  world = await openWorld(template, { patience: { ...PATIENCE, aliveMs: 50 } });
});
afterAll(async () => {
  await world.close();
  template.remove();
});

type Told = VersionView & { readonly checks: readonly CheckView[] };

const address = (code: number) => `${world.url}/api/v1/apps/${world.app}/versions/${code}/events`;
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const follow = (code: number, headers: Record<string, string> = {}) =>
  openEvents(address(code), { ...bearer(world.tokens.owner), ...headers });

/** The next state of the version that is told. */
async function told(events: Events): Promise<Told> {
  const event = await events.next();
  if (event?.name !== "version") throw new Error(`told was ${JSON.stringify(event)}`);
  return JSON.parse(event.data);
}

async function upload(versionCode: number): Promise<VersionView> {
  const { store, organisationId } = world;
  return submitBytes(store, OPERATOR, await world.pack(versionCode), { organisationId });
}

/** Until so many follow. @throws Error when it does not come to that */
async function untilFollowing(count: number): Promise<void> {
  for (let tries = 0; countStreams(world.store) !== count; tries += 1) {
    if (tries === 6000) throw new Error(`${countStreams(world.store)} streams are open, not ${count}`);
    await Bun.sleep(5);
  }
}

/** A connection that was left says so a moment later. */
const untilNobody = () => untilFollowing(0);

test("the checks of a version are told as they run, its place in the queue as it comes forward, and its end", async () => {
  const { id, appId } = await upload(20);
  const events = await follow(20);
  expect(events.response.headers.get("x-accel-buffering")).toBe("no");
  expect((await events.any())?.name).toBe("alive");
  const first = await told(events);
  expect([first.state, ...new Set(first.checks.map(({ state }) => state))]).toEqual(["checking", "waiting"]);
  // As they run: how long each takes decides which of their states a client is told.
  const run = beginChecks(world.store, id);
  const states = ({ checks }: Told) => new Map(checks.map(({ name, state }) => [name, state]));
  run.started("container");
  let now = await told(events);
  expect([now.state, states(now).get("container")]).toEqual(["checking", "running"]);
  run.finished("container", "passed", []);
  now = await told(events);
  expect([now.state, states(now).get("container")]).toEqual(["checking", "passed"]);
  run.end();
  await world.drain();
  while (now.state === "checking") now = await told(events);
  expect([now.state, ...new Set(now.checks.map(({ state }) => state))]).toEqual(["in_review", "passed"]);
  const place = now.queuePosition ?? 0;
  const ahead = world.versions.in_review;
  withdrawVersion(world.store, OPERATOR, ahead.appId, ahead.id);
  expect((await told(events)).queuePosition).toBe(place - 1);
  withdrawVersion(world.store, OPERATOR, appId, id);
  expect((await told(events)).state).toBe("withdrawn");
  expect([(await events.next())?.name, await events.next()]).toEqual(["end", null]);
  await untilNobody();
  // Whoever comes back has nothing to follow, and once they have its last state nothing to be told.
  const later = await follow(20);
  const last = (await later.next())?.id ?? "";
  expect([(await later.next())?.name, await later.next()]).toEqual(["end", null]);
  const headers = { ...bearer(world.tokens.owner), "Last-Event-ID": last };
  expect((await fetch(address(20), { headers })).status).toBe(204);
  expect((await fetch(address(20), { method: "HEAD", headers })).status).toBe(204);
  await untilNobody();
});

test("who comes back with the last event is told only what is new", async () => {
  const { id, appId } = await upload(21);
  const events = await follow(21);
  const last = (await events.next())?.id ?? "";
  await events.close();
  const again = await follow(21, { "Last-Event-ID": last });
  // Twice: the second one was not looked at before the first was sent.
  expect([(await again.any())?.name, (await again.any())?.name]).toEqual(["alive", "alive"]);
  await again.close();
  withdrawVersion(world.store, OPERATOR, appId, id);
  const later = await follow(21, { "Last-Event-ID": last });
  expect((await told(later)).state).toBe("withdrawn");
  await later.close();
  await untilNobody();
});

test("whoever may not read it any more is told nothing more, and why when they come back", async () => {
  const { store } = world;
  const version = world.versions.held;
  const key = createApiKey(store, OPERATOR, { owner: { accountId: world.nowhereId }, name: "follows" });
  setStoreRole(store, OPERATOR, world.nowhereId, "auditor");
  const session = await createSession(store, world.nowhereId, { address: "192.0.2.1", userAgent: "test" });
  const cookie = { Cookie: `${SESSION_COOKIE}=${session.secret}`, "Sec-Fetch-Site": "same-origin" };
  const page = `${world.url}/apps/${version.appId}/versions/${version.id}/events`;
  const byKey = () => openEvents(address(version.versionCode), bearer(key.token));
  const byCookie = () => openEvents(page, cookie);

  const [first, second] = [await byKey(), await byCookie()];
  expect((await told(first)).state).toBe("held");
  expect((await second.next())?.data).toContain('id="version-live"');
  revokeApiKey(store, OPERATOR, key.key.id);
  expect(await first.next()).toBeNull();
  await expect(byKey()).rejects.toThrow("auth.token_revoked");

  endSession(store, OPERATOR, session.sessionId);
  expect(await second.next()).toBeNull();
  await expect(byCookie()).rejects.toThrow(/^401 application\/problem\+json/);
  setStoreRole(store, OPERATOR, world.nowhereId, null);
  await untilNobody();
});

test("with rights that have changed nothing is told by the session's secret from before", async () => {
  const { store } = world;
  setStoreRole(store, OPERATOR, world.nowhereId, "auditor");
  const session = await createSession(store, world.nowhereId, { address: "192.0.2.1", userAgent: "test" });
  const cookie = { Cookie: `${SESSION_COOKIE}=${session.secret}`, "Sec-Fetch-Site": "same-origin" };
  const events = await openEvents(`${world.url}/review/events`, cookie);
  expect((await events.next())?.data).toContain('id="queue-live"');
  addMember(store, OPERATOR, world.organisationId, world.nowhereId, "viewer");
  expect(await events.next()).toBeNull();
  // A page comes with another secret; a part makes the page load itself anew.
  const part = await fetch(`${world.url}/review/events`, { headers: { ...cookie, "HX-Request": "true" } });
  expect([part.status, part.headers.get("hx-refresh")]).toEqual([409, "true"]);
  removeMember(store, OPERATOR, { organisationId: world.organisationId, accountId: world.nowhereId });
  setStoreRole(store, OPERATOR, world.nowhereId, null);
  await untilNobody();
});

test("no session is extended by it, and HEAD opens none", async () => {
  const { store } = world;
  setStoreRole(store, OPERATOR, world.nowhereId, "auditor");
  const session = await createSession(store, world.nowhereId, { address: "192.0.2.1", userAgent: "test" });
  const cookie = { Cookie: `${SESSION_COOKIE}=${session.secret}`, "Sec-Fetch-Site": "same-origin" };
  // In its second half.
  const expiresAt = new Date(store.clock.now().getTime() + 24 * 3_600_000);
  store.db.orm.update(sessions).set({ expiresAt }).where(eq(sessions.id, session.sessionId)).run();
  const events = await openEvents(`${world.url}/review/events`, cookie);
  await events.next();
  expect(events.response.headers.getSetCookie()).toEqual([]);
  await events.close();
  await untilNobody();
  const head = await fetch(`${world.url}/review/events`, { method: "HEAD", headers: cookie });
  expect([head.status, countStreams(store)]).toEqual([200, 0]);
  // Any other page does extend it.
  const page = await fetch(`${world.url}/review`, { headers: cookie });
  await page.text();
  expect(page.headers.getSetCookie().join()).toContain(SESSION_COOKIE);
  setStoreRole(store, OPERATOR, world.nowhereId, null);
});

test("programs follow the queue, the jobs and what waits for oneself as their pages do", async () => {
  const { store } = world;
  const open = (path: string, token: string) => openEvents(`${world.url}/api/v1${path}`, bearer(token));
  const next = async (events: Events, name: string) => {
    const event = await events.next();
    if (event?.name !== name) throw new Error(`told was ${JSON.stringify(event)}`);
    return JSON.parse(event.data);
  };
  const { id, appId } = await upload(22);
  await world.drain();
  const [queue, needs, jobs] = [
    await open("/review/queue/events?limit=1", world.tokens.reviewer),
    await open("/me/needs/events", world.tokens.administrator),
    await open("/jobs/events?state=queued&limit=1", world.tokens.administrator),
  ];
  const { items, waiting } = await next(queue, "queue");
  expect([items.length, waiting > 0]).toEqual([1, true]);
  const countIn = (told: { items: { kind: string; count: number }[] }, which = "review_waiting") =>
    told.items.find(({ kind }) => kind === which)?.count;
  const mine = await next(needs, "needs");
  expect([countIn(mine), countIn(mine, "organisation_requests_waiting")]).toEqual([waiting, undefined]);
  expect((await next(jobs, "jobs")).items).toEqual([]);
  withdrawVersion(store, OPERATOR, appId, id);
  expect((await next(queue, "queue")).waiting).toBe(waiting - 1);
  expect(countIn(await next(needs, "needs")) ?? 0).toBe(waiting - 1);
  const asked = { name: "Asked for meanwhile", reason: "To see who hears of it." };
  askForOrganisation(store, await signedInNow(store, world.nowhereId), asked);
  expect(countIn(await next(needs, "needs"), "organisation_requests_waiting")).toBe(1);
  await upload(23);
  expect((await next(jobs, "jobs")).items[0].state).toBe("queued");
  await world.drain();
  await Promise.all([queue, needs, jobs].map((events) => events.close()));
  await untilNobody();
  const refused = fetch(`${world.url}/api/v1/jobs/events`, { headers: bearer(world.tokens.reviewer) });
  expect((await refused).status).toBe(403);
});

test("an app and a review are told as their pages tell them: the newest state, what devices are offered, and the end", async () => {
  const { store, tokens, app } = world;
  setStoreRole(store, OPERATOR, world.nowhereId, "reviewer");
  const session = await createSession(store, world.nowhereId, { address: "192.0.2.1", userAgent: "test" });
  const cookie = { Cookie: `${SESSION_COOKIE}=${session.secret}`, "Sec-Fetch-Site": "same-origin" };
  const { id, appId } = await upload(30);
  await world.drain();
  const { published } = world.versions;
  const api = (path: string) => openEvents(`${world.url}/api/v1${path}/events`, bearer(tokens.reviewer));
  /** Where its page says, which has the present state already. */
  const openPage = async (path: string) => {
    const text = await (await fetch(`${world.url}${path}`, { headers: cookie })).text();
    expect(text).toContain("In review");
    const href = /hx-sse:connect="([^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
    return openEvents(`${world.url}${href}`, cookie);
  };
  const [apps, review, appPage, reviewPage] = [
    await api(`/apps/${app}`),
    await api(`/review/versions/${id}`),
    await openPage(`/apps/${app}`),
    await openPage(`/review/${id}`),
  ];
  const versionIn = async (events: Events, versionId: string) => {
    const { app: of, versions } = JSON.parse((await events.next())?.data ?? "");
    expect(of.id).toBe(app);
    return versions.items.find((each: { id: string }) => each.id === versionId);
  };
  const html = async (events: Events) => (await events.next())?.data ?? "";
  expect((await versionIn(apps, id)).state).toBe("in_review");
  expect(JSON.parse((await review.next())?.data ?? "").version.state).toBe("in_review");

  // No step on a version's way, and other words or another offer all the same.
  changeReleaseNotes(store, OPERATOR, appId, id, { notes: "Keeps letters." });
  expect((await versionIn(apps, id)).notes).toBe("Keeps letters.");
  expect(await html(appPage)).toMatch(/^<div class="stack" id="app-live">.*Keeps letters\./s);
  expect(JSON.parse((await review.next())?.data ?? "").version.notes).toBe("Keeps letters.");
  expect(await html(reviewPage)).toMatch(
    /^<div class="stack" id="review-live">.*This review has changed since you opened it/s,
  );
  const of = { appId, version: published.id };
  await yankVersion(store, OPERATOR, of, "It loses notes.");
  expect((await versionIn(apps, published.id)).yanked.reason).toBe("It loses notes.");
  expect(await html(appPage)).toContain("None: nothing of it is offered any more");
  expect(JSON.parse((await review.next())?.data ?? "").published.yanked.reason).toBe("It loses notes.");
  await unyankVersion(store, OPERATOR, of);
  expect((await versionIn(apps, published.id)).yanked).toBeNull();
  for (const events of [appPage, review]) await events.next();

  withdrawVersion(store, OPERATOR, appId, id);
  expect((await versionIn(apps, id)).state).toBe("withdrawn");
  expect(await html(appPage)).toContain("Withdrawn");
  expect(JSON.parse((await review.next())?.data ?? "").version.state).toBe("withdrawn");
  const gone = await html(reviewPage);
  expect(gone).toMatch(/<div [^>]*id="review-standing" role="status" hx-swap-oob="outerMorph">/);
  expect(gone).toContain("There is nothing to decide here any more");
  for (const events of [review, reviewPage])
    expect([(await events.next())?.name, await events.next()]).toEqual(["end", null]);

  const other = await openEvents(`${world.url}/apps/${world.strangerApp}/events`, cookie);
  expect(await html(other)).toContain(world.strangerApp);
  const block = {
    act: "revoke",
    subject: "app",
    id: world.strangerApp,
    action: "block",
    reason: "It reads letters.",
  } as const;
  await enact(store, OPERATOR, parseChange({ ...block, approvalsUntil: null }));
  expect(await html(other)).toContain("It reads letters.");
  await Promise.all([apps, appPage, other].map((events) => events.close()));
  setStoreRole(store, OPERATOR, world.nowhereId, null);
  await untilNobody();
});

test("an app's page is told to nobody any more who has left its organisation, also when they are in another one", async () => {
  const { store, app, organisationId, strangerId } = world;
  const session = async () => {
    const { secret } = await createSession(store, world.nowhereId, {
      address: "192.0.2.1",
      userAgent: "test",
    });
    return { Cookie: `${SESSION_COOKIE}=${secret}`, "Sec-Fetch-Site": "same-origin" };
  };
  for (const id of [organisationId, strangerId]) addMember(store, OPERATOR, id, world.nowhereId, "viewer");
  const key = createApiKey(store, OPERATOR, { owner: { accountId: world.nowhereId }, name: "follows" });
  const page = await openEvents(`${world.url}/apps/${app}/events`, await session());
  const program = await openEvents(`${world.url}/api/v1/apps/${app}/events`, bearer(key.token));
  for (const events of [page, program]) expect((await events.next())?.data).toContain(app);
  removeMember(store, OPERATOR, { organisationId, accountId: world.nowhereId });
  for (const events of [page, program]) expect(await events.next()).toBeNull();
  const gone = /^404 application\/problem\+json.*app\.not_found/;
  await expect(openEvents(`${world.url}/apps/${app}/events`, await session())).rejects.toThrow(gone);
  await expect(openEvents(`${world.url}/api/v1/apps/${app}/events`, bearer(key.token))).rejects.toThrow(gone);
  removeMember(store, OPERATOR, { organisationId: strangerId, accountId: world.nowhereId });
  await untilNobody();
});

test("one has a number of them, and all together have", async () => {
  const { store } = world;
  const { versionCode } = world.versions.held;
  const other = await openEvents(address(versionCode), bearer(world.tokens.developer));
  const first = await follow(versionCode);
  expect((await told(first)).state).toBe("held");
  const open = await Promise.all(Array.from({ length: MOST_OF_ONE }, () => follow(versionCode)));
  // The oldest of theirs has given way to the last one, and nobody else's has.
  expect([await first.next(), await first.next()]).toEqual([
    { name: "end", id: null, data: "replaced" },
    null,
  ]);
  expect(countStreams(store)).toBe(MOST_OF_ONE + 1);
  await Promise.all([other, ...open].map((events) => events.close()));
  await untilNobody();
  const others = Array.from({ length: MOST_IN_ALL }, () => ({ end() {}, giveWay() {} }));
  for (const [at, other] of others.entries()) joinStreams(store, `person ${at}`, other);
  const full = await fetch(address(versionCode), { headers: bearer(world.tokens.owner) });
  expect([full.status, full.headers.get("retry-after")]).toEqual([503, "10"]);
  expect(await full.json()).toMatchObject({ code: "live.full" });
  for (const other of others) leaveStreams(store, other);
  await (await follow(versionCode)).close();
  await untilNobody();
});

test("one ends by its age, also when nobody reads it, and another one goes on where it was", async () => {
  const { versionCode } = world.versions.held;
  const patience = { ...PATIENCE, streamMs: 300 };
  const server = startServer(world.store, { host: "127.0.0.1", port: 0, patience });
  const { host, pathname } = new URL(address(versionCode).replace(world.url, server.url));
  // Sends its request, and neither reads nor ends.
  const dead = connect(Number(host.split(":")[1]), "127.0.0.1").pause();
  dead.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${world.tokens.owner}\r\n\r\n`,
  );
  await untilFollowing(1);
  const events = await openEvents(server.url + pathname, bearer(world.tokens.owner));
  const last = (await events.next())?.id ?? "";
  expect(await events.any()).toBeNull();
  await untilNobody();
  dead.destroy();
  const headers = { ...bearer(world.tokens.owner), "Last-Event-ID": last };
  const again = await openEvents(server.url + pathname, headers);
  expect([(await again.any())?.name, await again.any()]).toEqual(["alive", null]);
  await server.stop(0);
});

test("a stop ends them at once, and does not wait for who follows", async () => {
  const { versionCode } = world.versions.held;
  const server = startServer(world.store, { host: "127.0.0.1", port: 0 });
  const at = `${server.url}/api/v1/apps/${world.app}/versions/${versionCode}/events`;
  const events = await openEvents(at, bearer(world.tokens.owner));
  await told(events);
  // As long as it may take before requests that run are cut off: longer than any test.
  const stopped = server.stop(600_000);
  expect(await events.next()).toBeNull();
  await stopped;
  expect(countStreams(world.store)).toBe(0);
});
