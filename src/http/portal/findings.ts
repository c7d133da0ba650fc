import type { Finding, FindingMeaning } from "../../../views/page.ts";
import type { FindingView, VersionView } from "../../catalog/views.ts";
import { REMEDIES } from "../../docs/remedies.ts";
import { FINDING_CODES } from "../../format/findings.ts";
import { CHECK_CODES } from "../../review/codes.ts";
import { sayText } from "../../say.ts";

/** What a code stands for, by the tables of the program alone: nothing of it comes from the package. */
const MEANINGS: ReadonlyMap<string, FindingMeaning> = new Map(
  Object.entries({ ...FINDING_CODES, ...CHECK_CODES }).map(([code, { title, explanation }]) => [
    code,
    {
      title: sayText(title),
      explanation: sayText(explanation),
      remedy: sayText(REMEDIES[code as keyof typeof REMEDIES]),
    },
  ]),
);

/** Null for a code that is of no check. */
export const meaningOf = (code: string): FindingMeaning | null => MEANINGS.get(code) ?? null;

/**
 * A finding with what its code means, the place in the docs that says so, and where its file is shown. A code that is no more has no
 * meaning.
 * @param version Null where its package cannot be looked into
 */
export function findingOf(
  { check: _, ...finding }: FindingView,
  version: Pick<VersionView, "appId" | "id" | "contentDigest"> | null,
): Finding {
  return {
    ...finding,
    meaning: meaningOf(finding.code),
    docsHref: `/docs/errors#${finding.code}`,
    entryHref: entryHref(finding, version),
  };
}

function entryHref(
  { entry, offset }: Pick<FindingView, "entry" | "offset">,
  version: Pick<VersionView, "appId" | "id" | "contentDigest"> | null,
): string | null {
  if (entry === null || version === null || version.contentDigest === null) return null;
  const query = new URLSearchParams({ path: entry, ...(offset === null ? {} : { offset: String(offset) }) });
  return `/apps/${version.appId}/versions/${version.id}/files/view?${query}${offset === null ? "" : "#found"}`;
}
