/** An app is called what its packages say, and what a publication overtakes is withdrawn with it. */
import { expect, test } from "bun:test";
import { ANONYMOUS, OPERATOR } from "../accounts/actor.ts";
import type { AppId } from "../ids.ts";
import { approve, reject } from "../review/decide.ts";
import { listQueue, readReview } from "../review/queue.ts";
import { storeForAll } from "../testing/prepared.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { changeApp, createApp, readApp } from "./apps.ts";
import { releaseVersion } from "./release.ts";
import { publishVersion, readVersionDetails } from "./versions.ts";
import type { VersionView } from "./views.ts";
import { newestApps } from "./visibility/visible.ts";

let own: Publisher;
let other: Publisher;
const here = storeForAll(async () => {
  own = await newPublisher(here.store, "Own");
  other = await newPublisher(here.store, "Other");
});

const texts = (name: string, summary: string) => ({
  name: { en: name, de: `${name} (de)` },
  summary: { en: summary },
  defaultLocale: "en",
});

type Options = NonNullable<Parameters<typeof submitBytes>[3]>;

async function upload(
  id: string,
  versionCode: number,
  manifest: Record<string, unknown> = {},
  options: Options = {},
): Promise<VersionView> {
  const bytes = await signedApp(here.store, own.signer, { id, versionCode, ...manifest });
  const version = await submitBytes(here.store, own.actor, bytes, options);
  // Ids of the same millisecond have no order.
  here.store.clock.advance(10);
  return version;
}

const shown = (id: string) => {
  const { name, summary } = readApp(here.store, OPERATOR, id as AppId);
  return { name, summary };
};

test("name and summary are those of the newest checked version, and once published those of the published one", async () => {
  const id = "org.example.follows";
  const { store, scheduler } = here;
  createApp(store, own.actor, { id, name: "As created", summary: "By hand." });
  await upload(id, 1, texts("One", "First."));
  expect(shown(id)).toEqual({ name: "As created", summary: "By hand." });
  await scheduler.drain();
  expect(shown(id)).toEqual({ name: "One", summary: "First." });

  // What fails its checks says nothing: it is signed by somebody who does not own the app.
  const foreign = await signedApp(store, await newSigner(store, other.actor), {
    id,
    versionCode: 2,
    ...texts("Stolen", "x"),
  });
  await submitBytes(store, own.actor, foreign);
  await scheduler.drain();
  expect(shown(id)).toEqual({ name: "One", summary: "First." });

  const second = await upload(id, 3, texts("Three", "Third."));
  await scheduler.drain();
  expect(shown(id)).toEqual({ name: "Three", summary: "Third." });
  approve(store, reviewer(), second.id, {});
  await scheduler.drain();
  expect(newestApps(store, ANONYMOUS, 100).find((app) => app.id === id)).toMatchObject({
    name: "Three",
    summary: "Third.",
  });

  // An update that nobody has approved changes nothing that others see; the reviewer reads its own words.
  const third = await upload(id, 4, { ...texts("Official Bank", "Type your password."), summary: undefined });
  await scheduler.drain();
  expect(shown(id)).toEqual({ name: "Three", summary: "Third." });
  const item = listQueue(store, reviewer(), { limit: 100 }).items.find(
    ({ version }) => version.id === third.id,
  );
  expect(item).toMatchObject({ app: { name: "Three" }, texts: { name: "Official Bank", summary: "" } });
  expect(readReview(store, reviewer(), third.id)).toMatchObject({
    app: { name: "Three" },
    texts: { name: "Official Bank", summary: "" },
    published: { versionCode: 3 },
    publishedManifest: { name: { en: "Three" } },
    decision: null,
  });
  approve(store, reviewer(), third.id, { reason: "Well." });
  await scheduler.drain();
  expect(shown(id)).toEqual({ name: "Official Bank", summary: "" });
  expect(readReview(store, reviewer(), third.id).decision).toMatchObject({
    decision: "approved",
    reason: "Well.",
    reviewer: `account:${reviewer().accountId}`,
  });
});

test("the checks of an older upload that end last do not take the name back", async () => {
  const id = "org.example.late";
  const { store, scheduler } = here;
  const older = await upload(id, 1, texts("Older", "Old."));
  await upload(id, 2, texts("Newer", "New."));
  // The older upload's job dies for now, and is done again afterwards.
  store.db.raw.run("UPDATE jobs SET run_at = run_at + 3600000 WHERE kind = 'version.check' AND key = ?", [
    older.id,
  ]);
  await scheduler.drain();
  expect(shown(id).name).toBe("Newer");
  store.clock.advance(3_700_000);
  await scheduler.drain();
  expect(readVersionDetails(store, own.actor, older.appId, older.id).version.state).toBe("in_review");
  expect(shown(id).name).toBe("Newer");
});

test("a name is changed by hand only until a package has brought its own", async () => {
  const id = "org.example.byhand" as AppId;
  const { store, scheduler } = here;
  createApp(store, own.actor, { id, name: "First" });
  expect(changeApp(store, own.actor, id, { name: "Second" }).name).toBe("Second");
  await upload(id, 1, texts("Packaged", "It."), { submit: false });
  await scheduler.drain();
  const again = () => changeApp(store, own.actor, id, { name: "Third" });
  expect(again).toThrow(expect.objectContaining({ kind: "conflict", code: "app.text_from_package" }));
  expect(shown(id)).toEqual({ name: "Packaged", summary: "It." });
});

test("a publication withdraws what waits below it, and leaves what is above and what was decided", async () => {
  const id = "org.example.overtaken";
  const { store, scheduler } = here;
  const states = () =>
    Object.fromEntries(
      store.db.raw
        .query<{ code: number; state: string }, [string]>(
          "SELECT version_code AS code, state FROM versions WHERE app_id = ?",
        )
        .all(id)
        .map(({ code, state }) => [code, state]),
    );
  const waiting = await upload(id, 1);
  await upload(id, 2, {}, { submit: false });
  const held = await upload(id, 3, {}, { hold: true });
  const refused = await upload(id, 4);
  await scheduler.drain();
  approve(store, reviewer(), held.id, {});
  reject(store, reviewer(), refused.id, { reason: "No." });
  const winner = await upload(id, 6);
  await upload(id, 7);
  await scheduler.drain();
  expect(states()).toEqual({
    1: "in_review",
    2: "draft",
    3: "held",
    4: "rejected",
    6: "in_review",
    7: "in_review",
  });
  approve(store, reviewer(), winner.id, {});
  // One that still waits for its checks when the other is published.
  const checking = await upload(id, 5);
  store.db.raw.run("UPDATE jobs SET run_at = run_at + 3600000 WHERE kind = 'version.check' AND key = ?", [
    checking.id,
  ]);
  await scheduler.drain();
  expect(states()).toEqual({
    1: "withdrawn",
    2: "withdrawn",
    3: "withdrawn",
    4: "rejected",
    5: "withdrawn",
    6: "published",
    7: "in_review",
  });
  const details = readVersionDetails(store, own.actor, waiting.appId, waiting.id);
  expect(details.events.at(-1)).toMatchObject({
    fromState: "in_review",
    toState: "withdrawn",
    actor: "system",
    note: "A higher version code was published first.",
  });
  expect(details.version.queuePosition).toBeNull();
  // What was put aside finds nothing left to do.
  store.clock.advance(3_700_000);
  await scheduler.drain();
  expect(states()[5]).toBe("withdrawn");
});

test("one that is being signed for a hold while a higher one comes out is withdrawn, and not held for good", async () => {
  const id = "org.example.signing";
  const { store, scheduler } = here;
  const low = await upload(id, 1, {}, { hold: true });
  const high = await upload(id, 2, {}, { hold: true });
  await scheduler.drain();
  approve(store, reviewer(), high.id, {});
  await scheduler.drain();
  approve(store, reviewer(), low.id, {});
  store.db.raw.run(
    "UPDATE jobs SET run_at = run_at + 3600000 WHERE kind = 'version.countersign' AND key = ?",
    [low.id],
  );
  publishVersion(store, own.actor, high.appId, high.id);
  await releaseVersion(store, high.id);
  store.clock.advance(3_700_000);
  await scheduler.drain();
  const { version } = readVersionDetails(store, own.actor, low.appId, low.id);
  expect(version.state).toBe("withdrawn");
});

test("nobody decides on the work of their own organisation, but viewers and the operator do", async () => {
  const { store, scheduler } = here;
  const version = await upload("org.example.mine", 1);
  await scheduler.drain();
  const member = (
    role: "owner" | "maintainer" | "developer" | "viewer",
    storeRole: "administrator" | "reviewer",
  ) => ({
    ...reviewer(),
    storeRole,
    organisations: new Map([[own.organisationId, role]]),
  });
  for (const role of ["owner", "maintainer", "developer"] as const) {
    for (const storeRole of ["administrator", "reviewer"] as const) {
      const refused = expect.objectContaining({ kind: "forbidden", code: "review.own_organisation" });
      expect(() => approve(store, member(role, storeRole), version.id, {})).toThrow(refused);
      expect(() => reject(store, member(role, storeRole), version.id, { reason: "x" })).toThrow(refused);
    }
  }
  const elsewhere = { ...reviewer(), organisations: new Map([[other.organisationId, "owner" as const]]) };
  const before = readReview(store, elsewhere, version.id).version;
  expect(before.state).toBe("in_review");
  expect(reject(store, member("viewer", "reviewer"), version.id, { reason: "x" }).state).toBe("rejected");
  const next = await upload("org.example.mine", 2);
  await scheduler.drain();
  expect(approve(store, OPERATOR, next.id, {}).state).toBe("signing");
  await scheduler.drain();
  const last = await upload("org.example.mine", 3);
  await scheduler.drain();
  expect(approve(store, elsewhere, last.id, {}).state).toBe("signing");
});
