/** The pages of what is revoked, in their states. */
import type { PageContext } from "../page.ts";
import type { RevocationRow } from "../pages/revocations.tsx";
import type { ActValues } from "../pages/revoke.tsx";
import type { RevokePreviewProps } from "../pages/revoke-preview.tsx";
import { before } from "./context.ts";
import { HOSTILE, LONG_TEXT, linked } from "./data.ts";

const DIGEST = "9c41".repeat(16);
const GROUPED = Array(16).fill("9c41").join(" ");

const row = (changes: Partial<RevocationRow> = {}): RevocationRow => ({
  subject: "app",
  id: "com.northwind.inspect",
  shownId: "com.northwind.inspect",
  label: "Site Inspect",
  organisation: null,
  act: "disable",
  versionCode: null,
  approvalsUntil: null,
  reason: "It sends reports to strangers.",
  by: "Ada Admin",
  at: before(2, "hours"),
  ...changes,
});

export const inForceRows: readonly RevocationRow[] = [
  row(),
  row({
    subject: "key",
    id: DIGEST,
    shownId: GROUPED,
    label: "release",
    act: "block",
    approvalsUntil: before(9, "days"),
    reason: "The machine was stolen.",
    at: before(3, "days"),
  }),
  row({
    subject: "developer",
    id: "org-0f3a",
    shownId: "org-0f3a",
    label: "Northwind Traders",
    organisation: linked("Northwind Traders"),
    act: "block",
    at: before(20, "days"),
  }),
  row({
    subject: "package",
    id: DIGEST,
    shownId: GROUPED,
    label: null,
    act: "remove",
    at: before(40, "days"),
  }),
];

export const lowestRows: readonly RevocationRow[] = [
  row({ act: "lowest-version", versionCode: 240, reason: "Older ones lose drafts." }),
];

export const historyRows: readonly RevocationRow[] = [
  row({ act: "lift", reason: "A mistake of ours." }),
  ...inForceRows,
  ...lowestRows,
];

export const hostileRows: readonly RevocationRow[] = [
  row({ id: HOSTILE, shownId: HOSTILE, label: HOSTILE, reason: HOSTILE, by: HOSTILE }),
  row({ subject: "developer", organisation: linked(HOSTILE) }),
];

export const actValues = (changes: Partial<ActValues> = {}): ActValues => ({
  act: "revoke",
  subject: "app",
  id: "com.northwind.inspect",
  action: "disable",
  reason: "It sends reports to strangers.",
  approvalsUntil: "",
  appId: "",
  versionCode: "",
  ...changes,
});

export const previewProps = (changes: Partial<RevokePreviewProps> = {}): RevokePreviewProps => ({
  values: actValues(),
  known: { subject: "app", id: "com.northwind.inspect", label: "Site Inspect", organisation: null },
  before: null,
  lowestBefore: null,
  returns: false,
  affected: { apps: 1, versions: 3, published: 2, waiting: 1 },
  offeredAgain: 0,
  staysOut: [],
  lineages: null,
  fetches: 1280,
  installed: null,
  waiting: "withdrawn",
  versions: (["in_review", "published", "published"] as const).map((state, index) => ({
    id: `ver-${index}`,
    appId: "com.northwind.inspect",
    appName: "Site Inspect",
    organisation: linked("Northwind Field Services"),
    version: `2.${4 - index}.0`,
    code: 240 - 10 * index,
    state,
  })),
  nextCursor: null,
  scope: DIGEST,
  stale: null,
  ...changes,
});

/** As an owner of a key is shown it. */
export const keyPreviewProps = ({ t }: PageContext): RevokePreviewProps => ({
  ...previewProps({
    values: actValues({ subject: "key", id: DIGEST, action: "block" }),
    known: {
      ...{ subject: "key", id: DIGEST, label: "Northwind Field Services" },
      organisation: linked("Northwind Field Services"),
    },
    nextCursor: "next",
  }),
  form: {
    title: t("keys.revoke"),
    crumbs: [
      { label: t("keys.title"), href: "/keys" },
      { label: t("keys.one"), href: "/keys/k" },
    ],
    act: "/keys/k/revoke",
    look: "/keys/k/revoke/preview",
    again: "/keys/k/revoke/new",
    cancel: "/keys/k",
    hidden: { action: "block", reason: "It was on a stolen laptop." },
  },
});

export const stalePreview = previewProps({
  stale: { apps: 1, versions: 2, published: 2, waiting: 0 },
  nextCursor: "next",
  before: { action: "block", reason: LONG_TEXT },
});

export const hostilePreview = previewProps({
  values: actValues({ id: HOSTILE, reason: HOSTILE, approvalsUntil: HOSTILE }),
  known: { subject: "app", id: HOSTILE, label: HOSTILE, organisation: null },
  before: { action: "block", reason: HOSTILE },
  versions: previewProps().versions.map((version) => ({
    ...version,
    appName: HOSTILE,
    organisation: { name: HOSTILE, href: HOSTILE },
    version: HOSTILE,
  })),
});
