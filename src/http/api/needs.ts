/** /api/v1/me/needs: what waits for who asks, as their dashboard shows it. */
import { type Static, Type } from "@sinclair/typebox";
import { type NeedsView, needsOf } from "../needs.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";
import { NEED } from "../schemas-needs.ts";

type Need = Static<typeof NEED>;
type Facts = { readonly what?: string; readonly count?: number; readonly at?: Date | null };

function need(kind: Need["kind"], path: string, { what, count, at }: Facts = {}): Need {
  return { kind, what: what ?? null, count: count ?? null, at: at?.toISOString() ?? null, path };
}

function storeNeeds(view: NeedsView): Need[] {
  const { auditDamagedAt, catalogueDamage, mailTrouble, revokedRelease, crowdedSignUp, unseenDevices } = view;
  const found: Need[] = [];
  if (auditDamagedAt !== null) found.push(need("audit_damaged", "/admin/audit", { at: auditDamagedAt }));
  if (catalogueDamage > 0)
    found.push(need("catalogue_damaged", "/docs/guides/administrator#backup", { count: catalogueDamage }));
  if (mailTrouble !== null) {
    const { refusal, count, since } = mailTrouble;
    const facts = { count, at: since };
    found.push(need("mail_failing", "/admin/outbox", refusal === null ? facts : { ...facts, what: refusal }));
  }
  if (revokedRelease !== null) found.push(need("release_key_revoked", "/admin/keys", revokedRelease));
  if (view.isBackupOpen) found.push(need("root_backup", "/admin/setup/root_key"));
  for (const { state, what, at } of view.keyWarnings)
    found.push(need(`store_key_${state === "warning" ? "ending" : state}`, "/admin/keys", { what, at }));
  if (crowdedSignUp !== null)
    found.push(
      need("sign_up_crowded", "/docs/guides/administrator#when-many-sign-up", {
        count: crowdedSignUp.waiting,
        at: crowdedSignUp.since,
      }),
    );
  if (view.deletionAt !== null) found.push(need("app_deletion", "/deletions", { at: view.deletionAt }));
  if (unseenDevices !== null)
    found.push(
      need("devices_unseen", `/devices?unseen=${unseenDevices.days}`, { count: unseenDevices.count }),
    );
  return found;
}

/** In the order in which the dashboard has them: the gravest first. */
export function needsJson(view: NeedsView): Need[] {
  const { review, reports, requests } = view;
  return [
    ...storeNeeds(view),
    ...view.endingKeys.map(({ kind, what, at, path }) =>
      need(kind === "signing_key" ? "signing_key_ending" : "api_key_ending", path, { what, at }),
    ),
    ...(review === null || review.waiting === 0
      ? []
      : [need("review_waiting", "/review", { count: review.waiting, at: review.oldestAt })]),
    ...(reports === null || reports.waiting === 0
      ? []
      : [need("reports_waiting", "/admin/reports", { count: reports.waiting, at: reports.oldestAt })]),
    ...(requests === null || requests.waiting === 0
      ? []
      : [
          need("organisation_requests_waiting", "/admin/organisation-requests", {
            count: requests.waiting,
            at: requests.oldestAt,
          }),
        ]),
    ...view.offers.map(({ appName, path, at }) => need("transfer_offered", path, { what: appName, at })),
    ...view.needs.map(({ kind, appId, appName, version, versionId, at }) =>
      need(`version_${kind}`, `/apps/${appId}/versions/${versionId}`, { what: `${appName} ${version}`, at }),
    ),
  ];
}

export const needsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/me/needs",
  access: "self.read",
  name: "listOwnNeeds",
  summary: "List what waits for oneself",
  description:
    "As the dashboard shows it, the gravest first: what of the store is wrong or ends soon, for those who look after it; keys of oneself and of one's organisations that end soon; the review queue, for reviewers; reports and requests for organisations, for who decides about them; apps that one's organisations are offered; and versions that wait for their developers. Of each kind there are at most twenty. A narrowed key is told of what it may read alone.",
  tag: "Accounts",
  replies: [
    {
      status: 200,
      description: "All of it: there are no further pages.",
      schema: record({ items: Type.Array(NEED) }),
    },
  ],
  errors: [],
  handle: ({ store, actor }) => json({ items: needsJson(needsOf(store, actor)) }),
});
