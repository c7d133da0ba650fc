/** `mosis visibility` of an app for which an administrator chose a group that is not offered. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { createApp } from "../catalog/apps.ts";
import { readVisibility } from "../catalog/visibility/change.ts";
import type { AppId } from "../ids.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../testing/portal.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { showTo } from "../testing/shown-apps.ts";

const APP = "com.example.notes" as AppId;
const UNNAMED = "1 group that administrators keep unnamed";

let portal: Portal;
let here: Scratch;
let token: string;
let hidden: string;
beforeAll(async () => {
  portal = await startPortal();
  here = scratch();
  const { store } = portal;
  const owner = await newPerson(store, "Mara Owner", {
    organisations: [[newOrganisation(store, "Quiet Works"), "owner"]],
  });
  token = createApiKey(store, OPERATOR, { owner: { accountId: owner.accountId }, name: "cli" }).token;
  createGroup(store, OPERATOR, { name: "Field testers", offered: true });
  hidden = createGroup(store, OPERATOR, { name: "Project Nightjar" }).id;
  createApp(store, owner.actor, { id: APP, name: "Notes" });
  await showTo(store, APP, { visibility: "groups", groups: [hidden] });
}, 60_000);
afterAll(async () => {
  here.remove();
  await portal.close();
});

test("it is counted and not named, stays beside others, and goes when that is said", async () => {
  const run = async (...argv: string[]) => {
    const answer = await here.run(["visibility", APP, ...argv], {
      environment: { MOSIS_STORE: portal.url, MOSIS_TOKEN: token },
    });
    const said = answer.stdout + answer.stderr;
    if (!argv.includes(hidden))
      expect([said.includes("Nightjar"), said.includes(hidden)]).toEqual([false, false]);
    return { ...answer, said };
  };
  const now = () => readVisibility(portal.store, OPERATOR, APP).groups.map(({ name }) => name);
  expect((await run()).said).toContain(UNNAMED);
  expect((await run("groups", "--group", hidden, "--dry-run")).exitCode).toBe(1);
  const beside = await run("groups", "--group", "Field testers", "--dry-run");
  expect(beside.said).toMatch(new RegExp(`as before\\s+${UNNAMED}`));
  expect(beside.said).not.toContain("no longer");
  expect((await run("groups", "--group", "Field testers", "--yes")).exitCode).toBe(0);
  expect(now()).toEqual(["Field testers", "Project Nightjar"]);
  const letGo = ["groups", "--group", "Field testers", "--drop-unnamed"];
  expect((await run(...letGo, "--dry-run")).said).toMatch(new RegExp(`no longer\\s+${UNNAMED}`));
  expect((await run(...letGo, "--yes")).exitCode).toBe(0);
  expect(now()).toEqual(["Field testers"]);
}, 60_000);
