/** What the pages of collections have in common. */
import type { CollectionRow } from "../../../views/pages/collections.tsx";
import type { Collection } from "../../catalog/collections/collections.ts";
import {
  COLLECTION_DESCRIPTION_CHARACTERS,
  COLLECTION_ID_CHARACTERS,
  COLLECTION_NAME_CHARACTERS,
  FEATURED,
} from "../../catalog/collections/limits.ts";
import { lacksCommon, textIn } from "../../catalog/local-texts.ts";
import type { Problem } from "../../errors.ts";
import { statusOf } from "../errors.ts";
import { fieldErrors } from "./form.ts";
import { type FormPairs, localTextsIn, type RefusedForm } from "./local-form.ts";

export const COLLECTIONS = "/admin/collections";
export const TEXTS = ["names", "descriptions"];
export const LIMITS = {
  id: COLLECTION_ID_CHARACTERS,
  name: COLLECTION_NAME_CHARACTERS,
  description: COLLECTION_DESCRIPTION_CHARACTERS,
};

/** Of a form of one button. */
export const refused = (problem: Problem): RefusedForm => ({
  form: null,
  errors: fieldErrors(problem, []),
  status: statusOf(problem),
});

export const textsOf = (form: FormPairs) => ({
  names: localTextsIn(form, "names"),
  descriptions: localTextsIn(form, "descriptions"),
});

/** What a button that moves says. */
export const placeIn = (text: string): number => (/^\d{1,4}$/.test(text) ? Number(text) : 1);

export const rowOf = ({ id, names, showing, apps, revision }: Collection, locale: string): CollectionRow => ({
  ...{ id, showing, apps, revision },
  name: textIn(names, locale),
  lacksCommon: lacksCommon(names),
  isFeatured: id === FEATURED,
});
