/**
 * The patterns by which a role of the catalogue delegates paths, documented in assets/docs/reference/catalogue.md. Libraries of
 * TUF take whatever their matcher of file names takes, which costs some of them a time without an end. Pure.
 */

const PATTERN_MAX_CHARACTERS = 256;

/** As many patterns and prefixes of hashes as one file of metadata may have, and all of a catalogue's together. */
export const MOST_DELEGATED_PATHS = { file: 512, catalogue: 1024 } as const;

/**
 * With at most one star in a segment no matcher has to try anything twice. Matchers differ in whether a star gives a name
 * that is empty or begins with a dot; no segment of these patterns gives one.
 */
export function isPattern(text: string): text is string {
  return text.length <= PATTERN_MAX_CHARACTERS && text.split("/").every(isSegment);
}

const isSegment = (segment: string): boolean => /^(?!\.|$)[A-Za-z0-9._-]*\*?[A-Za-z0-9._-]*$/.test(segment);

/** Of a path's names, between its slashes, whether a pattern has them. */
export type Matcher = (names: readonly string[]) => boolean;

/** Of a pattern that `isPattern` takes. The library's own matcher, with the same answers, makes each pattern anew for each path. */
export function matcherOf(pattern: string): Matcher {
  const segments = pattern.split("/").map((segment) => segment.split("*"));
  return (names) =>
    names.length === segments.length &&
    names.every((name, index) => {
      const [before = "", after] = segments[index] ?? [];
      return after === undefined ? name === before : isAround(name, before, after);
    });
}

function isAround(name: string, before: string, after: string): boolean {
  return (
    /^[^.]/.test(name) &&
    name.length >= before.length + after.length &&
    name.startsWith(before) &&
    name.endsWith(after)
  );
}
