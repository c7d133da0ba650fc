/** The name of an organisation on a page, and its page for who may open that. */
import type { NamedOrganisation } from "../../../views/components/organisation.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import type { OrganisationId } from "../../ids.ts";

export function organisationLink(
  actor: Actor,
  { id, name }: { readonly id: OrganisationId; readonly name: string },
): NamedOrganisation {
  const opens = allows(actor, "organisation.read", { organisationId: id });
  return { name, href: opens ? `/organisations/${id}/members` : null };
}

/** The same of the organisation that owns an app, or asks for something. */
export function ownerLink(
  actor: Actor,
  app: { readonly organisationId: OrganisationId; readonly organisationName: string },
): NamedOrganisation {
  return organisationLink(actor, { id: app.organisationId, name: app.organisationName });
}
