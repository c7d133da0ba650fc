/** How a store presents itself: what is taken and told, who reads which text, and that every colour can be read. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { wcagContrast } from "culori";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { storeName } from "../../accounts/store-name.ts";
import { codeOfSync, problemOfSync } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccentLook, accentOf, accentStylesheet } from "./accent.ts";
import {
  ABOUT_CHARACTERS,
  type AppearanceFields,
  changeAppearance,
  readAppearance,
  shownAppearance,
} from "./appearance.ts";

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

const change = (fields: Partial<AppearanceFields>, revision?: number) =>
  changeAppearance(store, OPERATOR, fields, revision);
const told = () =>
  store.db.raw
    .query<{ before: string; after: string }, []>(
      "SELECT before, after FROM audit_entries WHERE action = 'store.appearance' ORDER BY position",
    )
    .all()
    .map(({ before, after }) => [JSON.parse(before), JSON.parse(after)]);

test("each change is told with what differs, and is made on what its maker has seen", () => {
  expect(readAppearance(store, OPERATOR)).toMatchObject({ name: "Mosis", accent: null, revision: 1 });
  change({ name: "  Northwind   Apps ", taglines: { en: "For the field", de: "" }, accent: " #1F6FEB " }, 1);
  expect(storeName(store)).toBe("Northwind Apps");
  const kept = readAppearance(store, OPERATOR);
  expect(kept).toMatchObject({ taglines: { en: "For the field" }, accent: "#1f6feb", revision: 2 });
  expect(codeOfSync(() => change({ accent: null }, 1))).toBe("precondition.failed");
  change({ accent: "#1f6feb" }, 2);
  change({ abouts: { en: "# We\r\nmake *apps*" }, taglines: {} }, 2);
  expect(readAppearance(store, OPERATOR).abouts).toEqual({ en: "# We\nmake *apps*" });
  expect(told()).toEqual([
    [
      { name: "Mosis", accent: null },
      { name: "Northwind Apps", accent: "#1f6feb", "taglines/en": "For the field" },
    ],
    [{ "taglines/en": "For the field" }, { "abouts/en": "# We\nmake *apps*" }],
  ]);
  expect(codeOfSync(() => changeAppearance(store, { kind: "anonymous" }, { name: "x" }))).toBe(
    "auth.required",
  );
});

test("what cannot be shown is refused, each fault at its place, and nothing is kept", () => {
  const refused = problemOfSync(() =>
    change({
      name: "",
      names: { en: "x".repeat(61) },
      taglines: { "EN-us": "x", de: "two\nlines" },
      abouts: { en: "x".repeat(ABOUT_CHARACTERS + 1), de: "\u0000", "no tag": "x" },
      accent: "red",
    }),
  );
  expect([refused.code, refused.details.map(({ pointer }) => pointer).sort()]).toEqual([
    "appearance.invalid",
    [
      "/abouts/de",
      "/abouts/en",
      "/abouts/no tag",
      "/accent",
      "/name",
      "/names/en",
      "/taglines/EN-us",
      "/taglines/de",
    ],
  ]);
  for (const accent of ["", "#12345", "#1234567", "1f6feb", "#gggggg", "#1f6feb;}"])
    expect([accent, codeOfSync(() => change({ accent }))]).toEqual([accent, "appearance.invalid"]);
  expect(readAppearance(store, OPERATOR).revision).toBe(1);
});

test("a reader has texts in their language, else in another that is named, and the name as it is there", () => {
  const fields: AppearanceFields = {
    ...{ name: "Northwind", names: { ar: "نورثويند" }, accent: null },
    ...{ taglines: { de: "Für draußen" }, abouts: {} },
  };
  expect(shownAppearance(fields, "ar")).toEqual({
    ...{ name: "نورثويند", accent: null, about: null },
    tagline: { text: "Für draußen", language: "de" },
  });
  expect(shownAppearance(fields, "de-AT")).toMatchObject({ name: "Northwind", tagline: { language: null } });
});

test("whichever colour is given, everything in it and on it can be read, in light and in dark", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const given = fc.tuple(byte, byte, byte).map((rgb) => `#${Buffer.from(rgb).toString("hex")}`);
  const isRead = (look: AccentLook, surfaces: readonly string[]) => {
    for (const surface of [...surfaces, look.soft])
      expect(wcagContrast(look.text, surface)).toBeGreaterThanOrEqual(4.5);
    for (const fill of [look.fill, look.hover])
      expect(wcagContrast(look.on, fill)).toBeGreaterThanOrEqual(4.5);
    // To be told from the page by its ground.
    expect(wcagContrast(look.fill, surfaces[0] ?? "")).toBeGreaterThanOrEqual(1.2);
  };
  fc.assert(
    fc.property(given, (color) => {
      const { light, dark } = accentOf(color);
      isRead(light, ["#fff", "oklch(0.985 0.002 265)", "oklch(0.967 0.003 265)"]);
      isRead(dark, ["oklch(0.19 0.007 265)", "oklch(0.155 0.006 265)", "oklch(0.235 0.009 265)"]);
      expect(accentStylesheet(color)).toMatch(
        /^@layer tokens\{:root\{(--[a-z-]+:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);?){5}\}\}$/,
      );
    }),
    { examples: [["#000000"], ["#ffffff"], ["#ffff00"], ["#808080"], ["#0000ff"], ["#00ff00"]] },
  );
  // What can be read already stays as it was given.
  expect(accentOf("#0b57d0").light.text).toBe("#0b57d0");
  const yellow = accentOf("#ffcc00");
  expect(yellow.light.text).not.toBe("#ffcc00");
  // On a button it stays what it is: the letters change, and not the colour.
  expect([yellow.light.fill, yellow.dark.fill]).toEqual(["#ffcc00", "#ffcc00"]);
  expect(accentOf("#0b57d0").light).toMatchObject({ fill: "#0b57d0", on: "#ffffff" });
});
