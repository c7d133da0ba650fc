/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { isBusy, StateBadge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { type CheckRow, ChecksCard } from "../components/checks.tsx";
import { FindingsCard } from "../components/findings.tsx";
import { Live } from "../components/live.tsx";
import { HostsCard, PermissionsCard } from "../components/manifest.tsx";
import { NotesCard, type NotesIn } from "../components/notes.tsx";
import { Notice } from "../components/notice.tsx";
import { type PublishedFrom, PublishedFromCard } from "../components/published-from.tsx";
import { isAllowed, RevokeCard, type Standing, StandingNotice } from "../components/standing.tsx";
import { History, type StateEvent, Steps } from "../components/steps.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { type VersionAction, VersionActions } from "../components/version-actions.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { Finding, PageContext, Permission, VersionState } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";
import { revokeHref } from "./revocations.tsx";

export type VersionProps = {
  readonly app: TabbedApp & { readonly iconUrl: string | null };
  readonly version: {
    readonly id: string;
    readonly version: string;
    readonly code: number;
    readonly state: VersionState;
    readonly revision: number | string;
    readonly sizeBytes: number;
    readonly uploadedAt: Date;
    readonly by: string;
    /** In each language that has some. */
    readonly notes: readonly NotesIn[];
    /** Where they are changed; null: not now, or not by this person. */
    readonly notesHref: string | null;
    /** Offered to nobody any more, with what people read about that; null: it is not yanked. */
    readonly yanked: { readonly reason: string; readonly at: Date } | null;
    /** Whether approval publishes, or the developer does afterwards. */
    readonly hold: boolean;
    /** SHA-256 in hex; null until the checks have read the package. */
    readonly contentDigest: string | null;
    /** SHA-256 in hex of the file as uploaded. */
    readonly packageDigest: string;
    readonly developerKey: string | null;
  };
  /** The run of a build job that uploaded it. */
  readonly publishedFrom: PublishedFrom | null;
  /** In their order, also while they run. */
  readonly checks: readonly CheckRow[];
  /** Null while the checks run and have found nothing. */
  readonly findings: readonly Finding[] | null;
  /** Null until the checks have read the manifest. */
  readonly permissions: readonly Permission[] | null;
  readonly hosts: readonly string[];
  /** Oldest first. */
  readonly history: readonly StateEvent[];
  /** Place in the review queue from 1; null when it is not in it. */
  readonly queue: { readonly position: number; readonly total: number } | null;
  /** The reviewer's reason, when it was rejected. */
  readonly rejection: { readonly reason: string; readonly by: string; readonly at: Date } | null;
  readonly actions: readonly VersionAction[];
  readonly standing: Standing;
  /** For administrators alone. */
  readonly canRevoke: boolean;
  /** Where a mended one is sent; null for who may upload none. */
  readonly uploadHref: string | null;
};

/** What comes after a refusal. */
function UploadMended(props: { ctx: PageContext; href: string | null }): JSX.Element {
  const { ctx, href } = props;
  if (href === null) return <></>;
  return (
    <div class="row">
      <LinkButton ctx={ctx} href={href} label={ctx.t("action.upload")} icon="upload" small />
    </div>
  );
}

/** What happens next, in words, where it is not plain from the buttons. */
function NextNotice(
  props: { ctx: PageContext } & Pick<VersionProps, "version" | "queue" | "rejection" | "uploadHref">,
): JSX.Element {
  const { ctx, version, queue, rejection } = props;
  const { t } = ctx;
  switch (version.state) {
    case "checking":
      return (
        <Notice ctx={ctx} tone="neutral" title={t("next.checking_title")}>
          <p safe>{t("next.checking")}</p>
        </Notice>
      );
    case "draft":
      return (
        <Notice ctx={ctx} tone="neutral" title={t("next.draft_title")}>
          <p safe>{t("next.draft")}</p>
        </Notice>
      );
    case "signing":
    case "publishing":
      return (
        <Notice ctx={ctx} tone="accent" title={t("next.publishing_title")}>
          <p safe>
            {t(version.hold && version.state === "signing" ? "next.publishing_hold" : "next.publishing")}
          </p>
        </Notice>
      );
    case "failed":
      return (
        <Notice ctx={ctx} tone="bad" title={t("next.failed_title")}>
          <p safe>{t("next.failed")}</p>
          <UploadMended ctx={ctx} href={props.uploadHref} />
        </Notice>
      );
    case "rejected":
      return (
        <Notice
          ctx={ctx}
          tone="bad"
          title={rejection ? t("next.rejected_by", { name: rejection.by }) : t("state.rejected")}
        >
          {!!rejection && (
            <p class="prewrap" dir="auto" safe>
              {rejection.reason}
            </p>
          )}
          <p safe>{t("next.rejected")}</p>
          <UploadMended ctx={ctx} href={props.uploadHref} />
        </Notice>
      );
    case "in_review":
      return (
        <Notice
          ctx={ctx}
          tone="accent"
          title={
            queue
              ? t("next.queue", {
                  position: formatNumber(ctx.locale, queue.position),
                  total: formatNumber(ctx.locale, queue.total),
                })
              : t("state.in_review")
          }
        >
          <p safe>{t(version.hold ? "next.in_review_hold" : "next.in_review")}</p>
        </Notice>
      );
    case "held":
      return (
        <Notice ctx={ctx} tone="warn" title={t("next.held_title")}>
          <p safe>{t("next.held")}</p>
        </Notice>
      );
    default:
      return <></>;
  }
}

/** That it is yanked, why and since when. */
function YankedNotice(props: { ctx: PageContext; yanked: VersionProps["version"]["yanked"] }): JSX.Element {
  const { ctx, yanked } = props;
  const { t } = ctx;
  if (yanked === null) return <></>;
  return (
    <Notice ctx={ctx} tone="warn" title={t("yank.notice_title")}>
      <p dir="auto" safe>
        {yanked.reason}
      </p>
      <p>
        <span safe>{t("yank.notice")}</span> <span safe>{t("column.since")}</span>{" "}
        <Time ctx={ctx} at={yanked.at} />
      </p>
    </Notice>
  );
}

const FINDINGS = "findings";

const PART = "version-live";

/** The part of the page that changes by itself. */
export function versionPart(ctx: PageContext, props: VersionProps): JSX.Element {
  const { app, version, findings } = props;
  const { t } = ctx;
  const name = t("version.number", { version: version.version });
  const checks = <ChecksCard ctx={ctx} checks={props.checks} findingsId={FINDINGS} />;
  return (
    <div class="stack" id={PART}>
      <PageHead
        ctx={ctx}
        title={`${app.name} ${version.version}`}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
        ]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} />}
        badge={
          <span role="status">
            <StateBadge ctx={ctx} state={version.yanked === null ? version.state : "yanked"} pill />
          </span>
        }
        actions={
          <VersionActions
            ctx={ctx}
            appId={app.id}
            versionId={version.id}
            version={name}
            revision={version.revision}
            actions={props.actions}
          />
        }
      />
      <AppTabs ctx={ctx} app={app} part="versions" />
      <StandingNotice ctx={ctx} standing={props.standing} code={version.code} />
      <YankedNotice ctx={ctx} yanked={version.yanked} />
      <NextNotice
        ctx={ctx}
        version={version}
        queue={props.queue}
        rejection={props.rejection}
        uploadHref={props.uploadHref}
      />
      <Card>
        <h2 class="visually-hidden" safe>
          {t("version.progress")}
        </h2>
        <Steps
          ctx={ctx}
          state={version.state}
          isOffered={version.yanked === null && isAllowed(props.standing, version.code)}
        />
      </Card>
      <div class="columns">
        <div class="stack">
          {version.state === "checking" && checks}
          <FindingsCard ctx={ctx} findings={findings} id={FINDINGS} />
          <NotesCard ctx={ctx} notes={version.notes} changeHref={version.notesHref} />
          {props.permissions !== null && <PermissionsCard ctx={ctx} permissions={props.permissions} />}
          {props.hosts.length > 0 && <HostsCard ctx={ctx} hosts={props.hosts} />}
        </div>
        <div class="stack">
          <Card
            title={t("version.details")}
            actions={
              version.contentDigest === null ? (
                <></>
              ) : (
                <div class="row">
                  <LinkButton
                    ctx={ctx}
                    href={`/apps/${app.id}/versions/${version.id}/files`}
                    label={t("compare.files")}
                    small
                  />
                  <LinkButton
                    ctx={ctx}
                    href={`/apps/${app.id}/compare?to=${version.id}`}
                    label={t("compare.open")}
                    small
                  />
                </div>
              )
            }
          >
            <Facts items={versionFacts(ctx, version)} />
          </Card>
          <PublishedFromCard ctx={ctx} from={props.publishedFrom} />
          {version.state !== "checking" && checks}
          <Card title={t("version.history")}>
            <History ctx={ctx} events={props.history} />
          </Card>
        </div>
      </div>
    </div>
  );
}

function versionFacts(ctx: PageContext, version: VersionProps["version"]) {
  const { t } = ctx;
  const digest = (value: string) => (
    <span class="mono" safe>
      {value}
    </span>
  );
  return [
    {
      term: t("column.version"),
      value: <bdi safe>{version.version}</bdi>,
    },
    {
      term: t("column.code"),
      value: (
        <span class="num" safe>
          {formatNumber(ctx.locale, version.code)}
        </span>
      ),
    },
    { term: t("column.size"), value: <Bytes ctx={ctx} value={version.sizeBytes} /> },
    { term: t("version.by"), value: <bdi safe>{version.by}</bdi> },
    { term: t("column.uploaded"), value: <Time ctx={ctx} at={version.uploadedAt} /> },
    ...(version.contentDigest === null
      ? []
      : [{ term: t("version.content_digest"), value: digest(version.contentDigest), long: true }]),
    { term: t("version.package_digest"), value: digest(version.packageDigest), long: true },
    ...(version.developerKey === null
      ? []
      : [{ term: t("version.developer_key"), value: digest(version.developerKey), long: true }]),
  ];
}

/** `/apps/:appId/versions/:versionId`: one version on its way. */
export function versionPage(
  ctx: PageContext,
  props: VersionProps,
  /** Where it is followed; null: nothing follows by itself any more. */
  eventsHref: string | null,
): JSX.Element {
  return (
    <Page ctx={ctx} title={`${props.app.name} ${props.version.version}`}>
      <Live ctx={ctx} href={eventsHref} part={PART} isBusy={isBusy(props.version.state)} />
      {versionPart(ctx, props)}
      {props.canRevoke && props.version.contentDigest !== null && (
        <RevokeCard
          ctx={ctx}
          links={[
            {
              href: revokeHref("revoke", props.version.contentDigest, "package"),
              label: ctx.t("revoked.new"),
            },
          ]}
        />
      )}
    </Page>
  );
}
