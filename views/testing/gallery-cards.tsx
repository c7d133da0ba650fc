/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Components that show something of the store, each in its states. Its own words are data, not messages. */
import { Html } from "@kitajs/html";
import used from "../../assets/icons/used.json";
import { Mark, PackageArt, QuietArt } from "../components/art.tsx";
import { AuditEntry } from "../components/audit-entry.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ChecksCard } from "../components/checks.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorBody } from "../components/error-body.tsx";
import { FileChangesCard, FileLines, LineCounts } from "../components/file-changes.tsx";
import { FindingsCard } from "../components/findings.tsx";
import { Commands } from "../components/first-app.tsx";
import { HideRatingForm, RatingToJudge } from "../components/hide-rating.tsx";
import { Icon } from "../components/icon.tsx";
import { IdentityTable } from "../components/identities.tsx";
import { LineageCard } from "../components/lineage.tsx";
import { LinkRow } from "../components/link-row.tsx";
import { ListCard } from "../components/list-card.tsx";
import { Live, LiveStopped } from "../components/live.tsx";
import { Needs } from "../components/needs.tsx";
import { NotesCard } from "../components/notes.tsx";
import { NotesFields } from "../components/notes-fields.tsx";
import { Toast } from "../components/notice.tsx";
import { OpenUploadsCard, ReceivedFile } from "../components/open-uploads.tsx";
import { Invitations, PersonName } from "../components/people.tsx";
import { PublishedFromCard } from "../components/published-from.tsx";
import { QrCode } from "../components/qr.tsx";
import { ChangesCard, ListingCard } from "../components/review.tsx";
import { BrowserTable, SessionList } from "../components/sessions.tsx";
import { SourceLines } from "../components/source.tsx";
import { RevokeCard, type Standing, StandingNotice } from "../components/standing.tsx";
import { Steps } from "../components/steps.tsx";
import { RowName, Table } from "../components/table.tsx";
import { Count, DateOf } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { IconName, PageContext } from "../page.ts";
import { DecisionStanding } from "../pages/review-live.tsx";
import { auditProps } from "./audit.ts";
import { changedFilesWithViews, fileView, SOURCE, sourceSample } from "./changed-files.ts";
import { before } from "./context.ts";
import {
  endingKeys,
  findings,
  LONG_NAME,
  LONG_TEXT,
  LONGEST,
  NO_PAGER,
  needs,
  ORDINARY,
  PAGER,
  reviewProps,
  SESSIONS,
} from "./data.ts";
import { notesForm, notesTexts, TYPED_NOTES } from "./notes-texts.ts";

/** While it is not known which language the app calls its own. */
const WITHOUT_A_NAME = notesTexts(ORDINARY).map((one, at) => (at === 0 ? { ...one, language: null } : one));

import { FROM_ELSEWHERE, FROM_GITHUB } from "./runs.ts";

const CHECK_STATES = ["waiting", "running", "passed", "failed", "not_checked"] as const;
const CHECK_NAMES = ["container", "digests", "manifest", "pictures", "a-check-of-another-version"] as const;
const UPLOAD = {
  ...{ id: "upl-1", fileName: "notes-1.2.0.mosis", sizeBytes: 31_000_000, receivedBytes: 12_000_000 },
  expiresAt: before(-6, "days"),
};
const KEY = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
const REVOCATION: Standing["revocation"] = {
  ...{ subject: "package", action: "remove", reason: "It sent contacts to another site." },
  revokedAt: before(2, "days"),
};

function Words(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <>
      <Toast ctx={ctx} code="setting_changed" />
      <Card title="Icons">
        <div class="gallery-row">
          {(Object.keys(used) as IconName[]).map((name) => (
            <Icon ctx={ctx} name={name} />
          ))}
          <Icon ctx={ctx} name="menu" large />
        </div>
      </Card>
      <Card title="Drawings">
        <div class="gallery-row">
          <Mark />
          <PackageArt />
          <QrCode qr={{ size: 21, path: "M4 4h7v1H4z" }} label="An address" />
        </div>
      </Card>
      <Card title="Words" count={{ ctx, value: 3 }}>
        <Facts
          strip
          items={[
            { term: "Count", value: <Count ctx={ctx} value={1234} /> },
            { term: "Until", value: <DateOf ctx={ctx} at={before(-13, "days")} /> },
            {
              term: "Person",
              value: <PersonName name="Ada Minster" email="ada@example.com" href="/account" />,
            },
          ]}
        />
        <Facts items={[{ term: LONG_NAME, value: <span safe>{LONG_TEXT}</span>, long: true }]} />
      </Card>
      <Commands ctx={ctx} id="commands" code={`mosis pack .\nmosis sign ${LONG_NAME}.mosis`} />
      <Card title="Empty, small">
        <EmptyState sentence="Nothing is here." small />
      </Card>
    </>
  );
}

function Lists(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const columns = [{ header: "Name", cell: (name: string) => <RowName name={name} href="/gallery-cards" /> }];
  const [entry] = auditProps().entries;
  const invitation = { id: "inv-1", email: "eve@example.org", role: "developer", by: "Ada Minster" };
  return (
    <>
      <ListCard ctx={ctx} title="A list" none="Nothing." rows={[]} columns={columns} pager={NO_PAGER} />
      <ListCard
        ctx={ctx}
        title="With rows"
        none="Nothing."
        rows={["Notes", LONG_TEXT]}
        columns={columns}
        pager={PAGER}
      />
      <Card title="Rows that lead on" flush>
        <ul class="list">
          <LinkRow ctx={ctx} href="/gallery" icon="key" title="To a page" />
          <LinkRow ctx={ctx} href="/gallery" title={LONG_TEXT} named side={<span>at its end</span>} />
        </ul>
      </Card>
      <Needs
        ctx={ctx}
        offers={[
          {
            appName: LONGEST.name,
            from: LONGEST.organisation,
            to: LONGEST.organisation,
            path: "/gallery",
            at: before(-20, "days"),
          },
        ]}
        needs={needs(LONGEST)}
        endingKeys={endingKeys(ORDINARY)}
        keyWarnings={[
          { what: "timestamp", state: "warning", at: before(-3, "days") },
          { what: "snapshot", state: "expired", at: before(3, "days") },
          { what: "root", state: "overlong", at: before(-900, "days") },
        ]}
        revokedRelease={{ what: "release-1", at: before(1, "hours") }}
        auditDamagedAt={before(1, "hours")}
        catalogueDamage={2}
        isBackupOpen
        mailTrouble={{ since: before(2, "hours"), count: 3, refusal: "550 5.7.1" }}
        crowdedSignUp={{ since: before(2, "hours"), waiting: 300, lost: 2 }}
        unseenDevices={{ days: 30, count: 4, more: false }}
        deletionAt={before(-20, "days")}
        review={{ waiting: 3, oldestAt: before(4, "days") }}
        reports={{ waiting: 1, oldestAt: before(4, "days") }}
        requests={{ waiting: 1, oldestAt: before(4, "days") }}
      />
      <Card title="Hiding a rating">
        <div class="stack">
          <RatingToJudge
            ctx={ctx}
            rating={{
              author: null,
              stars: 2,
              text: "It ends when the network does.",
              createdAt: before(3, "days"),
            }}
          />
          <HideRatingForm
            ctx={ctx}
            action="/gallery-cards"
            revision={1}
            reason=""
            cancelHref="/gallery-cards"
            errors={[{ field: "reason", message: "Say why." }]}
          />
        </div>
      </Card>
      <Card title="A review that was taken back">
        <DecisionStanding ctx={ctx} state={{ ...reviewProps(ORDINARY), canDecide: false }} />
      </Card>
      <Card title="Audit" flush>
        <ol class="list">
          {!!entry && <AuditEntry ctx={ctx} entry={entry} find={() => "/gallery-cards"} />}
        </ol>
      </Card>
      <Card title="Sessions" flush>
        <SessionList
          ctx={ctx}
          sessions={Array.from({ length: 4 }, () => SESSIONS).flat()}
          older={3}
          action="/gallery-cards"
        />
        <BrowserTable ctx={ctx} browsers={SESSIONS} action="/gallery-cards" />
      </Card>
      <Card title="Linked accounts" flush>
        <IdentityTable
          ctx={ctx}
          identities={[
            {
              ...{ id: "idn-1", provider: { name: "Northwind" }, email: "ada@example.com" },
              ...{ since: before(90, "days"), seen: before(1, "days") },
            },
            {
              ...{ id: "idn-2", provider: { gone: "old" }, email: "ada@example.com" },
              ...{ since: before(900, "days"), seen: before(400, "days") },
            },
          ]}
          unlink
        />
      </Card>
      <Invitations
        ctx={ctx}
        rows={[{ ...invitation, expiresAt: before(-5, "days") }]}
        path="/gallery-cards"
        pager={NO_PAGER}
      />
      <Invitations ctx={ctx} rows={[]} path={null} pager={NO_PAGER} />
    </>
  );
}

function Versions(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const { changes, listing, screenshots } = reviewProps(ORDINARY);
  return (
    <>
      <Card title="A version that is revoked">
        <Steps ctx={ctx} state="published" isOffered={false} />
      </Card>
      <StandingNotice ctx={ctx} standing={{ revocation: REVOCATION, lowest: null }} />
      <StandingNotice ctx={ctx} standing={{ revocation: null, lowest: 9 }} code={7} />
      <RevokeCard ctx={ctx} links={[{ href: "/gallery", label: "Revoke this version" }]} />
      <Live ctx={ctx} href="/events" part="followed" isBusy />
      <p id="followed">A part that is followed.</p>
      <LiveStopped ctx={ctx} />
      <ChecksCard
        ctx={ctx}
        checks={CHECK_STATES.map((state, index) => ({
          ...{ name: CHECK_NAMES[index] ?? "", state, findings: index },
          tookMs: state === "passed" ? 1240 : null,
        }))}
        findingsId="findings"
      />
      <FindingsCard ctx={ctx} findings={findings(LONGEST)} id="findings" />
      <FindingsCard ctx={ctx} findings={[]} />
      <FindingsCard ctx={ctx} findings={null} />
      {changes !== null && <ChangesCard ctx={ctx} title="Changes since 2.3.0 (2300)" changes={changes} />}
      <FileChangesCard
        ctx={ctx}
        title="Files of 2.4.0"
        files={{ ...changedFilesWithViews("scripts/main.lua"), pager: NO_PAGER }}
        foot="There are more."
      />
      <Card title="Lines of a file">
        <LineCounts ctx={ctx} view={fileView("scripts/main.lua")} />
        <FileLines ctx={ctx} view={fileView("scripts/main.lua")} />
        <SourceLines
          ctx={ctx}
          caption="scripts/sync.lua"
          shown={sourceSample(SOURCE)}
          isDiff={false}
          found={2}
        />
      </Card>
      <ListingCard ctx={ctx} listing={listing} screenshots={screenshots} />
      <NotesCard ctx={ctx} notes={notesTexts(ORDINARY)} changeHref="/notes" />
      <NotesCard ctx={ctx} notes={[]} />
      <Card title="Notes">
        <form novalidate class="form" method="post" action="/notes">
          <NotesFields
            ctx={ctx}
            form={notesForm({ own: null, values: TYPED_NOTES, preview: WITHOUT_A_NAME })}
            errors={[
              { field: "translatedNotes/de", message: "Release notes have at most 10000 characters." },
            ]}
            previewAddress="/notes"
          />
        </form>
      </Card>
      <LineageCard
        ctx={ctx}
        rows={(["signs", "lost", "revoked", "certificate"] as const).map((state, index) => ({
          ...{ keyid: KEY, fingerprint: KEY.match(/.{4}/g)?.join(" ") ?? "", state },
          how: (["first", "addition", "recovery"] as const)[index] ?? "addition",
          addedAt: before(index * 90, "days"),
        }))}
        linked
      />
      {[FROM_GITHUB, FROM_ELSEWHERE, null].map((from) => (
        <PublishedFromCard ctx={ctx} from={from} />
      ))}
      <ReceivedFile ctx={ctx} upload={UPLOAD} />
      <OpenUploadsCard
        ctx={ctx}
        open={[UPLOAD, { ...UPLOAD, id: "upl-2", fileName: `${LONG_TEXT}.mosis` }]}
        address="/upload"
      />
      <OpenUploadsCard ctx={ctx} open={[]} address="/upload" />
      <Card title="A table without rows" flush>
        <Table caption="Nothing" rows={[]} columns={[{ header: "Name", cell: () => <span /> }]} />
      </Card>
    </>
  );
}

export function galleryCardsPage(ctx: PageContext): JSX.Element {
  return (
    <Page ctx={ctx} title="Cards">
      <PageHead ctx={ctx} title="Cards" lead="What is shown of the store." />
      <Words ctx={ctx} />
      <Lists ctx={ctx} />
      <Versions ctx={ctx} />
    </Page>
  );
}

/** What comes in the place of a page that cannot be shown. */
export function galleryErrorPage(ctx: PageContext): JSX.Element {
  return (
    <Page ctx={ctx} title="In its place">
      <ErrorBody
        ctx={ctx}
        art={<QuietArt />}
        status={404}
        title="Nothing is here"
        message={LONG_TEXT}
        actions={<LinkButton ctx={ctx} href="/gallery" label="Lead on" />}
      />
    </Page>
  );
}
