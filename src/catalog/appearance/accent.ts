/**
 * The store's own colour, as pages use it: as it is under letters, which are white or dark by what can be read on it; darker or
 * lighter where it is text or a thin line itself (WCAG 2.2, 1.4.3 and 1.4.11), in light and in dark.
 */
import { clampChroma, formatHex, type Oklch, oklch, wcagContrast } from "culori";
import { keepNewest } from "../../newest.ts";

/** `#rrggbb`, in small letters. */
export const ACCENT_PATTERN = /^#[0-9a-f]{6}$/;

/** Of one of the two looks of pages. */
export type AccentLook = {
  /** Links, focus, what is current: text on any surface. */
  readonly text: string;
  /** Of buttons, counts and drawings: under letters. */
  readonly fill: string;
  readonly hover: string;
  /** The letters on both. */
  readonly on: string;
  /** Behind text in that colour. */
  readonly soft: string;
};

export type Accent = { readonly light: AccentLook; readonly dark: AccentLook };

const TEXT_CONTRAST = 4.5;
/** A button is known by its words: its ground has to be told from the page, no more. */
const GROUND_CONTRAST = 1.2;
const STEP = 0.005;
const HOVER_STEP = 0.04;
const WHITE = "#ffffff";
/** `--text` of light pages, without its tint. */
const DARK_LETTERS = "#16181d";
/** Surfaces of `assets/css/tokens.css` on which text in the colour stands: the one that is hardest to read on. */
const LIGHT_RAISED: Oklch = { mode: "oklch", l: 0.967, c: 0.003, h: 265 };
const DARK_RAISED: Oklch = { mode: "oklch", l: 0.235, c: 0.009, h: 265 };
const DARK_SURFACE: Oklch = { mode: "oklch", l: 0.19, c: 0.007, h: 265 };
const DARK_GROUND: Oklch = { mode: "oklch", l: 0.155, c: 0.006, h: 265 };

/** Of a store one colour, and those that are being chosen. */
const MOST_KEPT = 20;
const kept = new Map<string, Accent>();

/** @param color As `ACCENT_PATTERN` has it */
export function accentOf(color: string): Accent {
  const accent = kept.get(color) ?? workedOut(color);
  keepNewest(kept, color, accent, MOST_KEPT);
  return accent;
}

/** Takes thousands of times as long as to ask for it. */
function workedOut(color: string): Accent {
  const given = oklch(color) ?? { mode: "oklch", l: 0.5, c: 0 };
  const shade = (l: number, c = given.c): string =>
    formatHex(clampChroma({ ...given, l, c }, "oklch")) ?? color;
  const lightSoft = shade(0.965, Math.min(given.c, 0.018));
  const darkSoft = shade(0.26, Math.min(given.c, 0.05));
  const isReadInLight = (hex: string) =>
    [WHITE, lightSoft, LIGHT_RAISED].every((behind) => wcagContrast(hex, behind) >= TEXT_CONTRAST);
  const isReadInDark = (hex: string) =>
    [darkSoft, DARK_RAISED].every((behind) => wcagContrast(hex, behind) >= TEXT_CONTRAST);
  const light = isReadInLight(color)
    ? color
    : firstOf(Math.min(given.l, 0.75), -STEP, shade, isReadInLight).hex;
  const dark = firstOf(Math.max(given.l, 0.7), STEP, (l) => shade(l, Math.min(given.c, 0.14)), isReadInDark);
  const ground = (pages: readonly (Oklch | string)[], step: number) =>
    fillOf({ color, l: given.l }, pages, step, shade);
  return {
    light: { text: light, ...ground([WHITE, LIGHT_RAISED], -STEP), soft: lightSoft },
    dark: { text: dark.hex, ...ground([DARK_GROUND, DARK_SURFACE, DARK_RAISED], STEP), soft: darkSoft },
  };
}

/** White letters where they can be read, else dark ones; null: neither can. */
function lettersOn(hex: string): string | null {
  return [WHITE, DARK_LETTERS].find((letters) => wcagContrast(hex, letters) >= TEXT_CONTRAST) ?? null;
}

/** The colour itself, unless no letters can be read on it, or nobody would see it on the page: then the next that will do. */
function fillOf(
  given: { readonly color: string; readonly l: number },
  pages: readonly (Oklch | string)[],
  step: number,
  shade: (l: number) => string,
): Pick<AccentLook, "fill" | "hover" | "on"> {
  const isGood = (hex: string) =>
    lettersOn(hex) !== null && pages.every((page) => wcagContrast(hex, page) >= GROUND_CONTRAST);
  const { l, hex: fill } = isGood(given.color)
    ? { l: given.l, hex: given.color }
    : firstOf(given.l, step, shade, isGood);
  const on = lettersOn(fill) ?? WHITE;
  // Away from the letters, so that they are read at least as well.
  const away = on === WHITE ? -HOVER_STEP : HOVER_STEP;
  return { fill, hover: shade(Math.min(1, Math.max(0, l + away))), on };
}

/** The first that will do, by steps of lightness; black and white do at the ends. */
function firstOf(
  from: number,
  step: number,
  shade: (l: number) => string,
  isGood: (hex: string) => boolean,
): { readonly l: number; readonly hex: string } {
  for (let l = from; l > 0 && l < 1; l += step) {
    const hex = shade(l);
    if (isGood(hex)) return { l, hex };
  }
  return step < 0 ? { l: 0, hex: "#000000" } : { l: 1, hex: WHITE };
}

/** The mark of Mosis in it, for a browser's tab. @param mark The drawing, an SVG, in the colours that it has by itself */
export function accentMark(mark: string, color: string): string {
  const { fill, on } = accentOf(color).light;
  // One after the other would colour the ground twice where the fill is white.
  return mark.replaceAll(/fill="#(4f46d8|fff)"/g, (_, of) => `fill="${of === "fff" ? on : fill}"`);
}

/** The stylesheet that puts it in the place of Mosis's own, after `app.css`. */
export function accentStylesheet(color: string): string {
  const { light, dark } = accentOf(color);
  const both = (name: keyof AccentLook) => `light-dark(${light[name]},${dark[name]})`;
  return `@layer tokens{:root{--accent:${both("text")};--accent-fill:${both("fill")};--accent-fill-hover:${both("hover")};--accent-soft:${both("soft")};--on-accent:${both("on")}}}`;
}
