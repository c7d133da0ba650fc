/** Language tags (RFC 5646). */

const LANGUAGE = "(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})";
const VARIANT = "(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})";
const EXTENSION = "(?:[0-9a-wyz](?:-[a-z0-9]{2,8})+)";
const PRIVATE_USE = "(?:x(?:-[a-z0-9]{1,8})+)";

/** RFC 5646 §2.1 `langtag`, in lower case: neither private-use only nor one of the irregular grandfathered tags. */
const LANGTAG = new RegExp(
  `^${LANGUAGE}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-${VARIANT})*(?:-${EXTENSION})*(?:-${PRIVATE_USE})?$`,
);

/** RFC 5646 §2.1 `regular`: grandfathered tags that look like any other. */
const GRANDFATHERED: ReadonlySet<string> = new Set([
  "art-lojban",
  "cel-gaulish",
  "no-bok",
  "no-nyn",
  "zh-guoyu",
  "zh-hakka",
  "zh-min",
  "zh-min-nan",
  "zh-xiang",
]);

/** RFC 5646 §2.1.1: lower case, but for regions (upper) and scripts (title) before the first singleton. */
function canonicalCase(tag: string): string {
  let afterSingleton = false;
  return tag
    .toLowerCase()
    .split("-")
    .map((subtag, index) => {
      afterSingleton ||= subtag.length === 1;
      if (index === 0 || afterSingleton) return subtag;
      if (subtag.length === 2) return subtag.toUpperCase();
      // A variant of four starts with a digit, which has no other case.
      return subtag.length === 4 ? subtag.charAt(0).toUpperCase() + subtag.slice(1) : subtag;
    })
    .join("-");
}

/**
 * What is wrong with a locale, or undefined: a well-formed RFC 5646 tag (§2.2.9) in canonical case,
 * neither grandfathered nor private-use only. Deprecated or repeated subtags are well-formed (§2.2.9 calls them not valid): no
 * registry is needed to judge. That it has at most 35 bytes, the manifest's schema says.
 */
export function localeFault(tag: string): string | undefined {
  const lower = tag.toLowerCase();
  if (!LANGTAG.test(lower)) return "a well-formed RFC 5646 tag";
  if (GRANDFATHERED.has(lower)) return "a tag that is not grandfathered";
  const canonical = canonicalCase(tag);
  return canonical === tag ? undefined : canonical;
}
