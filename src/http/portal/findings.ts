import type { Finding } from "../../../views/page.ts";
import type { FindingView, VersionView } from "../../catalog/views.ts";

/**
 * A finding with the place in the docs that explains its code, and where its file is shown.
 * @param version Null where its package cannot be looked into
 */
export function findingOf(
  { check: _, ...finding }: FindingView,
  version: Pick<VersionView, "appId" | "id" | "contentDigest"> | null,
): Finding {
  return { ...finding, docsHref: `/docs/errors#${finding.code}`, entryHref: entryHref(finding, version) };
}

function entryHref(
  { entry, offset }: Pick<FindingView, "entry" | "offset">,
  version: Pick<VersionView, "appId" | "id" | "contentDigest"> | null,
): string | null {
  if (entry === null || version === null || version.contentDigest === null) return null;
  const query = new URLSearchParams({ path: entry, ...(offset === null ? {} : { offset: String(offset) }) });
  return `/apps/${version.appId}/versions/${version.id}/files/view?${query}${offset === null ? "" : "#found"}`;
}
