/** The widths and themes that pages are looked at in. */

export const WIDTHS = ["wide", "narrow"] as const;
export const THEMES = ["light", "dark"] as const;
export type Width = (typeof WIDTHS)[number];
export type Theme = (typeof THEMES)[number];

export const SCREENS = {
  wide: { viewport: { width: 1280, height: 860 } },
  narrow: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
} as const satisfies Readonly<Record<Width, object>>;
