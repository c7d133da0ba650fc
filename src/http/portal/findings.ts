import type { Finding } from "../../../views/page.ts";
import type { FindingView } from "../../catalog/views.ts";

/** A finding with the place in the docs that explains its code. */
export function findingOf({ check: _, ...finding }: FindingView): Finding {
  return { ...finding, docsHref: `/docs/errors#${finding.code}` };
}
