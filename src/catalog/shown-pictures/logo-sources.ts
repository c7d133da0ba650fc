/** Which pictures the store itself has for its logo: they stand in a setting, and in no row of an app. */
import { readSetting } from "../../accounts/settings.records.ts";
import type { Tx } from "../../db/database.ts";

export const LOGO_SIDES = ["light", "dark"] as const;
/** For which pages a logo is. */
export type LogoSide = (typeof LOGO_SIDES)[number];

export type KeptLogo = {
  /** The picture as it came. */
  readonly blobKey: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sizeBytes: number;
};

/** Null: there is none for such pages. */
export type KeptLogos = Readonly<Record<LogoSide, KeptLogo | null>>;

export const KEPT_LOGOS = "store.logos";

/** Whether one of the store's logos was made from this picture. */
export function isLogo(tx: Tx, blobKey: string): boolean {
  const kept = readSetting(tx, KEPT_LOGOS) as Partial<KeptLogos> | undefined;
  return LOGO_SIDES.some((side) => kept?.[side]?.blobKey === blobKey);
}
