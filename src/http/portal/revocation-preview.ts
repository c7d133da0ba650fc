/** The second step of revoking as a page has it: for administrators, and for owners of a key. */
import type { ActValues } from "../../../views/pages/revoke.tsx";
import type { Counts, RevokePreviewProps } from "../../../views/pages/revoke-preview.tsx";
import type { Actor } from "../../accounts/actor.ts";
import type { Preview } from "../../catalog/revocation/preview.ts";
import { digitsText } from "../../signing/keys.ts";
import { encodeCursor } from "../cursor.ts";
import { PREVIEW_LIST } from "../revocation-answers.ts";
import { organisationLink, ownerLink } from "./organisation-link.ts";

export { PREVIEW_LIST };

export function previewProps(
  actor: Actor,
  values: ActValues,
  preview: Preview,
  stale: Counts | null,
): RevokePreviewProps {
  const { known, change, before, returns, affected, installed, versions } = preview;
  return {
    values,
    known: { ...known, id: digitsText(known.id), organisation: calledBy(actor, known) },
    before,
    lowestBefore: preview.lowestBefore,
    returns,
    affected,
    offeredAgain: preview.offeredAgain,
    staysOut: preview.staysOut,
    lineages: change.act === "revoke" && known.isRelease ? preview.lineages : null,
    fetches: preview.fetches,
    installed: installed.known ? { devices: installed.devices, since: installed.reportedSince } : null,
    waiting: returns ? null : known.isRelease ? "signed" : "withdrawn",
    versions: versions.items.map(({ versionId, organisationId, organisationName, versionCode, ...row }) => ({
      ...row,
      id: versionId,
      organisation: ownerLink(actor, { organisationId, organisationName }),
      code: versionCode,
    })),
    nextCursor: versions.nextCursor === null ? null : encodeCursor(PREVIEW_LIST, versions.nextCursor),
    scope: preview.scope,
    stale,
  };
}

/** Keys and certificates are called by whose they are. */
export function calledBy(
  actor: Actor,
  {
    subject,
    label,
    organisationId,
  }: Pick<Preview["known"], "subject" | "organisationId"> & { label: string | null },
) {
  const isOrganisation = subject === "developer" || subject === "key" || subject === "certificate";
  if (!isOrganisation || organisationId === null || label === null || label === "") return null;
  return organisationLink(actor, { id: organisationId, name: label });
}

/** `apps versions published waiting`, as the page showed them. */
export function seenCounts(text: string): Counts {
  const [apps = 0, versions = 0, published = 0, waiting = 0] = /^\d{1,9}( \d{1,9}){3}$/.test(text)
    ? text.split(" ").map(Number)
    : [];
  return { apps, versions, published, waiting };
}
