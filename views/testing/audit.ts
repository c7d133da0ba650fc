/** The audit log in its states. */
import en from "../../assets/locales/en.json";
import type { AuditAction } from "../../src/audit/actions.ts";
import { AUDIT_FACT_NAMES } from "../../src/db/audit-facts.ts";
import type { AuditEntryRow } from "../components/audit-entry.tsx";
import { AUDIT_FILTERS, type AuditFilters, type AuditProps } from "../pages/audit.tsx";
import { before } from "./context.ts";
import { HOSTILE, LONG_ID, LONG_TEXT, NO_PAGER, PAGER } from "./data.ts";

const HASH = "9c41".repeat(16);
const SAID = "audit.said.";
const GROUP = "audit.group.";

const actions = Object.keys(en)
  .filter((key) => key.startsWith(SAID))
  .map((key) => key.slice(SAID.length) as AuditAction);

const choice = Object.keys(en)
  .filter((key) => key.startsWith(GROUP))
  .map((key) => key.slice(GROUP.length) as AuditProps["actions"][number]["group"])
  .map((group) => ({
    group,
    options: actions
      .filter((action) => action.startsWith(`${group}.`))
      .map((action) => ({ action, meaning: "What it means." })),
  }));

const NONE = Object.fromEntries(AUDIT_FILTERS.map((name) => [name, ""])) as AuditFilters;

const entry = (changes: Partial<AuditEntryRow> = {}): AuditEntryRow => ({
  position: 1234,
  at: before(2, "hours"),
  action: "member.role",
  said: "member.role",
  actor: { kind: "person", name: "Mara Lindqvist", label: `account:acc-${"01".repeat(16)}` },
  subject: { type: "account", id: `acc-${"02".repeat(16)}`, name: "Vera Holm" },
  isOwn: false,
  role: "maintainer",
  organisation: { id: `org-${"03".repeat(16)}`, name: "Northwind Field Services" },
  facts: [{ name: "role", before: "viewer", after: "maintainer" }],
  address: "192.0.2.17",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  via: "5f3c".repeat(16),
  requestId: "req-01a21b1e816073f1baf162b8d214afa2",
  hash: HASH,
  ...changes,
});

const version = { type: "version", id: `ver-${"04".repeat(16)}`, name: "com.northwind.inspect 2.4.0" };

const everyAction = (): AuditEntryRow[] =>
  actions.map((action, n) =>
    entry({ position: n, action, said: action, facts: [], role: n % 2 === 0 ? "reviewer" : null }),
  );

const keysOf = (prefix: string): string[] =>
  Object.keys(en).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));

/** Of every kind of thing, each fact and each word that an entry can hold. */
const everyWord = (): AuditEntryRow[] => [
  ...keysOf("audit.of.").map((type, n) =>
    entry({ position: 700 + n, subject: { type, id: "id-1", name: "Vera Holm" } }),
  ),
  entry({ position: 800, facts: AUDIT_FACT_NAMES.map((name) => ({ name, before: undefined, after: 1 })) }),
  entry({
    position: 801,
    facts: keysOf("audit.word.").map((word) => ({ name: "state", before: undefined, after: word })),
  }),
  entry({
    position: 802,
    facts: [
      { name: "language", before: "de", after: "ar" },
      { name: "notes.de", before: undefined, after: "Fotos hängen am Befund." },
      { name: "notes.de.sha256", before: undefined, after: HASH },
      { name: "names/pt-BR", before: undefined, after: "Notas" },
      { name: "coffee", before: undefined, after: "Coffee of a newer program" },
    ],
  }),
];

export const auditProps = (changes: Partial<AuditProps> = {}): AuditProps => ({
  of: null,
  path: "/admin/audit",
  own: [],
  filters: NONE,
  times: { since: "", until: "" },
  wrong: [],
  actions: choice,
  entries: [
    entry({
      action: "version.uploaded",
      said: "version.uploaded",
      subject: version,
      facts: [
        { name: "appId", before: undefined, after: "com.northwind.inspect" },
        { name: "versionCode", before: undefined, after: 240 },
        { name: "uploadSha256", before: undefined, after: HASH },
        { name: "hold", before: undefined, after: false },
        {
          name: "notes",
          before: undefined,
          after: "Photos are attached to the finding.\nDrafts survive a restart.",
        },
      ],
    }),
    entry({
      position: 1233,
      at: before(3, "hours"),
      action: "review.rejected",
      said: "review.rejected",
      actor: { kind: "person", name: "Jonas Bauer", label: `account:acc-${"05".repeat(16)}` },
      subject: version,
      facts: [
        { name: "state", before: "in_review", after: "rejected" },
        { name: "reason", before: undefined, after: "Say in the notes what the network is used for." },
      ],
    }),
    entry({ position: 1232, at: before(1, "days") }),
    entry({
      position: 1231,
      at: before(1.5, "days"),
      action: "version.uploaded",
      said: "version.uploaded",
      actor: {
        kind: "publisher",
        name: "northwind/field-notes · release.yml",
        label: `publisher:pub-${"04".repeat(16)}`,
      },
      subject: version,
      via: "2b6c1a54-6c9e-4f0e-9b0e-0d7f5f6f3f53",
      facts: [{ name: "state", before: undefined, after: "checking" }],
    }),
    entry({
      position: 1230,
      at: before(2, "days"),
      action: "storekey.threshold",
      said: "storekey.threshold",
      actor: { kind: "operator", name: "operator", label: "operator" },
      subject: { type: "store-role", id: "root", name: "root" },
      organisation: null,
      facts: [
        { name: "threshold", before: 1, after: 2 },
        { name: "waits", before: null, after: true },
      ],
      address: null,
      userAgent: null,
      via: null,
      requestId: null,
    }),
  ],
  pager: PAGER,
  check: { at: before(7, "hours"), size: 1235, damage: null },
  ...changes,
});

export const everyActionProps = auditProps({
  entries: [
    ...everyAction(),
    ...everyWord(),
    ...(["key", "device", "operator", "system", "anonymous", "gone"] as const).map((kind, n) =>
      entry({ position: 500 + n, actor: { kind, name: "Release pipeline", label: kind }, isOwn: true }),
    ),
    entry({ position: 600, action: "account.password", said: "account.password", isOwn: true, facts: [] }),
    entry({ position: 601, action: "coffee.made", said: null }),
  ],
  check: "never",
  pager: NO_PAGER,
});

export const damagedProps = auditProps({
  filters: { ...NONE, actor: "nobody in particular", since: "yesterday" },
  times: { since: "yesterday", until: "" },
  wrong: [...AUDIT_FILTERS],
  entries: [],
  pager: NO_PAGER,
  check: {
    at: before(7, "hours"),
    size: 1200,
    damage: { position: 1201, detail: `entry 1201 is not what was written: found ${HASH}, expected ${HASH}` },
  },
});

const ORGANISATION = { id: `org-${"03".repeat(16)}`, name: "Northwind Field Services" };

export const organisationProps = auditProps({
  of: ORGANISATION,
  path: `/organisations/${ORGANISATION.id}/audit`,
  own: [ORGANISATION, { id: `org-${"06".repeat(16)}`, name: "Store operations" }],
  filters: { ...NONE, q: "vera", action: "member.role", until: "2026-11-25T09:30:00.000Z" },
  times: { since: "", until: "2026-11-25T10:30:00.000" },
  entries: [],
  pager: { previousHref: null, nextHref: "/next" },
  check: null,
});

export const longestProps = auditProps({
  entries: [
    entry({
      actor: { kind: "person", name: LONG_TEXT.slice(0, 100), label: `account:${LONG_ID}` },
      subject: { type: "app", id: LONG_ID, name: LONG_ID },
      facts: [{ name: "reason", before: LONG_TEXT.slice(0, 200), after: "x".repeat(200) }],
      userAgent: "x".repeat(256),
      address: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    }),
    // As an organisation's owner sees them.
    entry({ position: null, hash: null }),
    entry({ position: null, hash: null, address: null }),
  ],
});

export const hostileProps = auditProps({
  filters: Object.fromEntries(AUDIT_FILTERS.map((name) => [name, HOSTILE])) as AuditFilters,
  times: { since: HOSTILE, until: HOSTILE },
  of: { id: HOSTILE, name: HOSTILE },
  own: [
    { id: "a", name: HOSTILE },
    { id: "b", name: HOSTILE },
  ],
  entries: [
    entry({
      said: null,
      action: HOSTILE,
      actor: { kind: "person", name: HOSTILE, label: HOSTILE },
      subject: { type: HOSTILE, id: HOSTILE, name: HOSTILE },
      organisation: { id: HOSTILE, name: HOSTILE },
      facts: [{ name: HOSTILE, before: HOSTILE, after: HOSTILE }],
      address: HOSTILE,
      userAgent: HOSTILE,
      via: HOSTILE,
      requestId: HOSTILE,
      hash: HOSTILE,
    }),
  ],
  check: { at: before(1, "days"), size: 0, damage: { position: 0, detail: HOSTILE } },
});
