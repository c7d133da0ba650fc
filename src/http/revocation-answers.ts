/** What the API answers about an act before it is done: of an administrator, and of an owner about a key. */
import type { Preview } from "../catalog/revocation/preview.ts";
import { pageAnswer } from "./cursor.ts";

/** The list that cursors of a preview belong to. */
export const PREVIEW_LIST = "revocation-preview";

export function previewAnswer({ known, versions, installed, fetches, ...rest }: Preview) {
  const { before, lowestBefore, returns, affected, offeredAgain, staysOut, lineages, scope } = rest;
  const { subject, id, label, organisationId } = known;
  return {
    subject,
    id,
    label,
    organisationId,
    before,
    lowestBefore,
    returns,
    affected,
    offeredAgain,
    staysOut,
    lineages,
    installed: { devices: null, reportedSince: null, ...installed },
    fetches,
    versions: pageAnswer(PREVIEW_LIST, versions, (version) => version),
    scope,
  };
}
