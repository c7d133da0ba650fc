/** A page context for tests and the preview: real messages, a fixed time, no request behind it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import en from "../../assets/locales/en.json";
import { knownLanguages, REFERENCE_LANGUAGE } from "../../src/languages.ts";
import { sayerOf } from "../../src/sentences.ts";
import type { MessageKey, PageContext, Translate, Viewer } from "../page.ts";

export const NOW = new Date("2026-11-25T09:30:00Z");

/** The address of an hour, a day… before NOW. */
export function before(amount: number, unit: "minutes" | "hours" | "days"): Date {
  const seconds = { minutes: 60, hours: 3600, days: 86_400 }[unit];
  return new Date(NOW.getTime() - amount * seconds * 1000);
}

/** A translator that also tells which keys were asked for. Of a locale that the store does not have, in English. */
export function translator(locale: string, asked?: Set<MessageKey>): Translate {
  const file = join(import.meta.dirname, `../../assets/locales/${locale}.json`);
  const catalogue: Readonly<Record<string, string>> = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : en;
  return (key, params) => {
    asked?.add(key);
    const message = catalogue[key];
    if (message === undefined) throw new Error(`the message catalogue ${locale} has no ${key}`);
    return String(
      new IntlMessageFormat(message, locale, undefined, { ignoreTag: true }).format({ ...params }),
    );
  };
}

export const DEVELOPER: Viewer = {
  name: "Mara Lindqvist",
  email: "mara@northwind.example",
  storeRole: null,
  organisations: [{ id: "org-1", name: "Northwind Field Services", role: "owner" }],
};

/** Of no organisation. */
export const NEWCOMER: Viewer = { ...DEVELOPER, organisations: [] };

export const REVIEWER: Viewer = {
  name: "Jonas Bauer",
  email: "jonas@store.example",
  storeRole: "reviewer",
  organisations: [],
};

export const AUDITOR: Viewer = {
  name: "Anouk Visser",
  email: "anouk@store.example",
  storeRole: "auditor",
  organisations: [],
};

export const ADMINISTRATOR: Viewer = {
  name: "Ada Okafor",
  email: "ada@store.example",
  storeRole: "administrator",
  organisations: [
    { id: "org-1", name: "Northwind Field Services", role: "owner" },
    { id: "org-2", name: "Store operations", role: "developer" },
  ],
};

/** A context with the given changes. */
export function testContext(changes: Partial<PageContext> = {}): PageContext {
  const locale = changes.locale ?? "en";
  return {
    t: translator(locale),
    keyOf: (key) => (Object.hasOwn(en, key) ? (key as MessageKey) : null),
    say: sayerOf(knownLanguages().includes(locale) ? locale : REFERENCE_LANGUAGE),
    locale,
    timeZone: "UTC",
    dir: "ltr",
    languages: ["en", "ar", "de"],
    theme: null,
    path: "/dashboard",
    here: changes.path ?? "/dashboard",
    viewer: DEVELOPER,
    storeName: "Northwind Apps",
    requestId: "01JDK8Z6T3QF4V",
    now: NOW,
    assetUrl: (name) => `/assets/0123456789abcdef/${name}`,
    ...changes,
  };
}
