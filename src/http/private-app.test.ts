/**
 * An app that is for one group: whoever is not in it finds its name, its id and everything else of it in no page, search, API
 * answer, catalogue file, log tile, picture, message or error, and whoever is finds it.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../accounts/groups/members.ts";
import { createApp } from "../catalog/apps.ts";
import { deprecateApp } from "../catalog/listing/change.ts";
import { findVersion, selectPictures } from "../catalog/records.ts";
import { enact } from "../catalog/revocation/act.ts";
import { parseChange } from "../catalog/revocation/change.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { findTargets } from "../catalog/tuf/records.ts";
import { signLogHead } from "../catalog/tuf/repository.ts";
import { audienceOf } from "../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../catalog/visibility/change.ts";
import { greyPng, pngChunk } from "../format/testing.ts";
import type { AppId, DeviceId, GroupId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { newDevice } from "../testing/devices.ts";
import { bytesOf } from "../testing/http/events.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { picturesMade, shownAddresses } from "../testing/shown-pictures.ts";
import { pageRoutes } from "./portal/routes.ts";
import type { Route } from "./route.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

setDefaultTimeout(60_000);
const APP = "org.quietworks.zanzibar" as AppId;
const NAME = "Zanzibar Merger";
const SUMMARY = "Counts what nobody may hear of.";
const OWN_SITE = { "Sec-Fetch-Site": "same-origin" };

let portal: Portal;
let owner: Person;
let member: Person;
let other: Person;
let stranger: Person;
let group: GroupId;
let inside: DeviceId;
let outside: DeviceId;
let versionId: string;
/** What nobody outside may meet anywhere. */
let secrets: string[];
/** Files of it, by their address below the group's catalogue. */
let files: Readonly<Record<"package" | "container" | "icon" | "index" | "timestamp" | "ca", string>>;
/** Where its icon is shown on pages. */
let shown: string;
const tokens = new Map<string, string>();

const until = async (done: () => boolean) => {
  for (let tries = 0; !done(); tries++) {
    if (tries > 400) throw new Error("it did not come to be");
    await Bun.sleep(25);
  }
};

/** Each app's own: a picture that two apps have is for whoever may see one of them. */
function iconOf(appId: string, size: number): Uint8Array {
  const png = greyPng(size);
  const comment = pngChunk("tEXt", new TextEncoder().encode(`Comment\0${appId.length}`));
  const end = png.length - pngChunk("IEND", new Uint8Array(0)).length;
  return Buffer.concat([png.subarray(0, end), comment, png.subarray(end)]);
}

beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  const organisation = newOrganisation(store, "Quiet Works");
  owner = await newPerson(store, "Mara Owner", { organisations: [[organisation, "owner"]] });
  member = await newPerson(store, "Mika Member");
  other = await newPerson(store, "Otto Other");
  stranger = await newPerson(store, "Sven Stranger", {
    organisations: [[newOrganisation(store, "Another"), "owner"]],
  });
  group = createGroup(store, OPERATOR, { name: "Inner circle" }).id;
  const others = createGroup(store, OPERATOR, { name: "Other circle", offered: true }).id;
  addPersonToGroup(store, OPERATOR, group, { accountId: member.accountId });
  addPersonToGroup(store, OPERATOR, others, { accountId: other.accountId });
  inside = newDevice(store, { name: "Inside" }).id;
  outside = newDevice(store, { name: "Outside" }).id;
  addDeviceToGroup(store, OPERATOR, group, inside);
  addDeviceToGroup(store, OPERATOR, others, outside);
  const publish = async (by: Person, id: AppId, name: string, summary: string) => {
    const signer = await newSigner(store, by.actor);
    const manifest = {
      id,
      name: { en: name },
      summary: { en: summary },
      versionCode: 4711,
      version: "47.1.1",
    };
    const icons = new Map([64, 128, 512].map((size) => [`icons/${size}.png`, iconOf(id, size)]));
    const sent = await submitBytes(store, by.actor, await signedApp(store, signer, manifest, icons));
    await until(() => findVersion(store.db.orm, sent.id)?.state === "in_review");
    approve(store, reviewer(), sent.id, {});
    await until(() => findVersion(store.db.orm, sent.id)?.state === "published");
    return sent.id;
  };
  // The other group has a catalogue, too, so that there is one to look into.
  const decoy = "org.another.decoy" as AppId;
  const toOthers = { visibility: "groups", groups: [others] };
  createApp(store, stranger.actor, { id: decoy, name: "Decoy", visibility: toOthers });
  await publish(stranger, decoy, "Decoy", "A decoy.");
  // The group is not offered: an administrator says that the app is for it.
  createApp(store, owner.actor, { id: APP, name: NAME, summary: SUMMARY });
  const toGroup = { visibility: "groups", groups: [group] };
  const { scope } = previewVisibility(store, OPERATOR, APP, toGroup);
  await changeVisibility(store, OPERATOR, APP, toGroup, scope);
  versionId = await publish(owner, APP, NAME, SUMMARY);
  await until(
    () =>
      store.db.raw
        .query("SELECT 1 FROM deltas WHERE version_id = ? AND sha256 IS NOT NULL")
        .get(versionId) !== null,
  );
  // Who works for the store may point to it: it is named to who may see it.
  await deprecateApp(store, OPERATOR, decoy, { text: "Another one does more.", instead: APP });
  // Revoked, lowered and lifted, so that lists and log have had to do with it.
  const reason = "Nobody may hear of this reason.";
  const act = (input: Parameters<typeof parseChange>[0]) => enact(store, OPERATOR, parseChange(input));
  await act({ act: "lowest-version", appId: APP, versionCode: 3, reason });
  await act({ act: "revoke", subject: "developer", id: organisation, action: "block", reason });
  await act({ act: "lift", subject: "developer", id: organisation, reason });
  await signLogHead(store);
  await exportCatalogue(store);

  const row = findVersion(store.db.orm, versionId as never);
  const pictures = selectPictures(store.db.orm, versionId as never);
  const [container] = store.db.raw
    .query<{ sha256: string }, [string]>(
      "SELECT sha256 FROM deltas WHERE version_id = ? AND sha256 IS NOT NULL",
    )
    .all(versionId);
  const [index] = findTargets(store.db.orm, [`apps/${APP}/index.json`], audienceOf(group));
  const [ca] = findTargets(store.db.orm, ["trust/ca.pem"]);
  files = {
    package: `packages/${row?.releasedSha256}.mosis`,
    container: `deltas/${container?.sha256}.mosisd`,
    icon: pictures.find(({ kind }) => kind === "icon")?.blobKey ?? "",
    index: `targets/apps/${APP}/${index?.sha256}.index.json`,
    timestamp: "metadata/timestamp.json",
    ca: `targets/trust/${ca?.sha256}.ca.pem`,
  };
  await picturesMade(store);
  shown = shownAddresses(store, versionId as never).find((address) => address.endsWith("/192.png")) ?? "";
  secrets = [
    APP,
    "zanzibar",
    "Zanzibar",
    SUMMARY,
    reason,
    organisation,
    "Quiet Works",
    "Inner circle",
    row?.contentDigest ?? "",
    row?.releasedSha256 ?? "",
    row?.uploadSha256 ?? "",
    row?.developerKeyid ?? "",
    container?.sha256 ?? "",
    index?.sha256 ?? "",
    versionId,
  ];
  for (const who of [owner, member, other, stranger])
    tokens.set(
      who.email,
      createApiKey(store, OPERATOR, { owner: { accountId: who.accountId }, name: "test" }).token,
    );
  for (const id of [inside, outside])
    tokens.set(id, (await issueAccessToken(store, { kind: "device", subject: id, audience: "files" })).token);
});
afterAll(() => portal.close());

/** What of the secrets stands in a text that does not have it from the request. */
const found = (text: string, asked = "") =>
  secrets.filter((secret) => text.includes(secret) && !asked.includes(secret));

async function get(path: string, as: Person | DeviceId | null, init: RequestInit = {}) {
  const headers = new Headers({ ...OWN_SITE, ...(init.headers as Record<string, string>) });
  const isPage = !/^\/(api|store|conformance)/.test(path);
  const token = as === null ? undefined : tokens.get(typeof as === "string" ? as : as.email);
  if (as !== null && typeof as !== "string" && isPage) headers.set("Cookie", as.cookie);
  else if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(portal.url + path, { ...init, headers, redirect: "manual" });
  const bytes = await bytesOf(answer);
  const said = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return { status: answer.status, text: Buffer.from(bytes).toString("latin1"), headers: said };
}

/** The route's address about the private app, and whatever else there is. */
function addressesOf(route: Route): string[] {
  const base = route.path
    .replace(":appId", APP)
    .replace(":versionCode", "4711")
    .replace(":versionId", versionId)
    .replace(":audienceId", group)
    .replace(":groupId", group)
    .replace(":organisationId", owner.actor.organisations.keys().next().value ?? "")
    .replace(":accountId", owner.accountId)
    .replace(":deviceId", inside)
    .replace(":keyid", secrets[11] ?? "")
    .replace(":picture/:file", (shown ?? "").replace("/pictures/", ""))
    .replace(/:[A-Za-z]+/g, "x");
  if (!base.endsWith("*")) return [base, `${base}?search=zanzibar&q=zanzibar&limit=100`];
  const rests = ["quick-start", ...Object.values(files), "log/tile/0/000.p/1", "search?q=zanzibar"];
  return rests.map((rest) => base.replace("*", rest));
}

/** What changes something comes last: a sign-out would end the session that asks. */
const routes = [...pageRoutes, ...apiRoutes, ...fileRoutes].sort(
  (a, b) => Number(a.method !== "GET") - Number(b.method !== "GET"),
);

describe("whoever is not in the group", () => {
  const outsiders: readonly (readonly [string, () => Person | DeviceId | null])[] = [
    ["a stranger without an account", () => null],
    ["somebody of another organisation", () => stranger],
    ["a member of another group", () => other],
    ["a device of another group", () => outside],
  ];
  for (const [who, as] of outsiders) {
    test(`finds it at no address: ${who}`, async () => {
      const wrong: string[] = [];
      for (const route of routes) {
        for (const path of addressesOf(route)) {
          const init: RequestInit =
            route.method === "GET"
              ? {}
              : {
                  method: route.method,
                  headers: {
                    "Content-Type":
                      route.area === "page" ? "application/x-www-form-urlencoded" : "application/json",
                    "If-Match": "*",
                  },
                  ...(route.method === "DELETE" ? {} : { body: route.area === "page" ? "q=x" : "{}" }),
                };
          const answer = await get(path, as(), { method: route.method, ...init });
          const leaked = [...found(answer.text, path), ...found(answer.headers, path)];
          if (leaked.length > 0) wrong.push(`${route.method} ${path} ${answer.status}: ${leaked.join()}`);
          if (answer.status === 500) wrong.push(`${route.method} ${path}: 500`);
        }
      }
      expect(wrong).toEqual([]);
    });

    test(`is answered as for an app that is not there: ${who}`, async () => {
      const none = "org.quietworks.nothing";
      const wrong: string[] = [];
      for (const route of routes.filter(({ path, method }) => path.includes(":appId") && method === "GET")) {
        const [real = ""] = addressesOf(route);
        const [a, b] = [await get(real, as()), await get(real.replace(APP, none), as())];
        const plain = (text: string) =>
          text
            .replaceAll(APP, none)
            .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "")
            .replace(/\d+ ms/g, "");
        if (a.status !== b.status || plain(a.text) !== plain(b.text))
          wrong.push(`${route.name} ${a.status} ${b.status}`);
      }
      expect(wrong).toEqual([]);
    });

    test(`gets none of its files: ${who}`, async () => {
      const none = `grp-${"0".repeat(32)}`;
      for (const address of Object.values(files)) {
        const real = await get(`/store/v1/audiences/${group}/${address}`, as());
        const missing = await get(`/store/v1/audiences/${none}/${address}`, as());
        expect([address, real.status]).toEqual([address, as() === null ? 401 : 404]);
        expect(real.status).toBe(missing.status);
        expect(found(real.text, address)).toEqual([]);
        // Below the public address there is nothing of it but what all have in common.
        const open = await get(`/store/v1/${address}`, as());
        expect([address, open.status]).toEqual([
          address,
          address === files.timestamp || address === files.ca ? 200 : 404,
        ]);
      }
      expect((await get(shown, as())).status).toBe(404);
    });
  }

  test("takes its id, and is not told by whom it is taken", async () => {
    const create = async (id: string) => {
      const answer = await get("/api/v1/apps", stranger, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, name: "Mine" }),
      });
      const { detail, code } = JSON.parse(answer.text) as { detail: string; code: string };
      return [answer.status, code, detail.replace(id, "X")];
    };
    expect(await create(APP)).toEqual(await create("mosis.kept.back"));
    expect((await create(APP))[1]).toBe("app.id_taken");
  });

  test("lists the store, and it is not in the list", async () => {
    for (const as of [stranger, other]) {
      const { text } = await get("/api/v1/catalog?limit=100", as);
      const ids = (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => id);
      expect(ids).toEqual(as === other ? ["org.another.decoy"] : []);
    }
  });
});

test("no file that everybody may mirror, and no other group's, has anything of it", async () => {
  const { store } = portal;
  const dataDir = String(store.config.dataDir);
  const wrong: string[] = [];
  let looked = 0;
  for (const prefix of ["store/v1/", "audiences/v1/"]) {
    for await (const { key } of store.blobs.list(prefix)) {
      if (key.startsWith(`audiences/v1/${group}/`)) continue;
      looked += 1;
      const bytes = readFileSync(join(dataDir, "blobs", key)).toString("latin1");
      const leaked = found(key + bytes);
      if (leaked.length > 0) wrong.push(`${key}: ${leaked.join()}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(looked).toBeGreaterThan(500);
});

describe("whoever is in the group", () => {
  test("finds it in the store: a person", async () => {
    const { text } = await get("/api/v1/catalog?limit=100", member);
    expect(JSON.parse(text).items).toMatchObject([{ id: APP, name: NAME, publisher: "Quiet Works" }]);
    expect((await get(`/api/v1/catalog/${APP}`, member)).status).toBe(200);
    expect((await get(shown, member)).status).toBe(200);
    // Seeing it in the store is not seeing what its developers see.
    const nothing = "org.quietworks.nothing";
    for (const path of ["/api/v1/apps/", "/apps/"])
      for (const id of [APP, nothing]) expect((await get(path + id, member)).status).toBe(403);
  });

  test("gets its files: a device, and a person by a key of theirs", async () => {
    for (const as of [inside, member]) {
      for (const address of Object.values(files)) {
        const answer = await get(`/store/v1/audiences/${group}/${address}`, as);
        expect([address, answer.status]).toEqual([address, 200]);
        expect(answer.headers).toContain("cache-control: private");
      }
    }
    expect((await get(`/store/v1/audiences/${group}/packages/${"0".repeat(64)}.mosis`, inside)).status).toBe(
      404,
    );
    expect((await get(`/store/v1/audiences/${group}/uploads/${secrets[10]}.mosis`, inside)).status).toBe(404);
    expect((await get(`/store/v1/audiences/${group}/..%2f..%2freleases`, inside)).status).toBe(404);
  });
});
