/**
 * Columns of the audit log and of the log that is signed. Whoever tampers with one may leave what does not parse, and one such row
 * must hide neither itself nor the others: what cannot be read stands as damaged, which no hash of an entry fits. That a text is a text, and a time a whole
 * number, is held by the table itself, which is STRICT.
 */
import { customType } from "drizzle-orm/sqlite-core";
import { canonicalText } from "../signing/json.ts";

/** In the place of facts that cannot be read. */
export const DAMAGED_FACTS = { damaged: true } as const;
const DAMAGED_PERSON = { after: DAMAGED_FACTS } as const;

/** The latest and earliest that a date can be (ECMAScript, time values). */
const LAST_MS = 8.64e15;

export const auditTime = customType<{ data: Date; driverData: number }>({
  dataType: () => "integer",
  toDriver: (at) => at.getTime(),
  fromDriver: (ms) => new Date(Math.min(LAST_MS, Math.max(-LAST_MS, ms))),
});

/** Facts of a thing, as a JSON object. */
export const auditFacts = customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (facts) => JSON.stringify(facts),
  fromDriver: (kept) => readObject(kept) ?? DAMAGED_FACTS,
});

/** The same of what tells of a person, which has facts inside. */
export const auditPerson = customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (person) => JSON.stringify(person),
  fromDriver: (kept) => readPerson(kept) ?? DAMAGED_PERSON,
});

/** An entry of the log that is signed, beside its leaf. In the place of one that is none stands one of no type, which no leaf has. */
export const logEntry = customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (entry) => JSON.stringify(entry),
  fromDriver: (kept) => readObject(kept) ?? { type: "" },
});

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** null: it is no JSON, no object, or says what JSON cannot say, such as a number without end or half of a character. */
function readObject(kept: string): Members | null {
  try {
    const value: unknown = JSON.parse(kept);
    if (!isObject(value)) return null;
    canonicalText(value);
    return value;
  } catch {
    return null;
  }
}

function readPerson(kept: string): Members | null {
  const person = readObject(kept);
  if (person === null) return null;
  const { address, userAgent, before, after } = person;
  const areTexts = [address, userAgent].every((each) => each === undefined || typeof each === "string");
  return areTexts && [before, after].every((each) => each === undefined || isObject(each)) ? person : null;
}
