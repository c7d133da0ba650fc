/** Taking a person's name and address out of what was written to others. Pure. */

export type Mentions = {
  readonly names: readonly string[];
  /** Addresses, as they were typed or in lower case. */
  readonly emails: readonly string[];
};

/**
 * The text without them: `Ada Lovelace <ada@example.org>` becomes what stands in their place, and so does an address that stands
 * alone. A name alone may be anybody's and stays.
 */
export function withoutMentions(text: string, { names, emails }: Mentions, instead: string): string {
  let left = text;
  for (const email of byLength(emails)) {
    const address = escaped(email);
    const named = byLength(names).map(escaped).join("|");
    if (named !== "") left = left.replace(new RegExp(`(?:${named}) <${address}>`, "giu"), () => instead);
    left = left.replace(
      new RegExp(`(?<![\\p{L}\\p{N}._%+-])${address}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`, "giu"),
      () => instead,
    );
  }
  return left;
}

/** The longest first, so that none is taken for a part of another. */
function byLength(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => b.length - a.length);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\\-/g, "-");
}
