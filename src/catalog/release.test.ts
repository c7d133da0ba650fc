/** Between an approval and devices: what is not the approved file any more is never signed. */
import { expect, test } from "bun:test";
import { listJobs } from "../jobs/queue.ts";
import { approve } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { uploadKey } from "./upload.ts";
import { publishVersion, readVersionDetails, withdrawVersion } from "./versions.ts";

const here = storeForAll();

test("a stored file that was changed after its checks is not signed: the version fails, and says why", async () => {
  const { store, scheduler } = here;
  const publisher = await newPublisher(store);
  const bytes = await signedApp(store, publisher.signer, { id: "org.example.damaged" });
  const version = await submitBytes(store, publisher.actor, bytes);
  await scheduler.drain();
  const damaged = Uint8Array.from(bytes);
  damaged[200] = (damaged[200] ?? 0) ^ 1;
  await store.blobs.put(uploadKey(version.uploadSha256), damaged);
  approve(store, reviewer(), version.id, {});
  await scheduler.drain();
  const details = readVersionDetails(store, publisher.actor, version.appId, version.id);
  expect(details.version.state).toBe("failed");
  expect(details.events.at(-1)).toMatchObject({ fromState: "signing", toState: "failed", actor: "system" });
  expect(details.events.at(-1)?.note).toContain("Upload it again");
  expect(listJobs(store.db, { limit: 100 }).filter((job) => job.state !== "done")).toEqual([]);
  // The way out: the same bytes again are a new version.
  const again = await submitBytes(store, publisher.actor, bytes);
  expect(again.id).not.toBe(version.id);
});

test("a version that waits to be signed can be taken back, and is then not signed", async () => {
  const { store, scheduler } = here;
  const publisher = await newPublisher(store);
  const bytes = await signedApp(store, publisher.signer, { id: "org.example.back" });
  const version = await submitBytes(store, publisher.actor, bytes);
  await scheduler.drain();
  approve(store, reviewer(), version.id, {});
  expect(withdrawVersion(store, publisher.actor, version.appId, version.id).state).toBe("withdrawn");
  await scheduler.drain();
  const { state, releasedSha256 } = readVersionDetails(store, publisher.actor, version.appId, version.id)
    .version as { state: string; releasedSha256?: string | null };
  expect([state, releasedSha256 ?? null]).toEqual(["withdrawn", null]);
});

test("a held release that was changed, or an upload that is gone, is not published", async () => {
  const { store, scheduler } = here;
  const publisher = await newPublisher(store);
  const versions = [];
  for (const id of ["org.example.held", "org.example.gone"]) {
    const bytes = await signedApp(store, publisher.signer, { id });
    const version = await submitBytes(store, publisher.actor, bytes, { hold: true });
    await scheduler.drain();
    if (id === "org.example.gone") await store.blobs.remove(uploadKey(version.uploadSha256));
    approve(store, reviewer(), version.id, {});
    await scheduler.drain();
    versions.push(version);
  }
  const [held, gone] = versions;
  if (!held || !gone) throw new Error("two versions were sent");
  const stateOf = (version: typeof held) =>
    readVersionDetails(store, publisher.actor, version.appId, version.id).version.state;
  expect([stateOf(held), stateOf(gone)]).toEqual(["held", "failed"]);
  for await (const { key } of store.blobs.list("releases/")) await store.blobs.put(key, Buffer.from("other"));
  publishVersion(store, publisher.actor, held.appId, held.id);
  await scheduler.drain();
  expect(stateOf(held)).toBe("failed");
});
