/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Each component in all of its states, for looking at in development. Its own words are data, not messages. */

import { Html, type PropsWithChildren } from "@kitajs/html";
import { VERSION_STATES } from "../../src/db/version-states.ts";
import { AppIcon, Avatar } from "../components/app-icon.tsx";
import { type AppRow, AppTable } from "../components/app-table.tsx";
import {
  AllDoneArt,
  BrokenArt,
  ClosedArt,
  HeroArt,
  NoAppsArt,
  NotFoundArt,
  QuietArt,
} from "../components/art.tsx";
import { AppHeadStates, AppStates, Badge, StateBadge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { CodeBlock, SecretOnce } from "../components/code.tsx";
import { Confirm } from "../components/confirm.tsx";
import { DropZone } from "../components/drop-zone.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Checkbox, ErrorSummary, Field, Select, TextArea } from "../components/field.tsx";
import { FindingsList } from "../components/findings.tsx";
import { Installs } from "../components/installs.tsx";
import { HostsCard, PermissionsCard } from "../components/manifest.tsx";
import { Notice } from "../components/notice.tsx";
import { Meter, Progress } from "../components/progress.tsx";
import { Stat } from "../components/stat.tsx";
import { History, Steps } from "../components/steps.tsx";
import { StoreCard } from "../components/store-front.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { Finding, PageContext } from "../page.ts";

const KINDS = ["primary", "secondary", "ghost", "danger", "danger-fill"] as const;
const TONES = ["good", "warn", "bad", "accent", "neutral"] as const;
const ERRORS = [{ field: "bad", message: "Expected a name, found nothing. Type one." }];
const FILE_ERRORS = [{ field: "wrong", message: "Expected a package, found a picture." }];

/** One that nothing was uploaded of, and one that is read by who may not see whose it is. */
const APPS: readonly AppRow[] = [
  {
    id: "com.northwind.inspect",
    name: "Site Inspect",
    organisation: { name: "Northwind", href: "/organisations/org-1/members" },
    iconUrl: null,
    states: ["published", "deprecated"],
    installs: 1204,
    offered: "1.3.2",
    newest: { id: "ver-1", version: "1.4.0", code: 14, at: new Date("2026-11-03T09:30:00Z") },
  },
  {
    id: "com.northwind.new",
    name: "New",
    organisation: { name: "Northwind", href: null },
    iconUrl: null,
    states: [],
    installs: null,
    offered: null,
    newest: null,
  },
];

const FINDINGS: readonly Finding[] = (["info", "warning", "error"] as const).map((severity) => ({
  code: "MPK-M014",
  severity,
  meaning: {
    title: "Version code does not rise",
    explanation: "Devices take only a higher `versionCode` than the published one.",
    remedy: "Raise it and pack again.",
  },
  message: "The version code must rise.",
  entry: "manifest.json",
  pointer: "/versionCode",
  offset: 120,
  found: "7",
  expected: "8 or higher",
  docsHref: "/docs/checks",
}));

function Row(props: PropsWithChildren): JSX.Element {
  const { children } = props;
  return <div class="gallery-row">{children}</div>;
}

function Controls(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <>
      <Card title="Button">
        <Row>
          {KINDS.map((kind) => (
            <Button ctx={ctx} kind={kind} label={kind} icon="publish" />
          ))}
        </Row>
        <Row>
          {KINDS.map((kind) => (
            <Button ctx={ctx} kind={kind} label={`${kind}, small`} small />
          ))}
        </Row>
        <Row>
          {KINDS.map((kind) => (
            <Button ctx={ctx} kind={kind} label={`${kind}, disabled`} disabled />
          ))}
        </Row>
        <Row>
          <LinkButton ctx={ctx} href="/gallery" label="A link" icon="arrow-next" />
          <PostButton ctx={ctx} action="/gallery" label="A form" revision={3} />
          <Confirm
            ctx={ctx}
            label="Asks first"
            kind="danger"
            icon="delete"
            title="Delete it?"
            consequence="It is gone for good."
            action="/gallery"
            confirmLabel="Delete"
            confirmKind="danger-fill"
          />
        </Row>
      </Card>
      <Card title="Apps" flush>
        <AppTable ctx={ctx} apps={APPS} />
      </Card>
      <Card title="Badge">
        <Row>
          {VERSION_STATES.map((state) => (
            <StateBadge ctx={ctx} state={state} />
          ))}
        </Row>
        <Row>
          {VERSION_STATES.map((state) => (
            <StateBadge ctx={ctx} state={state} pill />
          ))}
        </Row>
        <Row>
          <AppStates ctx={ctx} states={["yanked", "deprecated"]} />
          <AppStates ctx={ctx} states={["deleting"]} pill />
          <AppStates ctx={ctx} states={[]} />
          <AppHeadStates ctx={ctx} states={["rejected"]} behind={{ offered: "1.3.0", newest: "1.4.0" }} />
          <Installs ctx={ctx} installs={2_147_483_647} />
          <Installs ctx={ctx} installs={null} />
        </Row>
        <Row>
          {TONES.map((tone) => (
            <Badge tone={tone} label={tone} />
          ))}
        </Row>
      </Card>
      <Card title="Field">
        <div class="form">
          <ErrorSummary ctx={ctx} errors={[...ERRORS, ...FILE_ERRORS]} fields={["bad", "wrong"]} />
          <Field ctx={ctx} name="plain" label="Plain" hint="A hint." value="text" />
          <Field ctx={ctx} name="bad" label="With an error" errors={ERRORS} />
          <Field ctx={ctx} name="id" label="Optional" mono optional value="com.example.app" />
          <Select ctx={ctx} name="choice" label="Choice" options={[{ value: "a", label: "A" }]} />
          <TextArea ctx={ctx} name="long" label="Long text" optional />
          <Checkbox ctx={ctx} name="yes" label="Checked" hint="With a hint." checked />
          <DropZone ctx={ctx} name="file" label="Drop it" accept=".mosis" maxBytes={1e6} />
          <DropZone
            ctx={ctx}
            name="wrong"
            label="With an error"
            accept=".mosis"
            maxBytes={1e6}
            errors={FILE_ERRORS}
          />
        </div>
      </Card>
    </>
  );
}

function Feedback(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <>
      <Card title="Notice">
        {TONES.map((tone) => (
          <Notice ctx={ctx} tone={tone} title={`A ${tone} notice`}>
            <p>With a sentence that says what to do.</p>
          </Notice>
        ))}
      </Card>
      <Card title="Progress and meter">
        <Progress label="Known" value={3} max={8} note="3 of 8" />
        <Progress label="Unknown" value={null} max={1} />
        <Meter ctx={ctx} label="Low" value={20} max={100} high={90} />
        <Meter ctx={ctx} label="Near the limit" value={80} max={100} high={90} />
        <Meter ctx={ctx} label="Over" value={97} max={100} high={90} />
      </Card>
      <Card title="Code and secrets">
        <CodeBlock
          ctx={ctx}
          id="gallery-code"
          title="In your terminal"
          code={"mosis pack .\nmosis sign app.mosis"}
        />
        <SecretOnce ctx={ctx} id="gallery-secret" label="API key" secret="mosis_0000000000000000000000" />
      </Card>
      <Card title="Empty state" flush>
        <EmptyState
          art={<NoAppsArt />}
          title="Nothing here yet"
          sentence="One sentence says why, one action leads on."
          action={<LinkButton ctx={ctx} href="/gallery" label="Lead on" kind="primary" />}
        />
      </Card>
      <Card title="Drawings">
        <Row>
          <NoAppsArt />
          <AllDoneArt />
          <QuietArt />
          <NotFoundArt />
          <BrokenArt />
          <ClosedArt />
        </Row>
        <HeroArt />
      </Card>
    </>
  );
}

function Data(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const names = ["Atlas", "Beacon", "Cobalt", "Delta", "Ember", "Fjord", "Grove", "Harbor"];
  return (
    <>
      <Tabs
        ctx={ctx}
        label="Tabs"
        tabs={[
          { label: "Current", href: "/gallery", current: true, count: 4 },
          { label: "Other", href: "/gallery?tab=2", current: false },
        ]}
      />
      <div class="stats">
        <Stat ctx={ctx} label="Plain" value={1234} />
        <Stat ctx={ctx} label="With its course" value={87} trend={[3, 5, 4, 8, 9, 7, 12]} />
        <Stat ctx={ctx} label="Leads on" value={3} href="/review" />
      </div>
      <Card title="App icon">
        <Row>
          {names.map((name) => (
            <AppIcon src={null} name={name} seed={name} />
          ))}
          <AppIcon src={null} name="Small" seed="s" size="s" />
          <AppIcon src={ctx.assetUrl("favicon.svg")} name="Picture" seed="p" size="l" />
          <Avatar name="Ada" seed="ada" />
        </Row>
      </Card>
      <Card title="Table" flush>
        <Table
          caption="Names"
          rows={names.slice(0, 3)}
          columns={[
            { header: "Name", cell: (name) => <strong safe>{name}</strong> },
            { header: "State", cell: () => <StateBadge ctx={ctx} state="published" /> },
            { header: "Size", end: true, cell: (name) => <Bytes ctx={ctx} value={name.length * 81_234} /> },
            { header: "When", end: true, tight: true, cell: () => <Time ctx={ctx} at={ctx.now} /> },
          ]}
        />
        <PagerLinks ctx={ctx} pager={{ previousHref: "/gallery?b=1", nextHref: "/gallery?a=1" }} />
      </Card>
      <Card title="Findings" count={{ ctx, value: FINDINGS.length }} flush>
        <FindingsList ctx={ctx} findings={FINDINGS} />
      </Card>
      {VERSION_STATES.map((state) => (
        <Card>
          <Steps ctx={ctx} state={state} />
        </Card>
      ))}
      <Card title="History">
        <History ctx={ctx} events={[{ state: "checking", at: ctx.now, by: null, note: "All of it" }]} />
      </Card>
      <PermissionsCard
        ctx={ctx}
        permissions={[
          {
            name: "camera",
            title: "Use the camera",
            meaning: "The app sees what the camera sees.",
            dangerous: true,
            optional: true,
            reason: "For photos.",
          },
        ]}
      />
      <HostsCard ctx={ctx} hosts={["*.example.org"]} />
      <HostsCard ctx={ctx} hosts={[]} />
      <Card title="Facts">
        <Facts wide items={[{ term: "A term", value: <span>and its value</span> }]} />
      </Card>
      <div class="store-grid">
        <StoreCard
          ctx={ctx}
          app={{
            id: "dev.example",
            name: "A store card",
            summary: "With a summary of two lines at most, whatever its length is, as long as it fits.",
            publisher: "Example",
            publisherHref: null,
            version: "1.0.0",
            iconUrl: null,
            installs: 3,
            rating: { average: 4, count: 3 },
            href: "/gallery",
            only: "groups",
            deprecated: { text: "Sheets does the same.", instead: null },
          }}
        />
      </div>
    </>
  );
}

/** The development page of all components. */
export function galleryPage(ctx: PageContext): JSX.Element {
  return (
    <Page ctx={ctx} title="Components">
      <PageHead ctx={ctx} title="Components" lead="Each in all of its states." />
      <Controls ctx={ctx} />
      <Feedback ctx={ctx} />
      <Data ctx={ctx} />
    </Page>
  );
}
