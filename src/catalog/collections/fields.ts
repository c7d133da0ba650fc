/** What an administrator says of a collection: which of it is taken. Pure. */
import { type Fault, Problem } from "../../errors.ts";
import { say, sayAll } from "../../say.ts";
import { localTexts } from "../local-texts.ts";
import type { CollectionFields } from "./collections.ts";
import { COLLECTION_DESCRIPTION_CHARACTERS, COLLECTION_NAME_CHARACTERS } from "./limits.ts";

export function idFault(id: string): Fault {
  return {
    code: "collection.id",
    pointer: "/id",
    message: say`A collection's id has 1 to 50 small letters, digits and hyphens.`,
    found: id.slice(0, 64),
  };
}

/** As it is kept. @param before What is wrong besides @throws Problem `collection.invalid` */
export function checkCollection(fields: CollectionFields, before: readonly Fault[] = []) {
  const { names, descriptions = {}, published = false, shownFrom = null, shownUntil = null } = fields;
  const name = localTexts(names, {
    ...{ code: "collection.name", pointer: "/names", what: say`A collection's name` },
    ...{ characters: COLLECTION_NAME_CHARACTERS, isRequired: true },
  });
  const description = localTexts(descriptions, {
    ...{ code: "collection.description", pointer: "/descriptions", what: say`A collection's description` },
    ...{ characters: COLLECTION_DESCRIPTION_CHARACTERS, isRequired: false },
  });
  const faults = [
    ...before,
    ...name.faults,
    ...description.faults,
    ...timeFaults("/shownFrom", shownFrom),
    ...timeFaults("/shownUntil", shownUntil),
  ];
  if (shownFrom !== null && shownUntil !== null && shownUntil <= shownFrom) {
    const message = say`A collection is shown until a time after the one from which it is.`;
    faults.push({ code: "collection.time", pointer: "/shownUntil", message });
  }
  if (faults.length > 0)
    throw new Problem(
      "unprocessable",
      "collection.invalid",
      sayAll(faults.map(({ message }) => message)),
      faults,
    );
  return { names: name.texts, descriptions: description.texts, published, shownFrom, shownUntil };
}

function timeFaults(pointer: string, time: Date | null): Fault[] {
  if (time === null || !Number.isNaN(time.getTime())) return [];
  const message = say`This is no time: expected a day and a time of it.`;
  return [{ code: "collection.time", pointer, message }];
}
