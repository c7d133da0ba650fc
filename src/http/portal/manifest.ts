/** What pages tell of a manifest. It was checked before it was stored, or is of a version that failed: read with care. */
import type { Permission } from "../../../views/page.ts";

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((entry) => textOf(entry) ?? []);
}

/** The text in the locale, in its language, or in the manifest's own. */
function localised(manifest: Json, texts: unknown, locale: string): string | null {
  const byLocale = objectOf(texts);
  const language = locale.split("-")[0] ?? locale;
  const own = textOf(manifest.defaultLocale) ?? "";
  return textOf(byLocale[locale]) ?? textOf(byLocale[language]) ?? textOf(byLocale[own]);
}

export function permissionsOf(manifest: Json | null, locale: string): Permission[] {
  return listOf(manifest?.permissions).flatMap((entry) => {
    const { name, optional, reason } = objectOf(entry);
    if (typeof name !== "string" || manifest === null) return [];
    // Which ones are dangerous, the API manifest says; this store has none yet.
    return [
      { name, dangerous: false, optional: optional === true, reason: localised(manifest, reason, locale) },
    ];
  });
}

export function hostsOf(manifest: Json | null): string[] {
  return textsOf(objectOf(manifest?.network).hosts);
}

export function manifestFacts(manifest: Json | null) {
  return {
    author: textOf(objectOf(manifest?.author).name) ?? "–",
    entry: textOf(manifest?.entry) ?? "–",
    runtimeApi: textOf(objectOf(manifest?.runtime).api) ?? "–",
    category: textOf(manifest?.category),
    locales: textsOf(manifest?.locales),
  };
}
