/** The store's logo, for light pages and for dark ones: uploaded, removed, and as every page shows it beside the store's name. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import { readSetting, writeSetting } from "../../accounts/settings.records.ts";
import { stillActing } from "../../accounts/still.ts";
import { differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { keepUploaded } from "../shown-pictures/keep-uploaded.ts";
import {
  KEPT_LOGOS,
  type KeptLogo,
  type KeptLogos,
  LOGO_SIDES,
  type LogoSide,
} from "../shown-pictures/logo-sources.ts";
import { selectFaults, selectSizes } from "../shown-pictures/records.ts";
import type { PictureRule } from "../shown-pictures/uploaded.ts";
import { type ShownPicture, type ShownSize, sizesOf } from "../shown-pictures/views.ts";
import { appearanceOf, raiseRevision } from "./appearance.ts";

/** A mark, or a mark with words: it stands beside the store's name, as high as that. */
export const LOGO_RULE = {
  ...{ maxBytes: 2 * 2 ** 20, least: 64, most: 2048, isSquare: false },
  mostTimes: 4,
} as const satisfies PictureRule;

export type LogoView = Pick<KeptLogo, "widthPx" | "heightPx" | "sizeBytes"> &
  Pick<ShownPicture, "state" | "sizes">;

export type LogosView = {
  /** Of the appearance, which they are a part of. */
  readonly revision: number;
} & { readonly [side in LogoSide]: LogoView | null };

const NONE: KeptLogos = { light: null, dark: null };

const keptIn = (tx: Tx): KeptLogos => ({
  ...NONE,
  ...(readSetting(tx, KEPT_LOGOS) as KeptLogos | undefined),
});

/** @throws Problem `rights.forbidden` */
export function readLogos(store: Pick<Store, "db">, actor: Actor): LogosView {
  authorise(actor, "storefront.read");
  return viewOf(store);
}

function viewOf(store: Pick<Store, "db">): LogosView {
  const tx = store.db.orm;
  const kept = keptIn(tx);
  const of = (logo: KeptLogo | null): LogoView | null => {
    if (logo === null) return null;
    const { blobKey, widthPx, heightPx, sizeBytes } = logo;
    const sizes = sizesIn(tx, blobKey);
    const isFaulty = selectFaults(tx, [blobKey], "logo").has(blobKey);
    const state = sizes.length > 0 ? "ready" : isFaulty ? "unreadable" : "waiting";
    return { widthPx, heightPx, sizeBytes, state, sizes };
  };
  return { revision: appearanceOf(store).revision, light: of(kept.light), dark: of(kept.dark) };
}

const sizesIn = (tx: Tx, blobKey: string): readonly ShownSize[] =>
  sizesOf("logo", blobKey, selectSizes(tx, [blobKey], "logo"));

/** As every page has them, whoever looks: from the smallest to the largest; without any, there is none for such pages. */
export function shownLogos(store: Pick<Store, "db">): Readonly<Record<LogoSide, readonly ShownSize[]>> {
  const tx = store.db.orm;
  const { light, dark } = keptIn(tx);
  const of = (logo: KeptLogo | null) => (logo === null ? [] : sizesIn(tx, logo.blobKey));
  return { light: of(light), dark: of(dark) };
}

/**
 * Puts a logo in the place of the one before. It is kept as it came, and shown once its sizes are made.
 * @throws Problem `rights.forbidden`, `precondition.failed`, `picture.…`
 */
export async function changeLogo(
  store: Store,
  actor: Actor,
  side: LogoSide,
  bytes: AsyncIterable<Uint8Array>,
  ifMatch?: IfMatch,
): Promise<LogosView> {
  // All that can be refused is refused before its bytes are taken.
  look(store, store.db.orm, actor, ifMatch);
  await keepUploaded(
    store,
    bytes,
    { rule: LOGO_RULE, kind: "logo" },
    () => undefined,
    (tx, { blobKey, widthPx, heightPx, sizeBytes }) => {
      look(store, tx, actor, ifMatch);
      put(store, tx, actor, side, { blobKey, widthPx, heightPx, sizeBytes });
    },
  );
  return viewOf(store);
}

/** Where there is none nothing changes. @throws Problem `rights.forbidden`, `precondition.failed` */
export function removeLogo(
  store: Pick<Store, "db" | "clock" | "config">,
  actor: Actor,
  side: LogoSide,
  ifMatch?: IfMatch,
): LogosView {
  write(store.db, (tx) => {
    look(store, tx, actor, ifMatch);
    put(store, tx, actor, side, null);
  });
  return viewOf(store);
}

type Acting = Pick<Store, "db" | "clock" | "config">;

/** Who acts may do so still, and what is there is what was seen. */
function look(store: Acting, tx: Tx, actor: Actor, ifMatch: IfMatch | undefined): void {
  authorise(stillActing(store, tx, actor), "storefront.manage");
  ifUnchanged(appearanceOf(store).revision, ifMatch);
}

function put(store: Acting, tx: Tx, actor: Actor, side: LogoSide, logo: KeptLogo | null): void {
  const before = keptIn(tx);
  if (before[side]?.blobKey === logo?.blobKey) return;
  const after = { ...before, [side]: logo };
  const now = store.clock.now();
  writeSetting(tx, KEPT_LOGOS, after, now);
  raiseRevision(store, tx, now);
  const subject = { type: "store", id: "appearance" };
  const facts = differing(factsOf(before), factsOf(after));
  recordChange(tx, auditAuthor(actor), { action: "store.logo", subject, ...facts }, now);
}

/** By the digest of each file. */
function factsOf(logos: KeptLogos) {
  return Object.fromEntries(
    LOGO_SIDES.map((side) => [side, /[0-9a-f]{64}/.exec(logos[side]?.blobKey ?? "")?.[0] ?? null]),
  );
}
