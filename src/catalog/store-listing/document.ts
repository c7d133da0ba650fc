/**
 * What a store's people say of an app in the store: it belongs to the app and to no version of it, and stands in the place of what
 * packages say, field by field. What is left out is as the newest package says. Pure.
 */

import { type Fault, Problem } from "../../errors.ts";
import { localeFault } from "../../format/locales.ts";
import { say, type Words } from "../../say.ts";
import { textRuleBroken } from "../../signing/text-rules.ts";
import { checkNotes, NOTES_MAX_CHARACTERS } from "../notes.ts";

export const LISTING_LIMITS = {
  nameCharacters: 50,
  summaryCharacters: 120,
  descriptionCharacters: NOTES_MAX_CHARACTERS,
  locales: 40,
  localeBytes: 35,
  tags: 10,
  tagCharacters: 30,
  linkCharacters: 2048,
} as const;

export const LINK_KINDS = ["homepage", "source", "issues", "support", "privacy"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export const TEXT_FIELDS = ["name", "summary", "description"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** One language's; what is left out is as the package says. The description is Markdown, and of the listing alone. */
export type ListingTexts = { readonly [field in TextField]?: string };

export type ListingDocument = {
  readonly texts: Readonly<Record<string, ListingTexts>>;
  readonly tags: readonly string[];
  readonly links: { readonly [kind in LinkKind]?: string };
};

export const EMPTY_LISTING: ListingDocument = { texts: {}, tags: [], links: {} };

export type ListingInput = {
  readonly texts: Readonly<Record<string, { readonly [field in TextField]?: string | undefined }>>;
  readonly tags: readonly string[];
  readonly links: { readonly [kind in LinkKind]?: string | undefined };
};

/**
 * A listing as it is kept: empty texts and links are left out, tags are in lower case and stand once.
 * @throws Problem `listing.invalid`, with a detail for each thing that is wrong
 */
export function checkListing(input: ListingInput): ListingDocument {
  const faults: Fault[] = [];
  const checked = {
    texts: checkTexts(input.texts, faults),
    tags: checkTags(input.tags, faults),
    links: checkLinks(input.links, faults),
  };
  const [first] = faults;
  if (first === undefined) return checked;
  throw new Problem(
    "invalid",
    "listing.invalid",
    faults.length === 1
      ? say`The listing cannot be taken. At ${first.pointer ?? "/"}: ${first.message}`
      : say`The listing cannot be taken. At ${first.pointer ?? "/"}: ${first.message} (and ${faults.length - 1} more)`,
    faults,
  );
}

function fault(pointer: string, message: Words, found: string, expected: Words): Fault {
  return { code: "listing.invalid", pointer, message, found, expected: String(expected) };
}

function checkTexts(texts: ListingInput["texts"], faults: Fault[]): ListingDocument["texts"] {
  const kept: [string, ListingTexts][] = [];
  for (const [locale, fields] of Object.entries(texts)) {
    const at = `/texts/${locale}`;
    const wrong =
      locale.length > LISTING_LIMITS.localeBytes
        ? say`at most ${LISTING_LIMITS.localeBytes} characters`
        : localeFault(locale);
    if (wrong !== undefined) {
      const found = locale.slice(0, LISTING_LIMITS.localeBytes);
      faults.push(
        fault("/texts", say`“${found}” is no language as it is written here: ${wrong}.`, found, wrong),
      );
      continue;
    }
    const said = Object.fromEntries(
      TEXT_FIELDS.flatMap((field) => {
        const text = fields[field] ?? "";
        return text === "" ? [] : [[field, checkText(text, field, `${at}/${field}`, faults)]];
      }),
    );
    if (Object.keys(said).length > 0) kept.push([locale, said]);
  }
  if (kept.length > LISTING_LIMITS.locales) {
    const expected = say`at most ${LISTING_LIMITS.locales} languages`;
    faults.push(fault("/texts", say`A listing has ${expected}.`, String(kept.length), expected));
  }
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkText(text: string, field: TextField, at: string, faults: Fault[]): string {
  if (field === "description") return checkDescription(text, at, faults);
  const most = field === "name" ? LISTING_LIMITS.nameCharacters : LISTING_LIMITS.summaryCharacters;
  const characters = [...text].length;
  const broken = textRuleBroken(text);
  // Neither may a name hide behind marks that nobody sees, see app-fields.ts.
  const isHidden = /[\p{Cs}\p{NChar}\u200E\u200F\u061C]/u.test(text);
  if (characters <= most && broken === undefined && !isHidden) return text;
  const expected =
    characters > most ? say`at most ${most} characters` : (broken?.expected ?? say`characters that are seen`);
  faults.push(fault(at, say`The text needs ${expected}.`, `${characters} characters`, expected));
  return text;
}

function checkDescription(text: string, at: string, faults: Fault[]): string {
  try {
    return checkNotes(text).trim();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const most = LISTING_LIMITS.descriptionCharacters;
    const isLong = error.code === "upload.notes_too_long";
    const expected = isLong
      ? say`at most ${most} characters`
      : say`no control characters but line feed and tab, and none that turn the direction of text`;
    const found = isLong
      ? `${[...text].length} characters`
      : (error.details[0]?.found ?? "another character");
    faults.push(fault(at, say`The text needs ${expected}.`, found, expected));
    return text;
  }
}

/** Letters and digits of any script, with hyphens between them. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:-[\p{L}\p{M}\p{N}]+)*$/u;

function checkTags(tags: readonly string[], faults: Fault[]): string[] {
  const kept = new Set<string>();
  for (const [at, typed] of tags.entries()) {
    const tag = typed.normalize("NFC").toLowerCase();
    const isFine =
      [...tag].length <= LISTING_LIMITS.tagCharacters && TAG.test(tag) && textRuleBroken(tag) === undefined;
    if (isFine) kept.add(tag);
    else {
      const found = typed.slice(0, LISTING_LIMITS.tagCharacters);
      const expected = say`letters, digits and hyphens between them, at most ${LISTING_LIMITS.tagCharacters}`;
      faults.push(fault(`/tags/${at}`, say`“${found}” is no tag: it needs ${expected}.`, found, expected));
    }
  }
  if (kept.size > LISTING_LIMITS.tags) {
    const expected = say`at most ${LISTING_LIMITS.tags} tags`;
    faults.push(fault("/tags", say`A listing has ${expected}.`, String(kept.size), expected));
  }
  return [...kept];
}

function checkLinks(links: ListingInput["links"], faults: Fault[]): ListingDocument["links"] {
  return Object.fromEntries(
    LINK_KINDS.flatMap((kind) => {
      const typed = (links[kind] ?? "").trim();
      if (typed === "") return [];
      const url = linkOf(typed);
      if (url !== null) return [[kind, url]];
      const expected = say`an https address without a password, of at most ${LISTING_LIMITS.linkCharacters} characters`;
      faults.push(fault(`/links/${kind}`, say`The link needs ${expected}.`, typed.slice(0, 100), expected));
      return [];
    }),
  );
}

/** As the URL standard writes it; null for what is no link that is taken. */
function linkOf(typed: string): string | null {
  if (typed.length > LISTING_LIMITS.linkCharacters || !URL.canParse(typed)) return null;
  const { protocol, username, password, hostname, href } = new URL(typed);
  const isFine = protocol === "https:" && username === "" && password === "" && hostname.includes(".");
  return isFine && href.length <= LISTING_LIMITS.linkCharacters ? href : null;
}
