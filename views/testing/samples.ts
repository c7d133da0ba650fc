/** Every page in every state worth looking at: what the tests render and the preview photographs. */

import en from "../../assets/locales/en.json";
import { runsOf } from "../../src/bidi.ts";
import { VERSION_STATES } from "../../src/db/version-states.ts";
import type { StoreApp } from "../components/store-front.tsx";
import type { PageContext, Viewer } from "../page.ts";
import { type AccountProps, accountPage } from "../pages/account.tsx";
import { APP_PARTS } from "../pages/app-props.ts";
import { auditPage } from "../pages/audit.tsx";
import { confirmPage } from "../pages/confirm.tsx";
import { CREATE_STEPS, createAppPage } from "../pages/create-app.tsx";
import { createOrganisationPage } from "../pages/create-organisation.tsx";
import { type DashboardProps, dashboardPage } from "../pages/dashboard.tsx";
import { type DocsProps, docsPage } from "../pages/docs.tsx";
import { errorPage } from "../pages/error.tsx";
import { jobsPage } from "../pages/jobs.tsx";
import { keyPage, type ShownKey } from "../pages/key.tsx";
import { type KeyRow, keysPage, type RecoveryRow, recoveriesPage } from "../pages/keys.tsx";
import { landingPage } from "../pages/landing.tsx";
import { logPage } from "../pages/log.tsx";
import { handOverPage, type MessageRow, outboxPage } from "../pages/outbox.tsx";
import { type RecoverProps, recoverPage } from "../pages/recover.tsx";
import { type RecoveryProps, recoveryPage } from "../pages/recovery.tsx";

import { reviewQueuePage } from "../pages/review-queue.tsx";
import { revocationsPage } from "../pages/revocations.tsx";
import { revokePage } from "../pages/revoke.tsx";
import { revokePreviewPage } from "../pages/revoke-preview.tsx";
import { setupPage } from "../pages/setup.tsx";
import { signInPage } from "../pages/sign-in.tsx";
import { signInRefusedPage } from "../pages/sign-in-refused.tsx";
import { storagePage } from "../pages/storage.tsx";
import { storeKeysPage } from "../pages/store-keys.tsx";
import { uploadPage } from "../pages/upload.tsx";
import { versionPage } from "../pages/version.tsx";
import { ACCESS_SAMPLES, HOSTILE_ACCESS_SAMPLES } from "./access.ts";
import { ACTIVATE_SAMPLES, HOSTILE_ACTIVATE_SAMPLES } from "./activate.ts";
import { API_KEY_SAMPLES, HOSTILE_API_KEY_SAMPLES } from "./api-keys.ts";
import { APP_DELETION_SAMPLES, HOSTILE_APP_DELETION_SAMPLES, resting } from "./app-deletion.ts";
import { ABOUT_HTML, APPEARANCE_SAMPLES, HOSTILE_APPEARANCE_SAMPLES } from "./appearance.ts";
import { APPS_SAMPLES, HOSTILE_APPS_SAMPLES } from "./apps.ts";
import {
  auditProps,
  damagedProps,
  everyActionProps,
  hostileProps,
  longestProps,
  organisationProps,
} from "./audit.ts";
import { CATALOG_SAMPLES, HOSTILE_CATALOG_SAMPLES } from "./catalog.ts";
import { CATEGORY_SAMPLES, categoryLinks, HOSTILE_CATEGORY_SAMPLES, hostileLinks } from "./categories.ts";
import {
  COLLECTION_SAMPLES,
  frontRows,
  HOSTILE_COLLECTION_SAMPLES,
  hostileFront,
  NO_ROWS,
} from "./collections.ts";
import { COMPARE_SAMPLES, HOSTILE_COMPARE_SAMPLES } from "./compare.ts";
import { ADMINISTRATOR, AUDITOR, before, DEVELOPER, NEWCOMER, NOW, REVIEWER } from "./context.ts";
import {
  appProps,
  dashboardApps,
  endingKeys,
  HOSTILE,
  HOSTILE_NAMES,
  jobRows,
  LONG_NAME,
  LONG_TEXT,
  LONGEST,
  linked,
  NO_PAGER,
  needs,
  ORDINARY,
  PAGER,
  queueRows,
  reviewProps,
  SESSIONS,
  storeApps,
  versionProps,
} from "./data.ts";
import { DELETION_SAMPLES, HOSTILE_DELETION_SAMPLES } from "./deletion.ts";
import { DEVICE_SAMPLES, HOSTILE_DEVICE_SAMPLES } from "./devices.ts";
import { FACTOR_SAMPLES, HOSTILE_FACTOR_SAMPLES, PASSKEY } from "./factors.ts";
import { followedApp, followedReview } from "./followed.ts";
import { galleryPage } from "./gallery.tsx";
import { galleryCardsPage, galleryErrorPage } from "./gallery-cards.tsx";
import { galleryFormsPage, galleryNarrowPage } from "./gallery-forms.tsx";
import { galleryFrontPage } from "./gallery-front.tsx";
import { GROUP_SAMPLES, HOSTILE_GROUP_SAMPLES } from "./groups.ts";
import { HOSTILE_LISTING_PICTURE_SAMPLES, LISTING_PICTURE_SAMPLES } from "./listing-pictures.ts";
import { notesForm, notesTexts, TYPED_NOTES } from "./notes-texts.ts";
import { HOSTILE_NOTIFICATION_SAMPLES, NOTIFICATION_SAMPLES } from "./notifications.ts";
import {
  HOSTILE_ORGANISATION_REQUEST_SAMPLES,
  ORGANISATION_REQUEST_SAMPLES,
} from "./organisation-requests.ts";
import { HOSTILE_OWNERLESS_SAMPLES, OWNERLESS_SAMPLES } from "./ownerless.ts";
import { HOSTILE_PUBLISHER_SAMPLES, PUBLISHER_SAMPLES } from "./publishers.ts";
import { HOSTILE_RATING_SAMPLES, HOSTILE_REPORT_SAMPLES, RATING_SAMPLES, REPORT_SAMPLES } from "./ratings.ts";
import { HOSTILE_RELEASE_NOTES_SAMPLES, RELEASE_NOTES_SAMPLES } from "./release-notes.ts";
import {
  actValues,
  historyRows,
  hostilePreview,
  hostileRows,
  inForceRows,
  keyPreviewProps,
  lowestRows,
  previewProps,
  stalePreview,
} from "./revocations.ts";
import { HOSTILE_SETTING_SAMPLES, SETTING_SAMPLES } from "./settings.ts";
import { HOSTILE_SETUP_SAMPLES, SETUP_SAMPLES } from "./setup.ts";
import { storageEmpty, storageLongest, storageUncounted, storageUse } from "./storage.ts";
import { hostileStoreKeys, lateStoreKeys, newStoreKeys } from "./store-keys.ts";
import { HOSTILE_LISTING_SAMPLES, LISTING_SAMPLES } from "./store-listing.ts";
import { HOSTILE_TRANSFER_SAMPLES, TRANSFER_SAMPLES } from "./transfers.ts";
import { HOSTILE_VISIBILITY_SAMPLES, VISIBILITY_SAMPLES } from "./visibility.ts";
import { HOSTILE_YANK_SAMPLES, YANK_SAMPLES } from "./yank.ts";

export type Sample = {
  readonly name: string;
  readonly path: string;
  readonly viewer: Viewer | null;
  readonly flash?: PageContext["flash"];
  readonly render: (ctx: PageContext) => JSX.Element;
};

const NO_CHANGES = {
  ...{ version: "2.3.0", code: 2300, rows: [], permissions: [], sizeBefore: 1, sizeAfter: 2 },
  ...{ compareHref: "/apps/x/compare?from=v-0&to=v-1", files: null },
};

const storeUrl = "https://apps.northwind.example";

const FINGERPRINT = Array.from({ length: 16 }, () => "3f2a").join(" ");

const signingKey = (state: KeyRow["state"]): KeyRow => ({
  keyid: "3f2a".repeat(16),
  fingerprint: FINGERPRINT,
  organisation: linked("Northwind"),
  algorithm: "ecdsa-p256",
  validUntil: before(-200, "days"),
  state,
  apps: [
    { id: "com.northwind.notes", usable: true },
    { id: "com.northwind.weather", usable: false },
  ],
});

const shownKey = (state: KeyRow["state"]): ShownKey => ({
  ...signingKey(state),
  certificate: Array.from({ length: 16 }, () => "9c41").join(" "),
  revoked: null,
  organisationRevoked: null,
  certificateRevoked: null,
  certificateDistrustedAt: null,
});

const signingKeys = (): KeyRow[] => [
  ...(
    [
      "enrolled",
      "expiring",
      "expired",
      "lost",
      "revoked",
      "certificate_revoked",
      "certificate_distrusted",
      "organisation_revoked",
    ] as const
  ).map(signingKey),
  { ...signingKey("enrolled"), apps: [] },
];

const message = (more: Partial<MessageRow>): MessageRow => ({
  id: "msg-1",
  address: "ada@example.com",
  subject: "Keys are lost",
  body: [{ text: "Two\nlines.", isLatin: false }],
  writtenIn: { lang: "en", dir: "ltr" },
  at: before(1, "hours"),
  fate: "waiting",
  sentAt: null,
  failure: null,
  handedOverAt: null,
  hasLink: false,
  ...more,
});

const recoveries = (): RecoveryRow[] =>
  (["waiting", "waited", "approved", "refused", "objected", "fallen"] as const).map((state) => ({
    id: "rcv-1",
    organisation: linked("Northwind"),
    apps: ["com.northwind.notes", "com.northwind.weather"],
    state,
    waitingUntil: before(-5, "days"),
  }));

const recovery = (state: RecoveryRow["state"]): RecoveryProps => ({
  recovery: {
    id: "rcv-1",
    organisation: linked("Northwind"),
    apps: ["com.northwind.notes", "com.northwind.weather"],
    state,
    waitingUntil: before(-5, "days"),
    fingerprint: FINGERPRINT,
    lostKeys: ["b", "c"].map((digit) => ({ keyid: digit.repeat(64), fingerprint: FINGERPRINT })),
    reason: LONG_TEXT,
    requestedBy: "Jonas Bauer",
    requestedAt: before(2, "days"),
    ownersTold: 2,
    decision: null,
    revision: 1,
    daysMissing: 0,
  },
  mayObject: true,
  decides: "never",
  sent: null,
});

const recover = (): RecoverProps => ({
  keys: [{ keyid: "a".repeat(64), fingerprint: FINGERPRINT }],
  apps: ["com.northwind.notes", "com.northwind.weather"],
  waitingDays: 7,
  values: { key: "", app: "all", reason: "" },
  errors: [],
});

const dashboard = (changes: Partial<DashboardProps> = {}): DashboardProps => ({
  apps: dashboardApps(ORDINARY),
  pager: NO_PAGER,
  stats: { apps: 7, published: 1, inReview: 1 },
  offers: [
    {
      appName: "Weather",
      from: "Example Ltd",
      to: ORDINARY.organisation,
      path: "/organisations/org-1/transfers/trf-1",
      at: before(-5, "days"),
    },
  ],
  needs: needs(ORDINARY),
  endingKeys: endingKeys(ORDINARY),
  notices: [],
  keyWarnings: [],
  revokedRelease: null,
  auditDamagedAt: null,
  catalogueDamage: 0,
  isBackupOpen: false,
  mailTrouble: null,
  crowdedSignUp: null,
  unseenDevices: null,
  deletionAt: null,
  review: null,
  reports: null,
  requests: null,
  founding: "ask",
  asked: null,
  storeUrl,
  draft: { id: "com.northwind.rounds", savedAt: before(3, "hours") },
  ...changes,
});

const docs = (changes: Partial<DocsProps> = {}): DocsProps => ({
  nav: [
    {
      title: "Start",
      open: true,
      items: [
        { title: "Quick start", href: "/docs/quick-start" },
        { title: "From folder to device", href: "/docs/path" },
      ],
    },
    { title: "Reference", open: false, items: [{ title: "Data model", href: "/docs/data-model" }] },
  ],
  title: "Quick start",
  lead: "Ten minutes from an empty folder to an app on a device.",
  safeHtml:
    "<h2 id='install'>Install</h2><p>The store is <strong>one executable</strong>. Put it on a machine and run <code>mosis serve</code>.</p>" +
    "<pre tabindex='0'><code>mosis serve --data /var/lib/mosis --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem</code></pre>" +
    "<h2 id='first'>Your first app</h2><ol><li>Scaffold it.</li><li>Sign it.</li><li>Submit it.</li></ol>" +
    "<table><thead><tr><th>Command</th><th class='align-right'>Exit code</th></tr></thead><tbody><tr><td>mosis verify</td><td class='align-right'>0 or 1</td></tr></tbody></table>",
  sections: [
    { id: "install", title: "Install" },
    { id: "first", title: "Your first app" },
  ],
  markdownHref: "/docs/quick-start.md",
  query: null,
  hits: [],
  ...changes,
});

const sample = (
  name: string,
  path: string,
  viewer: Viewer | null,
  render: Sample["render"],
  flash: PageContext["flash"] = null,
): Sample => ({ name, path, viewer, render, flash });

/** A store that says nothing of itself. */
const NEW_APP = {
  steps: CREATE_STEPS,
  languages: ["en", "de", "ar"],
  idCheck: null,
  categories: [
    { value: "tools", label: "Tools" },
    { value: "productivity", label: "Productivity" },
  ],
  groups: [],
  hasDraft: true,
  errors: [],
} as const;

const NO_UPLOADS = { received: null, open: [], alike: null } as const;
/** @param share How much of it was received, 1 for all. */
const openUpload = (fileName: string, share: number) => ({
  id: "upl-1",
  fileName,
  sizeBytes: 48_000_000,
  receivedBytes: Math.round(48_000_000 * share),
  expiresAt: new Date(NOW.getTime() + 2 * 86_400_000),
});

/** With what a question finds in the place of its lists. */
const landingFound = (
  names: typeof ORDINARY,
  query: string,
  apps: readonly StoreApp[] = storeApps(names),
) => ({
  apps: storeApps(names).slice(0, 1),
  mostInstalled: [],
  found: {
    apps,
    pager: NO_PAGER,
    search: { query, found: apps.length, isCut: false },
    categories: names === HOSTILE_NAMES ? hostileLinks() : categoryLinks(),
  },
});

const ENTRANCE = {
  tagline: null,
  aboutHtml: "",
  aboutLanguage: null,
  signUp: null,
  needsSetup: false,
} as const;

const FIRST_ADMINISTRATOR: Viewer = { ...ADMINISTRATOR, organisations: [] };

const NARROWED: Viewer = {
  ...DEVELOPER,
  organisations: [{ id: "org-1", name: "Northwind Field Services", role: "developer", narrowed: 2 }],
};

const PAUSED: Viewer = {
  ...DEVELOPER,
  paused: [
    { name: "Example SSO", href: "/sign-in/with/sso?next=%2Fdashboard" },
    { name: "old-sso", href: null },
  ],
};

const accountProps = (changes: Partial<AccountProps> = {}): AccountProps => ({
  sessions: SESSIONS,
  olderSessions: 0,
  seesKeys: true,
  browsers: SESSIONS,
  name: "Mara Lindqvist",
  language: "de",
  timeZone: "Europe/Berlin",
  zones: ["UTC", "America/New_York", "Europe/Berlin", "Europe/Kyiv"],
  storeZone: "UTC",
  errors: [],
  founds: false,
  proven: false,
  mails: true,

  factors: 1,
  newEmail: "",
  passwordMinLength: 12,
  hasPassword: true,
  identities: [
    {
      id: "idn-1",
      provider: { name: "Google" },
      email: "mara@northwind.example",
      since: before(90, "days"),
      seen: before(2, "hours"),
    },
    {
      id: "idn-2",
      provider: { gone: "old-sso" },
      email: "mara.lindqvist@northwind.example",
      since: before(400, "days"),
      seen: before(300, "days"),
    },
  ],
  linkable: [{ name: "GitHub", href: "/sign-in/with/github?next=%2Faccount" }],
  ...changes,
});

const setupValues = { storeName: "", name: "", email: "" };

/** What the catalogue has words for, by the beginning of their keys. */
const wordsOf = (prefix: string): string[] =>
  Object.keys(en).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));

export const SAMPLES: readonly Sample[] = [
  ...ACCESS_SAMPLES,
  ...ACTIVATE_SAMPLES,
  ...API_KEY_SAMPLES,
  ...DEVICE_SAMPLES,
  ...PUBLISHER_SAMPLES,
  ...VISIBILITY_SAMPLES,
  ...RATING_SAMPLES,
  ...REPORT_SAMPLES,
  ...YANK_SAMPLES,
  ...COMPARE_SAMPLES,
  ...APP_DELETION_SAMPLES,
  ...TRANSFER_SAMPLES,
  ...NOTIFICATION_SAMPLES,
  ...GROUP_SAMPLES,
  ...ORGANISATION_REQUEST_SAMPLES,
  ...APPS_SAMPLES,
  ...OWNERLESS_SAMPLES,
  ...DELETION_SAMPLES,
  ...FACTOR_SAMPLES,
  sample("landing", "/", null, (ctx) =>
    landingPage(ctx, {
      ...frontRows(ORDINARY),
      ...ENTRANCE,
      signUp: { domains: ["northwind.example", "field.northwind.example"] },
      tagline: { text: "Apps for the field", language: null },
      aboutHtml: ABOUT_HTML,
      apps: storeApps(ORDINARY),
      mostInstalled: storeApps(ORDINARY),
      found: null,
    }),
  ),
  sample("landing-found", "/", null, (ctx) =>
    landingPage(ctx, { ...NO_ROWS, ...ENTRANCE, ...landingFound(ORDINARY, "calcualtor") }),
  ),
  sample("landing-not-found", "/", DEVELOPER, (ctx) =>
    landingPage(ctx, { ...NO_ROWS, ...ENTRANCE, ...landingFound(ORDINARY, "qwertz", []) }),
  ),
  sample(
    "landing-empty",
    "/",
    null,
    (ctx) => landingPage(ctx, { ...NO_ROWS, ...ENTRANCE, apps: [], mostInstalled: [], found: null }),
    "signed_out",
  ),
  sample("landing-new", "/", null, (ctx) =>
    landingPage(ctx, { ...NO_ROWS, ...ENTRANCE, needsSetup: true, apps: [], mostInstalled: [], found: null }),
  ),
  sample("landing-longest", "/", DEVELOPER, (ctx) =>
    landingPage(
      { ...ctx, storeName: LONG_NAME },
      {
        ...frontRows(LONGEST),
        tagline: { text: LONG_TEXT, language: "de" },
        aboutHtml: `<p>${"w".repeat(600)}</p>`,
        aboutLanguage: "de",
        signUp: { domains: ["w".repeat(180)] },
        needsSetup: false,
        apps: storeApps(LONGEST),
        mostInstalled: storeApps(LONGEST),
        found: null,
      },
    ),
  ),
  ...CATALOG_SAMPLES,
  ...CATEGORY_SAMPLES,
  ...COLLECTION_SAMPLES,
  ...LISTING_SAMPLES,
  ...LISTING_PICTURE_SAMPLES,
  ...RELEASE_NOTES_SAMPLES,
  sample("setup", "/setup", null, (ctx) =>
    setupPage(ctx, { token: "t", values: setupValues, errors: [], passwordMinLength: 12 }),
  ),
  sample("setup-failing", "/setup", null, (ctx) =>
    setupPage(ctx, {
      token: "t",
      values: { storeName: "", name: "Ada", email: "ada@" },
      errors: [
        { field: "storeName", message: "Give the store a name." },
        { field: "email", message: "This is not an email address: expected name@host." },
        { field: "password", message: "At least 12 characters are needed, 7 were given." },
        { field: "", message: "The clock of this machine is 3 years behind." },
      ],
      passwordMinLength: 12,
    }),
  ),
  sample("sign-in", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: { kind: "expired" },
      next: null,
      passkey: PASSKEY,
      signUp: true,
      providers: [
        { name: "Google", href: "/sign-in/with/google" },
        { name: LONG_NAME, href: "/sign-in/with/other" },
      ],
    }),
  ),
  sample("sign-in-failing", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: "ada@store.example",
      problem: { kind: "credentials" },
      next: "/review",
      passkey: PASSKEY,
      signUp: false,
      providers: [],
    }),
  ),
  sample("sign-in-too-many", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: { kind: "too_many", retryAfterSeconds: 840 },
      next: null,
      passkey: null,
      signUp: false,
      providers: [],
    }),
  ),
  sample("sign-in-passkey-failing", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: { kind: "passkey" },
      next: null,
      passkey: PASSKEY,
      providers: [],
      signUp: true,
    }),
  ),
  sample("sign-in-not-set-up", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: { kind: "not_set_up" },
      next: null,
      passkey: null,
      signUp: false,
      providers: [],
    }),
  ),
  sample("sign-in-provider-failing", "/sign-in/with/google/back", null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: {
        kind: "provider",
        code: "provider.flow",
        message:
          "This way back from Google was used already, took too long, or began in another browser. Sign in again.",
      },
      next: null,
      passkey: null,
      signUp: false,
      providers: [{ name: "Google", href: "/sign-in/with/google" }],
    }),
  ),
  sample("sign-in-refused", "/sign-in", null, (ctx) =>
    signInRefusedPage(ctx, { host: "apps.northwind.example", port: 8080 }),
  ),
  sample("dashboard", "/dashboard", DEVELOPER, (ctx) => dashboardPage(ctx, dashboard(), "/events")),
  sample("dashboard-paused", "/dashboard", PAUSED, (ctx) => dashboardPage(ctx, dashboard(), "/events")),
  sample("dashboard-empty", "/dashboard", DEVELOPER, (ctx) =>
    dashboardPage(
      ctx,
      dashboard({
        apps: [],
        needs: [],
        endingKeys: [],
        stats: { apps: 0, published: 0, inReview: 0 },
        draft: { id: "", savedAt: before(3, "hours") },
      }),
      "/events",
    ),
  ),
  ...(
    [
      ["ask", { founding: "ask" }],
      ["asked", { asked: { name: "Harbour Logistics", state: "open" } }],
      ["refused", { asked: { name: LONG_NAME.slice(0, 80), state: "refused" } }],
      ["unproven", { founding: "unproven" }],
      ["founds", { founding: "may" }],
    ] as const
  ).map(([name, changes]) =>
    sample(`dashboard-newcomer-${name}`, "/dashboard", NEWCOMER, (ctx) =>
      dashboardPage(
        ctx,
        dashboard({
          ...{ apps: [], needs: [], endingKeys: [], stats: { apps: 0, published: 0, inReview: 0 } },
          ...{ draft: null, ...changes },
        }),
        "/events",
      ),
    ),
  ),
  sample("dashboard-reviewer", "/dashboard", REVIEWER, (ctx) =>
    dashboardPage(
      ctx,
      dashboard({
        apps: [],
        needs: [],
        endingKeys: [],
        stats: { apps: 0, published: 0, inReview: 0 },
        review: { waiting: 3, oldestAt: before(2, "days") },
      }),
      "/events",
    ),
  ),
  sample("dashboard-first-administrator", "/dashboard", FIRST_ADMINISTRATOR, (ctx) =>
    dashboardPage(
      ctx,
      dashboard({
        apps: [],
        needs: [],
        endingKeys: [],
        stats: { apps: 0, published: 0, inReview: 0 },
        keyWarnings: [
          { what: "timestamp", state: "expired", at: before(2, "hours") },
          { what: "ca-developer", state: "warning", at: before(-1000, "days") },
          { what: "root", state: "overlong", at: before(-560, "days") },
        ],
        revokedRelease: { what: "release-2", at: before(1, "hours") },
        auditDamagedAt: before(3, "hours"),
        catalogueDamage: 2,
        isBackupOpen: true,
        mailTrouble: { since: before(2, "hours"), count: 3, refusal: null },
        crowdedSignUp: { since: before(2, "hours"), waiting: 1, lost: 0 },
        unseenDevices: { days: 30, count: 4, more: false },
        deletionAt: before(-12, "days"),
        review: { waiting: 0, oldestAt: null },
        reports: { waiting: 3, oldestAt: before(2, "days") },
        requests: { waiting: 2, oldestAt: before(1, "hours") },
        founding: "may",
      }),
      "/events",
    ),
  ),
  sample("dashboard-longest", "/dashboard", { ...ADMINISTRATOR, name: LONG_TEXT.slice(0, 100) }, (ctx) =>
    dashboardPage(
      { ...ctx, storeName: LONG_NAME },
      dashboard({
        apps: dashboardApps(LONGEST),
        needs: needs(LONGEST),
        endingKeys: endingKeys(LONGEST),
        pager: PAGER,
        stats: { apps: 1_234_567, published: 12_345_678, inReview: 0 },
        mailTrouble: { since: before(40, "days"), count: 0, refusal: "550 5.7.133" },
        crowdedSignUp: { since: before(2, "days"), waiting: 2_400_000, lost: 1_234_567 },
        review: { waiting: 12_345, oldestAt: before(40, "days") },
        reports: { waiting: 1000, oldestAt: before(400, "days") },
      }),
      "/events",
    ),
  ),
  sample("app", "/apps/com.northwind.inspect", DEVELOPER, (ctx) => followedApp(ctx, appProps(ORDINARY))),
  sample(
    "app-empty",
    "/apps/com.northwind.inspect",
    DEVELOPER,
    (ctx) => {
      const { app } = appProps(ORDINARY);
      return followedApp(
        ctx,
        appProps(ORDINARY, {
          app: { ...app, states: [], behind: null, wasPublished: false, published: null, summary: null },
          parts: ["overview", "listing", "access", "team", "settings"],
          versions: [],
          lineage: [],
          pager: NO_PAGER,
          canDelete: true,
        }),
      );
    },
    "app_created",
  ),
  sample("app-category-removed", "/apps/x", DEVELOPER, (ctx) =>
    followedApp(
      ctx,
      appProps(ORDINARY, {
        part: "listing",
        category: {
          ...{ chosen: "gardening", fromPackage: "Tools", name: null },
          choice: [
            { id: "gardening", name: ctx.t("app.category_removed", { id: "gardening" }) },
            { id: "tools", name: "Tools" },
          ],
        },
      }),
    ),
  ),
  sample("app-uncategorised", "/apps/x", DEVELOPER, (ctx) =>
    followedApp(
      ctx,
      appProps(ORDINARY, {
        part: "listing",
        category: { chosen: null, fromPackage: null, name: null, choice: [] },
        app: { ...appProps(ORDINARY).app, states: [], behind: null, wasPublished: false, published: null },
        listing: { listed: true, deprecated: null, manages: true },
      }),
    ),
  ),
  ...APP_PARTS.flatMap((part) => [
    sample(`app-part-${part}`, "/apps/com.northwind.inspect", DEVELOPER, (ctx) =>
      followedApp(ctx, appProps(ORDINARY, { part })),
    ),
    sample(`app-part-${part}-longest`, "/apps/x", DEVELOPER, (ctx) =>
      followedApp(ctx, appProps(LONGEST, { part, canDelete: true })),
    ),
  ]),
  sample("app-longest", "/apps/x", DEVELOPER, (ctx) =>
    followedApp(ctx, appProps(LONGEST, { canDelete: true })),
  ),
  sample("app-deleting", "/apps/x", DEVELOPER, (ctx) => followedApp(ctx, resting(ORDINARY, true))),
  sample("app-deleting-longest", "/apps/x", DEVELOPER, (ctx) => followedApp(ctx, resting(LONGEST, false))),
  sample("app-revoked", "/apps/x", DEVELOPER, (ctx) => {
    const { app } = appProps(ORDINARY);
    const { standing } = appProps(LONGEST);
    return followedApp(ctx, appProps(ORDINARY, { app: { ...app, published: null }, standing }));
  }),
  sample("version-revoked", "/apps/x/versions/v-1", DEVELOPER, (ctx) => {
    const { standing } = versionProps("published", LONGEST);
    return versionPage(ctx, { ...versionProps("published", ORDINARY), standing }, null);
  }),
  ...VERSION_STATES.map((state) =>
    sample(`version-${state.replace("_", "-")}`, "/apps/x/versions/v-1", DEVELOPER, (ctx) =>
      versionPage(ctx, versionProps(state, ORDINARY), "/events"),
    ),
  ),
  sample("version-yanked", "/apps/x/versions/v-1", DEVELOPER, (ctx) => {
    const { version, ...rest } = versionProps("published", ORDINARY);
    const yanked = { reason: "Loses drafts when the headset sleeps.", at: before(5, "hours") };
    return versionPage(ctx, { ...rest, version: { ...version, yanked }, actions: ["yank", "unyank"] }, null);
  }),
  sample("version-longest", "/apps/x/versions/v-1", DEVELOPER, (ctx) =>
    versionPage(ctx, versionProps("rejected", LONGEST), null),
  ),
  sample("version-longest-review", "/apps/x/versions/v-1", DEVELOPER, (ctx) =>
    versionPage(ctx, versionProps("in_review", LONGEST), "/events"),
  ),
  sample("version-signing-longest", "/apps/x/versions/v", DEVELOPER, (ctx) =>
    versionPage(ctx, versionProps("signing", LONGEST), null),
  ),
  sample("version-plain", "/apps/x/versions/v-1", DEVELOPER, (ctx) =>
    versionPage(
      ctx,
      {
        ...versionProps("published", ORDINARY),
        findings: [],
        permissions: [],
        hosts: [],
        version: { ...versionProps("published", ORDINARY).version, notes: [] },
      },
      null,
    ),
  ),
  sample("upload", "/upload", ADMINISTRATOR, (ctx) =>
    uploadPage(ctx, {
      app: null,
      ...NO_UPLOADS,
      open: [openUpload("", 0)],
      notes: notesForm({ own: null, languages: ["en", "de", "ar"], preview: [] }),
      values: { organisation: "org-2", hold: false, confirm: null },
      errors: [{ field: "file", message: ctx.t("upload.no_file") }],
      maxBytes: 536_870_912,
    }),
  ),
  sample("upload-received", "/upload", DEVELOPER, (ctx) =>
    uploadPage(ctx, {
      app: { id: ORDINARY.id, name: ORDINARY.name, above: 2398 },
      received: openUpload("field-notes-2.4.0.mosis", 1),
      open: [],
      alike: null,
      notes: notesForm({ values: TYPED_NOTES, preview: notesTexts(ORDINARY) }),
      values: {
        organisation: "org-1",
        hold: false,
        confirm: null,
      },
      errors: [],
      maxBytes: 536_870_912,
    }),
  ),
  sample("upload-failing", "/apps/com.northwind.inspect/upload", DEVELOPER, (ctx) =>
    uploadPage(ctx, {
      app: { id: ORDINARY.id, name: ORDINARY.name, above: 2398 },
      ...NO_UPLOADS,
      open: [openUpload("field-notes-2.4.0.mosis", 0.4), openUpload("inspect.mosis", 1)],
      notes: notesForm({ values: { notes: "Photos are attached." } }),
      values: { organisation: "org-1", hold: true, confirm: null },
      errors: [{ field: "file", message: "The package has 584 MiB; this store takes at most 512 MiB." }],
      maxBytes: 536_870_912,
    }),
  ),
  sample("upload-longest", "/apps/x/upload", DEVELOPER, (ctx) =>
    uploadPage(ctx, {
      app: { id: LONGEST.id, name: LONGEST.name, above: null },
      received: openUpload(LONG_TEXT.slice(0, 255), 1),
      open: [openUpload(LONG_TEXT.slice(0, 255), 0.4)],
      alike: LONGEST.id,
      notes: notesForm({
        values: { notes: LONG_TEXT },
        preview: [{ language: "en", html: `<p>${"w".repeat(600)}</p>` }],
      }),
      values: { organisation: "org-1", hold: true, confirm: null },
      errors: [{ field: "notes", message: LONG_TEXT }],
      maxBytes: 536_870_912,
    }),
  ),
  sample("create-organisation", "/organisations/new", FIRST_ADMINISTRATOR, (ctx) =>
    createOrganisationPage(ctx, { name: "", errors: [] }),
  ),
  sample("create-organisation-failing", "/organisations/new", FIRST_ADMINISTRATOR, (ctx) =>
    createOrganisationPage(ctx, {
      name: LONG_TEXT,
      errors: [{ field: "name", message: "An organisation's name has 1 to 80 characters." }],
    }),
  ),
  sample("account", "/account", DEVELOPER, (ctx) => accountPage(ctx, accountProps()), "password_changed"),
  sample("account-failing", "/account", { ...NARROWED, name: LONG_NAME }, (ctx) =>
    accountPage(
      ctx,
      accountProps({
        founds: true,
        errors: [
          { field: "current", message: "This is not your present password." },
          { field: "password", message: "A password has at least 12 characters." },
          { field: "email", message: "An address looks like name@example.org." },
        ],
        proven: true,
        newEmail: "mara@",
      }),
    ),
  ),
  sample("account-no-mail", "/account", DEVELOPER, (ctx) =>
    accountPage(
      ctx,
      accountProps({
        mails: false,
        sessions: Array.from({ length: 12 }, (_, at) => ({
          ...SESSIONS[at % SESSIONS.length],
          current: at === 0,
        })) as AccountProps["sessions"],
        olderSessions: 2,
      }),
    ),
  ),
  sample("account-of-a-provider", "/account", DEVELOPER, (ctx) =>
    accountPage(
      ctx,
      accountProps({
        hasPassword: false,
        proven: true,
        identities: [],
        errors: [
          {
            field: "identity",
            message:
              "This is the only way in which you can sign in. Set a password, or link another account first.",
          },
        ],
      }),
    ),
  ),
  sample("create-app", "/apps/new", ADMINISTRATOR, (ctx) =>
    createAppPage(ctx, {
      ...NEW_APP,
      step: "id",
      values: { organisation: "org-1", id: "com.northwind.inspect" },
      idCheck: {
        id: "com.northwind.inspect",
        state: "free",
        problem: null,
        alike: [],
        ownAlike: [{ id: "com.northwind.inspect2", name: "Site Inspect 2" }],
      },
      hasDraft: false,
    }),
  ),
  sample("create-app-alike", "/apps/new", ADMINISTRATOR, (ctx) =>
    createAppPage(ctx, {
      ...NEW_APP,
      step: "id",
      values: { organisation: "org-1", id: "com.northwind.lnspect" },
      idCheck: {
        id: "com.northwind.lnspect",
        state: "alike",
        problem: {
          words:
            "com.northwind.lnspect is free, and easily taken for com.northwind.inspect: choose another one, or confirm that it is meant.",
        },
        alike: [{ id: "com.northwind.inspect", name: "Site Inspect" }],
        ownAlike: [],
      },
    }),
  ),
  sample("create-app-names", "/apps/new?step=names", DEVELOPER, (ctx) =>
    createAppPage(ctx, { ...NEW_APP, step: "names", values: { "names/en": "Site Inspect" } }),
  ),
  sample("create-app-category", "/apps/new?step=category", DEVELOPER, (ctx) =>
    createAppPage(ctx, { ...NEW_APP, step: "category", values: { category: "tools" } }),
  ),
  sample("create-app-access", "/apps/new?step=access", DEVELOPER, (ctx) =>
    createAppPage(ctx, {
      ...NEW_APP,
      step: "access",
      values: { visibility: "groups" },
      groups: [{ id: "grp-1", name: "Field testers", in: false }],
    }),
  ),
  sample("create-app-failing", "/apps/new", ADMINISTRATOR, (ctx) =>
    createAppPage(ctx, {
      ...NEW_APP,
      step: "id",
      values: { organisation: "org-2", id: LONGEST.id },
      idCheck: { id: LONGEST.id, state: "taken", problem: { words: LONG_TEXT }, alike: [], ownAlike: [] },
      errors: [{ field: "id", message: LONG_TEXT }],
    }),
  ),
  sample("review-queue", "/review", REVIEWER, (ctx) =>
    reviewQueuePage(ctx, { rows: queueRows(ORDINARY), waiting: 3, pager: NO_PAGER }, "/events"),
  ),
  sample(
    "review-queue-empty",
    "/review",
    REVIEWER,
    (ctx) => reviewQueuePage(ctx, { rows: [], waiting: 0, pager: NO_PAGER }, "/events"),
    "review_approved",
  ),
  sample("review-queue-longest", "/review", REVIEWER, (ctx) =>
    reviewQueuePage(ctx, { rows: queueRows(LONGEST), waiting: 1, pager: PAGER }, "/events"),
  ),
  sample("review", "/review/v-1", REVIEWER, (ctx) => followedReview(ctx, reviewProps(ORDINARY))),
  sample("review-failing", "/review/v-1", REVIEWER, (ctx) =>
    followedReview(
      ctx,
      reviewProps(ORDINARY, {
        app: { ...reviewProps(ORDINARY).app, published: null },
        version: { ...reviewProps(ORDINARY).version, hold: true, notes: [] },
        findings: [],
        permissions: [],
        hosts: [],
        errors: [{ field: "reason", message: "Say what the developer should change." }],
      }),
    ),
  ),
  sample("review-own", "/review/v-1", REVIEWER, (ctx) =>
    followedReview(ctx, reviewProps(ORDINARY, { canDecide: false, isOwn: true })),
  ),
  sample("review-outdated", "/review/v-1", REVIEWER, (ctx) =>
    followedReview(ctx, reviewProps(ORDINARY, { isOutdated: true })),
  ),
  sample("review-approved", "/review/v-1", REVIEWER, (ctx) =>
    followedReview(
      ctx,
      reviewProps(ORDINARY, {
        canDecide: false,
        screenshots: [],
        version: { ...reviewProps(ORDINARY).version, state: "signing" },
        changes: NO_CHANGES,
        decided: { decision: "approved", reason: "", by: "Jonas Bauer", at: before(1, "hours") },
      }),
    ),
  ),
  sample("review-decided", "/review/v-1", REVIEWER, (ctx) =>
    followedReview(
      ctx,
      reviewProps(ORDINARY, {
        canDecide: false,
        version: { ...reviewProps(ORDINARY).version, state: "rejected" },
        changes: {
          ...NO_CHANGES,
          rows: [{ what: "permissions_removed", locale: null, before: ["camera"], after: [] }],
        },
        decided: { decision: "rejected", reason: "Two\nlines.", by: "Jonas Bauer", at: before(1, "hours") },
      }),
    ),
  ),
  sample("review-longest", "/review/v-1", REVIEWER, (ctx) => followedReview(ctx, reviewProps(LONGEST))),
  sample("dashboard-notices", "/dashboard", DEVELOPER, (ctx) =>
    dashboardPage(
      ctx,
      dashboard({
        notices: [
          {
            id: "msg-1",
            said: LONG_TEXT,
            path: "/keys",
            at: before(2, "hours"),
          },
          { id: "msg-2", said: "Weather is not deleted", path: null, at: before(9, "hours") },
        ],
      }),
      "/events",
    ),
  ),
  sample("keys", "/keys", DEVELOPER, (ctx) =>
    keysPage(ctx, { keys: signingKeys(), recoveries: recoveries(), mayRecover: true, pager: PAGER }),
  ),
  sample("keys-empty", "/keys", DEVELOPER, (ctx) =>
    keysPage(ctx, { keys: [], recoveries: [], mayRecover: false, pager: NO_PAGER }),
  ),
  sample("key", "/keys/k", DEVELOPER, (ctx) =>
    keyPage(ctx, {
      key: shownKey("enrolled"),
      stricter: ["block", "disable", "remove"],
      mayManage: false,
      mayRecover: true,
      action: "block",
      reason: "",
      errors: [{ field: "reason", message: "Say why." }],
    }),
  ),
  sample("key-revoked", "/keys/k", DEVELOPER, (ctx) =>
    keyPage(ctx, {
      key: {
        ...shownKey("revoked"),
        revoked: { action: "block", reason: LONG_TEXT, revokedAt: before(3, "days") },
      },
      stricter: ["disable", "remove"],
      mayManage: false,
      mayRecover: false,
      action: "",
      reason: "",
      errors: [],
    }),
  ),
  sample("key-certificate-revoked", "/keys/k", ADMINISTRATOR, (ctx) =>
    keyPage(ctx, {
      key: {
        ...shownKey("certificate_revoked"),
        certificateRevoked: {
          action: "remove",
          reason: "It was issued twice.",
          revokedAt: before(1, "hours"),
        },
      },
      stricter: [],
      mayManage: true,
      mayRecover: false,
      action: "",
      reason: "",
      errors: [],
    }),
  ),
  sample("key-organisation-revoked", "/keys/k", DEVELOPER, (ctx) =>
    keyPage(ctx, {
      key: {
        ...shownKey("organisation_revoked"),
        organisationRevoked: { action: "disable", reason: "It stole data.", revokedAt: before(1, "hours") },
      },
      stricter: [],
      mayManage: false,
      mayRecover: false,
      action: "",
      reason: "",
      errors: [],
    }),
  ),
  sample("key-certificate-distrusted", "/keys/k", DEVELOPER, (ctx) =>
    keyPage(ctx, {
      key: { ...shownKey("certificate_distrusted"), certificateDistrustedAt: before(1, "hours") },
      stricter: [],
      mayManage: false,
      mayRecover: false,
      action: "",
      reason: "",
      errors: [],
    }),
  ),
  ...(["in_force", "lowest", "history"] as const).map((show) =>
    sample(`revocations-${show.replace("_", "-")}`, "/admin/revocations", ADMINISTRATOR, (ctx) =>
      revocationsPage(ctx, {
        mayManage: true,
        show,
        rows: { in_force: inForceRows, lowest: lowestRows, history: historyRows }[show],
        pager: PAGER,
      }),
    ),
  ),
  ...(["lowest", "history"] as const).map((show) =>
    sample(`revocations-${show}-empty`, "/admin/revocations", ADMINISTRATOR, (ctx) =>
      revocationsPage(ctx, { mayManage: true, show, rows: [], pager: NO_PAGER }),
    ),
  ),
  sample("revoke-preview-release", "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(ctx, previewProps({ waiting: "signed", lineages: 2, offeredAgain: 3 })),
  ),
  sample("revoke-preview-lowest", "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(
      ctx,
      previewProps({
        values: actValues({ act: "lowest-version", versionCode: "240" }),
        lowestBefore: 1,
      }),
    ),
  ),
  sample("revoke-preview-lower", "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(
      ctx,
      previewProps({
        values: actValues({ act: "lowest-version", versionCode: "1" }),
        lowestBefore: 240,
        returns: true,
        waiting: null,
        affected: { apps: 1, versions: 3, published: 3, waiting: 0 },
        staysOut: (["app", "certificate", "developer", "key", "lowest", "package", "yanked"] as const).map(
          (because, at) => ({ because, versions: at + 1 }),
        ),
      }),
    ),
  ),
  sample("revoke-key-preview", "/keys/k/revoke/preview", DEVELOPER, (ctx) =>
    revokePreviewPage(ctx, keyPreviewProps(ctx)),
  ),
  sample("revocations-auditor", "/admin/revocations", AUDITOR, (ctx) =>
    revocationsPage(ctx, { show: "in_force", rows: inForceRows, mayManage: false, pager: PAGER }),
  ),
  sample(
    "revocations-empty",
    "/admin/revocations",
    ADMINISTRATOR,
    (ctx) => revocationsPage(ctx, { mayManage: true, show: "in_force", rows: [], pager: NO_PAGER }),
    "revocation_done",
  ),
  sample("revoke", "/admin/revocations/new", ADMINISTRATOR, (ctx) =>
    revokePage(ctx, { values: actValues(), errors: [] }),
  ),
  sample("revoke-failing", "/admin/revocations/new", ADMINISTRATOR, (ctx) =>
    revokePage(ctx, {
      values: actValues({ id: "com.northwind.inspct", reason: "" }),
      errors: [
        { field: "id", message: "This store knows no app com.northwind.inspct." },
        { field: "reason", message: "A revocation says why." },
      ],
    }),
  ),
  sample("revoke-lowest", "/admin/revocations/new", ADMINISTRATOR, (ctx) =>
    revokePage(ctx, {
      values: actValues({ act: "lowest-version", appId: "com.northwind.inspect", versionCode: "0" }),
      errors: [{ field: "versionCode", message: "A version code is a whole number." }],
    }),
  ),
  sample("revoke-preview", "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(ctx, previewProps()),
  ),
  ...(["block", "remove"] as const).map((action) =>
    sample(`revoke-preview-${action}`, "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
      revokePreviewPage(ctx, previewProps({ values: actValues({ action }) })),
    ),
  ),
  sample("revoke-preview-stale", "/admin/revocations", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(ctx, stalePreview),
  ),
  sample("revoke-preview-lift", "/admin/revocations/preview", ADMINISTRATOR, (ctx) =>
    revokePreviewPage(
      ctx,
      previewProps({
        values: actValues({ act: "lift" }),
        returns: true,
        waiting: null,
        versions: [],
        before: { action: "disable", reason: "It sends reports to strangers." },
        affected: { apps: 0, versions: 0, published: 0, waiting: 0 },
        installed: { devices: 17, since: before(9, "days") },
      }),
    ),
  ),
  sample("store-keys", "/admin/keys", ADMINISTRATOR, (ctx) => storeKeysPage(ctx, newStoreKeys)),
  sample("store-keys-late", "/admin/keys", ADMINISTRATOR, (ctx) => storeKeysPage(ctx, lateStoreKeys)),
  sample("store-keys-quiet", "/admin/keys", ADMINISTRATOR, (ctx) =>
    storeKeysPage(ctx, { ...newStoreKeys, next: [] }),
  ),
  sample("recovery", "/recoveries/r", DEVELOPER, (ctx) => recoveryPage(ctx, recovery("waiting"))),
  sample("recovery-waited", "/recoveries/r", ADMINISTRATOR, (ctx) =>
    recoveryPage(ctx, {
      ...recovery("waited"),
      mayObject: false,
      decides: "may",
      sent: { field: "refuse", reason: "", errors: [{ field: "refuse", message: "Say why." }] },
    }),
  ),
  sample("recovery-own", "/recoveries/r", ADMINISTRATOR, (ctx) =>
    recoveryPage(ctx, { ...recovery("waited"), decides: "own_organisation" }),
  ),
  sample("recovery-missing", "/recoveries/r", ADMINISTRATOR, (ctx) => {
    const props = recovery("waiting");
    return recoveryPage(ctx, {
      ...props,
      mayObject: false,
      decides: "may",
      recovery: { ...props.recovery, waitingUntil: before(1, "hours"), daysMissing: 6 },
    });
  }),
  sample("recover", "/recoveries/new", DEVELOPER, (ctx) => recoverPage(ctx, recover())),
  sample("recover-empty", "/recoveries/new", DEVELOPER, (ctx) =>
    recoverPage(ctx, { ...recover(), keys: [], apps: [] }),
  ),
  sample("recover-refused", "/recoveries/new", DEVELOPER, (ctx) =>
    recoverPage(ctx, { ...recover(), errors: [{ field: "reason", message: "Say why." }] }),
  ),
  sample("recovery-decided", "/recoveries/r", DEVELOPER, (ctx) => {
    const props = recovery("objected");
    const decision = { by: "Jonas Bauer", at: before(1, "hours"), reason: "It is in the safe." };
    return recoveryPage(ctx, { ...props, mayObject: false, recovery: { ...props.recovery, decision } });
  }),
  sample("recoveries", "/admin/recoveries", ADMINISTRATOR, (ctx) =>
    recoveriesPage(ctx, { rows: recoveries(), pager: NO_PAGER }),
  ),
  sample("recoveries-empty", "/admin/recoveries", ADMINISTRATOR, (ctx) =>
    recoveriesPage(ctx, { rows: [], pager: NO_PAGER }),
  ),
  sample("outbox", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, {
      messages: [
        message({ fate: "waiting", hasLink: true }),
        message({
          fate: "sent",
          sentAt: before(2, "minutes"),
          hasLink: true,
          handedOverAt: before(3, "minutes"),
        }),
        message({ fate: "refused", failure: "550 5.1.1 <ada@example.com>: there is no such user" }),
        message({ fate: "needless" }),
        message({
          subject: "حسابك في Northwind Apps",
          body: runsOf(
            "Mara Lindqvist <mara@example.com>: دعوة إلى Northwind Apps.\n\nالقبول من هنا، حتى 8 ديسمبر 2026 في 9:30 ص UTC:",
            "ar",
          ),
          writtenIn: { lang: "ar", dir: "rtl" },
          fate: "sent",
          sentAt: before(1, "hours"),
        }),
      ],
      isMailed: true,
      trouble: null,
      pager: NO_PAGER,
    }),
  ),
  sample("outbox-failing", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, {
      messages: [
        message({ fate: "failing", failure: "connect ECONNREFUSED 192.0.2.1:587" }),
        message({ fate: "late", failure: "451 4.7.1 later" }),
        message({ fate: "unanswered", failure: "Timeout", hasLink: true }),
        message({ fate: "unwanted" }),
        message({
          fate: "unanswered",
          failure: `no end within the time that a mail may take ${"x".repeat(200)}`,
          address: `${"very-long-name-of-somebody".repeat(3)}@${"department-of-mail".repeat(3)}.example.com`,
          hasLink: true,
          handedOverAt: before(2, "hours"),
        }),
      ],
      isMailed: true,
      trouble: { since: before(3, "hours"), count: 12, refusal: null },
      pager: NO_PAGER,
    }),
  ),
  sample("outbox-given-up", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, {
      messages: [message({ fate: "unanswered", failure: "Timeout" })],
      isMailed: true,
      trouble: { since: before(9, "days"), count: 0, refusal: null },
      pager: NO_PAGER,
    }),
  ),
  sample("outbox-refused", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, {
      messages: [message({ fate: "refused", failure: "550 5.7.1 <ada@example.com>: Relaying denied" })],
      isMailed: true,
      trouble: { since: before(5, "hours"), count: 0, refusal: "550 5.7.1" },
      pager: NO_PAGER,
    }),
  ),
  sample("outbox-unsent", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, {
      messages: [message({ fate: "unsent", hasLink: true })],
      isMailed: false,
      trouble: null,
      pager: NO_PAGER,
    }),
  ),
  sample("outbox-empty", "/admin/outbox", ADMINISTRATOR, (ctx) =>
    outboxPage(ctx, { messages: [], isMailed: false, trouble: null, pager: NO_PAGER }),
  ),
  sample("hand-over", "/admin/outbox/m/link", ADMINISTRATOR, (ctx) =>
    handOverPage(ctx, {
      address: "ada@example.com",
      subject: "A new password for the store",
      url: `https://apps.example.com/new-password?token=${"a".repeat(43)}`,
      expiresAt: new Date(NOW.getTime() + 86_400_000),
    }),
  ),
  sample("log", "/admin/log", ADMINISTRATOR, (ctx) =>
    logPage(ctx, {
      size: 1234,
      head: { size: 1233, rootHash: "ab".repeat(32), signedAt: before(1, "hours") },
      damage: null,
      entries: [
        {
          position: 1233,
          at: before(1, "hours"),
          type: "approval",
          facts: [
            { name: "appId", value: "com.example.notes" },
            { name: "contentDigest", value: "cd".repeat(32) },
          ],
          hidden: true,
        },
        {
          position: 1232,
          at: before(2, "hours"),
          type: "certificate",
          facts: [
            { name: "kind", value: "release" },
            { name: "sha256", value: "ef".repeat(32) },
          ],
          hidden: false,
        },
      ],
      pager: PAGER,
    }),
  ),
  sample("log-types", "/admin/log", ADMINISTRATOR, (ctx) =>
    logPage(ctx, {
      size: 9,
      head: null,
      damage: null,
      entries: wordsOf("log.type.").map((type, position) => ({
        ...{ position, at: before(1, "hours"), type },
        ...{ facts: [{ name: "appId", value: "com.example.notes" }], hidden: false },
      })),
      pager: NO_PAGER,
    }),
  ),
  sample("log-damaged", "/admin/log", ADMINISTRATOR, (ctx) =>
    logPage(ctx, {
      size: 3,
      head: { size: 4, rootHash: "ab".repeat(32), signedAt: before(1, "hours") },
      damage: "The store's log is not the one that was signed: it has 3 leaves, and a head of 4 was signed.",
      entries: [],
      pager: NO_PAGER,
    }),
  ),
  sample("storage", "/admin/storage", ADMINISTRATOR, (ctx) => storagePage(ctx, storageUse)),
  sample("storage-uncounted", "/admin/storage", AUDITOR, (ctx) => storagePage(ctx, storageUncounted)),
  sample("storage-empty", "/admin/storage", AUDITOR, (ctx) => storagePage(ctx, storageEmpty)),
  sample("storage-longest", "/admin/storage", ADMINISTRATOR, (ctx) => storagePage(ctx, storageLongest)),
  sample("log-empty", "/admin/log", ADMINISTRATOR, (ctx) =>
    logPage(ctx, { size: 0, head: null, damage: null, entries: [], pager: NO_PAGER }),
  ),
  sample("audit", "/admin/audit", AUDITOR, (ctx) => auditPage(ctx, auditProps())),
  sample("audit-actions", "/admin/audit", ADMINISTRATOR, (ctx) => auditPage(ctx, everyActionProps)),
  sample("audit-damaged", "/admin/audit", ADMINISTRATOR, (ctx) => auditPage(ctx, damagedProps)),
  sample("audit-organisation", organisationProps.path, DEVELOPER, (ctx) =>
    auditPage({ ...ctx, timeZone: "Europe/Berlin" }, organisationProps),
  ),
  sample("audit-none-found", organisationProps.path, DEVELOPER, (ctx) =>
    auditPage(ctx, { ...organisationProps, pager: NO_PAGER }),
  ),
  sample("audit-empty", organisationProps.path, DEVELOPER, (ctx) =>
    auditPage(ctx, auditProps({ of: organisationProps.of, entries: [], pager: NO_PAGER, check: null })),
  ),
  sample("audit-longest", "/admin/audit", ADMINISTRATOR, (ctx) => auditPage(ctx, longestProps)),
  ...SETTING_SAMPLES,
  ...SETUP_SAMPLES,
  ...APPEARANCE_SAMPLES,
  sample("jobs", "/admin/jobs", ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: true,
        show: "dead",
        counts: { dead: 2, active: 2 },
        jobs: jobRows(ORDINARY, "dead"),
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample("jobs-auditor", "/admin/jobs", AUDITOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: false,
        show: "dead",
        counts: { dead: 2, active: 2 },
        jobs: jobRows(ORDINARY, "dead"),
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample("jobs-active", "/admin/jobs", ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: true,
        show: "active",
        counts: { dead: 2, active: 2 },
        jobs: jobRows(ORDINARY, "active"),
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample("jobs-kinds", "/admin/jobs", ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: false,
        show: "dead",
        counts: { dead: 40, active: 0 },
        jobs: jobRows(ORDINARY, "dead").flatMap((job) =>
          wordsOf("job_kind.").map((kind) => ({ ...job, id: `${job.id}-${kind}`, kind })),
        ),
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample("jobs-empty", "/admin/jobs", ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: true,
        show: "dead",
        counts: { dead: 0, active: 0 },
        jobs: [],
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample(
    "jobs-active-empty",
    "/admin/jobs",
    ADMINISTRATOR,
    (ctx) =>
      jobsPage(
        ctx,
        {
          mayReplay: true,
          show: "active",
          counts: { dead: 0, active: 0 },
          jobs: [],
          pager: NO_PAGER,
        },
        "/events",
      ),
    "job_replayed",
  ),
  sample("jobs-longest", "/admin/jobs", ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: true,
        show: "dead",
        counts: { dead: 123_456, active: 0 },
        jobs: jobRows(LONGEST, "dead"),
        pager: PAGER,
      },
      "/events",
    ),
  ),
  sample("docs", "/docs/quick-start", null, (ctx) => docsPage(ctx, docs())),
  sample("docs-search", "/docs", DEVELOPER, (ctx) =>
    docsPage(
      ctx,
      docs({
        query: "sign",
        hits: [
          { title: "Quick start", href: "/docs/quick-start", excerpt: "… scaffold it, sign it, submit it …" },
          {
            title: "From folder to device",
            href: "/docs/path",
            excerpt: "… mosis sign adds your signature …",
          },
        ],
      }),
    ),
  ),
  sample("docs-nothing", "/docs", null, (ctx) => docsPage(ctx, docs({ query: LONG_NAME }))),
  ...[400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 502, 503, 418, 507].map((status) =>
    sample(`error-${status}`, "/x", status === 401 ? null : DEVELOPER, (ctx) =>
      errorPage(ctx, {
        status,
        message: null,
        retryAfterSeconds: status === 429 ? 40 : status === 503 ? 300 : null,
        backHref: status === 412 ? "/apps/x" : null,
        typed: null,
      }),
    ),
  ),
  sample("error-429-hours", "/x", DEVELOPER, (ctx) =>
    errorPage(ctx, { status: 429, message: null, retryAfterSeconds: 7200, backHref: "/apps/x", typed: null }),
  ),
  sample("error-429-typed", "/apps/x/store-listing", DEVELOPER, (ctx) =>
    errorPage(ctx, {
      status: 429,
      message: null,
      retryAfterSeconds: 40,
      backHref: "/apps/x/store-listing",
      typed: {
        texts: ["Notes that come along: written on one device, read on each other one."],
        again: {
          action: "/apps/x/store-listing",
          pairs: [["summary", "Notes that come along: written on one device, read on each other one."]],
        },
      },
    }),
  ),
  sample("error-longest", "/x", null, (ctx) =>
    errorPage(ctx, {
      status: 409,
      message: LONG_TEXT,
      retryAfterSeconds: null,
      backHref: null,
      typed: { texts: [LONG_TEXT, LONG_NAME], again: null },
    }),
  ),
  sample("confirm", "/x", DEVELOPER, (ctx) =>
    confirmPage(ctx, {
      title: "Delete Site Inspect?",
      consequences: ["The app and its 3 versions are removed for good.", "Its id is free again."],
      action: "/apps/x/delete",
      revision: 7,
      confirmLabel: "Delete app",
      destructive: true,
      cancelHref: "/apps/x",
    }),
  ),
  sample("confirm-submit", "/x", DEVELOPER, (ctx) =>
    confirmPage(ctx, {
      title: ctx.t("submit.title", { version: "Site Inspect 2.4.0" }),
      consequences: [ctx.t("submit.consequence")],
      action: "/apps/x/versions/v-1/submit",
      revision: 7,
      confirmLabel: ctx.t("action.submit"),
      destructive: false,
      cancelHref: "/apps/x/versions/v-1",
    }),
  ),
  sample("gallery", "/gallery", ADMINISTRATOR, (ctx) => galleryPage(ctx)),
  sample("gallery-cards", "/gallery", ADMINISTRATOR, (ctx) => galleryCardsPage(ctx)),
  sample("gallery-error", "/gallery", null, (ctx) => galleryErrorPage(ctx)),
  sample("gallery-forms", "/gallery", ADMINISTRATOR, (ctx) => galleryFormsPage(ctx)),
  sample("gallery-narrow", "/gallery", null, (ctx) => galleryNarrowPage(ctx)),
  sample("gallery-front", "/gallery", ADMINISTRATOR, (ctx) => galleryFrontPage(ctx)),
];

/** Every page again, with data that tries to break out of it. Not for looking at. */
export const HOSTILE_SAMPLES: readonly Sample[] = [
  ...HOSTILE_ACCESS_SAMPLES,
  ...HOSTILE_ACTIVATE_SAMPLES,
  ...HOSTILE_API_KEY_SAMPLES,
  ...HOSTILE_CATALOG_SAMPLES,
  ...HOSTILE_CATEGORY_SAMPLES,
  ...HOSTILE_SETTING_SAMPLES,
  ...HOSTILE_SETUP_SAMPLES,
  ...HOSTILE_COLLECTION_SAMPLES,
  ...HOSTILE_APPEARANCE_SAMPLES,
  ...HOSTILE_LISTING_SAMPLES,
  ...HOSTILE_LISTING_PICTURE_SAMPLES,
  ...HOSTILE_RELEASE_NOTES_SAMPLES,
  ...HOSTILE_DEVICE_SAMPLES,
  ...HOSTILE_PUBLISHER_SAMPLES,
  ...HOSTILE_VISIBILITY_SAMPLES,
  ...HOSTILE_RATING_SAMPLES,
  ...HOSTILE_REPORT_SAMPLES,
  ...HOSTILE_YANK_SAMPLES,
  ...HOSTILE_COMPARE_SAMPLES,
  ...HOSTILE_APP_DELETION_SAMPLES,
  ...HOSTILE_TRANSFER_SAMPLES,
  ...HOSTILE_NOTIFICATION_SAMPLES,
  ...HOSTILE_GROUP_SAMPLES,
  ...HOSTILE_ORGANISATION_REQUEST_SAMPLES,
  ...HOSTILE_APPS_SAMPLES,
  ...HOSTILE_OWNERLESS_SAMPLES,
  ...HOSTILE_DELETION_SAMPLES,
  ...HOSTILE_FACTOR_SAMPLES,
  sample("landing", "/", null, (ctx) =>
    landingPage(
      { ...ctx, storeName: HOSTILE },
      {
        ...hostileFront(),
        tagline: { text: HOSTILE, language: HOSTILE },
        ...{ aboutHtml: "", aboutLanguage: HOSTILE, signUp: { domains: [HOSTILE] }, needsSetup: false },
        ...{ apps: storeApps(HOSTILE_NAMES), mostInstalled: [], found: null },
      },
    ),
  ),
  sample("landing-found", "/", null, (ctx) =>
    landingPage(ctx, { ...NO_ROWS, ...ENTRANCE, ...landingFound(HOSTILE_NAMES, HOSTILE) }),
  ),
  sample("setup", "/setup", null, (ctx) =>
    setupPage(ctx, {
      token: HOSTILE,
      values: { storeName: HOSTILE, name: HOSTILE, email: HOSTILE },
      errors: [
        { field: "name", message: HOSTILE },
        { field: HOSTILE, message: HOSTILE },
      ],
      passwordMinLength: 12,
    }),
  ),
  sample("sign-in", "/sign-in", null, (ctx) =>
    signInPage(ctx, {
      email: HOSTILE,
      problem: { kind: "credentials" },
      next: HOSTILE,
      passkey: PASSKEY,
      signUp: false,
      providers: [{ name: HOSTILE, href: HOSTILE }],
    }),
  ),
  sample("sign-in-provider", HOSTILE, null, (ctx) =>
    signInPage(ctx, {
      email: "",
      problem: { kind: "provider", code: HOSTILE, message: HOSTILE },
      next: null,
      passkey: null,
      signUp: false,
      providers: [],
    }),
  ),
  sample("sign-in-refused", "/sign-in", null, (ctx) => signInRefusedPage(ctx, { host: HOSTILE, port: 80 })),
  sample(
    "dashboard",
    HOSTILE,
    {
      name: HOSTILE,
      email: HOSTILE,
      storeRole: "administrator",
      organisations: [{ id: HOSTILE, name: HOSTILE, role: HOSTILE }],
    },
    (ctx) =>
      dashboardPage(
        { ...ctx, storeName: HOSTILE },
        dashboard({
          apps: dashboardApps(HOSTILE_NAMES),
          needs: needs(HOSTILE_NAMES),
          endingKeys: endingKeys(HOSTILE_NAMES),
          storeUrl: HOSTILE,
          draft: { id: HOSTILE, savedAt: NOW },
        }),
        "/events",
      ),
  ),
  ...APP_PARTS.map((part) =>
    sample(`app-${part}`, HOSTILE, DEVELOPER, (ctx) =>
      followedApp(ctx, appProps(HOSTILE_NAMES, { part, canDelete: true })),
    ),
  ),
  sample("app-deleting", HOSTILE, DEVELOPER, (ctx) => followedApp(ctx, resting(HOSTILE_NAMES, true))),
  sample("app-empty", HOSTILE, DEVELOPER, (ctx) =>
    followedApp(ctx, appProps(HOSTILE_NAMES, { parts: ["overview", "keys"], versions: [] })),
  ),
  ...VERSION_STATES.map((state) =>
    sample(`version-${state}`, HOSTILE, DEVELOPER, (ctx) =>
      versionPage(ctx, versionProps(state, HOSTILE_NAMES), null),
    ),
  ),
  sample(
    "upload",
    HOSTILE,
    { ...DEVELOPER, organisations: [{ id: HOSTILE, name: HOSTILE, role: "" }] },
    (ctx) =>
      uploadPage(ctx, {
        app: null,
        received: { ...openUpload(HOSTILE, 1), id: HOSTILE },
        open: [{ ...openUpload(HOSTILE, 0.4), id: HOSTILE }],
        alike: HOSTILE,
        notes: notesForm({ values: { notes: `</textarea>${HOSTILE}` } }),
        values: { organisation: HOSTILE, hold: false, confirm: null },
        errors: [{ field: "file", message: HOSTILE }],
        maxBytes: 1,
      }),
  ),
  sample("upload-app", HOSTILE, DEVELOPER, (ctx) =>
    uploadPage(ctx, {
      app: { id: HOSTILE, name: HOSTILE, above: 2_147_483_647 },
      ...NO_UPLOADS,
      notes: notesForm(),
      values: { organisation: "", hold: false, confirm: null },
      errors: [],
      maxBytes: 1,
    }),
  ),
  sample(
    "create-app",
    HOSTILE,
    { ...DEVELOPER, organisations: [{ id: HOSTILE, name: HOSTILE, role: "" }] },
    (ctx) =>
      createAppPage(ctx, {
        ...NEW_APP,
        step: "id",
        values: { organisation: HOSTILE, id: HOSTILE, confirm: HOSTILE },
        idCheck: {
          id: HOSTILE,
          state: "alike",
          problem: { words: HOSTILE },
          alike: [{ id: HOSTILE, name: HOSTILE }],
          ownAlike: [{ id: HOSTILE, name: HOSTILE }],
        },
        errors: [{ field: "organisation", message: HOSTILE }],
      }),
  ),
  sample("create-organisation", HOSTILE, ADMINISTRATOR, (ctx) =>
    createOrganisationPage(ctx, { name: HOSTILE, errors: [{ field: "name", message: HOSTILE }] }),
  ),
  sample("account", HOSTILE, { ...DEVELOPER, name: HOSTILE, email: HOSTILE }, (ctx) =>
    accountPage(
      ctx,
      accountProps({
        sessions: [
          {
            id: HOSTILE,
            browser: HOSTILE,
            system: HOSTILE,
            address: HOSTILE,
            at: before(2, "hours"),
            endsAt: before(-7, "days"),
            current: false,
          },
        ],
        name: HOSTILE,
        browsers: [
          {
            id: HOSTILE,
            browser: HOSTILE,
            system: HOSTILE,
            address: HOSTILE,
            at: before(2, "hours"),
            current: false,
          },
        ],
        errors: [
          { field: "name", message: HOSTILE },
          { field: "current", message: HOSTILE },
          { field: "identity", message: HOSTILE },
        ],
        identities: [
          {
            id: HOSTILE,
            provider: { name: HOSTILE },
            email: HOSTILE,
            since: before(2, "hours"),
            seen: before(2, "hours"),
          },
          {
            id: HOSTILE,
            provider: { gone: HOSTILE },
            email: HOSTILE,
            since: before(2, "hours"),
            seen: before(2, "hours"),
          },
        ],
        linkable: [{ name: HOSTILE, href: HOSTILE }],
      }),
    ),
  ),
  sample("review-queue", HOSTILE, REVIEWER, (ctx) =>
    reviewQueuePage(
      ctx,
      {
        rows: queueRows(HOSTILE_NAMES),
        waiting: 1,
        pager: { previousHref: HOSTILE, nextHref: HOSTILE },
      },
      "/events",
    ),
  ),
  sample("review", HOSTILE, REVIEWER, (ctx) =>
    followedReview(
      ctx,
      reviewProps(HOSTILE_NAMES, {
        reason: `</textarea>${HOSTILE}`,
        hosts: [HOSTILE],
        files: [{ path: HOSTILE, sizeBytes: 1, sha256: HOSTILE }],
        manifest: {
          author: HOSTILE,
          entry: HOSTILE,
          runtimeApi: HOSTILE,
          category: HOSTILE,
          locales: [HOSTILE],
        },
      }),
    ),
  ),
  sample("log", HOSTILE, ADMINISTRATOR, (ctx) =>
    logPage(ctx, {
      size: 1,
      head: { size: 1, rootHash: HOSTILE, signedAt: before(1, "hours") },
      damage: HOSTILE,
      entries: [
        {
          position: 0,
          at: before(1, "hours"),
          type: HOSTILE,
          facts: [{ name: HOSTILE, value: HOSTILE }],
          hidden: false,
        },
      ],
      pager: NO_PAGER,
    }),
  ),
  sample("audit", HOSTILE, ADMINISTRATOR, (ctx) => auditPage(ctx, hostileProps)),
  sample("jobs", HOSTILE, ADMINISTRATOR, (ctx) =>
    jobsPage(
      ctx,
      {
        mayReplay: true,
        show: "dead",
        counts: { dead: 1, active: 1 },
        jobs: jobRows(HOSTILE_NAMES, "dead").map((job) => ({
          ...job,
          id: `${job.id}${HOSTILE}`,
          kind: HOSTILE,
        })),
        pager: NO_PAGER,
      },
      "/events",
    ),
  ),
  sample("revocations", HOSTILE, ADMINISTRATOR, (ctx) =>
    revocationsPage(ctx, { mayManage: true, show: "in_force", rows: hostileRows, pager: NO_PAGER }),
  ),
  sample("revoke", HOSTILE, ADMINISTRATOR, (ctx) =>
    revokePage(ctx, { values: hostilePreview.values, errors: [{ field: "id", message: HOSTILE }] }),
  ),
  sample("revoke-preview", HOSTILE, ADMINISTRATOR, (ctx) => revokePreviewPage(ctx, hostilePreview)),
  sample("store-keys", HOSTILE, ADMINISTRATOR, (ctx) => storeKeysPage(ctx, hostileStoreKeys)),
  sample("docs", HOSTILE, null, (ctx) =>
    docsPage(
      ctx,
      docs({
        title: HOSTILE,
        lead: HOSTILE,
        sections: [{ id: HOSTILE, title: HOSTILE }],
        nav: [{ title: HOSTILE, open: true, items: [{ title: HOSTILE, href: HOSTILE }] }],
      }),
    ),
  ),
  sample("docs-search", HOSTILE, null, (ctx) =>
    docsPage(ctx, docs({ query: HOSTILE, hits: [{ title: HOSTILE, href: HOSTILE, excerpt: HOSTILE }] })),
  ),
  sample("error", HOSTILE, null, (ctx) =>
    errorPage(
      { ...ctx, requestId: HOSTILE },
      {
        status: 404,
        message: HOSTILE,
        retryAfterSeconds: null,
        backHref: HOSTILE,
        typed: { texts: [HOSTILE], again: { action: HOSTILE, pairs: [[HOSTILE, HOSTILE]] } },
      },
    ),
  ),
  sample("confirm", HOSTILE, DEVELOPER, (ctx) =>
    confirmPage(ctx, {
      title: HOSTILE,
      consequences: [HOSTILE],
      action: HOSTILE,
      revision: HOSTILE,
      confirmLabel: HOSTILE,
      destructive: false,
      cancelHref: HOSTILE,
    }),
  ),
];
