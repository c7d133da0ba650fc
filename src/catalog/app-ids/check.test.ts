/** What is said of an id before its app is made, to whom: an app that one may not see is neither named nor hinted at. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { type Caller, makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";
import { queryPlans } from "../../testing/query-plans.ts";
import { keysOfId } from "./alike.ts";
import { beginIdKeys, fillIdKeys, ID_KEYS_JOB } from "./check.ts";
import { appsWithKeys } from "./records.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

async function ask(as: Caller, method: string, path: string, json?: object) {
  const [pathname = ""] = path.split("?");
  const answer = await read(
    await fetch(`${world.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${world.tokens[as]}`, "Content-Type": "application/json" },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
  );
  expect(undocumented(routeOf(method, pathname), answer)).toEqual([]);
  return {
    ...answer,
    json: answer.json as { state: string; code: string | null; alike: object[]; detail: string },
  };
}

const check = async (as: Caller, id: string) =>
  (await ask(as, "GET", `/api/v1/app-ids?id=${encodeURIComponent(id)}`)).json;
/** Of an organisation that is in no relation to the sample's. */
const create = (as: Caller, id: string, more: object = {}) =>
  ask(as, "POST", "/api/v1/apps", { id, name: "X", ...more });

// org.example.sample is published for everyone, net.stranger.app is nobody's but its organisation's.
describe("an id", () => {
  test("is free, taken, or none", async () => {
    expect(await check("organisation", "org.example.brand-new")).toMatchObject({ state: "free", code: null });
    expect(await check("organisation", "Not An Id")).toMatchObject({
      state: "invalid",
      code: "app.id_invalid",
    });
    expect(await check("organisation", world.app)).toMatchObject({ state: "taken", code: "app.id_taken" });
    const kept = (await check("organisation", "dev.mosis.x")).detail.replace("dev.mosis.x", "");
    const hidden = (await check("organisation", world.strangerApp)).detail.replace(world.strangerApp, "");
    // What somebody else has in secret is said in the words of what is kept back.
    expect(hidden).toBe(kept);
  });

  test("that looks like a published app of others has to be meant", async () => {
    const alike = [{ id: world.app, name: expect.any(String) }];
    expect(await check("stranger", "org.example.samp1e")).toMatchObject({ state: "alike", alike });
    expect(await check("stranger", "org.exam-ple.sample")).toMatchObject({ state: "alike", alike });
    expect((await create("stranger", "org.example.samp1e")).json.code).toBe("app.id_alike");
    expect((await create("stranger", "org.example.samp1e", { confirmAlike: true })).status).toBe(201);
  });

  test("that looks like another's has to be meant also when a package makes its app", async () => {
    const id = "org.example.sarnple";
    const bytes = await world.pack(1, { id });
    const submit = async (query = "") => {
      const path = "/api/v1/versions";
      const answer = await read(
        await fetch(`${world.url}${path}?createApp=true${query}`, {
          method: "POST",
          headers: {
            Authorization: `Bearer ${world.tokens.stranger}`,
            "Content-Type": "application/vnd.mosis.package",
          },
          body: bytes as Uint8Array<ArrayBuffer>,
        }),
      );
      expect(undocumented(routeOf("POST", path), answer)).toEqual([]);
      return answer;
    };
    const refused = await submit();
    expect([refused.status, (refused.json as { code: string }).code]).toEqual([409, "app.id_alike"]);
    expect((await ask("stranger", "GET", `/api/v1/apps/${id}`)).status).toBe(404);
    expect((await submit("&confirmAlike=true")).status).toBe(201);
  });

  test("of one's own organisation may look like its other ones", async () => {
    // Which is said, and nothing more.
    const ownAlike = [{ id: world.app, name: expect.any(String) }];
    const found = await check("organisation", "org.example.sampel");
    expect(found).toMatchObject({ state: "free", alike: [], ownAlike });
    expect((await create("organisation", "org.example.sampel")).status).toBe(201);
  });

  test("tells nothing of an app that one may not see", async () => {
    const nothing = { state: "free", alike: [], ownAlike: [] };
    expect(await check("organisation", "net.stranger.apq")).toMatchObject(nothing);
    expect((await create("organisation", "net.stranger.apq")).status).toBe(201);
    expect(await check("stranger", "org.example.emptv")).toMatchObject(nothing);
  });
});

test("apps from before ids were compared are found after the next start, by an index", async () => {
  const { db } = world.store;
  db.raw.query("DELETE FROM app_id_keys WHERE app_id = ?").run(world.app);
  expect(await check("stranger", "org.example.samqle")).toMatchObject({ state: "free" });
  const waiting = () =>
    db.raw.query("SELECT count(*) AS n FROM jobs WHERE kind = ? AND state <> 'done'").get(ID_KEYS_JOB);
  beginIdKeys(world.store);
  beginIdKeys(world.store);
  expect(waiting()).toEqual({ n: 1 });
  await fillIdKeys(world.store);
  await fillIdKeys(world.store);
  db.raw.query("DELETE FROM jobs WHERE kind = ?").run(ID_KEYS_JOB);
  beginIdKeys(world.store);
  expect(waiting()).toEqual({ n: 0 });
  expect(await check("stranger", "org.example.samqle")).toMatchObject({ state: "alike" });
  const plans = queryPlans(db, () => void appsWithKeys(db.orm, keysOfId(world.app), 100));
  expect(plans.flatMap(({ steps }) => steps).filter((step) => step.startsWith("SCAN"))).toEqual([]);
});
