/** How a store presents itself: its name, what it says of itself in several languages, and its colour. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { nameFault, plainName } from "../../accounts/name-rule.ts";
import { authorise } from "../../accounts/rights.ts";
import { readSetting, writeSetting } from "../../accounts/settings.records.ts";
import {
  nameIn,
  STORE_APPEARANCE,
  STORE_NAME,
  STORE_NAME_MOST_CHARACTERS,
  storeName,
} from "../../accounts/store-name.ts";
import { beginningOf, differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { type Fault, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { type LocalTexts, localTexts, textIn, textWithLanguage } from "../local-texts.ts";
import { ACCENT_PATTERN } from "./accent.ts";

export const TAGLINE_CHARACTERS = 160;
export const ABOUT_CHARACTERS = 5000;
/** By themselves, since each page reads the rest (`STORE_APPEARANCE`). */
const KEPT_ABOUTS = "store.abouts";
const CODE = "appearance.invalid";

export type AppearanceFields = {
  readonly name: string;
  /** Where it is called otherwise. */
  readonly names: LocalTexts;
  /** One line each. */
  readonly taglines: LocalTexts;
  /** Markdown, as descriptions of apps have it. */
  readonly abouts: LocalTexts;
  /** `#rrggbb`; null: Mosis's own. */
  readonly accent: string | null;
};

export type Appearance = AppearanceFields & { readonly revision: number };

type Kept = Omit<Appearance, "name" | "abouts">;
const NOTHING: Kept = { names: {}, taglines: {}, accent: null, revision: 1 };

type AppearanceStore = Pick<Store, "db" | "clock">;

/** As every page has it, whoever looks. */
export function looksOf(store: Pick<Store, "db">): Omit<Appearance, "abouts"> {
  const kept = readSetting(store.db.orm, STORE_APPEARANCE) as Kept | undefined;
  return { name: storeName(store), ...NOTHING, ...kept };
}

/** With the long texts, whoever looks. */
export function appearanceOf(store: Pick<Store, "db">): Appearance {
  const abouts = readSetting(store.db.orm, KEPT_ABOUTS) as LocalTexts | undefined;
  return { ...looksOf(store), abouts: abouts ?? {} };
}

/** @throws Problem `rights.forbidden` */
export function readAppearance(store: Pick<Store, "db">, actor: Actor): Appearance {
  authorise(actor, "storefront.read");
  return appearanceOf(store);
}

export type ShownAppearance = {
  readonly name: string;
  /** null: nothing is said. `language`: of the text, where that is not the reader's. */
  readonly tagline: { readonly text: string; readonly language: string | null } | null;
  readonly about: { readonly text: string; readonly language: string | null } | null;
  readonly accent: string | null;
};

/** In a reader's language, as far as it is there. Pure. */
export function shownAppearance(
  { name, names, taglines, abouts, accent }: AppearanceFields,
  locale: string,
): ShownAppearance {
  const said = (texts: LocalTexts) => (textIn(texts, locale) === "" ? null : textWithLanguage(texts, locale));
  return {
    name: nameIn({ name, names }, locale),
    tagline: said(taglines),
    about: said(abouts),
    accent,
  };
}

/** What is left out stays as it is. @throws Problem `appearance.invalid`, `precondition.failed`, `rights.forbidden` */
export function changeAppearance(
  store: AppearanceStore,
  actor: Actor,
  change: Partial<AppearanceFields>,
  ifMatch?: IfMatch,
): Appearance {
  authorise(actor, "storefront.manage");
  return write(store.db, (tx) => {
    const before = appearanceOf(store);
    ifUnchanged(before.revision, ifMatch);
    const { name, abouts, ...fields } = checkAppearance({ ...before, ...change });
    const facts = differing(factsOf(before), factsOf({ name, abouts, ...fields }));
    if (Object.keys({ ...facts.before, ...facts.after }).length === 0) return before;
    const now = store.clock.now();
    const kept: Kept = { ...fields, revision: before.revision + 1 };
    writeSetting(tx, STORE_NAME, name, now);
    writeSetting(tx, STORE_APPEARANCE, kept, now);
    writeSetting(tx, KEPT_ABOUTS, abouts, now);
    const subject = { type: "store", id: "appearance" };
    recordChange(tx, auditAuthor(actor), { action: "store.appearance", subject, ...facts }, now);
    return { name, abouts, ...kept };
  });
}

/** Of what is kept beside the rest, and changed by itself. */
export function raiseRevision(store: Pick<Store, "db">, tx: Tx, now: Date): void {
  const { name: _, ...kept } = looksOf(store);
  writeSetting(tx, STORE_APPEARANCE, { ...kept, revision: kept.revision + 1 }, now);
}

/** As it would be kept, to be looked at before it is. @throws Problem `appearance.invalid` */
export function checkAppearance(given: AppearanceFields): AppearanceFields {
  const name = plainName(given.name);
  const what = say`A store's name`;
  const rule = { code: CODE, isRequired: false } as const;
  const wrongName = nameFault(name, STORE_NAME_MOST_CHARACTERS, what);
  const names = localTexts(given.names, {
    ...{ ...rule, pointer: "/names", what },
    characters: STORE_NAME_MOST_CHARACTERS,
  });
  const said = { ...rule, what: say`What a store says of itself` };
  const taglines = localTexts(given.taglines, {
    ...{ ...said, pointer: "/taglines" },
    characters: TAGLINE_CHARACTERS,
  });
  const abouts = localTexts(given.abouts, {
    ...{ ...said, pointer: "/abouts", isLong: true },
    characters: ABOUT_CHARACTERS,
  });
  const accent = given.accent === null ? null : given.accent.trim().toLowerCase();
  const faults: Fault[] = [
    ...(wrongName === null ? [] : [{ code: CODE, pointer: "/name", message: wrongName.message }]),
    ...names.faults,
    ...taglines.faults,
    ...abouts.faults,
    ...(accent === null || ACCENT_PATTERN.test(accent)
      ? []
      : [
          {
            code: CODE,
            pointer: "/accent",
            message: say`A colour is # and six hexadecimal digits, such as #1f6feb.`,
          },
        ]),
  ];
  if (faults.length > 0)
    throw new Problem(
      "unprocessable",
      "appearance.invalid",
      say`The store cannot look as it was filled in.`,
      faults,
    );
  return { name, names: names.texts, taglines: taglines.texts, abouts: abouts.texts, accent };
}

/** As an entry says it: of long texts the beginning. */
function factsOf({ name, names, taglines, abouts, accent }: AppearanceFields) {
  const short = (kind: string, texts: LocalTexts) =>
    Object.fromEntries(Object.entries(texts).map(([tag, text]) => [`${kind}/${tag}`, beginningOf(text)]));
  return {
    ...{ name, accent },
    ...short("names", names),
    ...short("taglines", taglines),
    ...short("abouts", abouts),
  };
}
