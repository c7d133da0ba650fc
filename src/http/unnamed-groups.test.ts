/**
 * A group that an administrator chose for an app and does not offer: the app's people learn that there is one, and meet neither
 * its name nor its id anywhere; who may see the store's groups reads both.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addPersonToGroup } from "../accounts/groups/members.ts";
import { createApp } from "../catalog/apps.ts";
import { readVisibility } from "../catalog/visibility/change.ts";
import type { AppId, GroupId, OrganisationId } from "../ids.ts";
import { bodyOf } from "../testing/http/events.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../testing/portal.ts";
import { showTo } from "../testing/shown-apps.ts";
import { pageRoutes } from "./portal/routes.ts";
import { apiRoutes } from "./routes.ts";

setDefaultTimeout(60_000);
const APP = "org.quietworks.zanzibar" as AppId;
const OFFERED = "Field testers";
const HIDDEN = "Project Nightjar";

let portal: Portal;
let organisation: OrganisationId;
let offered: GroupId;
let hidden: GroupId;
let people: Readonly<Record<"owner" | "viewer" | "reviewer" | "admin" | "auditor" | "support", Person>>;
const tokens = new Map<string, string>();

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  organisation = newOrganisation(store, "Quiet Works");
  const inIt = (role: "owner" | "viewer") => ({ organisations: [[organisation, role]] as const });
  people = {
    owner: await newPerson(store, "Mara Owner", inIt("owner")),
    viewer: await newPerson(store, "Vera Viewer", inIt("viewer")),
    reviewer: await newPerson(store, "Rita Reviewer", { storeRole: "reviewer" }),
    admin: await newPerson(store, "Ada Admin", { storeRole: "administrator" }),
    auditor: await newPerson(store, "Anouk Auditor", { storeRole: "auditor" }),
    support: await newPerson(store, "Suri Support", { storeRole: "support" }),
  };
  offered = createGroup(store, OPERATOR, { name: OFFERED, offered: true }).id;
  hidden = createGroup(store, OPERATOR, { name: HIDDEN, description: "Nobody is to hear of it." }).id;
  const member = await newPerson(store, "Mika Member");
  addPersonToGroup(store, OPERATOR, hidden, { accountId: member.accountId });
  createApp(store, people.owner.actor, { id: APP, name: "Zanzibar" });
  for (const [name, { accountId }] of Object.entries(people))
    tokens.set(name, createApiKey(store, OPERATOR, { owner: { accountId }, name: "k" }).token);
  tokens.set(
    "orgKey",
    createApiKey(store, OPERATOR, { owner: { organisationId: organisation }, name: "o" }).token,
  );
});
afterAll(() => portal.close());

type Who = keyof typeof people | "orgKey";

async function call(who: Who, path: string, body?: unknown) {
  const answer = await fetch(portal.url + path, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: { Authorization: `Bearer ${tokens.get(who)}`, "Content-Type": "application/json" },
  });
  const text = await bodyOf(answer);
  return {
    status: answer.status,
    text,
    json: /[/+]json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : null,
  };
}

async function page(who: keyof typeof people, path: string, form?: Record<string, string>) {
  const answer = await fetch(portal.url + path, {
    ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    redirect: "manual",
    headers: { Cookie: people[who].cookie, "Sec-Fetch-Site": "same-origin" },
  });
  return { status: answer.status, text: await bodyOf(answer) };
}

const told = (text: string) => [text.includes(HIDDEN), text.includes(hidden)];
const groupsNow = () => {
  const { visibility, groups } = readVisibility(portal.store, OPERATOR, APP);
  return [visibility, ...groups.map(({ name }) => name)];
};
/** An administrator says that it is for the group alone. */
const hide = () => showTo(portal.store, APP, { visibility: "groups", groups: [hidden] });
const VISIBILITY = `/api/v1/apps/${APP}/visibility`;

test("an owner learns that there is one, keeps it beside others, and lets it go when they say so", async () => {
  await hide();
  const shown = await call("owner", VISIBILITY);
  expect(shown.json).toMatchObject({ visibility: "groups", groups: [], unnamedGroups: 1 });
  expect((await call("owner", `${VISIBILITY}/groups`)).json.items).toEqual([{ id: offered, name: OFFERED }]);
  // Nobody finds it by naming it.
  const none = `grp-${"0".repeat(32)}`;
  const [real, missing] = [
    await call("owner", `${VISIBILITY}/preview`, { visibility: "groups", groups: [hidden] }),
    await call("owner", `${VISIBILITY}/preview`, { visibility: "groups", groups: [none] }),
  ];
  const plain = ({ status, text }: typeof real) => [
    status,
    text.replaceAll(hidden, none).replace(/[0-9a-f-]{36}/g, ""),
  ];
  expect(plain(real)).toEqual(plain(missing));

  const wanted = { visibility: "groups", groups: [offered] };
  const preview = await call("owner", `${VISIBILITY}/preview`, wanted);
  expect(preview.json).toMatchObject({ after: { unnamedGroups: 1 }, leaving: [], leavingUnnamed: 0 });
  const done = await call("owner", VISIBILITY, { ...wanted, scope: preview.json.scope });
  expect(done.json).toMatchObject({ groups: [{ name: OFFERED }], unnamedGroups: 1 });
  expect(groupsNow()).toEqual(["groups", OFFERED, HIDDEN]);

  const letGo = { ...wanted, unnamedGroups: "drop" };
  const gone = await call("owner", `${VISIBILITY}/preview`, letGo);
  expect(gone.json).toMatchObject({ after: { unnamedGroups: 0 }, leaving: [], leavingUnnamed: 1 });
  const kept = await call("owner", VISIBILITY, { ...wanted, scope: gone.json.scope });
  expect([kept.status, kept.json.code]).toEqual([409, "app.scope_changed"]);
  const ended = await call("owner", VISIBILITY, { ...letGo, scope: gone.json.scope });
  expect(groupsNow()).toEqual(["groups", OFFERED]);
  for (const { text } of [shown, preview, done, gone, kept, ended])
    expect(told(text)).toEqual([false, false]);
});

test("the form keeps it unless its box is unticked, also one that was opened before there was one", async () => {
  await hide();
  const path = `/apps/${APP}/visibility`;
  const form = await page("owner", path);
  expect(form.text).toContain("1 group that administrators keep unnamed");
  const wanted = { visibility: "groups", [`in.${offered}`]: "true" };
  const look = async (more: Record<string, string>) => {
    const { text } = await page("owner", `${path}/preview`, { ...wanted, ...more });
    expect(told(text)).toEqual([false, false]);
    const scope = /name="scope" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? "";
    const fields = [...text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    return {
      text,
      scope,
      fields: Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, value])),
    };
  };
  expect((await look({})).text).not.toContain("Will not see it any more");
  const kept = await look({ unnamed: "asked", "in.unnamed": "true" });
  expect(kept.text).not.toContain("Will not see it any more");
  expect((await page("owner", path, kept.fields)).status).toBe(303);
  expect(groupsNow()).toEqual(["groups", OFFERED, HIDDEN]);
  const gone = await look({ unnamed: "asked" });
  expect(gone.text).toContain("Will not see it any more");
  expect((await page("owner", path, gone.fields)).status).toBe(303);
  expect(groupsNow()).toEqual(["groups", OFFERED]);
});

test("no page, answer, search or export of theirs has it; those of who may see groups do", async () => {
  await hide();
  // The owner's own act, of which the entry has it before.
  const wanted = { visibility: "groups", groups: [offered], unnamedGroups: "drop" };
  const { json } = await call("owner", `${VISIBILITY}/preview`, wanted);
  await call("owner", VISIBILITY, { ...wanted, scope: json.scope });
  await hide();
  const fill = (path: string) =>
    path
      .replace(":appId", APP)
      .replace(":organisationId", organisation)
      .replace(":accountId", people.owner.accountId)
      .replace(/:[A-Za-z]+/g, "x")
      .replace("*", "search");
  const queries = [
    "",
    `?organisationId=${organisation}&format=jsonl`,
    `?organisationId=${organisation}&format=csv`,
  ];
  const wrong: string[] = [];
  for (const who of ["owner", "viewer", "reviewer"] as const)
    for (const route of [...pageRoutes, ...apiRoutes].filter(({ method }) => method === "GET"))
      for (const query of queries) {
        const path = fill(route.path) + query;
        const { text } = route.area === "api" ? await call(who, path) : await page(who, path);
        if (told(text).includes(true)) wrong.push(`${who} ${path}`);
      }
  expect(wrong).toEqual([]);

  // What there is to find stands where it may.
  const audit = `/api/v1/audit?organisationId=${organisation}&action=app.visibility_changed`;
  const answer = await call("owner", audit);
  const entries = answer.json.items as { before: { groups?: string } | null }[];
  expect(entries.some(({ before }) => before?.groups === "unnamed")).toBe(true);
  // Nor what would let them try ids against the entry's hash.
  expect([
    answer.text.includes("groupsSalt"),
    (await call("admin", audit)).text.includes("groupsSalt"),
  ]).toEqual([false, true]);
  const salts = portal.store.db.raw
    .query<{ salt: string | null }, []>(
      "SELECT json_extract(after, '$.groupsSalt') AS salt FROM audit_entries WHERE action = 'app.visibility_changed'",
    )
    .all();
  expect(salts.every(({ salt }) => /^[0-9a-f]{32}$/.test(salt ?? ""))).toBe(true);
  expect(new Set(salts.map(({ salt }) => salt)).size).toBe(salts.length);
  const own = [
    await page("owner", "/account/export", {}),
    await call("owner", "/api/v1/me/export", {}),
    await page("owner", `/organisations/${organisation}/audit`),
  ];
  for (const { text } of own) expect([text.includes("unnamed"), ...told(text)]).toEqual([true, false, false]);
  for (const who of ["admin", "auditor"] as const)
    expect([who, told((await call(who, audit)).text)]).toEqual([who, [false, true]]);
  for (const who of ["admin", "auditor", "support"] as const) {
    expect([who, told((await call(who, VISIBILITY)).text)]).toEqual([who, [true, true]]);
    expect([who, (await page(who, `/apps/${APP}/visibility`)).text.includes(HIDDEN)]).toEqual([who, true]);
  }
  expect((await call("admin", `${VISIBILITY}/groups`)).text).toContain(HIDDEN);

  // A search does not tell it letter by letter; it finds what the same person may read.
  const found = async (who: Who, q: string) =>
    ((await call(who, `/api/v1/audit?organisationId=${organisation}&q=${q}`)).json.items as unknown[])
      .length > 0;
  expect([await found("owner", hidden), await found("owner", hidden.slice(0, 9))]).toEqual([false, false]);
  expect([await found("owner", offered), await found("admin", hidden)]).toEqual([true, true]);
  expect(await found("owner", "app.visibility_changed")).toBe(true);
  expect(await found("owner", salts[0]?.salt ?? "")).toBe(false);
});

test("a key of the organisation is told no more", async () => {
  await hide();
  const { status, text, json } = await call("orgKey", VISIBILITY);
  expect([status, told(text), json.unnamedGroups]).toEqual([200, [false, false], 1]);
});
