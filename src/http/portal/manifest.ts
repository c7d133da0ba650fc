/** What pages tell of a manifest. It was checked before it was stored, or is of a version that failed: read with care. */
import type { Screenshot } from "../../../views/components/screenshots.tsx";
import type { Permission } from "../../../views/page.ts";
import { tagFault } from "../../catalog/local-texts.ts";
import type { ShownPicture } from "../../catalog/shown-pictures/views.ts";
import type { ApiText } from "../../format/api/documents.ts";
import { findPermission, type PlatformApi } from "../../format/api/platform-api.ts";

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

export function permissionsOf(api: PlatformApi, manifest: Json | null, locale: string): Permission[] {
  return listOf(manifest?.permissions).flatMap((entry) => {
    const { name, optional, reason } = objectOf(entry);
    if (typeof name !== "string" || manifest === null) return [];
    const known = findPermission(api, name);
    return [
      {
        name,
        title: known === undefined ? null : apiText(known.title, locale),
        meaning: known === undefined ? null : apiText(known.meaning, locale),
        dangerous: known?.danger === "dangerous",
        optional: optional === true,
        reason: localised(manifest, reason, locale),
      },
    ];
  });
}

function apiText(texts: ApiText, locale: string): string {
  return texts[locale] ?? texts[locale.split("-")[0] ?? locale] ?? texts.en;
}

/** Of the texts that are in no other; null: it is not known. */
export function languageOf(manifest: Json | null): string | null {
  const own = textOf(manifest?.defaultLocale);
  return own !== null && tagFault(own) === null ? own : null;
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

/** Name and summary in each locale of the manifest, its own first. */
export function listingOf(
  manifest: Json | null,
): { locale: string; name: string | null; summary: string | null }[] {
  if (manifest === null) return [];
  const names = objectOf(manifest.name);
  const summaries = objectOf(manifest.summary);
  const own = textOf(manifest.defaultLocale) ?? "";
  const locales = [...new Set([...Object.keys(names), ...Object.keys(summaries)])].sort(
    (a, b) => Number(b === own) - Number(a === own) || (a < b ? -1 : 1),
  );
  return locales.map((locale) => ({
    locale,
    name: textOf(names[locale]),
    summary: textOf(summaries[locale]),
  }));
}

/** A screenshot of a version, with the words of its manifest. */
export function screenshotOf(picture: ShownPicture, manifest: Json | null): Screenshot {
  const { alt, locale } = objectOf(listOf(manifest?.screenshots)[picture.position]);
  return {
    alt: textOf(alt) ?? "",
    locale: textOf(locale),
    state: picture.state,
    sizes: picture.sizes.map(({ key, widthPx, heightPx }) => ({ src: `/${key}`, widthPx, heightPx })),
  };
}
