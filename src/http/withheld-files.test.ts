/**
 * An app that was taken back from some of those who saw it: what its files' addresses answer them from that moment on, while
 * the files are still there, and what stays for everybody else.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, removeDeviceFromGroup } from "../accounts/groups/members.ts";
import { findVersion, selectPictures } from "../catalog/records.ts";
import { indexPath, shardOf, shardPath } from "../catalog/tuf/app-index.ts";
import { findTargets, newestVersion } from "../catalog/tuf/records.ts";
import { metadataKey, roleForTarget, targetKey } from "../catalog/tuf/roles.ts";
import { audienceOf, SIGNED_IN, type VisibilityInput } from "../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../catalog/visibility/change.ts";
import { greyPng, pngChunk } from "../format/testing.ts";
import { type AppId, type Audience, type DeviceId, EVERYBODY, type GroupId, type VersionId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { newDevice } from "../testing/devices.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";

setDefaultTimeout(60_000);
const APP = "org.quietworks.lagoon" as AppId;
/** In the same shard, and with one icon that both have. */
const NEIGHBOUR = sameShard(APP);

let portal: Portal;
let group: GroupId;
let inside: DeviceId;
let tokens: Readonly<Record<"inside" | "outside", string>>;
let versions: readonly VersionId[];
let neighbours: VersionId;

function sameShard(other: AppId): AppId {
  for (let n = 0; ; n++) {
    const id = `org.quietworks.harbour${n}` as AppId;
    if (shardOf(id) === shardOf(other)) return id;
  }
}

const until = async (done: () => boolean) => {
  for (let tries = 0; !done(); tries++) {
    if (tries > 800) throw new Error("it did not come to be");
    await Bun.sleep(25);
  }
};

/** Of this app alone: the smallest is everybody's. */
function iconOf(appId: string, size: number): Uint8Array {
  const png = greyPng(size);
  if (size === 64) return png;
  const comment = pngChunk("tEXt", new TextEncoder().encode(`Comment\0${appId}`));
  const end = png.length - pngChunk("IEND", new Uint8Array(0)).length;
  return Buffer.concat([png.subarray(0, end), comment, png.subarray(end)]);
}

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  const owner = await newPerson(store, "Mara Owner", {
    organisations: [[newOrganisation(store, "Quiet Works"), "owner"]],
  });
  group = createGroup(store, OPERATOR, { name: "Inner circle" }).id;
  inside = newDevice(store, { name: "Inside" }).id;
  const outside = newDevice(store, { name: "Outside" }).id;
  addDeviceToGroup(store, OPERATOR, group, inside);
  const ofDevice = async (subject: string) =>
    (await issueAccessToken(store, { kind: "device", subject, audience: "files" })).token;
  tokens = { inside: await ofDevice(inside), outside: await ofDevice(outside) };
  const publish = await publisher(owner);
  neighbours = await publish(NEIGHBOUR, 1);
  versions = [await publish(APP, 1), await publish(APP, 2)];
  await until(() => containersOf(versions[1]).length > 0);
  // The index names them once they are made.
  await until(() => unexported() === 0);
});
afterAll(() => portal.close());

async function publisher(owner: Person) {
  const { store } = portal;
  const signer = await newSigner(store, owner.actor);
  return async (id: AppId, versionCode: number): Promise<VersionId> => {
    const manifest = { id, name: { en: id }, versionCode, version: `${versionCode}.0.0` };
    const icons = new Map([64, 128, 512].map((size) => [`icons/${size}.png`, iconOf(id, size)]));
    const sent = await submitBytes(store, owner.actor, await signedApp(store, signer, manifest, icons));
    await until(() => findVersion(store.db.orm, sent.id)?.state === "in_review");
    approve(store, reviewer(), sent.id, {});
    await until(() => findVersion(store.db.orm, sent.id)?.state === "published");
    return sent.id;
  };
}

const unexported = () =>
  portal.store.db.raw.query("SELECT 1 FROM tuf_metadata WHERE exported_at IS NULL").all().length +
  portal.store.db.raw.query("SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").all().length;

function containersOf(version: VersionId | undefined): string[] {
  return portal.store.db.raw
    .query<{ sha256: string }, [string]>(
      "SELECT sha256 FROM deltas WHERE version_id = ? AND sha256 IS NOT NULL",
    )
    .all(version ?? "")
    .map(({ sha256 }) => `deltas/${sha256}.mosisd`);
}

const packageOf = (version: VersionId) =>
  `packages/${findVersion(portal.store.db.orm, version)?.releasedSha256}.mosis`;

/** Addresses of icons below a catalogue, the one that both apps have among them. */
function iconsOf(version: VersionId): string[] {
  return selectPictures(portal.store.db.orm, version)
    .filter(({ kind }) => kind === "icon")
    .map(({ blobKey }) => blobKey);
}

/** What a catalogue has of the app now, by the addresses below it: its index, its shard and the bin that names it. */
function signed(audience: Audience): readonly string[] {
  const { orm } = portal.store.db;
  const paths = [indexPath(APP), shardPath(shardOf(APP))];
  const role = roleForTarget(indexPath(APP));
  const keys = [
    ...findTargets(orm, paths, audience).map((fact) => targetKey(fact, fact.sha256)),
    metadataKey({ audience, role }, newestVersion(orm, role, audience)),
  ];
  return keys.map((key) => key.replace(/^(?:store\/v1|audiences\/v1\/[^/]+)\//, ""));
}

const baseOf = (audience: Audience) => `/store/v1/${audience === EVERYBODY ? "" : `audiences/${audience}/`}`;

async function answers(
  audience: Audience,
  addresses: readonly string[],
  as: keyof typeof tokens | null = null,
  headers: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  const auth = as === null ? {} : { authorization: `Bearer ${tokens[as]}` };
  return Promise.all(
    addresses.map(async (address) => {
      const init = { headers: { ...auth, ...headers } };
      const answer = await fetch(portal.url + baseOf(audience) + address, init);
      await answer.bytes();
      return answer.status;
    }),
  );
}

async function show(input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(portal.store, OPERATOR, APP, input);
  await changeVisibility(portal.store, OPERATOR, APP, input, scope);
}

const all = (status: number, addresses: readonly unknown[]) => addresses.map(() => status);

test("what was everybody's is nobody's at once but theirs who still see it, and everybody's again later", async () => {
  await show({ visibility: "everyone" });
  const before = signed(EVERYBODY);
  const shared = iconsOf(neighbours).filter((icon) => versions.some((id) => iconsOf(id).includes(icon)));
  const own = iconsOf(versions[0] as VersionId).filter((icon) => !shared.includes(icon));
  const files = [...versions.map(packageOf), ...containersOf(versions[1]), ...own];
  const others = [packageOf(neighbours), ...iconsOf(neighbours), "metadata/timestamp.json"];
  expect([shared.length, own.length, files.length]).toEqual([1, 2, 2 + containersOf(versions[1]).length + 2]);
  const everything = [...before, ...files, ...others];
  expect(await answers(EVERYBODY, everything)).toEqual(all(200, everything));
  const digest = /([0-9a-f]{64})/.exec(files[0] ?? "")?.[1];

  await show({ visibility: "signed-in" });
  expect(await answers(EVERYBODY, [...before, ...files])).toEqual(all(404, [...before, ...files]));
  // The files are still there: for the sweep, and under other names.
  expect(await portal.store.blobs.head(`store/v1/${files[0]}`)).not.toBeNull();
  for (const headers of [{ "if-none-match": `"${digest}"` }, { range: "bytes=0-9" }])
    expect(await answers(EVERYBODY, files.slice(0, 1), null, headers)).toEqual([404]);
  expect(await answers(EVERYBODY, before, "outside")).toEqual(all(404, before));
  const now = signed(EVERYBODY);
  expect(now).toHaveLength(2);
  expect(await answers(EVERYBODY, [...others, ...now])).toEqual(all(200, [...others, ...now]));
  const theirs = [...signed(SIGNED_IN), ...files];
  expect(await answers(SIGNED_IN, theirs, "outside")).toEqual(all(200, theirs));
  expect(await answers(SIGNED_IN, theirs)).toEqual(all(401, theirs));

  await show({ visibility: "everyone" });
  const again = [...signed(EVERYBODY), ...files, ...others];
  expect(await answers(EVERYBODY, again)).toEqual(all(200, again));
  expect(await answers(SIGNED_IN, theirs, "outside")).toEqual(all(404, theirs));
  expect(await answers(EVERYBODY, before)).toEqual(all(200, before));
});

test("from one audience to another, and out of a group", async () => {
  await show({ visibility: "signed-in" });
  const before = signed(SIGNED_IN);
  const file = packageOf(versions[0] as VersionId);
  expect(await answers(SIGNED_IN, [...before, file], "inside")).toEqual(all(200, [...before, file]));

  await show({ visibility: "groups", groups: [group] });
  for (const device of ["inside", "outside"] as const)
    expect(await answers(SIGNED_IN, [...before, file], device)).toEqual(all(404, [...before, file]));
  const now = signed(SIGNED_IN);
  expect(await answers(SIGNED_IN, now, "outside")).toEqual(all(200, now));
  const audience = audienceOf(group);
  const theirs = [...signed(audience), file, "metadata/timestamp.json"];
  expect(await answers(audience, theirs, "inside")).toEqual(all(200, theirs));
  expect(await answers(audience, theirs, "outside")).toEqual(all(404, theirs));

  // With the token that it had when it was in the group.
  removeDeviceFromGroup(portal.store, OPERATOR, group, inside);
  expect(await answers(audience, theirs, "inside")).toEqual(all(404, theirs));
  addDeviceToGroup(portal.store, OPERATOR, group, inside);
  expect(await answers(audience, theirs, "inside")).toEqual(all(200, theirs));
});
