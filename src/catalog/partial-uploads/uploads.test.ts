/** What a file that comes in parts leaves in memory, and how fast it is taken over. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { disableAccount } from "../../accounts/people.ts";
import { newOrganisation, newPerson } from "../../testing/portal.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { sweepPartialUploads } from "./sweep.ts";
import { inUploadTurn } from "./turns.ts";
import {
  beginUpload,
  continueUpload,
  discardUpload,
  keepWhole,
  listUploads,
  MOST_OPEN,
  MOST_OPEN_PACKAGES,
  readUpload,
} from "./uploads.ts";

let store: TestStore;
let actor: Actor;
beforeAll(async () => {
  store = await openTestStore();
  const organisation = newOrganisation(store);
  ({ actor } = await newPerson(store, "Mara Lindqvist", { organisations: [[organisation, "developer"]] }));
});
afterAll(() => store.close());

const PIECE_BYTES = 64 * 1024;

test("what was written down is not kept in memory while the rest comes", async () => {
  const number = 200;
  const { id } = await beginUpload(store, actor, { sizeBytes: number * PIECE_BYTES, fileName: "" });
  const pieces: WeakRef<Uint8Array>[] = [];
  let kept = number;
  const bytes = (async function* () {
    for (let at = 0; at < number; at += 1) {
      const piece = new Uint8Array(PIECE_BYTES);
      pieces.push(new WeakRef(piece));
      yield piece;
      await Bun.sleep(0);
    }
    Bun.gc(true);
    kept = pieces.filter((piece) => piece.deref() !== undefined).length;
  })();
  const { receivedBytes } = await continueUpload(store, actor, id, { offset: 0, bytes, length: null });
  expect(receivedBytes).toBe(number * PIECE_BYTES);
  expect(kept).toBeLessThan(number / 4);
});

test("who asks at the moment at which a dead connection begins does not wait for it", async () => {
  const { id } = await beginUpload(store, actor, { sizeBytes: 10, fileName: "" });
  const never = (async function* (): AsyncGenerator<Uint8Array> {
    await new Promise(() => {});
  })();
  const from = performance.now();
  const part = { offset: 0, bytes: never, length: null };
  const dead = continueUpload(store, actor, id, part).catch((error: unknown) => error);
  expect((await readUpload(store, actor, id)).receivedBytes).toBe(0);
  expect(await dead).toMatchObject({ code: "upload.in_use", kind: "locked" });
  expect(performance.now() - from).toBeLessThan(5000);
});

test("what is at work still when it is swept is left for the next sweep, and holds nothing else up", async () => {
  const busy = await beginUpload(store, actor, { sizeBytes: 10, fileName: "" });
  const idle = await beginUpload(store, actor, { sizeBytes: 10, fileName: "" });
  store.clock.advance(4 * 86_400_000);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const work = inUploadTurn(store.db, busy.id, () => ended);
  await sweepPartialUploads(store);
  const sizes = () => Promise.all([busy.id, idle.id].map((id) => store.blobs.partial.size(id)));
  expect(await sizes()).toEqual([0, null]);
  end();
  await work;
  await sweepPartialUploads(store);
  expect(await sizes()).toEqual([null, null]);
});

test("what nobody sees any more takes nobody's place: neither what is over, nor what has lost its file", async () => {
  const file = { sizeBytes: 10, fileName: "" };
  const beginAll = async () => {
    const begun = [];
    for (let at = 0; at < MOST_OPEN; at += 1) begun.push(await beginUpload(store, actor, file));
    return begun;
  };
  store.clock.advance(4 * 86_400_000);
  await beginAll();
  store.clock.advance(4 * 86_400_000);
  for (const { id } of await beginAll()) await store.blobs.partial.remove(id);
  const { id } = await beginUpload(store, actor, file);
  expect((await listUploads(store, actor, { limit: 50 })).items.map((one) => one.id)).toEqual([id]);
  await discardUpload(store, actor, id);
  await sweepPartialUploads(store);
});

test("a file that is kept whole ends with the account of who sends it, and nothing of it stays", async () => {
  const other = await newPerson(store, "Ole Other", {
    organisations: [[newOrganisation(store, "Ole's"), "developer"]],
  });
  let seen: readonly unknown[] = [{}];
  const bytes = (async function* () {
    for (let at = 0; at < 100; at += 1) {
      // What has no end yet is nothing to go on with: a kill here leaves a file that is swept, and no row.
      if (at === 1) seen = (await listUploads(store, other.actor, { limit: 10 })).items;
      if (at === 2) disableAccount(store, OPERATOR, other.actor.accountId);
      yield new Uint8Array(10);
      await Bun.sleep(100);
    }
  })();
  const kept = keepWhole(store, other.actor, { fileName: "", bytes }).catch((error: unknown) => error);
  expect(await kept).toMatchObject({ code: "auth.account_disabled" });
  expect(seen).toEqual([]);
  expect((await listUploads(store, other.actor, { limit: 10 })).items).toEqual([]);
});

test("forms on their way count as what is open does, before any of them is whole", async () => {
  const other = await newPerson(store, "Fay Forms", {
    organisations: [[newOrganisation(store, "Fay's"), "developer"]],
  });
  let end = () => {};
  const ended = new Promise<void>((done) => {
    end = done;
  });
  const form = () =>
    keepWhole(store, other.actor, {
      fileName: "",
      bytes: (async function* () {
        yield new Uint8Array(10);
        await ended;
      })(),
    });
  const forms = Array.from({ length: MOST_OPEN_PACKAGES }, form);
  await expect(form()).rejects.toMatchObject({ code: "upload.too_many" });
  end();
  expect(await Promise.all(forms)).toHaveLength(MOST_OPEN_PACKAGES);
  expect((await form()).receivedBytes).toBe(10);
});

test("a file that was renamed in between is found again by its key", async () => {
  const idempotency = { actor: "test", key: "renamed", request: "POST /api/v1/uploads" };
  const begin = (fileName: string) => beginUpload(store, actor, { sizeBytes: 10, fileName }, idempotency);
  const { id } = await begin("one.mosis");
  expect((await begin("two.mosis")).id).toBe(id);
  await discardUpload(store, actor, id);
});
