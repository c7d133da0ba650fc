/** Sample data: ordinary, longest allowed, and hostile. */

import { CHECK_NAMES } from "../../src/catalog/check-names.ts";
import { CHANGE_KINDS, type Change } from "../../src/catalog/comparison/manifest-changes.ts";
import type { FindingView } from "../../src/catalog/views.ts";
import { findingOf } from "../../src/http/portal/findings.ts";
import type { AppId, Sha256, VersionId } from "../../src/ids.ts";
import type { AppRow } from "../components/app-table.tsx";
import type { CheckRow } from "../components/checks.tsx";
import type { EndingKey, Need } from "../components/needs.tsx";
import type { NamedOrganisation } from "../components/organisation.tsx";
import type { PublishedFrom } from "../components/published-from.tsx";
import type { SessionRow } from "../components/sessions.tsx";
import type { StateEvent } from "../components/steps.tsx";
import type { StoreApp } from "../components/store-front.tsx";
import type { Finding, Permission, VersionState } from "../page.ts";
import { APP_PARTS, type AppProps, type TeamRow, type VersionRow } from "../pages/app-props.ts";
import type { JobRow } from "../pages/jobs.tsx";
import type { ReviewProps } from "../pages/review.tsx";
import type { QueueRow } from "../pages/review-queue.tsx";
import type { VersionProps } from "../pages/version.tsx";
import { changedFiles } from "./changed-files.ts";
import { before } from "./context.ts";
import { notesTexts } from "./notes-texts.ts";
import { FROM_ELSEWHERE, FROM_GITHUB, FROM_HOSTILE } from "./runs.ts";

/** Text that breaks out of elements, attributes and addresses when it is not escaped. */
export const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;

/** Longest words that the manifest's rules allow, with no place to break. */
const LONG_WORD = "Grundstücksverkehrsgenehmigungszuständigkeitsverord";
export const LONG_NAME = LONG_WORD.slice(0, 50);
export const LONG_ID = `com.${"a".repeat(60)}.${"b".repeat(63)}`.slice(0, 128);
const LONG_VERSION = "2147483647.2147483647.2147483647-rc.alpha.beta.gamma+build.99999";
export const LONG_TEXT = `${LONG_WORD} ${"and then it goes on for as long as it may ".repeat(12)}${"x".repeat(300)}`;

const digest = (seed: string) => new Bun.CryptoHasher("sha256").update(seed).digest("hex");
/** A key's id as pages show it: in groups of four. */
const fingerprint = (seed: string) => digest(seed).match(/.{4}/g)?.join(" ") ?? "";

export const NO_PAGER = { previousHref: null, nextHref: null } as const;
export const PAGER = { previousHref: "/dashboard?before=a", nextHref: "/dashboard?after=z" } as const;

/** An organisation of a sample whose page the viewer may open. */
export const linked = (name: string): NamedOrganisation => ({ name, href: "/organisations/org-1/members" });

type Names = { id: string; name: string; organisation: string; version: string; text: string; long: boolean };

export const ORDINARY: Names = {
  id: "com.northwind.inspect",
  name: "Site Inspect",
  organisation: "Northwind Field Services",
  version: "2.4.0",
  text: "Photos are attached to the finding they belong to. Drafts survive a restart.",
  long: false,
};

export const LONGEST: Names = {
  id: LONG_ID,
  name: LONG_NAME,
  organisation: `${LONG_WORD} ${LONG_WORD}`.slice(0, 100),
  version: LONG_VERSION,
  text: LONG_TEXT,
  long: true,
};

export const HOSTILE_NAMES: Names = {
  id: HOSTILE,
  name: HOSTILE,
  organisation: HOSTILE,
  version: HOSTILE,
  text: HOSTILE,
  long: false,
};

const PUBLISHER_HREF = "/catalog/publishers/org-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d";

export function storeApps(names: Names): StoreApp[] {
  const others = [
    ["com.northwind.notes", "Field Notes", "Short notes that find their way home when the network is back."],
    ["com.example.weather", "Weather", "The next 48 hours for the site you stand on."],
    ["com.example.calculator", "Calculator", "Sums, percentages and a tape to look back on."],
    ["com.northwind.keys", "Key Cabinet", null],
  ] as const;
  return [
    {
      id: names.id,
      name: names.name,
      summary: names.text,
      publisher: names.organisation,
      publisherHref: PUBLISHER_HREF,
      version: names.version,
      iconUrl: null,
      href: `/catalog/${names.id}`,
      installs: names.long ? 2_147_483_647 : 1280,
      rating: { average: 4.25, count: names.long ? 2_147_483_647 : 1284 },
      only: names.long ? "groups" : null,
      deprecated:
        names === ORDINARY
          ? null
          : {
              text: names.text.slice(0, 500),
              instead: { name: names.name, href: "/catalog/com.example.weather" },
            },
    },
    ...others.map(([id, name, summary], index) => ({
      id,
      name,
      summary,
      publisher: "Northwind Field Services",
      publisherHref: PUBLISHER_HREF,
      version: "1.0.3",
      iconUrl: null,
      installs: 12 * index,
      rating: index === 1 ? { average: 2, count: 1 } : null,
      href: `/catalog/${id}`,
      only: ([null, "signed-in", "groups", null] as const)[index] ?? null,
      deprecated: index === 2 ? { text: "Sheets does the same.", instead: null } : null,
    })),
  ];
}

export function dashboardApps(names: Names): AppRow[] {
  const row = (id: string, name: string, version: string, state: VersionState, days: number): AppRow => ({
    id,
    name,
    organisation: linked(names.organisation),
    iconUrl: null,
    states: [state],
    installs: state === "published" ? (names.long ? 2_147_483_647 : 1284) : null,
    offered: state === "published" ? version : state === "failed" ? "0.7.1" : null,
    newest: { id: `v-${id}`, version, code: 12, at: before(days, "days") },
  });
  return [
    row(names.id, names.name, names.version, "in_review", 0.02),
    row("com.northwind.notes", "Field Notes", "1.9.2", "published", 3),
    row("com.northwind.keys", "Key Cabinet", "0.8.0-beta.2", "failed", 9),
    row("com.northwind.rota", "Rota", "3.0.0", "held", 45),
    {
      ...row("com.northwind.badge", "Badge Printer", "1.1.0", "published", 60),
      states: ["yanked", "deprecated"],
      offered: "1.0.9",
    },
    { ...row("com.northwind.radio", "Radio", "0.9.4", "published", 80), states: ["deleting"], offered: null },
    {
      id: "com.northwind.new",
      name: "Untitled",
      organisation: linked(names.organisation),
      iconUrl: null,
      states: [],
      installs: null,
      offered: null,
      newest: null,
    },
  ];
}

export function endingKeys(names: Names): EndingKey[] {
  const { organisation } = names;
  return [
    {
      kind: "signing_key",
      what: "9f86 d081",
      organisation,
      path: "/keys/a",
      at: before(3, "days"),
      ended: true,
    },
    {
      kind: "own_api_key",
      what: names.name,
      organisation: null,
      path: "/account/keys/a",
      at: before(-2, "days"),
      ended: false,
    },
    {
      kind: "api_key",
      what: names.name,
      organisation,
      path: "/organisations/a/keys/b",
      at: before(-6, "days"),
      ended: false,
    },
    {
      kind: "signing_key",
      what: "60a1 7c3e",
      organisation,
      path: "/keys/b",
      at: before(-30, "days"),
      ended: false,
    },
  ];
}

export function needs(names: Names): Need[] {
  const need = (kind: Need["kind"], hours: number): Need => ({
    kind,
    appId: names.id,
    appName: names.name,
    versionId: `v-${kind}`,
    version: names.version,
    at: before(hours, "hours"),
  });
  return [need("failed", 1), need("rejected", 20), need("held", 70), need("draft", 400)];
}

function versionRows(names: Names): VersionRow[] {
  const rows: [VersionState, VersionRow["actions"]][] = [
    ["in_review", ["withdraw"]],
    ["held", ["withdraw", "publish"]],
    ["published", []],
    ["draft", ["withdraw", "submit"]],
    ["rejected", []],
  ];
  return rows.map(([state, actions], index) => ({
    id: `v-${state}`,
    version: index === 0 ? names.version : `2.${4 - index}.0`,
    code: names.long && index === 0 ? 2_147_483_647 : 2400 - index,
    state,
    sizeBytes: 1_254_300 * (index + 1),
    by: names.long ? names.organisation : "Mara Lindqvist",
    at: before(index * 9 + 0.2, "days"),
    revision: 3,
    notes: index === 3 ? "" : names.text.slice(0, 120),
    findings: { errors: index === 4 ? 2 : 0, warnings: index % 2, infos: index === 1 ? 3 : 0 },
    actions,
  }));
}

function teamRow(names: Names, changes: Partial<TeamRow>): TeamRow {
  const name = names.long ? names.organisation : "Mara Lindqvist";
  const rest = { email: "mara@northwind.example", role: "viewer", isNarrow: false, disabled: false } as const;
  return { name, ...rest, href: null, ...changes };
}

export function appProps(names: Names, changes: Partial<AppProps> = {}): AppProps {
  return {
    app: {
      id: names.id,
      name: names.name,
      summary: names.text.slice(0, 120),
      iconUrl: null,
      organisation: linked(names.organisation),
      createdAt: before(200, "days"),
      revision: 7,
      states: names === ORDINARY ? ["in_review"] : ["yanked", "deprecated"],
      behind: { offered: "2.3.0", newest: names.version },
      installs: names.long ? 2_147_483_647 : 1284,
      wasPublished: true,
      published: { id: "v-published", version: "2.3.0", code: 2398 },
    },
    parts: APP_PARTS,
    part: "overview",
    versions: versionRows(names),
    pager: PAGER,
    team: {
      rows: [
        teamRow(names, { role: "owner" }),
        teamRow(names, { role: "maintainer", name: "Jonas Bauer", disabled: true }),
        teamRow(names, {
          role: "developer",
          name: "Vera Nowak",
          isNarrow: true,
          href: "/organisations/o/members/a",
        }),
        teamRow(names, { role: "viewer" }),
      ],
      hasMore: names.long,
      href: "/organisations/org-1/members",
    },
    lineage: lineageRows(),
    canOpenKeys: !names.long,
    canUpload: true,
    category: {
      chosen: names.long ? "productivity" : null,
      fromPackage: names.long ? LONG_NAME : "Tools",
      name: names.long ? LONG_NAME : "Tools",
      choice: names.long
        ? [{ id: "productivity", name: LONG_NAME }]
        : [
            { id: "productivity", name: "Productivity" },
            { id: "tools", name: "Tools" },
          ],
    },
    storeHref: `/catalog/${names.id}`,
    listing: {
      listed: !names.long,
      deprecated: names === ORDINARY ? null : names.text.slice(0, 500),
      manages: true,
    },
    publishing: { count: names.long ? 3 : 0, trustedOnly: names.long },
    transfer: {
      open: names.long
        ? { href: `/organisations/org-1/transfers/trf-${"0".repeat(32)}`, named: names.organisation }
        : null,
    },
    canDelete: false,
    canRemove: true,
    deletion: null,
    storeUrl: "https://apps.northwind.example",
    standing: names.long ? revokedStanding(names) : { revocation: null, lowest: null },
    canRevoke: names.long,
    ...changes,
  };
}

function lineageRows(): AppProps["lineage"] {
  const row = (
    state: AppProps["lineage"][number]["state"],
    how: "first" | "addition" | "recovery",
    days: number,
  ) => ({
    keyid: digest(`key ${state}`),
    fingerprint: fingerprint(`key ${state}`),
    how,
    addedAt: before(days, "days"),
    state,
  });
  return [
    row("lost", "first", 190),
    row("revoked", "addition", 120),
    row("certificate", "recovery", 60),
    row("signs", "addition", 3),
  ];
}

function revokedStanding(names: Names): AppProps["standing"] {
  return {
    revocation: { subject: "app", action: "disable", reason: names.text, revokedAt: before(2, "days") },
    lowest: 12_345,
  };
}

/** A version whose files can be looked into. */
const LOOKED_INTO = {
  appId: "com.northwind.inspect" as AppId,
  id: "ver-1" as VersionId,
  contentDigest: "0".repeat(64) as Sha256,
};

export function findings(names: Names): Finding[] {
  const found = (code: string, severity: Finding["severity"], message: string): FindingView => ({
    check: "manifest",
    code,
    severity,
    message,
    entry: null,
    pointer: null,
    offset: null,
    found: null,
    expected: null,
  });
  const inManifest = { entry: "manifest.json", pointer: "/versionCode", found: "2399", expected: "2400" };
  const rises = "The version code must be higher than that of every earlier version of this app.";
  const named = "A name holds a character that is not allowed.";
  const made: FindingView[] = [
    { ...found("CHK-V001", "error", rises), ...inManifest },
    {
      ...found("MPK-C013", "error", names.long ? names.text : named),
      entry: names.long ? `${"folder/".repeat(15)}${"f".repeat(90)}.lua` : "scripts/main.lua",
      pointer: names.long ? `/${"key/".repeat(30)}` : null,
      offset: 18_432,
      found: names.long ? "f".repeat(200) : names.name,
      expected: names.version,
    },
    { ...found("MPK-C013", "error", named), entry: "scripts/sync.lua", offset: 902 },
    {
      ...found("CHK-C001", "warning", "The store has no such category."),
      entry: "manifest.json",
      pointer: "/category",
      found: "gardening",
    },
  ];
  return [
    ...made.map((one) => findingOf(one, LOOKED_INTO)),
    // As of a version that was judged by a program that had this code.
    { ...findingOf(found("MPK-I002", "info", names.text), null), docsHref: null },
  ];
}

export function permissions(names: Names): Permission[] {
  return [
    {
      name: "network.http",
      title: "Use the network",
      meaning: "The app sends to and receives from the hosts that its manifest lists, and no others.",
      dangerous: false,
      optional: false,
      reason: null,
    },
    {
      name: "location.precise",
      title: "Know exactly where the device is",
      meaning: "The app learns where the device is, to a few metres.",
      dangerous: true,
      optional: true,
      reason: names.text.slice(0, 200),
    },
    {
      name: "camera",
      title: null,
      meaning: null,
      dangerous: true,
      optional: false,
      reason: "Takes the photos of a finding.",
    },
  ];
}

const HISTORIES: Readonly<Record<VersionState, readonly VersionState[]>> = {
  checking: [],
  failed: ["checking"],
  draft: ["checking"],
  in_review: ["checking", "draft"],
  rejected: ["checking", "in_review"],
  withdrawn: ["checking", "in_review"],
  signing: ["checking", "in_review"],
  held: ["checking", "in_review", "signing"],
  publishing: ["checking", "in_review", "signing"],
  published: ["checking", "in_review", "signing", "publishing"],
};

function history(state: VersionState, names: Names): StateEvent[] {
  const states = [...HISTORIES[state], state];
  return states.map((each, index) => ({
    state: each,
    at: before((states.length - index) * 3, "hours"),
    by: each === "in_review" || each === "rejected" ? "Jonas Bauer" : null,
    note: each === state && names !== ORDINARY ? names.text : null,
  }));
}

const ACTIONS: Readonly<Partial<Record<VersionState, VersionProps["actions"]>>> = {
  draft: ["withdraw", "submit"],
  in_review: ["withdraw"],
  held: ["withdraw", "publish"],
  published: ["yank"],
};

/** Of some states it is from a build job, so that both are seen. */
function fromFor(state: VersionState, names: Names): PublishedFrom | null {
  if (names === ORDINARY) return state === "published" || state === "in_review" ? FROM_GITHUB : null;
  return names.long ? FROM_ELSEWHERE : FROM_HOSTILE;
}

/** In the middle of the third while they run; `bad`: the third found something. */
function checkRows(state: VersionState, bad: boolean): CheckRow[] {
  return CHECK_NAMES.map((name, at): CheckRow => {
    if (state === "checking" && at >= 2)
      return { name, state: at === 2 ? "running" : "waiting", tookMs: null, findings: 0 };
    if (bad && at === 2)
      return { name, state: state === "failed" ? "failed" : "passed", tookMs: 12, findings: 2 };
    if (state === "failed" && at > 2) return { name, state: "not_checked", tookMs: 0, findings: 0 };
    return { name, state: "passed", tookMs: at === 0 ? 1240 : 38 - 3 * at, findings: 0 };
  });
}

export function versionProps(state: VersionState, names: Names): VersionProps {
  const checked = state !== "checking";
  const bad = state === "failed" || names !== ORDINARY;
  return {
    standing: names.long ? revokedStanding(names) : { revocation: null, lowest: null },
    canRevoke: names.long,
    uploadHref: names.long ? null : `/apps/${names.id}/upload`,
    app: { id: names.id, name: names.name, iconUrl: null, parts: APP_PARTS },
    version: {
      id: "v-1",
      version: names.version,
      code: 2400,
      state,
      revision: 4,
      sizeBytes: 12_543_000,
      uploadedAt: before(9, "hours"),
      by: names.long ? names.organisation : "Mara Lindqvist",
      notes: notesTexts(names),
      notesHref: ["failed", "rejected", "withdrawn"].includes(state)
        ? null
        : `/apps/${names.id}/versions/v-1/notes`,
      yanked:
        state === "published" && names !== ORDINARY
          ? { reason: names.text.slice(0, 200), at: before(5, "hours") }
          : null,
      hold: state === "held" || (["in_review", "signing"].includes(state) && names.long),
      contentDigest: checked ? digest("content") : null,
      packageDigest: digest("package"),
      developerKey: checked ? fingerprint("key") : null,
    },
    publishedFrom: fromFor(state, names),
    checks: checkRows(state, bad),
    findings: checked ? findings(names).filter(({ severity }) => bad || severity !== "error") : null,
    permissions: checked ? permissions(names) : [],
    hosts: checked
      ? ["api.weather.example", names.long ? `*.${"h".repeat(63)}.example` : "*.tiles.example"]
      : [],
    history: history(state, names),
    queue: state === "in_review" ? { position: 3, total: 11 } : null,
    rejection:
      state === "rejected" ? { reason: names.text, by: "Jonas Bauer", at: before(3, "hours") } : null,
    actions: ACTIONS[state] ?? [],
  };
}

export function queueRows(names: Names): QueueRow[] {
  const row = (id: string, name: string, version: string, hours: number, isUpdate: boolean): QueueRow => ({
    versionId: `v-${id}`,
    appId: id,
    appName: name,
    iconUrl: null,
    organisation: linked(names.organisation),
    version,
    isUpdate,
    sizeBytes: 834_000 * (hours + 1),
    findings: { errors: 0, warnings: isUpdate ? 0 : 2, infos: isUpdate ? 0 : 1 },
    submittedAt: before(hours, "hours"),
  });
  return [
    row(names.id, names.name, names.version, 52, true),
    row("com.example.weather", "Weather", "1.0.0", 20, false),
    row("com.northwind.keys", "Key Cabinet", "0.8.1", 2, true),
  ];
}

/** Its end says whose it is: it is never cut off. */
const LONG_HOST = `${"accounts.google.com-signin.".repeat(8)}evil.example`;

/** Of each kind one. */
const EVERY_CHANGE: readonly Change[] = CHANGE_KINDS.map((what) => ({
  ...{ what, locale: null },
  before: what.endsWith("_added") ? [] : ["before"],
  after: what.endsWith("_removed") ? [] : ["x".repeat(200)],
}));

export function reviewProps(names: Names, changes: Partial<ReviewProps> = {}): ReviewProps {
  const paths = names.long
    ? [`${"folder/".repeat(15)}${"f".repeat(90)}.lua`]
    : ["manifest.json", "scripts/main.lua", "scripts/sync.lua", "ui/main.rml", "icons/512.png"];
  return {
    app: {
      id: names.id,
      name: names.name,
      iconUrl: null,
      organisation: linked(names.organisation),
      published: { version: "2.3.0", code: 2300 },
    },
    version: {
      id: "v-1",
      version: names.version,
      code: 2400,
      state: "in_review",
      revision: 4,
      sizeBytes: 12_543_000,
      submittedAt: before(9, "hours"),
      by: "Mara Lindqvist",
      notes: notesTexts(names),
      hold: false,
      contentDigest: digest("content"),
      developerKey: fingerprint("key"),
    },
    publishedFrom: fromFor("in_review", names),
    manifest: {
      author: names.organisation,
      entry: "scripts/main.lua",
      runtimeApi: "1.0",
      category: "field-work",
      locales: ["en", "de", "sv"],
    },
    listing: [
      { locale: "en", name: names.name, summary: names.text.slice(0, 120) },
      { locale: "de", name: names.name, summary: null },
    ],
    screenshots: [
      {
        alt: names.text.slice(0, 200),
        locale: "en",
        state: "ready",
        sizes: [{ src: "/assets/favicon.svg", widthPx: 1280, heightPx: 800 }],
      },
      {
        alt: names.name,
        locale: null,
        state: "ready",
        sizes: [{ src: "/assets/favicon.svg", widthPx: 720, heightPx: 1280 }],
      },
    ],
    changes: {
      version: "2.3.0",
      code: 2300,
      rows: [
        { what: "name", locale: "en", before: ["Before"], after: [names.name] },
        { what: "permissions_added", locale: null, before: [], after: ["location.precise"] },
        { what: "hosts_added", locale: null, before: [], after: [LONG_HOST] },
        { what: "hosts_removed", locale: null, before: ["old.example"], after: [] },
        ...(names.long ? EVERY_CHANGE : []),
      ],
      sizeBefore: 11_000_000,
      sizeAfter: 12_543_000,
      permissions: permissions(names),
      compareHref: "/apps/x/compare?from=v-0&to=v-1",
      files: { ...changedFiles(paths[1] ?? paths[0] ?? ""), count: 61 },
    },
    permissions: permissions(names),
    hosts: ["api.weather.example", "*.tiles.example", LONG_HOST],
    findings: findings(names).filter(({ severity }) => severity !== "error" || names !== ORDINARY),
    files: paths.map((path, index) => ({ path, sizeBytes: 1300 * (index + 1) ** 4, sha256: digest(path) })),
    fileCount: paths.length + 115,
    canDecide: true,
    isOutdated: false,
    isOwn: false,
    decided: null,
    reason: "",
    errors: [],
    ...changes,
  };
}

export function jobRows(names: Names, show: "dead" | "active"): JobRow[] {
  const error =
    names === ORDINARY ? "TimeoutError: the timestamp key did not answer within 10 s" : names.text;
  if (show === "dead") {
    return [
      {
        id: "j-1",
        kind: "version.sign",
        key: names.id,
        state: "dead",
        attempts: 8,
        lastError: error,
        at: before(5, "hours"),
        nextAttemptAt: null,
      },
      {
        id: "j-2",
        kind: "storage.sweep",
        key: "daily",
        state: "dead",
        attempts: 8,
        lastError: "ENOSPC: no space left on device",
        at: before(2, "days"),
        nextAttemptAt: null,
      },
    ];
  }
  return [
    {
      id: "j-3",
      kind: "version.check",
      key: names.id,
      state: "running",
      attempts: 1,
      lastError: null,
      at: before(0.2, "minutes"),
      nextAttemptAt: null,
    },
    {
      id: "j-4",
      kind: "version.publish",
      key: "com.northwind.notes",
      state: "queued",
      attempts: 2,
      lastError: error,
      at: before(4, "minutes"),
      nextAttemptAt: new Date(before(0, "minutes").getTime() + 40_000),
    },
  ];
}

export const SESSIONS: readonly SessionRow[] = [
  {
    id: "s-1",
    browser: "Firefox",
    system: "Linux",
    address: "192.0.2.17",
    at: before(2, "hours"),
    endsAt: before(-7, "days"),
    current: true,
  },
  {
    id: "s-2",
    browser: "Safari",
    system: "iOS",
    address: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    at: before(3, "days"),
    endsAt: before(-4, "days"),
    current: false,
  },
  {
    id: "s-3",
    browser: null,
    system: null,
    address: "198.51.100.4",
    at: before(6, "days"),
    endsAt: before(-1, "days"),
    current: false,
  },
];
