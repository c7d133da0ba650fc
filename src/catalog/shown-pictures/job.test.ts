/** The job that makes the sizes of pictures, with the real child process, on a real store. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { Sha256 } from "../../ids.ts";
import { pngOf } from "../../testing/shown-pictures.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { insertBlob } from "../blobs.records.ts";
import { sweepBlobs } from "../sweep.ts";
import { beginPictures, makeWaiting } from "./job.ts";
import { type Maker, madeByChild, madeHere } from "./maker.ts";
import * as records from "./records.ts";
import type { AppPictureKind } from "./sizes.ts";
import { shownPictures } from "./views.ts";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

const never = new AbortController().signal;
const orm = () => opened.db.orm;

/** Keeps a picture as it came. */
async function come(bytes: Uint8Array, kind: "icon" | "screenshot" = "screenshot") {
  const store = opened;
  const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
  const blobKey = `pictures/${sha256}.png`;
  await store.blobs.put(blobKey, bytes);
  write(store.db, (tx) => {
    insertBlob(tx, { key: blobKey, sha256, sizeBytes: bytes.length, createdAt: store.clock.now() });
    records.insertSource(tx, { blobKey, kind });
  });
  return { blobKey, kind };
}

const shown = (source: { readonly blobKey: string; readonly kind: AppPictureKind }) => {
  const [picture] = shownPictures(orm(), source.kind, [{ ...source, position: 0 }]);
  return picture;
};

test("a child process makes what came, and says of what it cannot", async () => {
  const good = await come(pngOf(500, 400));
  const bad = await come(Buffer.concat([pngOf(64, 64).subarray(0, 90), Buffer.from("cut")]));
  const icon = await come(pngOf(512, 512), "icon");
  expect(shown(good)?.state).toBe("waiting");
  await makeWaiting(opened, madeByChild, never);
  expect([shown(good)?.state, shown(bad)?.state, shown(icon)?.state]).toEqual([
    "ready",
    "unreadable",
    "ready",
  ]);
  expect(shown(good)?.sizes.map(({ widthPx, heightPx }) => [widthPx, heightPx])).toEqual([
    [480, 384],
    [500, 400],
    [500, 400],
  ]);
  for (const row of records.selectSizes(orm(), [good.blobKey], "screenshot"))
    expect((await new Bun.Image(await opened.blobs.bytes(row.blobKey)).metadata()).width).toBe(row.widthPx);
  // Nothing is left to do, so no process is started.
  await makeWaiting(opened, refusing, never);
}, 60_000);

const refusing: Maker = async function* refusing() {
  yield* [];
  throw new Problem("unavailable", "job.child_failed", "It cannot be started.");
};

describe("where the process ends in the middle", () => {
  /** Ends, as a process does that a picture brings down, at pictures of 333 pixels. */
  const dying: Maker = async function* dying(order, signal) {
    for (const one of order.pictures) {
      if ((await new Bun.Image(one.path).metadata()).width === 333)
        throw new Problem("unavailable", "job.child_failed", "It was ended by SIGSEGV.");
      yield* madeHere({ ...order, pictures: [one] }, signal);
    }
  };

  test("the picture that did it is named, the others are made, and a start tries once more", async () => {
    const sources = [await come(pngOf(330, 330)), await come(pngOf(333, 330)), await come(pngOf(336, 330))];
    await makeWaiting(opened, dying, never);
    const states = sources.map((source) => shown(source)?.state);
    expect(states).toEqual(["ready", "unreadable", "ready"]);
    beginPictures(opened);
    expect(sources.map((source) => shown(source)?.state)).toEqual(["ready", "waiting", "ready"]);
    await makeWaiting(opened, madeHere, never);
    expect(sources.map((source) => shown(source)?.state)).toEqual(["ready", "ready", "ready"]);
  });

  test("no picture is to blame where no process can be started: the job fails and is tried again", async () => {
    const source = await come(pngOf(340, 330));
    expect(makeWaiting(opened, refusing, never)).rejects.toMatchObject({ code: "job.child_failed" });
    await Bun.sleep(0);
    expect(shown(source)?.state).toBe("waiting");
    await makeWaiting(opened, madeHere, never);
    expect(shown(source)?.state).toBe("ready");
  });
});

test("what is not in the store is not shown until it comes again", async () => {
  const bytes = pngOf(350, 330);
  const source = await come(bytes);
  await opened.blobs.remove(source.blobKey);
  await makeWaiting(opened, madeHere, never);
  expect(shown(source)?.state).toBe("unreadable");
  await come(bytes);
  await makeWaiting(opened, madeHere, never);
  expect(shown(source)?.state).toBe("ready");
});

test("with the picture its sizes go, and a size that another has stays", async () => {
  const one = await come(pngOf(360, 330));
  await makeWaiting(opened, madeHere, never);
  const keys = records.selectSizes(orm(), [one.blobKey], "screenshot").map(({ blobKey }) => blobKey);
  opened.clock.advance(49 * 3_600_000);
  // No version has any of these pictures.
  await sweepBlobs(opened);
  opened.clock.advance(49 * 3_600_000);
  await sweepBlobs(opened);
  expect(shown(one)?.state).toBe("waiting");
  expect(records.selectSizes(orm(), [one.blobKey], "screenshot")).toEqual([]);
  for (const key of keys) expect(await opened.blobs.head(key)).toBeNull();
});
