/** What commands take of things that an administrator names in several languages, and puts in order. */
import { argument, repeatedOption } from "../command.ts";
import { localText } from "../values.ts";

/** @param about What the description says of it, such as `what belongs into it`. */
export const textOptions = (about: string) => ({
  name: repeatedOption(
    "--name",
    "TAG=TEXT",
    "what it is called in a language, such as de=Werkzeuge",
    localText,
  ),
  description: repeatedOption("--description", "TAG=TEXT", `${about}, in one line`, localText),
});

type Texts = readonly (readonly [tag: string, text: string])[];

/** As the operations take it: nothing of what was not said. */
export const textsOf = ({ name, description }: { readonly name: Texts; readonly description: Texts }) => ({
  name: undefined,
  description: undefined,
  ...(name.length === 0 ? {} : { names: Object.fromEntries(name) }),
  ...(description.length === 0 ? {} : { descriptions: Object.fromEntries(description) }),
});

type Named = { readonly id: string; readonly names: Readonly<Record<string, string>> };

export const nameOf = ({ id, names }: Named): string => names.en ?? Object.values(names)[0] ?? id;

export const placeArgument = argument("PLACE", "1 is the first", placeOf);

export function placeOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Error("expected a whole number from 1");
}
