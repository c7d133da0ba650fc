/** Reads what a store answered: the fields that commands rely on are checked, all others are passed on as they came. */

import { Problem } from "../errors.ts";
import type { FindingPlace } from "../format/findings.ts";

export type Fields = Readonly<Record<string, unknown>>;

export type VersionAnswer = {
  readonly id: string;
  readonly appId: string;
  readonly versionCode: number;
  readonly version: string;
  readonly state: string;
  readonly stateChangedAt: string;
  readonly uploadSha256: string;
  readonly notes: string;
  /** In other languages, by their tags; of a store that knows none, none. */
  readonly translatedNotes: Readonly<Record<string, string>>;
  readonly hold: boolean;
  readonly isSubmitted: boolean;
  readonly revision: number;
  readonly queuePosition: number | null;
  readonly reason: string | null;
  /** Why it is yanked; null: it is not. */
  readonly yanked: string | null;
  /** All that the store said. */
  readonly raw: unknown;
};

export type FindingAnswer = FindingPlace & {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
};

export function readVersionAnswer(json: unknown): VersionAnswer {
  const fields = object(json, "the version");
  const review = fields.review;
  return {
    id: text(fields, "id"),
    appId: text(fields, "appId"),
    versionCode: number(fields, "versionCode"),
    version: text(fields, "version"),
    state: text(fields, "state"),
    stateChangedAt: text(fields, "stateChangedAt"),
    uploadSha256: text(fields, "uploadSha256"),
    notes: text(fields, "notes"),
    translatedNotes: textsOf(fields.translatedNotes),
    hold: fields.hold === true,
    isSubmitted: typeof fields.submittedAt === "string",
    revision: number(fields, "revision"),
    queuePosition: typeof fields.queuePosition === "number" ? fields.queuePosition : null,
    reason: typeof review === "object" && review !== null ? text(object(review, "review"), "reason") : null,
    yanked:
      typeof fields.yanked === "object" && fields.yanked !== null
        ? text(object(fields.yanked, "what it is yanked for"), "reason")
        : null,
    raw: json,
  };
}

function textsOf(json: unknown): Readonly<Record<string, string>> {
  if (json === undefined) return {};
  const fields = object(json, "the notes in other languages");
  return Object.fromEntries(Object.keys(fields).map((tag) => [tag, text(fields, tag)]));
}

export function readFindingAnswer(json: unknown): FindingAnswer {
  const fields = object(json, "a finding");
  return {
    code: text(fields, "code"),
    severity: text(fields, "severity"),
    message: text(fields, "message"),
    ...maybe(fields, "entry"),
    ...maybe(fields, "pointer"),
    ...maybe(fields, "found"),
    ...maybe(fields, "expected"),
    ...(typeof fields.offset === "number" ? { offset: fields.offset } : {}),
  };
}

export type PageAnswer<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export function readPage<Item>(json: unknown, readItem: (json: unknown) => Item): PageAnswer<Item> {
  const fields = object(json, "the list");
  const items = fields.items;
  if (!Array.isArray(items)) throw unexpected("items");
  const cursor = fields.nextCursor;
  return { items: items.map(readItem), nextCursor: typeof cursor === "string" ? cursor : null };
}

export function object(json: unknown, what: string): Fields {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Fields;
  throw unexpected(what);
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw unexpected(name);
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === "number") return value;
  throw unexpected(name);
}

function maybe<Name extends string>(fields: Fields, name: Name): { readonly [K in Name]?: string } {
  const value = fields[name];
  return typeof value === "string" ? ({ [name]: value } as { [K in Name]: string }) : {};
}

export function unexpected(what: string): Problem {
  return new Problem(
    "unreachable",
    "client.unexpected_answer",
    `The store's answer is not what this version of mosis expects (${what}). Compare mosis --version with the store's.`,
  );
}
