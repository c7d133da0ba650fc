/** What is in force about an app or a version, for the pages of those who may see it. */
import type { Store } from "../../context.ts";
import type { AppId, OrganisationId, VersionId } from "../../ids.ts";
import * as catalog from "../records.ts";
import { lowestCode, type RevocationView, revocationOf, UNREAD } from "./in-force.ts";

type Reader = Pick<Store, "db">;

export type Standing = {
  /** The gravest that names it in any way; null when none does. */
  readonly revocation: Pick<RevocationView, "subject" | "action" | "reason" | "revokedAt"> | null;
  /** The lowest version code of the app that devices may have; null when every one is allowed. */
  readonly lowest: number | null;
};

/** By the app itself or its developer. */
export function appStanding(
  { db }: Reader,
  app: { readonly id: AppId; readonly organisationId: OrganisationId },
): Standing {
  const { organisationId } = app;
  return standing(db.orm, app.id, revocationOf(db.orm, { ...UNREAD, appId: app.id, organisationId }));
}

/** By anything that it can be named by. */
export function versionStanding({ db }: Reader, id: VersionId): Standing {
  const row = catalog.findVersion(db.orm, id);
  const app = row && catalog.findApp(db.orm, row.appId);
  if (!row || !app) return { revocation: null, lowest: null };
  const { organisationId } = app;
  return standing(db.orm, row.appId, revocationOf(db.orm, { ...row, organisationId }));
}

function standing(tx: Store["db"]["orm"], appId: AppId, found: RevocationView | null): Standing {
  const lowest = lowestCode(tx, appId);
  return {
    revocation: found && {
      subject: found.subject,
      action: found.action,
      reason: found.reason,
      revokedAt: found.revokedAt,
    },
    lowest: lowest === 1 ? null : lowest,
  };
}
