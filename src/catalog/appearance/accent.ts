/**
 * The store's own colour, as pages use it: darker or lighter where that is needed, so that everything that is written in it or on
 * it can be read (WCAG 2.2, 1.4.3 and 1.4.11), in light and in dark. Pure.
 */
import { clampChroma, formatHex, type Oklch, oklch, wcagContrast } from "culori";

/** `#rrggbb`, in small letters. */
export const ACCENT_PATTERN = /^#[0-9a-f]{6}$/;

/** Of one of the two looks of pages. */
export type AccentLook = {
  /** Links, focus, what is current: text on any surface. */
  readonly text: string;
  /** Under white letters. */
  readonly fill: string;
  readonly hover: string;
  /** Behind text in that colour. */
  readonly soft: string;
};

export type Accent = { readonly light: AccentLook; readonly dark: AccentLook };

const TEXT_CONTRAST = 4.5;
const SHAPE_CONTRAST = 3;
const STEP = 0.005;
const WHITE = "#ffffff";
/** Surfaces of `assets/css/tokens.css` on which text in the colour stands: the one that is hardest to read on. */
const LIGHT_RAISED: Oklch = { mode: "oklch", l: 0.967, c: 0.003, h: 265 };
const DARK_RAISED: Oklch = { mode: "oklch", l: 0.235, c: 0.009, h: 265 };
const DARK_SURFACE: Oklch = { mode: "oklch", l: 0.19, c: 0.007, h: 265 };

/** @param color As `ACCENT_PATTERN` has it */
export function accentOf(color: string): Accent {
  const given = oklch(color) ?? { mode: "oklch", l: 0.5, c: 0 };
  const shade = (l: number, c = given.c): string =>
    formatHex(clampChroma({ ...given, l, c }, "oklch")) ?? color;
  const lightSoft = shade(0.965, Math.min(given.c, 0.018));
  const darkSoft = shade(0.26, Math.min(given.c, 0.05));
  const isReadInLight = (hex: string) =>
    [WHITE, lightSoft, LIGHT_RAISED].every((behind) => wcagContrast(hex, behind) >= TEXT_CONTRAST);
  const isReadInDark = (hex: string) =>
    [darkSoft, DARK_RAISED].every((behind) => wcagContrast(hex, behind) >= TEXT_CONTRAST);
  const isFillInDark = (hex: string) =>
    wcagContrast(hex, WHITE) >= TEXT_CONTRAST && wcagContrast(hex, DARK_SURFACE) >= SHAPE_CONTRAST;
  const light = isReadInLight(color)
    ? { l: given.l, hex: color }
    : firstOf(Math.min(given.l, 0.75), -STEP, shade, isReadInLight);
  const dark = firstOf(Math.max(given.l, 0.7), STEP, (l) => shade(l, Math.min(given.c, 0.14)), isReadInDark);
  const fill = isFillInDark(color) ? { l: given.l, hex: color } : firstOf(0.62, -STEP, shade, isFillInDark);
  return {
    light: { text: light.hex, fill: light.hex, hover: shade(Math.max(0, light.l - 0.05)), soft: lightSoft },
    dark: { text: dark.hex, fill: fill.hex, hover: shade(fill.l - 0.04), soft: darkSoft },
  };
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

/** The stylesheet that puts it in the place of Mosis's own, after `app.css`. */
export function accentStylesheet(color: string): string {
  const { light, dark } = accentOf(color);
  const both = (name: keyof AccentLook) => `light-dark(${light[name]},${dark[name]})`;
  return `@layer tokens{:root{--accent:${both("text")};--accent-fill:${both("fill")};--accent-fill-hover:${both("hover")};--accent-soft:${both("soft")}}}`;
}
