/**
 * The patterns by which a role of the catalogue delegates paths, documented in assets/docs/reference/catalogue.md. Libraries of
 * TUF take whatever their matcher of file names takes, which costs some of them a time without an end. Pure.
 */

const PATTERN_MAX_CHARACTERS = 256;
/** What a path costs is the product of patterns and names. A store's own paths have three. */
const PATTERN_MAX_NAMES = 16;

/** As many patterns and prefixes of hashes as one file of metadata may have, and all of a catalogue's together. */
export const MOST_DELEGATED_PATHS = { file: 512, catalogue: 1024 } as const;

/**
 * With at most one star in a segment no matcher has to try anything twice. Matchers differ in whether a star gives a name
 * that is empty or begins with a dot; no segment of these patterns gives one.
 */
export function isPattern(text: string): text is string {
  const segments = text.split("/");
  return (
    text.length <= PATTERN_MAX_CHARACTERS && segments.length <= PATTERN_MAX_NAMES && segments.every(isSegment)
  );
}

const isSegment = (segment: string): boolean => /^(?!\.|$)[A-Za-z0-9._-]*\*?[A-Za-z0-9._-]*$/.test(segment);

/** Of a path's names, between its slashes, whether a pattern has them. */
export type Matcher = (names: readonly string[]) => boolean;

/** Of a pattern that `isPattern` takes. The library's own matcher, with the same answers, makes each pattern anew for each path. */
export function matcherOf(pattern: string): Matcher {
  const segments = pattern.split("/").map((segment): Segment => {
    const [before = "", after] = segment.split("*");
    return after === undefined ? { name: before } : { name: null, before, after };
  });
  // By hand: a catalogue asks millions of times.
  return (names) => {
    if (names.length !== segments.length) return false;
    for (let index = 0; index < names.length; index++)
      if (!isOf(names[index] ?? "", segments[index] as Segment)) return false;
    return true;
  };
}

type Segment =
  | { readonly name: string }
  | { readonly name: null; readonly before: string; readonly after: string };

const DOT = ".".charCodeAt(0);

function isOf(name: string, segment: Segment): boolean {
  if (segment.name !== null) return name === segment.name;
  const { before, after } = segment;
  return (
    name !== "" &&
    name.charCodeAt(0) !== DOT &&
    name.length >= before.length + after.length &&
    name.startsWith(before) &&
    name.endsWith(after)
  );
}
