/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { isBusy } from "../components/badge.tsx";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, TextArea } from "../components/field.tsx";
import { FileChangesCard, type FilesProps } from "../components/file-changes.tsx";
import { FindingsCard } from "../components/findings.tsx";
import { Live } from "../components/live.tsx";
import { HostsCard, PermissionsCard } from "../components/manifest.tsx";
import { NotesCard, type NotesIn } from "../components/notes.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { type PublishedFrom, PublishedFromCard } from "../components/published-from.tsx";
import { type Changes, ChangesCard, type Listing, ListingCard } from "../components/review.tsx";
import type { Screenshot } from "../components/screenshots.tsx";
import { Table } from "../components/table.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import { Page } from "../layout/shell.tsx";
import type { FieldError, Finding, PageContext, Permission, VersionState } from "../page.ts";
import { DecisionStanding, PART, reviewPart } from "./review-live.tsx";

export type ReviewFile = { readonly path: string; readonly sizeBytes: number; readonly sha256: string };

export type ReviewProps = {
  readonly app: {
    readonly id: string;
    /** What this package calls it. */
    readonly name: string;
    /** This package's own. */
    readonly iconUrl: string | null;
    readonly organisation: NamedOrganisation;
    /** What devices have now; null for a first version. */
    readonly published: { readonly version: string; readonly code: number } | null;
  };
  readonly version: {
    readonly id: string;
    readonly version: string;
    readonly code: number;
    readonly state: VersionState;
    readonly revision: number | string;
    readonly sizeBytes: number;
    readonly submittedAt: Date;
    readonly by: string;
    /** In each language that has some. */
    readonly notes: readonly NotesIn[];
    readonly hold: boolean;
    readonly contentDigest: string;
    readonly developerKey: string;
  };
  /** The run of a build job that uploaded it. */
  readonly publishedFrom: PublishedFrom | null;
  /** From the manifest. */
  readonly manifest: {
    readonly author: string;
    readonly entry: string;
    readonly runtimeApi: string;
    readonly category: string | null;
    readonly locales: readonly string[];
  };
  /** What people are going to read and see; empty when the manifest could not be read. */
  readonly listing: readonly Listing[];
  readonly screenshots: readonly Screenshot[];
  /** Against what devices have; null for a first version. */
  readonly changes:
    | (Changes & {
        readonly version: string;
        readonly code: number;
        readonly compareHref: string;
        /** The first of the files that changed, and how many there are; null: a package cannot be read. */
        readonly files: (Omit<FilesProps, "pager"> & { readonly count: number }) | null;
      })
    | null;
  readonly permissions: readonly Permission[];
  readonly hosts: readonly string[];
  readonly findings: readonly Finding[];
  /** The package's files in its order; `fileCount` tells how many there are when the list was cut. */
  readonly files: readonly ReviewFile[];
  readonly fileCount: number;
  /** False when it is decided already, or when the reviewer may not decide. */
  readonly canDecide: boolean;
  /** It waits, and is of the reviewer's own organisation. */
  readonly isOwn: boolean;
  /** It waits still, and what was shown of it, or what devices have, is other than when the page was opened. */
  readonly isOutdated: boolean;
  /** The decision, once there is one. */
  readonly decided: {
    readonly decision: "approved" | "rejected";
    readonly reason: string;
    readonly by: string;
    readonly at: Date;
  } | null;
  /** What was typed, after a rejection that lacked something. */
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

function Decision(props: { ctx: PageContext; review: ReviewProps }): JSX.Element {
  const { ctx } = props;
  const { app, version, reason, errors } = props.review;
  const { t } = ctx;
  return (
    <Card title={t("review.decision")}>
      <DecisionStanding ctx={ctx} state={props.review} />
      <Confirm
        ctx={ctx}
        label={t("review.approve")}
        icon="approve"
        kind="primary"
        title={t("review.approve_title", { app: app.name, version: version.version })}
        consequence={t(version.hold ? "review.approve_hold" : "review.approve_consequence")}
        action={`/review/${version.id}/approve`}
        revision={version.revision}
        confirmLabel={t("review.approve")}
      />
      <hr />
      <form novalidate class="form" method="post" action={`/review/${version.id}/reject`}>
        <ErrorSummary ctx={ctx} errors={errors} fields={["reason"]} />
        <Revision value={version.revision} />
        <TextArea
          ctx={ctx}
          name="reason"
          label={t("review.reason")}
          hint={t("review.reason_hint")}
          value={reason}
          maxlength={4000}
          errors={errors}
        />
        <div>
          <Button ctx={ctx} label={t("review.reject")} icon="close" kind="danger" />
        </div>
      </form>
    </Card>
  );
}

/** What it changes against what devices have, and in which files. */
function ChangesSince(props: {
  ctx: PageContext;
  changes: NonNullable<ReviewProps["changes"]>;
}): JSX.Element {
  const { ctx, changes } = props;
  const { version, code, files } = changes;
  const { t } = ctx;
  const open = <LinkButton ctx={ctx} href={changes.compareHref} label={t("compare.open")} small />;
  return (
    <>
      <ChangesCard
        ctx={ctx}
        title={t("changes.title", { version, code: formatNumber(ctx.locale, code) })}
        changes={changes}
        actions={open}
      />
      {files !== null && (
        <FileChangesCard
          ctx={ctx}
          title={t("review.changed_files")}
          files={{ ...files, pager: { previousHref: null, nextHref: null } }}
          foot={
            files.count > files.rows.length
              ? t("review.files_cut", { shown: files.rows.length, count: files.count })
              : null
          }
        />
      )}
    </>
  );
}

function Files(props: { ctx: PageContext; files: readonly ReviewFile[]; fileCount: number }): JSX.Element {
  const { ctx, files, fileCount } = props;
  const { t } = ctx;
  return (
    <Card title={t("review.files")} count={{ ctx, value: fileCount }} flush>
      <Table
        caption={t("review.files")}
        rows={files}
        columns={[
          {
            header: t("column.path"),
            cell: (file) => (
              <span class="mono" safe>
                {file.path}
              </span>
            ),
          },
          {
            header: t("column.size"),
            end: true,
            tight: true,
            cell: (file) => <Bytes ctx={ctx} value={file.sizeBytes} />,
          },
          {
            header: t("column.sha256"),
            tight: true,
            cell: (file) => (
              <span class="mono muted" title={file.sha256} safe>
                {`${file.sha256.slice(0, 12)}…`}
              </span>
            ),
          },
        ]}
      />
      {fileCount > files.length && (
        <p class="card-foot" safe>
          {t("review.files_cut", { shown: files.length, count: fileCount })}
        </p>
      )}
    </Card>
  );
}

function manifestFacts(ctx: PageContext, review: ReviewProps) {
  const { t } = ctx;
  const { app, version, manifest } = review;
  const text = (value: string) => <bdi safe>{value}</bdi>;
  const mono = (value: string) => (
    <span class="mono" safe>
      {value}
    </span>
  );
  return [
    { term: t("app.id"), value: mono(app.id) },
    { term: t("column.organisation"), value: <OrganisationName of={app.organisation} /> },
    { term: t("review.author"), value: text(manifest.author) },
    {
      term: t("review.on_devices"),
      value: text(
        app.published === null
          ? t("review.nothing_yet")
          : t("version.with_code", {
              version: app.published.version,
              code: formatNumber(ctx.locale, app.published.code),
            }),
      ),
    },
    { term: t("column.code"), value: text(formatNumber(ctx.locale, version.code)) },
    { term: t("review.runtime"), value: text(manifest.runtimeApi) },
    { term: t("review.entry"), value: mono(manifest.entry) },
    ...(manifest.category === null ? [] : [{ term: t("review.category"), value: text(manifest.category) }]),
    ...(manifest.locales.length === 0
      ? []
      : [
          {
            term: t("review.locales"),
            value: text(new Intl.ListFormat(ctx.locale, { type: "unit" }).format(manifest.locales)),
          },
        ]),
    { term: t("column.size"), value: <Bytes ctx={ctx} value={version.sizeBytes} /> },
    { term: t("review.submitted"), value: <Time ctx={ctx} at={version.submittedAt} /> },
    { term: t("version.by"), value: text(version.by) },
    { term: t("version.content_digest"), value: mono(version.contentDigest), long: true },
    { term: t("version.developer_key"), value: mono(version.developerKey), long: true },
  ];
}

/** `/review/:versionId`: all that a reviewer needs to decide, and the decision. */
export function reviewPage(
  ctx: PageContext,
  props: ReviewProps,
  /** Where it is followed; null: nothing follows by itself any more. */
  eventsHref: string | null,
): JSX.Element {
  const { t } = ctx;
  const { app, version, findings } = props;
  return (
    <Page ctx={ctx} title={`${app.name} ${version.version}`}>
      <Live ctx={ctx} href={eventsHref} part={PART} isBusy={isBusy(version.state)} />
      {reviewPart(ctx, props)}
      <div class="columns">
        <div class="stack">
          <FindingsCard ctx={ctx} findings={findings} />
          {props.changes !== null && <ChangesSince ctx={ctx} changes={props.changes} />}
          {props.listing.length > 0 && (
            <ListingCard ctx={ctx} listing={props.listing} screenshots={props.screenshots} />
          )}
          <PermissionsCard ctx={ctx} permissions={props.permissions} />
          <HostsCard ctx={ctx} hosts={props.hosts} />
          <NotesCard ctx={ctx} notes={version.notes} />
        </div>
        <div class="stack">
          {props.canDecide && <Decision ctx={ctx} review={props} />}
          <Card title={t("review.manifest")}>
            <Facts items={manifestFacts(ctx, props)} />
          </Card>
          <PublishedFromCard ctx={ctx} from={props.publishedFrom} />
        </div>
      </div>
      <Files ctx={ctx} files={props.files} fileCount={props.fileCount} />
    </Page>
  );
}
