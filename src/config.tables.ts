/** Settings that are tables in themselves: the file has them as such, flags and the environment as JSON. Pure. */
import { UNSEEN } from "./config.mail.ts";
import type { Problem } from "./errors.ts";

export type Table = Readonly<Record<string, unknown>>;

type Fault = (place: string, expected: string) => Problem;

/** Says which key of which table is wrong, and what is allowed there. */
export type RefuseOf<K extends string> = (key: K, expected: string) => Problem;

/** What a table of settings may be called. */
const TABLE_ID = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** A kind of thing of which there are several, each a table of its settings with an id. */
export type Several = {
  /** The setting's name: where a fault is. */
  readonly setting: string;
  /** As people name them. */
  readonly plural: string;
  readonly most: number;
  /** The setting as JSON. */
  readonly example: string;
  readonly fault: Fault;
};

/** @throws the Problem that `fault` makes */
export function tablesIn(text: string, several: Several): readonly (readonly [id: string, table: Table])[] {
  const { setting, plural, most, example, fault } = several;
  const found = tableIn(text);
  if (found === null) throw fault(setting, `JSON such as ${example} is expected`);
  const entries = Object.entries(found);
  if (entries.length > most)
    throw fault(setting, `at most ${most} ${plural} are expected; found ${entries.length}`);
  return entries.map(([id, table]) => {
    if (!TABLE_ID.test(id))
      throw fault(
        `${setting}.${shown(id)}`,
        "an id is 1 to 32 of a–z, 0–9 and -, and neither begins nor ends with -",
      );
    if (!isTable(table))
      throw fault(`${setting}.${id}`, `a table of settings is expected; found ${shown(table)}`);
    return [id, table] as const;
  });
}

/** null: it is no table in JSON. */
function tableIn(text: string): Table | null {
  try {
    const found: unknown = JSON.parse(text);
    return isTable(found) ? found : null;
  } catch {
    return null;
  }
}

/** @throws the Problem that `fault` makes of a place and what is expected there */
export function refuseUnknown(table: Table, known: readonly string[], place: string, fault: Fault): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw fault(`${place}.${shown(unknown)}`, `there is no such setting; known are ${known.join(", ")}`);
}

/** null: nothing is said. @throws the Problem that `refuse` makes */
export function textOf<K extends string>(table: Table, key: K, refuse: RefuseOf<K>): string | null {
  const value = table[key];
  if (value === undefined) return null;
  if (!isText(value)) throw refuse(key, "a text of 1 to 500 characters without control characters");
  return value;
}

export const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= 500 && !UNSEEN.test(value);

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was found, at a length that can be read. No secret stands in these tables, only names of files. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
