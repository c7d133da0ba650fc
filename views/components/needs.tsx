/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { IconName, PageContext } from "../page.ts";
import { StateBadge } from "./badge.tsx";
import { Card } from "./card.tsx";
import { LinkRow } from "./link-row.tsx";
import { DateOf, Time } from "./text.tsx";
import { type UnseenDevices, unseenHref, unseenText } from "./unseen.ts";

/** A version that waits for one of this person's organisations. */
export type Need = {
  readonly kind: "failed" | "rejected" | "draft" | "held";
  readonly appId: string;
  readonly appName: string;
  readonly versionId: string;
  readonly version: string;
  readonly at: Date;
};

/** A key that ends soon, or whose certificate has ended. */
export type EndingKey = {
  readonly kind: "signing_key" | "api_key" | "own_api_key";
  /** The name of an API key, the first digits of a signing key's fingerprint. */
  readonly what: string;
  /** Whose it is; null: one's own. */
  readonly organisation: string | null;
  readonly path: string;
  readonly at: Date;
  readonly ended: boolean;
};

/** An app that another organisation offers to one of this person's. */
export type Offer = {
  readonly appName: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** When the offer ends. */
  readonly at: Date;
};

type Queue = { readonly waiting: number; readonly oldestAt: Date | null };

export type NeedsProps = {
  /** Apps that wait for an answer, the first to end first. */
  readonly offers: readonly Offer[];
  /** Newest first; what is shown is all there is. */
  readonly needs: readonly Need[];
  /** Keys of this person and of their organisations that end soon, the first to end first. */
  readonly endingKeys: readonly EndingKey[];
  /** What of the store's keys ends before long or has ended; empty for those who do not look after them. */
  readonly keyWarnings: readonly {
    readonly what: string;
    readonly state: "warning" | "expired" | "overlong";
    readonly at: Date;
  }[];
  /** The release key in use, when it is revoked; null for those who do not look after the store's keys, too. */
  readonly revokedRelease: { readonly what: string; readonly at: Date } | null;
  /** That nobody said that the keys of the root are backed up; false for those who do not look after it, too. */
  readonly isBackupOpen: boolean;
  /** When a check found the audit log to be another one than was written; null: it did not, or it is not theirs to know. */
  readonly auditDamagedAt: Date | null;
  /** How many parts of the signed catalogue the database has not got as they were signed; 0 for those who do not look after it, too. */
  readonly catalogueDamage: number;
  /**
   * Since when no mail can be sent, how many messages wait, and the code with which the server refuses every message for good,
   * if that is why; null: it can, or it is not theirs to know.
   */
  readonly mailTrouble: {
    readonly since: Date;
    readonly count: number;
    readonly refusal: string | null;
  } | null;
  /**
   * Since when more people ask for an account than the store writes to, how many wait, and how many were not kept; null: they do
   * not, or it is not theirs to know.
   */
  readonly crowdedSignUp: { readonly since: Date; readonly waiting: number; readonly lost: number } | null;
  /** Devices that have not come for long; null: there are none, or it is not theirs to look after them. */
  readonly unseenDevices: UnseenDevices | null;
  /** When the first of the apps that are being deleted, and that one sees, is gone; null: there are none. */
  readonly deletionAt: Date | null;
  /** The review queue; null for those who do not review. */
  readonly review: Queue | null;
  /** What people report; null for those who do not decide about it. */
  readonly reports: Queue | null;
  /** The organisations that people ask for; null for those who do not decide about them. */
  readonly requests: Queue | null;
};

/** What of the store and of one's versions waits for somebody, the gravest first. */
export function Needs(props: { ctx: PageContext } & NeedsProps): JSX.Element {
  const { ctx } = props;
  const rows = [
    ...storeRows(ctx, props),
    ...props.endingKeys.map((key) => endingRow(ctx, key)),
    ...queueRows(ctx, "queue", props.review),
    ...queueRows(ctx, "reports", props.reports),
    ...queueRows(ctx, "requests", props.requests),
    ...props.offers.map((offer) => offerRow(ctx, offer)),
    ...props.needs.map((need) => versionRow(ctx, need)),
  ];
  if (rows.length === 0) return <></>;
  return (
    <Card title={ctx.t("dashboard.needs")} count={{ ctx, value: rows.length }} flush>
      <ul class="list">{rows}</ul>
    </Card>
  );
}

/** Something about the store, with the page that says more; `at` is since when, or until. */
function storeRow(ctx: PageContext, href: string, icon: IconName, title: string, at?: Date): JSX.Element {
  const side =
    at === undefined ? undefined : (
      <span class="link-side meta">
        <Time ctx={ctx} at={at} />
      </span>
    );
  return <LinkRow ctx={ctx} href={href} icon={icon} title={title} side={side} />;
}

function storeRows(ctx: PageContext, props: NeedsProps): JSX.Element[] {
  const { auditDamagedAt, catalogueDamage, mailTrouble, revokedRelease, keyWarnings } = props;
  const { crowdedSignUp, unseenDevices } = props;
  const { t } = ctx;
  const rows: JSX.Element[] = [];
  if (auditDamagedAt !== null)
    rows.push(storeRow(ctx, "/admin/audit", "error", t("dashboard.audit_damaged"), auditDamagedAt));
  if (catalogueDamage > 0) {
    const title = t("dashboard.catalogue_damaged", { count: catalogueDamage });
    rows.push(storeRow(ctx, "/docs/guides/administrator#backup", "error", title));
  }
  if (mailTrouble !== null) {
    const { since, count, refusal } = mailTrouble;
    const title =
      refusal === null
        ? t("dashboard.mail_failing", { count })
        : t("dashboard.mail_refused", { answer: refusal });
    rows.push(storeRow(ctx, "/admin/outbox", "error", title, since));
  }
  if (revokedRelease !== null) {
    const title = t("dashboard.key_revoked", { what: revokedRelease.what });
    rows.push(storeRow(ctx, "/admin/keys", "error", title, revokedRelease.at));
  }
  if (props.isBackupOpen)
    rows.push(storeRow(ctx, "/admin/setup/root_key", "alert", t("dashboard.root_backup")));
  for (const { what, state, at } of keyWarnings) {
    const [icon, title] =
      state === "expired"
        ? (["error", t("dashboard.key_expired", { what })] as const)
        : ([
            "alert",
            t(state === "overlong" ? "dashboard.key_overlong" : "dashboard.key_warning", { what }),
          ] as const);
    rows.push(storeRow(ctx, "/admin/keys", icon, title, at));
  }
  if (crowdedSignUp !== null) {
    const { since, waiting, lost } = crowdedSignUp;
    const title = t("dashboard.sign_up_crowded", { waiting, lost });
    rows.push(storeRow(ctx, "/docs/guides/administrator#when-many-sign-up", "alert", title, since));
  }
  if (props.deletionAt !== null)
    rows.push(storeRow(ctx, "/deletions", "delete", t("dashboard.deletions"), props.deletionAt));
  if (unseenDevices !== null)
    rows.push(storeRow(ctx, unseenHref(unseenDevices), "alert", unseenText(ctx, unseenDevices)));
  return rows;
}

/** Where each is, and what stands for it. */
const QUEUES = {
  queue: ["/review", "review"],
  reports: ["/admin/reports", "report"],
  requests: ["/admin/organisation-requests", "organisation"],
} as const satisfies Record<string, readonly [href: string, icon: IconName]>;

function queueRows(ctx: PageContext, which: keyof typeof QUEUES, queue: Queue | null): JSX.Element[] {
  if (queue === null || queue.waiting === 0) return [];
  const { waiting: count, oldestAt } = queue;
  const [href, icon] = QUEUES[which];
  const side =
    oldestAt === null ? undefined : (
      <span class="link-side meta">
        <span>
          <span safe>{ctx.t("dashboard.queue_oldest")}</span> <Time ctx={ctx} at={oldestAt} />
        </span>
      </span>
    );
  return [
    <LinkRow ctx={ctx} href={href} icon={icon} title={ctx.t(`dashboard.${which}`, { count })} side={side} />,
  ];
}

function endingRow(ctx: PageContext, { kind, what, organisation, path, at, ended }: EndingKey): JSX.Element {
  const key = kind === "signing_key" && ended ? "signing_key_ended" : (`${kind}_ending` as const);
  return (
    <LinkRow
      ctx={ctx}
      href={path}
      icon={ended ? "error" : "alert"}
      title={ctx.t(`need.${key}`, { what, organisation: organisation ?? "" })}
      side={
        <span class="link-side meta">
          <Time ctx={ctx} at={at} />
        </span>
      }
    />
  );
}

function offerRow(ctx: PageContext, { appName, from, to, path, at }: Offer): JSX.Element {
  return (
    <LinkRow
      ctx={ctx}
      href={path}
      icon="organisation"
      title={ctx.t("need.offer", { app: appName, from, to })}
      side={
        <span class="link-side meta">
          <span>
            <span safe>{ctx.t("need.offer_ends")}</span> <DateOf ctx={ctx} at={at} />
          </span>
        </span>
      }
    />
  );
}

const VERSION_ICONS = {
  failed: "error",
  rejected: "review",
  draft: "submit",
  held: "publish",
} as const satisfies Record<Need["kind"], IconName>;

function versionRow(ctx: PageContext, need: Need): JSX.Element {
  const { kind, appId, versionId } = need;
  return (
    <LinkRow
      ctx={ctx}
      href={`/apps/${appId}/versions/${versionId}`}
      icon={VERSION_ICONS[kind]}
      title={ctx.t(`need.${kind}`, { app: need.appName, version: need.version })}
      named
      side={
        <span class="link-side">
          <StateBadge ctx={ctx} state={kind} />
          <span class="meta need-time">
            <Time ctx={ctx} at={need.at} />
          </span>
        </span>
      }
    />
  );
}
