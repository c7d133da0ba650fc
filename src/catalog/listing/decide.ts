/** What an act about how an app stands in the store makes of its row. Pure. */
import type { AppRow } from "../records.ts";

export type ListingAct = "unlist" | "relist" | "deprecate" | "undeprecate";

export type Deprecation = { readonly text: string; readonly instead: AppRow["id"] | null };

export type ListingChange =
  | { readonly act: "unlist" | "relist" | "undeprecate" }
  | { readonly act: "deprecate"; readonly said: Deprecation };

type Standing = Pick<AppRow, "unlistedAt" | "deprecatedAt" | "deprecatedText" | "deprecatedInstead">;

/** The columns afterwards; null: it is so already. */
export function decideListing(row: Standing, change: ListingChange, now: Date): Standing | null {
  const { unlistedAt, deprecatedAt, deprecatedText, deprecatedInstead } = row;
  const before: Standing = { unlistedAt, deprecatedAt, deprecatedText, deprecatedInstead };
  switch (change.act) {
    case "unlist":
      return unlistedAt === null ? { ...before, unlistedAt: now } : null;
    case "relist":
      return unlistedAt === null ? null : { ...before, unlistedAt: null };
    case "undeprecate":
      return deprecatedAt === null
        ? null
        : { ...before, deprecatedAt: null, deprecatedText: null, deprecatedInstead: null };
    case "deprecate": {
      const { text, instead } = change.said;
      if (deprecatedAt !== null && deprecatedText === text && deprecatedInstead === instead) return null;
      return {
        ...before,
        deprecatedAt: deprecatedAt ?? now,
        deprecatedText: text,
        deprecatedInstead: instead,
      };
    }
  }
}
