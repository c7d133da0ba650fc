/** Which version of an app is its newest, and what devices get meanwhile, when codes rise in another order than uploads come. */
import { describe, expect, test } from "bun:test";
import { approve, reject } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, sendApp } from "../testing/publishing.ts";
import { shownAppStates, shownBehind } from "./app-state.ts";
import { readApp } from "./apps.ts";
import { publishedCode } from "./overview.ts";
import { readVersion, withdrawVersion } from "./versions.ts";

let publisher: Publisher;
const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
});

async function appOf(id: string) {
  const send = (versionCode: number) =>
    sendApp(world, publisher, { id, version: `0.${versionCode}.0`, versionCode });
  const first = await send(3);
  const { appId } = first;
  const approved = async (version: typeof first) => {
    approve(world.store, reviewer(), version.id, {});
    await world.scheduler.drain();
  };
  const told = () => {
    const app = readApp(world.store, publisher.actor, appId);
    return [app.newestVersion?.version, shownAppStates(app), app.offeredVersion?.version, shownBehind(app)];
  };
  return { first, appId, send, approved, told };
}

describe("the newest version", () => {
  test("is the published one, not a lower one that came later and was overtaken", async () => {
    const { first, appId, send, approved, told } = await appOf("org.example.timer");
    const lower = await send(2);
    expect(told()).toEqual(["0.3.0", ["in_review"], undefined, null]);
    expect(publishedCode(world.store, appId)).toBeNull();
    await approved(first);
    expect(told()).toEqual(["0.3.0", ["published"], "0.3.0", null]);
    expect(publishedCode(world.store, appId)).toBe(3 as typeof lower.versionCode);
    // What can never be published is refused by its checks, and takes nobody's place.
    const refused = await send(1);
    expect(readVersion(world.store, publisher.actor, appId, refused.id).state).toBe("failed");
    expect(told()).toEqual(["0.3.0", ["published"], "0.3.0", null]);
  });

  test("is one that was refused or waits above what devices get, until it is withdrawn, and both are told", async () => {
    const { first, appId, send, approved, told } = await appOf("org.example.notes");
    await approved(first);
    const next = await send(5);
    expect(told()).toEqual(["0.5.0", ["in_review"], "0.3.0", { offered: "0.3.0", newest: "0.5.0" }]);
    reject(world.store, reviewer(), next.id, { reason: "It opens a port." });
    expect(told()).toEqual(["0.5.0", ["rejected"], "0.3.0", { offered: "0.3.0", newest: "0.5.0" }]);
    const withdrawn = await send(6);
    expect(told()[0]).toBe("0.6.0");
    withdrawVersion(world.store, publisher.actor, appId, withdrawn.id);
    expect(told().slice(0, 2)).toEqual(["0.5.0", ["rejected"]]);
    // What comes after a refusal takes its place, with a lower code too.
    await approved(await send(4));
    expect(told()).toEqual(["0.4.0", ["published"], "0.4.0", null]);
  });
});
