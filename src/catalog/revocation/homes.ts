/**
 * In whose signed list something that is revoked stands. The public list names what is public, or ever was; an app, a
 * developer or a package that only audiences were told of stands in the lists of those, past ones among them; what nobody
 * was ever told of, in none: the store itself publishes nothing of it until that is lifted. Keys and certificates are
 * digests that name nobody, and stand in the public list, which every device reads.
 */
import type { Tx } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type OrganisationId, type Sha256 } from "../../ids.ts";
import {
  type AppAudience,
  selectAppAudiences,
  selectAudiencesOfOrganisation,
  selectPublishedWith,
} from "../visibility/records.ts";
import type { RevocationChange, Target } from "./change.ts";

type Homes = readonly Audience[];

/** Whoever reads an audience's catalogue reads the public one first. */
function withoutTwice(audiences: readonly Audience[]): Homes {
  return audiences.includes(EVERYBODY) ? [EVERYBODY] : [...new Set(audiences)].sort();
}

export function homesOfApp(audiences: readonly AppAudience[]): Homes {
  return withoutTwice(audiences.flatMap(({ audience, toldAt }) => (toldAt === null ? [] : [audience])));
}

/** Of a version that was published at that time: whoever had left the app by then knows nothing of it. */
export function homesOfVersion(audiences: readonly AppAudience[], publishedAt: Date): Homes {
  return homesOfApp(audiences.filter(({ leftAt }) => leftAt === null || leftAt >= publishedAt));
}

export function homesOf(tx: Tx, { subject, id }: Target): Homes {
  switch (subject) {
    case "key":
    case "certificate":
      return [EVERYBODY];
    case "app":
      return homesOfApp(selectAppAudiences(tx, id as AppId));
    case "developer":
      return withoutTwice(selectAudiencesOfOrganisation(tx, id as OrganisationId, null));
    case "package":
      return withoutTwice(
        selectPublishedWith(tx, id as Sha256).flatMap(({ appId, publishedAt }) =>
          homesOfVersion(selectAppAudiences(tx, appId), publishedAt),
        ),
      );
  }
}

/** Of a developer, once this app is shown to these. */
export function homesOfDeveloper(
  tx: Tx,
  organisationId: OrganisationId,
  app: { readonly id: AppId; readonly audiences: readonly AppAudience[] },
): Homes {
  return withoutTwice([
    ...selectAudiencesOfOrganisation(tx, organisationId, app.id),
    ...homesOfApp(app.audiences),
  ]);
}

function targetOf(change: RevocationChange): Target {
  return change.act === "lowest-version" ? { subject: "app", id: change.appId } : change;
}

/** The public list, and those of audiences that may know of what an act is about. */
export function concernedLists(tx: Tx, change: RevocationChange): readonly Audience[] {
  return [...new Set<Audience>([EVERYBODY, ...homesOf(tx, targetOf(change))])];
}
