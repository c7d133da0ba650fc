/** `mosis yank`, `unlist` and `deprecate` against a real store: what they say, and that doing it again is harmless. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import type { AppId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";

const APP = "com.example.notes" as AppId;
const OTHER = "com.example.journal" as AppId;

let portal: Portal;
let here: Scratch;
let token: string;
beforeAll(async () => {
  portal = await startPortal();
  here = scratch();
  const { store } = portal;
  const owner = await newPerson(store, "Mara Owner", {
    organisations: [[newOrganisation(store, "Quiet Works"), "owner"]],
  });
  token = createApiKey(store, OPERATOR, { owner: { accountId: owner.accountId }, name: "cli" }).token;
  const signer = await newSigner(store, owner.actor);
  for (const [id, versionCode] of [
    [APP, 1],
    [APP, 2],
    [OTHER, 1],
  ] as const) {
    const manifest = { id, versionCode, version: `${versionCode}.0.0` };
    const sent = await submitBytes(store, owner.actor, await signedApp(store, signer, manifest));
    await portal.scheduler.drain();
    approve(store, reviewer(), sent.id, {});
    await portal.scheduler.drain();
  }
}, 60_000);
afterAll(async () => {
  here.remove();
  await portal.close();
});

const run = (...argv: string[]) =>
  here.run(argv, { environment: { MOSIS_STORE: portal.url, MOSIS_TOKEN: token } });
const said = async (...argv: string[]) => {
  const { exitCode, stdout, stderr } = await run(...argv);
  expect([argv.join(" "), exitCode, stderr]).toEqual([argv.join(" "), 0, ""]);
  return stdout;
};

test("a version is yanked with its reason, told by status, and offered again", async () => {
  expect(await said("yank", APP, "2", "--reason", "Loses drafts.")).toContain(
    "is yanked: who has it keeps it",
  );
  expect(await said("yank", APP, "2", "--reason", "Loses drafts.")).toContain("is yanked already");
  expect(await said("status", APP)).toContain("yanked: Loses drafts.");
  const json = JSON.parse(await said("yank", APP, "2", "--reason", "In other words.", "--json"));
  expect(json).toMatchObject({ changed: true, version: { yanked: { reason: "In other words." } } });
  expect(await said("unyank", APP, "2")).toContain("is offered again");
  expect(await said("unyank", APP, "2")).toContain("was not yanked");
  expect((await run("yank", APP, "2")).exitCode).toBe(2);
  expect((await run("yank", APP, "9", "--reason", "x")).exitCode).toBe(1);
}, 60_000);

test("an app is taken out of the lists and deprecated, told by status, and both are taken back", async () => {
  expect(await said("unlist", APP)).toContain("stands in no list any more");
  expect(await said("unlist", APP)).toContain("stands in no list already");
  const words = ["--text", "Journal does more.", "--instead", OTHER];
  expect(await said("deprecate", APP, ...words)).toContain("is deprecated.");
  expect(await said("deprecate", APP, ...words)).toContain("already, in these words");
  const status = await said("status", APP);
  expect(status).toMatch(/listed\s+no/);
  expect(status).toMatch(/deprecated\s+yes/);
  const { listing } = JSON.parse(await said("undeprecate", APP, "--json"));
  expect(listing.deprecated).toBeNull();
  expect(await said("relist", APP)).toContain("stands in the lists again");
  const refused = await run("deprecate", APP, "--text", "x", "--instead", "com.example.nothing");
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("app.instead_not_found")]);
}, 60_000);
