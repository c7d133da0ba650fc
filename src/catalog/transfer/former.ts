/** Whose an app was before it was given to the organisation that it is of now: its signed index names them. */
import type { Tx } from "../../db/database.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { formerOwners } from "./records.ts";

/** Of an app that is given to another organisation with the very plan: whose it was until then. */
export type Moved = { readonly movedFrom?: OrganisationId };

/** The one of long ago first; an organisation that got it back is none of them. */
export function formerDevelopers(
  tx: Tx,
  app: { readonly id: AppId; readonly organisationId: OrganisationId } & Moved,
): readonly OrganisationId[] {
  const before = formerOwners(tx, app.id).filter((id) => id !== app.movedFrom);
  const all = app.movedFrom === undefined ? before : [...before, app.movedFrom];
  return all.filter((id) => id !== app.organisationId);
}
