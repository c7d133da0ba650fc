/** What no case of the kit can notice, and why. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./places.ts";

/** Checks of one file by their text, or all of a function; with both, those of the function. */
export type Exception = {
  readonly file: string;
  readonly inside?: string;
  readonly kind?: string;
  readonly texts?: readonly string[];
  readonly why: string;
};

export function readExceptions(): readonly Exception[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../mutants.exceptions.json"), "utf8"));
}

export function exceptionOf(place: Place, exceptions: readonly Exception[]): Exception | undefined {
  const fits = (said: string | undefined, is: string) => said === undefined || said === is;
  const isNamed = ({ texts }: Exception) => texts === undefined || texts.includes(place.text);
  return exceptions.find(
    (each) =>
      each.file === place.file &&
      fits(each.inside, place.inside) &&
      fits(each.kind, place.kind) &&
      isNamed(each),
  );
}
