/** The store's logo: what is taken, who changes it, what pages get of it, and what becomes of its files. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { codeOf, codesOf } from "../../testing/problems.ts";
import { emptyPng } from "../../testing/shown-pictures.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { findPicture } from "../pictures.ts";
import { makeWaiting } from "../shown-pictures/job.ts";
import { madeHere } from "../shown-pictures/maker.ts";
import { parseShown } from "../shown-pictures/sizes.ts";
import { sweepBlobs } from "../sweep.ts";
import { changeAppearance, readAppearance } from "./appearance.ts";
import { changeLogo, readLogos, removeLogo, shownLogos } from "./logos.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const later = () => store.clock.advance(49 * 3_600_000);
const change = (side: "light" | "dark", width: number, height: number, seen?: number, by = OPERATOR) =>
  changeLogo(store, by, side, emptyPng(width, height), seen);
const addressed = (key: string) => {
  const [, sha256 = "", file = ""] = key.split("/");
  const address = parseShown(sha256, file);
  if (address === null) throw new Error(`${key} is no address`);
  return address;
};

test("uploaded, made, shown to everybody in sizes, kept by the sweep, and gone when it is removed", async () => {
  expect(readLogos(store, OPERATOR)).toEqual({ revision: 1, light: null, dark: null });
  const waiting = await change("light", 800, 200, 1);
  expect([waiting.revision, waiting.light?.state, waiting.dark, shownLogos(store).light]).toEqual([
    2,
    "waiting",
    null,
    [],
  ]);
  await makeWaiting(store, madeHere, new AbortController().signal);
  later();
  await sweepBlobs(store);
  const { light, dark } = shownLogos(store);
  expect(light.map(({ widthPx, heightPx }) => [widthPx, heightPx])).toEqual([
    [64, 16],
    [256, 64],
    [512, 128],
  ]);
  expect(dark).toEqual([]);
  const address = addressed(light[0]?.key ?? "");
  const { key, isPublic } = findPicture(store, ANONYMOUS, address);
  expect([isPublic, (await store.blobs.head(key)) !== null]).toEqual([true, true]);

  // What the appearance says beside it goes on from the same revision, and leaves the logo where it is.
  changeAppearance(store, OPERATOR, { accent: "#1f6feb" }, 2);
  expect([readAppearance(store, OPERATOR).accent, readLogos(store, OPERATOR).light?.state]).toEqual([
    "#1f6feb",
    "ready",
  ]);
  await change("dark", 64, 64, 3);
  expect(readLogos(store, OPERATOR)).toMatchObject({
    revision: 4,
    dark: { widthPx: 64 },
    light: { widthPx: 800 },
  });

  const removed = removeLogo(store, OPERATOR, "light", 4);
  expect([removed.light, removed.revision, removeLogo(store, OPERATOR, "light").revision]).toEqual([
    null,
    5,
    5,
  ]);
  expect(await codeOf(async () => findPicture(store, ANONYMOUS, address))).toBe("not_found");
  later();
  await sweepBlobs(store);
  later();
  await sweepBlobs(store);
  expect(await store.blobs.head(key)).toBeNull();
  const told = store.db.raw
    .query<{ before: string; after: string }, []>(
      "SELECT before, after FROM audit_entries WHERE action = 'store.logo' ORDER BY position",
    )
    .all();
  expect(
    told.map(({ before, after }) => [Object.keys(JSON.parse(before)), Object.keys(JSON.parse(after))]),
  ).toEqual([
    [["light"], ["light"]],
    [["dark"], ["dark"]],
    [["light"], ["light"]],
  ]);
});

test("what is too long for its height, seen otherwise or nobody's to change is refused", async () => {
  const { revision } = readLogos(store, OPERATOR);
  const tries = {
    long: () => change("light", 801, 200),
    small: () => change("light", 63, 64),
    stale: () => change("light", 64, 64, revision - 1),
    nobody: () => change("light", 64, 64, revision, ANONYMOUS as never),
    words: () => changeLogo(store, OPERATOR, "dark", new Blob(["logo"]).stream()),
    removed: async () => removeLogo(store, ANONYMOUS, "dark"),
  };
  const codes = await codesOf(tries);
  expect(codes).toEqual({
    long: "picture.dimensions",
    small: "picture.dimensions",
    stale: "precondition.failed",
    nobody: "auth.required",
    words: "picture.format",
    removed: "auth.required",
  });
  expect(readLogos(store, OPERATOR).revision).toBe(revision);
});
