/** Apps that change hands over the API: offered by one organisation's owner, accepted by another's. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { listMembers } from "../../accounts/members.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { createAccount, disableAccount } from "../../accounts/people.ts";
import type { OrganisationId } from "../../ids.ts";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";

const APP = "org.example.sample";

let template: Template;
let world: World;
/** Of the organisation that it is offered to. */
let taker: string;
let takerId: OrganisationId;
beforeAll(async () => {
  template = await makeTemplate();
});
afterAll(() => template.remove());
beforeEach(async () => {
  world = await openWorld(template);
  const { store } = world;
  takerId = createOrganisation(store, OPERATOR, { name: "Taker" }).id;
  const owner = await createAccount(store, OPERATOR, { email: "taker@example.com", name: "Tess" });
  addMember(store, OPERATOR, takerId, owner.id, "owner");
  taker = createApiKey(store, OPERATOR, { owner: { accountId: owner.id }, name: "own" }).token;
});
afterEach(async () => world.close());

async function call(method: string, path: string, token: string, json?: unknown, headers = {}) {
  const answer = await read(
    await fetch(`${world.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
  );
  expect(undocumented(routeOf(method, `/api/v1${path.split("?")[0]}`), answer)).toEqual([]);
  return { ...answer, body: answer.json as Record<string, unknown> };
}

const offer = (json: unknown = { to: "Taker", reason: "It is yours." }, headers = {}) =>
  call("POST", `/apps/${APP}/transfers`, world.tokens.owner, json, headers);
const one = (side: OrganisationId, id: unknown, verb = "") =>
  `/organisations/${side}/transfers/${id}${verb === "" ? "" : `/${verb}`}`;

test("an owner offers, the other sees it, and with that it is theirs", async () => {
  const made = await offer();
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ side: "from", to: null, named: "Taker", state: "open", appId: APP });
  const { id } = made.body;
  expect(made.headers.get("location")).toBe(`/api/v1${one(world.organisationId, id)}`);

  const listed = await call("GET", `/organisations/${takerId}/transfers`, taker);
  expect(listed.body.items).toMatchObject([
    { id, side: "to", from: { name: "Example" }, to: { id: takerId, name: "Taker" }, state: "open" },
  ]);
  const details = await call("GET", one(takerId, id), taker);
  expect(details.body).toMatchObject({ signing: "missing", version: "1.0.0" });

  const accepted = await call("POST", one(takerId, id, "accept"), taker);
  expect(accepted.body).toMatchObject({ id, state: "accepted" });
  await world.drain();
  expect((await call("GET", `/apps/${APP}`, taker)).body).toMatchObject({ organisationId: takerId });
  expect((await call("GET", `/apps/${APP}`, world.tokens.developer)).status).toBe(404);
  const seen = await call("GET", one(world.organisationId, id), world.tokens.owner);
  expect(seen.body).toMatchObject({ side: "from", to: { id: takerId, name: "Taker" }, state: "accepted" });
});

test("what becomes of the app later is told to nobody whose it is not: neither whose it was nor whom it was offered to", async () => {
  const hidden = { appName: null, version: null, signing: null };
  const shown = { appName: "Sample", version: "1.0.0" };
  const seenBy = async (side: OrganisationId, token: string, id: unknown) => {
    const details = (await call("GET", one(side, id), token)).body;
    const listed = (await call("GET", `/organisations/${side}/transfers`, token)).body
      .items as (typeof details)[];
    const item = listed.find((each) => each.id === id);
    expect(item?.appName).toBe(details.appName as never);
    return details;
  };
  const own = world.organisationId;
  const first = (await offer()).body.id;
  expect(await seenBy(takerId, taker, first)).toMatchObject(shown);
  await call("POST", one(own, first, "withdraw"), world.tokens.owner);
  expect(await seenBy(takerId, taker, first)).toMatchObject({ ...hidden, state: "withdrawn", appId: APP });
  expect(await seenBy(own, world.tokens.owner, first)).toMatchObject(shown);

  const second = (await offer()).body.id;
  await call("POST", one(takerId, second, "accept"), taker);
  await world.drain();
  expect(await seenBy(own, world.tokens.owner, second)).toMatchObject({ ...hidden, state: "accepted" });
  expect(await seenBy(own, world.tokens.owner, first)).toMatchObject(hidden);
  expect(await seenBy(takerId, taker, second)).toMatchObject({ ...shown, signing: "missing" });
});

test("the same call with the same key makes one offer", async () => {
  const headers = { "Idempotency-Key": "once" };
  const [first, again] = [await offer(undefined, headers), await offer(undefined, headers)];
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect((await offer()).body.code).toBe("transfer.open");
});

test("whoever is named, the answer is the same", async () => {
  const shape = ({ body }: Awaited<ReturnType<typeof offer>>) =>
    Object.keys(body).map((key) => [key, body[key] === null]);
  const there = await offer({ to: "Taker" });
  expect(
    (await call("POST", one(world.organisationId, there.body.id, "withdraw"), world.tokens.owner)).body,
  ).toMatchObject({ state: "withdrawn" });
  const nobody = await offer({ to: "Nobody at all" });
  expect(shape(nobody)).toEqual(shape(there));
});

test("neither the audit log nor one's own data tells whether anybody is called so", async () => {
  const { owner } = world.tokens;
  const own = world.organisationId;
  const seen = async (to: string) => {
    const { id } = (await offer({ to })).body;
    await call("POST", one(own, id, "withdraw"), owner);
    const log = (await call("GET", `/audit?organisationId=${own}&limit=2`, owner)).body.items;
    const places = (log as { position: unknown; hash: unknown }[]).map(({ position, hash }) => [
      position,
      hash,
    ]);
    const headers = { Authorization: `Bearer ${owner}` };
    const file = await fetch(`${world.url}/api/v1/me/export`, { method: "POST", headers });
    const { done } = (await file.json()) as { done: Record<string, unknown>[] };
    const told = done.filter(({ after }) => (after as { transfer?: unknown } | null)?.transfer === id);
    return {
      places,
      told: told.map(({ action, organisationId, after }) => [
        action,
        organisationId,
        (after as { to: string }).to,
      ]),
    };
  };
  for (const to of ["Taker", "Nobody at all"])
    expect(await seen(to)).toEqual({
      places: [
        [null, null],
        [null, null],
      ],
      told: [
        ["transfer.offered", own, to],
        ["transfer.withdrawn", own, to],
      ],
    });
});

test("that two organisations have a name is told to who may see both, and to nobody else", async () => {
  const twins = [1, 2].map(() => createOrganisation(world.store, OPERATOR, { name: "Twins" }).id);
  const strange = await offer({ to: "Twins" });
  expect([strange.status, strange.body.to]).toEqual([201, null]);
  await call("POST", one(world.organisationId, strange.body.id, "withdraw"), world.tokens.owner);
  const owners = listMembers(world.store, OPERATOR, world.organisationId);
  for (const id of twins)
    for (const { accountId, role } of owners)
      if (role === "owner") addMember(world.store, OPERATOR, id, accountId, "viewer");
  const { status, body } = await offer({ to: "Twins" });
  expect([status, body.code]).toEqual([409, "transfer.ambiguous"]);
  expect(body.errors).toMatchObject([{ code: "transfer.ambiguous", pointer: "/to" }]);
});

test("each side has its own acts, and what is over is over", async () => {
  const { id } = (await offer()).body;
  const codes = async (...calls: readonly [side: OrganisationId, verb: string, token: string][]) => {
    const all: unknown[] = [];
    for (const [side, verb, token] of calls)
      all.push((await call("POST", one(side, id, verb), token)).body.code);
    return all;
  };
  const own = world.organisationId;
  expect(
    await codes(
      [own, "accept", world.tokens.owner],
      [takerId, "withdraw", taker],
      [takerId, "accept", world.tokens.owner],
      [own, "accept", taker],
      [own, "withdraw", world.tokens.developer],
      [own, "withdraw", world.tokens.organisation],
      [takerId, "accept", world.tokens.administrator],
    ),
  ).toEqual([
    "transfer.other_side",
    "transfer.other_side",
    "organisation.not_found",
    "organisation.not_found",
    "rights.forbidden",
    "rights.forbidden",
    "rights.forbidden",
  ]);
  expect((await call("POST", one(takerId, id, "decline"), taker)).body).toMatchObject({ state: "declined" });
  expect(await codes([takerId, "accept", taker], [own, "withdraw", world.tokens.owner])).toEqual([
    "transfer.over",
    "transfer.over",
  ]);
});

test("auditors of the store see the offers of every organisation, and decide none; support and reviewers see none", async () => {
  const { id } = (await offer()).body;
  const seen = async (token: string) => (await call("GET", one(takerId, id), token)).status;
  expect(await seen(world.tokens.auditor)).toBe(200);
  expect(await seen(world.tokens.administrator)).toBe(200);
  for (const as of ["support", "reviewer", "developer", "stranger"] as const)
    expect([as, (await seen(world.tokens[as])) >= 403]).toEqual([as, true]);
  const accepted = await call("POST", one(takerId, id, "accept"), world.tokens.auditor);
  expect(accepted.status).toBe(403);
});

test("at the same moment it is accepted by several, declined, taken back, and a version uploaded: one counts, and nothing of the giver works after it", async () => {
  const { id } = (await offer()).body;
  const bytes = await world.pack(40);
  const upload = () =>
    fetch(`${world.url}/api/v1/apps/${APP}/versions`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${world.tokens.organisation}`,
        "Content-Type": "application/vnd.mosis.package",
      },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
  const decide = (verb: string, side = takerId, token = taker) => call("POST", one(side, id, verb), token);
  const [uploaded, ...answers] = await Promise.all([
    upload(),
    ...Array.from({ length: 4 }, () => decide("accept")),
    decide("withdraw", world.organisationId, world.tokens.owner),
    decide("decline"),
  ]);
  const said = answers.map(({ status, body }) => `${status} ${body.code ?? body.state}`);
  expect(said.filter((line) => line.startsWith("200"))).toHaveLength(1);
  expect(said.filter((line) => line === "409 transfer.over")).toHaveLength(said.length - 1);
  expect([201, 404, 409]).toContain(uploaded.status);
  await world.drain();
  const isGiven = said.includes("200 accepted");
  const owner = isGiven ? takerId : world.organisationId;
  const states = world.store.db.raw
    .query<{ state: string }, [string]>("SELECT state FROM versions WHERE app_id = ? AND version_code = 40")
    .all(APP);
  // What had come before it was given is withdrawn; what came after it was refused.
  if (isGiven) expect(states.filter(({ state }) => state !== "withdrawn")).toEqual([]);
  const row = world.store.db.raw.query("SELECT organisation_id AS owner FROM apps WHERE id = ?").get(APP);
  expect(row).toEqual({ owner });
  if (isGiven)
    for (const who of ["owner", "developer", "organisation"] as const)
      expect((await call("GET", `/apps/${APP}`, world.tokens[who])).status).toBe(404);
});

test("of two administrators who take the same organisation over at once, one does, and an offer of the owner who went stands no more", async () => {
  const { store, organisationId } = world;
  const { id } = (await offer()).body;
  const names = ["first", "second"].map((name) => `${name}@example.com`);
  const admins = await Promise.all(
    names.map(async (email) => {
      const made = await createAccount(store, OPERATOR, { email, name: email, storeRole: "administrator" });
      return createApiKey(store, OPERATOR, { owner: { accountId: made.id }, name: "own" }).token;
    }),
  );
  const take = (token: string, owner: string | undefined) =>
    call("POST", `/organisations/${organisationId}/take-over`, token, { owner, reason: "Nobody is left." });
  expect((await take(admins[0] ?? "", names[0])).body.code).toBe("organisation.owned");
  for (const { accountId, role } of listMembers(store, OPERATOR, organisationId))
    if (role === "owner") disableAccount(store, OPERATOR, accountId);
  const answers = await Promise.all([
    ...admins.map((token, index) => take(token, names[index])),
    call("POST", one(takerId, id, "accept"), taker),
  ]);
  expect(answers.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([
    200,
    "organisation.owned",
    expect.stringMatching(/^transfer\.(offerer_gone|over)$/),
  ]);
  const owners = listMembers(store, OPERATOR, organisationId).filter(
    ({ role, disabledAt }) => role === "owner" && disabledAt === null,
  );
  expect(owners).toHaveLength(1);
  const row = store.db.raw.query("SELECT organisation_id AS owner FROM apps WHERE id = ?").get(APP);
  expect(row).toEqual({ owner: organisationId });
});
