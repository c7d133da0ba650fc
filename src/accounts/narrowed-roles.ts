/** Roles in an organisation that are narrowed to some of its apps: which may be named, and what becomes of them when an app goes. */

import type { AuditAuthor, AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { type AppId, isAppId, type OrganisationId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { ownersOfApps } from "./api-keys/records.ts";
import { markForRenewal } from "./factors/records.ts";
import { narrowedTo, setMembershipApps } from "./memberships.records.ts";

/** A list that is compared with each request stays short. */
export const MOST_ROLE_APPS = 100;

/**
 * The apps in the order of the alphabet, each once; null: the role is of the whole organisation. An empty list is one of no
 * app.
 * @throws Problem `member.apps` for an owner, for too many, and for what is no app of the organisation
 */
export function checkRoleApps(
  tx: Tx,
  organisationId: OrganisationId,
  role: OrganisationRole,
  asked: readonly string[] | null,
): readonly AppId[] | null {
  if (asked === null) return null;
  if (role === "owner") throw appsInvalid("An owner is one of the whole organisation: leave the apps out.");
  const wanted = [...new Set(asked)].sort();
  if (wanted.length > MOST_ROLE_APPS)
    throw appsInvalid(`A role is narrowed to at most ${MOST_ROLE_APPS} apps, found ${wanted.length}.`);
  const ids = wanted.filter(isAppId);
  const theirs = ownIds(tx, organisationId, ids);
  const strange = wanted.find((id) => !isAppId(id) || !theirs.has(id));
  if (strange === undefined) return ids;
  throw appsInvalid(`The organisation has no app ${JSON.stringify(strange.slice(0, 128))}.`);
}

export function appsInvalid(message: string): Problem {
  return new Problem("unprocessable", "member.apps", message, [
    { code: "member.apps", pointer: "/apps", message },
  ]);
}

/** Without what is the organisation's no more. */
export function stillOwn(
  tx: Tx,
  organisationId: OrganisationId,
  apps: readonly AppId[] | null,
): readonly AppId[] | null {
  if (apps === null) return null;
  const theirs = ownIds(tx, organisationId, apps);
  return apps.filter((id) => theirs.has(id));
}

function ownIds(tx: Tx, organisationId: OrganisationId, ids: readonly AppId[]): ReadonlySet<AppId> {
  return new Set(
    ownersOfApps(tx, ids)
      .filter((app) => app.organisationId === organisationId)
      .map(({ id }) => id),
  );
}

/** When an app leaves the organisation: whoever was there for it is so no more. Theirs may become a role for no app at all. */
export function forgetAppInRoles(
  tx: Tx,
  author: AuditAuthor,
  organisationId: OrganisationId,
  appId: AppId,
  now: Date,
): void {
  for (const { accountId, role, apps } of narrowedTo(tx, organisationId, appId)) {
    const left = (apps ?? []).filter((id) => id !== appId);
    setMembershipApps(tx, organisationId, accountId, left);
    markForRenewal(tx, accountId, author.via);
    const subject = { type: "account", id: accountId } as const;
    const change: AuditChange = {
      action: "member.role",
      subject,
      organisationId,
      before: { role, ...ofApps(apps) },
      after: { role, ...ofApps(left) },
    };
    recordChange(tx, author, change, now);
  }
}

/** For the audit log: what a role is narrowed to, where it is. */
export function ofApps(apps: readonly AppId[] | null | undefined): { readonly apps?: string } {
  return apps === null || apps === undefined ? {} : { apps: apps.join(" ") };
}
