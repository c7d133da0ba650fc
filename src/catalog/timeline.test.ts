/** What a version's timeline says of its way: where it was, and nowhere else. */
import { expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { versionEvents } from "../db/schema.ts";
import { approve } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { readVersionDetails, submitVersion } from "./versions.ts";

const here = storeForAll();

async function uploaded(id: string, submit: boolean) {
  const { store, scheduler } = here;
  const publisher = await newPublisher(store, id);
  const bytes = await signedApp(store, publisher.signer, { id });
  const version = await submitBytes(store, publisher.actor, bytes, { submit });
  await scheduler.drain();
  const events = () => readVersionDetails(store, publisher.actor, version.appId, version.id).events;
  return { ...version, publisher, events };
}

test("a version that was sent for review with its upload was never a draft; one that was not, was", async () => {
  const { store, scheduler } = here;
  const sent = await uploaded("org.example.sent", true);
  approve(store, reviewer(), sent.id, {});
  await scheduler.drain();
  const way = sent.events().map(({ fromState, toState }) => [fromState, toState]);
  expect(way).toEqual([
    [null, "checking"],
    ["checking", "in_review"],
    ["in_review", "signing"],
    ["signing", "publishing"],
    ["publishing", "published"],
  ]);
  // As an earlier version of the store wrote it down, at one moment.
  const [, checked] = sent.events();
  if (checked === undefined) throw new Error("it was not checked");
  const rows = store.db.orm.select().from(versionEvents).where(eq(versionEvents.versionId, sent.id)).all();
  const row = rows.find(({ toState }) => toState === "in_review");
  if (row === undefined) throw new Error("it waited for no review");
  const former = { ...row, id: `${row.id.slice(0, -1)}!`, fromState: "checking", toState: "draft" } as const;
  store.db.orm.insert(versionEvents).values(former).run();
  store.db.orm.update(versionEvents).set({ fromState: "draft" }).where(eq(versionEvents.id, row.id)).run();
  expect(sent.events().map(({ fromState, toState }) => [fromState, toState])).toEqual(way);

  const kept = await uploaded("org.example.kept", false);
  store.clock.advance(1000);
  submitVersion(store, kept.publisher.actor, kept.appId, kept.id);
  expect(kept.events().map(({ toState }) => toState)).toEqual(["checking", "draft", "in_review"]);
});
