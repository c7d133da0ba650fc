/** The files of an audience in a restricted store: for its devices, and for no person, whomever the app is for. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../accounts/groups/members.ts";
import { newDevice } from "../testing/devices.ts";
import { newPerson, type Portal, startPortal } from "../testing/portal.ts";

const portals: Portal[] = [];
let open: Portal;
let restricted: Portal;

beforeAll(async () => {
  open = await startPortal({});
  restricted = await startPortal({ restricted: "true" });
  portals.push(open, restricted);
});
afterAll(async () => {
  for (const portal of portals) await portal.close();
});

async function statuses({ store, url }: Portal) {
  const group = createGroup(store, OPERATOR, { name: "Field", description: "" }).id;
  const member = await newPerson(store, "Mia Member");
  const auditor = await newPerson(store, "Ada Auditor", { storeRole: "auditor" });
  const { id: device } = newDevice(store, { name: "Headset" });
  for (const { accountId } of [member, auditor]) addPersonToGroup(store, OPERATOR, group, { accountId });
  addDeviceToGroup(store, OPERATOR, group, device);
  const keyOf = (accountId: typeof member.accountId) =>
    createApiKey(store, OPERATOR, { owner: { accountId }, name: "k" }).token;
  const { token } = await issueAccessToken(store, { kind: "device", subject: device, audience: "files" });
  const status = async (bearer: string) =>
    (
      await fetch(`${url}/store/v1/audiences/${group}/metadata/timestamp.json`, {
        headers: { authorization: `Bearer ${bearer}` },
      })
    ).status;
  return [await status(keyOf(member.accountId)), await status(keyOf(auditor.accountId)), await status(token)];
}

test("in an open store a member may ask, in a restricted one only devices and who may read all files", async () => {
  // 404: let in, and there is nothing yet.
  expect(await statuses(open)).toEqual([404, 404, 404]);
  expect(await statuses(restricted)).toEqual([403, 404, 404]);
});
