/** Pictures of a listing: what is taken, how many, in which order, to whom they are shown, and what becomes of their files. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type Actor, ANONYMOUS } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, ListingPictureId, Sha256 } from "../../ids.ts";
import { insertPublished } from "../../testing/many-apps.ts";
import { newOrganisation, newPerson } from "../../testing/portal.ts";
import { codeOf, codesOf } from "../../testing/problems.ts";
import {
  emptyPng,
  PNG_SIGNATURE,
  pngChunk,
  pngHeader,
  pngOf,
  streamOf,
} from "../../testing/shown-pictures.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { findPicture } from "../pictures.ts";
import { makeWaiting } from "../shown-pictures/job.ts";
import { madeHere } from "../shown-pictures/maker.ts";
import { parseShown } from "../shown-pictures/sizes.ts";
import { sweepBlobs } from "../sweep.ts";
import { visibleApp } from "../visibility/visible.ts";
import { checkSaid, refuseTooMany } from "./decide.ts";
import {
  addListingPicture,
  changeListingPicture,
  type ListingPictures,
  type NewPicture,
  readListingPictures,
  removeListingPicture,
} from "./keep.ts";
import { LISTING_PICTURE_LIMITS } from "./limits.ts";
import { screenshotsFor, screenshotsOfApp } from "./shown.ts";

const OPEN = "org.example.open" as AppId;
const CLOSED = "org.example.closed" as AppId;
const never = new AbortController().signal;

let store: TestStore;
let developer: Actor;
let viewer: Actor;
let stranger: Actor;
beforeAll(async () => {
  store = await openTestStore();
  const organisation = newOrganisation(store, "Quiet Works");
  developer = (await newPerson(store, "Dora Dev", { organisations: [[organisation, "developer"]] })).actor;
  viewer = (await newPerson(store, "Vera Viewer", { organisations: [[organisation, "viewer"]] })).actor;
  const others = newOrganisation(store, "Others");
  stranger = (await newPerson(store, "Sven Stranger", { organisations: [[others, "owner"]] })).actor;
  await insertPublished(store, organisation, [
    { id: OPEN, name: { en: "Open" } },
    { id: CLOSED, name: { en: "Closed" }, isPrivate: true },
  ]);
});
afterAll(() => store.close());
beforeEach(() => {
  for (const table of ["listing_pictures", "listing_picture_sets"]) store.db.raw.run(`DELETE FROM ${table}`);
});

const bytesOf = streamOf;
const add = (changes: Partial<NewPicture> = {}, id = OPEN, by = developer, seen?: number) =>
  addListingPicture(
    store,
    by,
    id,
    { kind: "screenshot", locale: null, alt: "A list.", bytes: emptyPng(320, 400), ...changes },
    seen,
  );
const addIcon = (side = 512) => add({ kind: "icon", alt: "", bytes: emptyPng(side, side) });
const make = () => makeWaiting(store, madeHere, never);
const idsOf = ({ screenshots }: ListingPictures) => screenshots.map(({ id }) => id);
const rows = () => store.db.raw.query("SELECT count(*) AS n FROM listing_pictures").get() as { n: number };

describe("what is taken:", () => {
  const broken = Buffer.concat([PNG_SIGNATURE, pngHeader(400, 400), pngChunk("IEND", Buffer.of())]);
  test.each([
    ["an empty file", "", "picture.format", "is empty"],
    ["words", "hello", "picture.format", "no picture"],
    ["a GIF", "GIF89a…", "picture.format", "GIF"],
    ["an SVG", "\ufeff <svg xmlns='…'>", "picture.format", "SVG"],
    ["a HEIC", "\0\0\0\x18ftypheic", "picture.format", "HEIC"],
    ["a small one", pngOf(319, 400), "picture.dimensions", "319 × 400"],
    ["one of no pixels", broken, "picture.unreadable", ""],
    ["half a JPEG", Buffer.from("ffd8ffe0", "hex"), "picture.unreadable", ""],
    ["half a WebP", Buffer.from("RIFF\x04\0\0\0WEBP", "latin1"), "picture.unreadable", ""],
    ["one of more bytes", new Uint8Array(8 * 2 ** 20 + 1), "picture.too_large", "8\u00a0MiB"],
  ])("%s is not", async (_, file, code, words) => {
    const bytes = bytesOf(typeof file === "string" ? Buffer.from(file, "latin1") : file);
    const refusal = await add({ bytes: typeof file === "string" ? bytesOf(Buffer.from(file)) : bytes }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(isProblem(refusal) && refusal.code).toBe(code);
    expect(isProblem(refusal) && refusal.message).toContain(words);
    expect(rows().n).toBe(0);
  });

  test("JPEG and WebP are, by how they begin", async () => {
    const jpeg = await new Bun.Image(pngOf(400, 320)).jpeg().bytes();
    const webp = await new Bun.Image(pngOf(320, 500)).webp().bytes();
    await add({ bytes: bytesOf(jpeg) });
    const { screenshots } = await add({ bytes: bytesOf(webp) });
    expect(screenshots.map(({ widthPx, heightPx }) => [widthPx, heightPx])).toEqual([
      [400, 320],
      [320, 500],
    ]);
  });

  test("an icon is square, of 512 pixels at least, and takes the place of the one before", async () => {
    expect(await codeOf(() => addIcon(511))).toBe("picture.dimensions");
    expect(await codeOf(() => add({ kind: "icon", alt: "", bytes: emptyPng(600, 700) }))).toBe(
      "picture.dimensions",
    );
    const first = await addIcon();
    const second = await addIcon(600);
    expect([second.revision, second.icon?.id === first.icon?.id, second.icon?.widthPx]).toEqual([
      2,
      false,
      600,
    ]);
  });

  test.each([
    ["a screenshot that says nothing", "screenshot", { alts: { en: " " }, locale: null }, ["/alts"]],
    ["one that says too much", "screenshot", { alts: { en: "x".repeat(201) }, locale: null }, ["/alts/en"]],
    ["two lines", "screenshot", { alts: { de: "a\nb" }, locale: null }, ["/alts/de"]],
    ["no languages", "screenshot", { alts: { xx_y: "a" }, locale: "n o" }, ["/alts/xx_y", "/locale"]],
    ["an icon that says something", "icon", { alts: { en: "x" }, locale: "de" }, ["/alts", "/locale"]],
  ] as const)("%s is not", (_, kind, said, pointers) => {
    let found: readonly (string | undefined)[] = [];
    try {
      checkSaid(kind, said);
    } catch (error) {
      if (isProblem(error) && error.code === "picture.invalid")
        found = error.details.map(({ pointer }) => pointer);
    }
    expect(found).toEqual([...pointers]);
  });

  test("so many for each language, so many in all, and so large together", () => {
    const { screenshotsOfLanguage: each, screenshots: all, bytes } = LISTING_PICTURE_LIMITS;
    const of = (count: number, locale: string | null, sizeBytes = 1) =>
      Array.from({ length: count }, () => ({ kind: "screenshot" as const, locale, sizeBytes }));
    const judge = (some: ReturnType<typeof of>) =>
      codeOf(async () => {
        const last = some.at(-1);
        if (last !== undefined) refuseTooMany(some, last);
      });
    const languages = (count: number) => Array.from({ length: count }, (_, n) => of(each, `x${n}`)).flat();
    return Promise.all(
      [
        of(each, null),
        of(each + 1, null),
        [...of(each + 1, "de"), ...of(1, null)],
        languages(all / each),
        [...languages(all / each), ...of(1, null)],
        of(1, null, bytes),
        of(1, null, bytes + 1),
      ].map(judge),
    ).then((codes) =>
      expect(codes.map((code) => code === "picture.too_many")).toEqual([
        false,
        true,
        false,
        false,
        true,
        false,
        true,
      ]),
    );
  });
});

test("where there are as many as there may be, another one's bytes are not even read", async () => {
  const { screenshots } = await add();
  store.db.raw
    .query("UPDATE listing_pictures SET size_bytes = ? WHERE id = ?")
    .run(LISTING_PICTURE_LIMITS.bytes + 1, screenshots[0]?.id ?? "");
  const unread = new ReadableStream<Uint8Array>({ pull: () => expect.unreachable() }, { highWaterMark: 0 });
  expect(await codeOf(() => add({ bytes: unread }))).toBe("picture.too_many");
});

test("they are put in order, described and removed; what was seen before is refused", async () => {
  const { screenshots } = await add();
  await add({ alt: "Ein Bericht.", locale: "de" });
  const three = await add({ alt: "The third." });
  const [a, b, c] = idsOf(three) as [ListingPictureId, ListingPictureId, ListingPictureId];
  expect([screenshots[0]?.id, three.revision, three.screenshots[1]?.alts]).toEqual([
    a,
    3,
    { de: "Ein Bericht." },
  ]);

  const moved = changeListingPicture(store, developer, OPEN, c, { place: 1 }, 3);
  expect([idsOf(moved), moved.screenshots.map(({ place }) => place)]).toEqual([
    [c, a, b],
    [1, 2, 3],
  ]);
  const said = changeListingPicture(store, developer, OPEN, a, { alts: { en: "B", ar: "ب" }, locale: "en" });
  expect([said.screenshots[1]?.alts, said.screenshots[1]?.locale]).toEqual([{ en: "B", ar: "ب" }, "en"]);
  // What says nothing new is no change.
  expect(changeListingPicture(store, developer, OPEN, a, { locale: "en", place: 2 }).revision).toBe(5);
  const removed = removeListingPicture(store, developer, OPEN, c, 5);
  expect([idsOf(removed), removed.screenshots.map(({ place }) => place)]).toEqual([
    [a, b],
    [1, 2],
  ]);

  const tries = {
    stale: () => add({}, OPEN, developer, 5),
    staleMove: async () => changeListingPicture(store, developer, OPEN, a, { place: 2 }, 5),
    gone: async () => removeListingPicture(store, developer, OPEN, c),
    ofOther: async () => removeListingPicture(store, developer, CLOSED, a),
    viewer: () => add({}, OPEN, viewer),
    stranger: () => add({}, OPEN, stranger),
    nobody: () => add({}, OPEN, ANONYMOUS),
    strangerReads: async () => readListingPictures(store, stranger, OPEN),
  };
  const codes = await codesOf(tries);
  expect(codes).toEqual({
    stale: "precondition.failed",
    staleMove: "precondition.failed",
    gone: "picture.not_found",
    ofOther: "picture.not_found",
    viewer: "rights.forbidden",
    stranger: "app.not_found",
    nobody: "auth.required",
    strangerReads: "app.not_found",
  });
  const told = store.db.raw
    .query<{ action: string; before: string | null; after: string }, []>(
      "SELECT action, before, after FROM audit_entries WHERE action LIKE 'app.picture%' ORDER BY position DESC LIMIT 3",
    )
    .all();
  expect(told.map(({ action }) => action)).toEqual([
    "app.picture_removed",
    "app.picture_changed",
    "app.picture_changed",
  ]);
  expect(JSON.parse(told[1]?.before ?? "")).toEqual({
    picture: "screenshot",
    "alt.en": "A list.",
    locale: null,
  });
  expect(JSON.parse(told[1]?.after ?? "")).toMatchObject({ "alt.en": "B", "alt.ar": "ب", locale: "en" });
});

test("the store shows them once their sizes are made, to who may see the app", async () => {
  const seen = () => screenshotsOfApp(store.db.orm, OPEN, null);
  await addIcon();
  await add();
  await add({ alt: "Für wenige.", locale: "de", bytes: emptyPng(330, 400) }, CLOSED);
  expect([seen(), visibleApp(store, ANONYMOUS, OPEN).iconKey]).toEqual([[], null]);
  await make();
  expect(seen()).toMatchObject([{ state: "ready", alts: { en: "A list." }, locale: null }]);
  expect(visibleApp(store, ANONYMOUS, OPEN).iconKey).toEndWith("/192.png");

  const addressOf = (actor: Actor, id: AppId) => {
    const key = readListingPictures(store, actor, id).screenshots[0]?.shown.sizes[0]?.key ?? "";
    const [, sha256 = "", file = ""] = key.split("/");
    return parseShown(sha256, file) ?? { sha256: "" as Sha256, kind: "screenshot" as const, size: "" };
  };
  const [open, closed] = [addressOf(developer, OPEN), addressOf(developer, CLOSED)];
  expect(findPicture(store, ANONYMOUS, open).isPublic).toBe(true);
  // Of an app for who is signed in: its own people as it is theirs, others as it is shown to them.
  expect([viewer, stranger].map((who) => findPicture(store, who, closed).isPublic)).toEqual([false, false]);
  expect(await codeOf(async () => findPicture(store, ANONYMOUS, closed))).toBe("not_found");
  // With the last of them the package's are shown again: this one has none.
  for (const id of idsOf(readListingPictures(store, developer, OPEN)))
    removeListingPicture(store, developer, OPEN, id);
  expect(seen()).toEqual([]);
  expect(await codeOf(async () => findPicture(store, ANONYMOUS, open))).toBe("not_found");
});

test("who reads one language sees what is for them and for everybody; the app's own, or others', only where there is nothing else", () => {
  const all = [{ locale: null }, { locale: "de" }, { locale: "en" }];
  const forReader = (some: readonly { locale: string | null }[], wanted: string) =>
    screenshotsFor(some, wanted, "en").map(({ locale }) => locale);
  expect(forReader(all, "de-AT")).toEqual([null, "de"]);
  expect(forReader(all, "ar")).toEqual([null]);
  expect(forReader([{ locale: "de" }, { locale: "en" }], "ar")).toEqual(["en"]);
  expect(forReader([{ locale: "de" }], "ar")).toEqual(["de"]);
  expect(forReader([{ locale: "de" }, { locale: "en-GB" }], "en-US")).toEqual(["en-GB"]);
});

test("a file stays as long as a listing has it, goes when none does, and is not left by an upload that fails", async () => {
  const bytes = pngOf(340, 360);
  const { screenshots } = await add({ bytes: bytesOf(bytes) });
  const key = (store.db.raw.query("SELECT blob_key AS key FROM listing_pictures").get() as { key: string })
    .key;
  const later = () => store.clock.advance(49 * 3_600_000);
  later();
  await sweepBlobs(store);
  expect(await store.blobs.head(key)).not.toBeNull();
  removeListingPicture(store, developer, OPEN, screenshots[0]?.id as ListingPictureId);
  later();
  await sweepBlobs(store);
  later();
  await sweepBlobs(store);
  expect(await store.blobs.head(key)).toBeNull();

  // Somebody changes the set while the bytes come: the row is refused, and the file goes with it.
  async function* slowly() {
    yield bytes.subarray(0, 100);
    await addIcon();
    yield bytes.subarray(100);
  }
  expect(await codeOf(() => add({ bytes: slowly() }, OPEN, developer, 2))).toBe("precondition.failed");
  expect([await store.blobs.head(key), readListingPictures(store, developer, OPEN).screenshots]).toEqual([
    null,
    [],
  ]);

  // As a kill leaves it that comes between the file and its row: no picture, and the sweep takes the file.
  await store.blobs.put(key, bytes);
  later();
  await sweepBlobs(store);
  expect(await store.blobs.head(key)).toBeNull();
});
