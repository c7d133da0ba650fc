/** An app that is made public and private again: who meets it at each moment, at the addresses that it had. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup } from "../accounts/groups/members.ts";
import { createApp } from "../catalog/apps.ts";
import { findVersion } from "../catalog/records.ts";
import { changeVisibility, previewVisibility } from "../catalog/visibility/change.ts";
import type { AppId, GroupId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { newDevice } from "../testing/devices.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { picturesMade, shownAddresses } from "../testing/shown-pictures.ts";

setDefaultTimeout(60_000);
const APP = "org.quietworks.lagoon" as AppId;
const NAME = "Lagoon Ledger";

let portal: Portal;
let group: GroupId;
/** Of a device in the group, one outside of it, and a person. */
let tokens: Readonly<Record<"inside" | "outside" | "person", string>>;
let packageFile: string;
let picture: string;

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  const owner = await newPerson(store, "Mara Owner", {
    organisations: [[newOrganisation(store, "Quiet Works"), "owner"]],
  });
  const person = await newPerson(store, "Otto Other");
  group = createGroup(store, OPERATOR, { name: "Inner circle", offered: true }).id;
  const [inside, outside] = [newDevice(store, { name: "Inside" }), newDevice(store, { name: "Outside" })];
  addDeviceToGroup(store, OPERATOR, group, inside.id);
  const ofDevice = async (subject: string) =>
    (await issueAccessToken(store, { kind: "device", subject, audience: "files" })).token;
  tokens = {
    inside: await ofDevice(inside.id),
    outside: await ofDevice(outside.id),
    person: createApiKey(store, OPERATOR, { owner: { accountId: person.accountId }, name: "k" }).token,
  };
  const visibility = { visibility: "groups", groups: [group] };
  createApp(store, owner.actor, { id: APP, name: NAME, visibility });
  const signer = await newSigner(store, owner.actor);
  const manifest = { id: APP, name: { en: NAME }, versionCode: 1, version: "1.0.0" };
  const { id } = await submitBytes(store, owner.actor, await signedApp(store, signer, manifest));
  const reached = async (state: string) => {
    for (let tries = 0; findVersion(store.db.orm, id)?.state !== state; tries++) {
      if (tries > 800) throw new Error(`the version is not ${state}`);
      await Bun.sleep(25);
    }
  };
  await reached("in_review");
  approve(store, reviewer(), id, {});
  await reached("published");
  packageFile = `packages/${findVersion(store.db.orm, id)?.releasedSha256}.mosis`;
  await picturesMade(store);
  picture = shownAddresses(store, id)[0] ?? "";
});
afterAll(() => portal.close());

async function get(path: string, as?: keyof typeof tokens) {
  const headers = as === undefined ? {} : { authorization: `Bearer ${tokens[as]}` };
  const answer = await fetch(portal.url + path, { headers });
  return { status: answer.status, text: Buffer.from(await answer.bytes()).toString("latin1") };
}

test("what is made public is everybody's at once, and what is made private again nobody else's", async () => {
  const { store } = portal;
  const show = async (visibility: "everyone" | "signed-in") => {
    const { scope } = previewVisibility(store, OPERATOR, APP, { visibility });
    await changeVisibility(store, OPERATOR, APP, { visibility }, scope);
  };
  const status = async (...of: Parameters<typeof get>) => (await get(...of)).status;
  const ofGroup = `/store/v1/audiences/${group}/${packageFile}`;
  const ofSignedIn = `/store/v1/audiences/signed-in/${packageFile}`;
  expect([await status(ofGroup, "inside"), await status(ofGroup, "outside")]).toEqual([200, 404]);
  expect([await status(ofSignedIn, "inside"), await status(picture)]).toEqual([404, 404]);

  await show("signed-in");
  expect(await status(`/api/v1/catalog/${APP}`, "person")).toBe(200);
  expect([await status(ofSignedIn, "outside"), await status(ofGroup, "inside")]).toEqual([200, 404]);
  expect(await status(`/store/v1/${packageFile}`)).toBe(404);

  await show("everyone");
  expect([await status(`/store/v1/${packageFile}`), await status(picture)]).toEqual([200, 200]);
  expect((await get("/")).text).toContain(NAME);

  await show("signed-in");
  expect((await get("/")).text).not.toContain(NAME);
  expect(await status(picture)).toBe(404);
});
