/** What the demo's store shows, in each language of its pages. Whether a store takes it, the demo's own test tells. */
import { expect, test } from "bun:test";
import { assetBytes, listAssets } from "../../assets.ts";
import { NEWEST } from "./samples.ts";
import { readFront, readShown } from "./shop.ts";

const LANGUAGES = ["ar", "de", "en"];
const languagesOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts)
    .filter(([, text]) => text.trim() !== "")
    .map(([tag]) => tag)
    .sort();

test.each(NEWEST.map(({ name }) => name))("%s has texts and described pictures in each language", (name) => {
  const { texts, screenshots, ratings } = readShown(name);
  const descriptions = Object.entries(texts).map(([tag, { description = "" }]) => [tag, description]);
  expect(languagesOf(Object.fromEntries(descriptions))).toEqual(LANGUAGES);
  expect(screenshots.length).toBeGreaterThanOrEqual(2);
  for (const { picture, alts } of screenshots) {
    expect(assetBytes(picture).length).toBeGreaterThan(10_000);
    expect(languagesOf(alts)).toEqual(LANGUAGES);
  }
  expect(ratings.length).toBeGreaterThanOrEqual(2);
});

test("the front speaks each language, and no picture lies there unseen", () => {
  const { appearance, featured, collections } = readFront();
  expect(languagesOf(appearance.taglines as Record<string, string>)).toEqual(LANGUAGES);
  for (const { names, descriptions } of [featured, ...collections])
    expect([languagesOf(names), languagesOf(descriptions)]).toEqual([LANGUAGES, LANGUAGES]);
  const shown = NEWEST.flatMap(({ name }) => readShown(name).screenshots.map(({ picture }) => picture));
  const lying = listAssets("samples/listings/").filter((name) => name.endsWith(".png"));
  expect(lying.filter((name) => !shown.includes(name))).toEqual([]);
});
