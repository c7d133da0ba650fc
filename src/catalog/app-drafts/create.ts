/** An app with all that the steps to it ask for, in one write: what is refused of it leaves no half of an app. */
import type { AccountActor, Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Idempotency } from "../../db/idempotency.ts";
import { isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { createApp, type NewApp } from "../apps.ts";
import { chooseCategoryIn } from "../categories/choose.ts";
import { type LocalTexts, languageRead, localTexts } from "../local-texts.ts";
import { checkListing, LISTING_LIMITS, type ListingInput } from "../store-listing/document.ts";
import { changeListingIn } from "../store-listing/store-listing.ts";
import type { AppView } from "../views.ts";
import { discardDraftIn } from "./drafts.ts";

/** Who has no text in their own language reads this one: the app is called so until a package says otherwise. */
const COMMON = "en";

export type DescribedApp = Omit<NewApp, "name"> & {
  /** Its name, or its names by the tags of their languages, one at least. */
  readonly called: string | LocalTexts;
  /** An id of the store's; null: none. */
  readonly category: string | null;
};

type How = {
  readonly idempotency?: Idempotency | undefined;
  /** Whose draft it was, which is kept no longer. */
  readonly draftOf?: AccountActor;
};

/**
 * Creates the app, with its names in the listing and its category.
 * @throws Problem `category.not_found` and those of `createApp`
 */
export function createDescribedApp(
  store: Store,
  actor: Actor,
  input: DescribedApp,
  { idempotency, draftOf }: How = {},
): AppView {
  const { id, called, category, ...rest } = input;
  const names = typeof called === "string" ? {} : checkNewNames(called);
  const [own, name] = typeof called === "string" ? ["", called] : languageRead(names, COMMON);
  const others = Object.fromEntries(Object.entries(names).filter(([tag]) => tag !== own));
  return createApp(store, actor, { id, name, ...rest }, idempotency, {
    ...(category === null && typeof called === "string" ? {} : { said: [names, category] }),
    write: (tx, id, now) => {
      if (Object.keys(others).length > 0) changeListingIn(tx, actor, id, listingOf(others), now);
      if (category !== null) chooseCategoryIn(tx, actor, id, category, now);
      if (draftOf !== undefined) discardDraftIn(tx, draftOf);
    },
  });
}

/** The names as they are kept, by the rules of the listing that they go into. @throws Problem `app.name_invalid` */
export function checkNewNames(given: LocalTexts): LocalTexts {
  const { texts, faults } = localTexts(given, {
    code: "app.name_invalid",
    pointer: "/names",
    what: say`An app’s name`,
    characters: LISTING_LIMITS.nameCharacters,
    isRequired: true,
  });
  const [first] = faults;
  if (first !== undefined) throw new Problem("invalid", "app.name_invalid", first.message, faults);
  try {
    checkListing(listingOf(texts));
  } catch (error) {
    if (!isProblem(error) || error.code !== "listing.invalid") throw error;
    throw new Problem(
      "invalid",
      "app.name_invalid",
      error.words,
      error.faults.map(({ pointer = "", ...fault }) => ({
        ...fault,
        code: "app.name_invalid",
        pointer: pointer.replace(/^\/texts(\/[^/]+)?(?:\/name)?$/, "/names$1"),
      })),
    );
  }
  return texts;
}

function listingOf(names: LocalTexts): ListingInput {
  const texts = Object.fromEntries(Object.entries(names).map(([tag, name]) => [tag, { name }]));
  return { texts, tags: [], links: {} };
}
