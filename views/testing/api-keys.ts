/** The pages of API keys, in every state worth looking at. */
import type { ActionWords } from "../components/action-groups.tsx";
import { type ApiKeyProps, apiKeyPage } from "../pages/api-key.tsx";
import { type ApiKeyRow, type ApiKeysProps, apiKeysPage } from "../pages/api-keys.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

/** As many as somebody has who may much. */
const ACTIONS: readonly ActionWords[] = [
  { name: "app.read", group: "apps", meaning: "See an app and its settings." },
  {
    name: "version.read",
    group: "versions",
    meaning: "See versions, their files and what was found in them.",
  },
  { name: "version.upload", group: "versions", meaning: "Upload a version." },
  { name: "version.submit", group: "versions", meaning: "Submit a version for review." },
  { name: "key.enroll", group: "keys", meaning: "Enrol a signing key." },
  {
    name: "organisation.read",
    group: "organisation",
    meaning: "See an organisation, its people and its apps.",
  },
  { name: "self.change", group: "account", meaning: LONG_TEXT },
  { name: "catalog.read", group: "store", meaning: "See the apps in the store." },
  { name: "review.read", group: "review", meaning: "See what is to be reviewed." },
  { name: "device.read", group: "people", meaning: "See the devices that have enrolled." },
  { name: "jobs.read", group: "administration", meaning: "See what the store does by itself." },
];

const row = (changes: Partial<ApiKeyRow> = {}): ApiKeyRow => ({
  id: `key-${"0190f3ab".repeat(4)}`,
  name: "Build server",
  state: "live",
  actions: ACTIONS.slice(0, 4),
  apps: ["com.northwind.notes"],
  by: "Mara Lindqvist",
  leftBehind: false,
  createdAt: before(20, "days"),
  expiresAt: before(-70, "days"),
  previousUntil: null,
  lastUsedAt: before(3, "minutes"),
  lastUsedAddress: "192.0.2.17",
  endedAt: null,
  ...changes,
});

const list = (changes: Partial<ApiKeysProps> = {}): ApiKeysProps => ({
  organisation: "Northwind Field Services",
  path: "/organisations/org-1/keys",
  manages: true,
  keys: [
    row(),
    row({
      name: LONG_NAME,
      actions: null,
      apps: null,
      lastUsedAddress: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    }),
    row({ name: "Nobody’s", by: "Jonas Berg", leftBehind: true }),
    row({ name: "Old laptop", state: "leaked", endedAt: before(2, "days"), lastUsedAt: null }),
    row({ name: "Weekly", state: "revoked", endedAt: before(3, "days") }),
    row({ name: "Nightly", state: "expired", expiresAt: before(10, "days"), apps: null }),
  ],
  pager: NO_PAGER,
  actions: ACTIONS,
  values: { name: "", days: "90", scope: "chosen", chosen: ["app.read", "version.upload"], apps: "" },
  errors: [],
  ...changes,
});

const one = (changes: Partial<ApiKeyProps> = {}): ApiKeyProps => ({
  organisation: "Northwind Field Services",
  path: "/organisations/org-1/keys",
  manages: true,
  row: row({ previousUntil: before(-1, "days") }),
  token: null,
  errors: [],
  ...changes,
});

const KEYS = "/organisations/org-1/keys";
const ONE = `${KEYS}/${row().id}`;
const TOKEN = `mosis_org_${"0190f3ab".repeat(4)}_${"aB3".repeat(16)}x`;

export const API_KEY_SAMPLES: readonly Sample[] = [
  {
    name: "api-keys",
    path: KEYS,
    viewer: DEVELOPER,
    render: (ctx) => apiKeysPage(ctx, list()),
  },
  {
    name: "api-keys-none",
    path: "/account/keys",
    viewer: DEVELOPER,
    render: (ctx) => apiKeysPage(ctx, list({ organisation: null, path: "/account/keys", keys: [] })),
  },
  {
    name: "api-keys-failing",
    path: KEYS,
    viewer: DEVELOPER,
    render: (ctx) =>
      apiKeysPage(
        ctx,
        list({
          pager: PAGER,
          values: { name: "ci", days: "30", scope: "chosen", chosen: [], apps: "com.northwind.nots" },
          errors: [
            { field: "scope", message: "A key needs an action that it may do." },
            { field: "apps", message: "There is no app “com.northwind.nots” that this key could be for." },
          ],
        }),
      ),
  },
  {
    name: "api-keys-looking",
    path: KEYS,
    viewer: DEVELOPER,
    render: (ctx) => apiKeysPage(ctx, list({ manages: false })),
  },
  { name: "api-key", path: ONE, viewer: DEVELOPER, render: (ctx) => apiKeyPage(ctx, one()) },
  {
    name: "api-key-left-behind",
    path: ONE,
    viewer: DEVELOPER,
    render: (ctx) => apiKeyPage(ctx, one({ row: row({ by: "Jonas Berg", leftBehind: true }) })),
  },
  {
    name: "api-key-made",
    path: KEYS,
    viewer: DEVELOPER,
    render: (ctx) => apiKeyPage(ctx, one({ token: TOKEN, row: row({ lastUsedAt: null }) })),
  },
  {
    name: "api-key-leaked",
    path: ONE,
    viewer: DEVELOPER,
    render: (ctx) =>
      apiKeyPage(
        ctx,
        one({ row: row({ state: "leaked", actions: null, apps: null, endedAt: before(1, "days") }) }),
      ),
  },
];

export const HOSTILE_API_KEY_SAMPLES: readonly Sample[] = [
  {
    name: "api-keys",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      apiKeysPage(
        ctx,
        list({
          organisation: HOSTILE,
          path: HOSTILE,
          keys: [row({ id: HOSTILE, name: HOSTILE, by: HOSTILE, lastUsedAddress: HOSTILE })],
          actions: [{ name: "app.read", group: "apps", meaning: HOSTILE }],
          values: { name: HOSTILE, days: HOSTILE, scope: "all", chosen: ["app.read"], apps: HOSTILE },
          errors: ["name", "days", "scope", "apps"].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
  {
    name: "api-key",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      apiKeyPage(
        ctx,
        one({
          organisation: HOSTILE,
          path: HOSTILE,
          token: HOSTILE,
          row: row({
            id: HOSTILE,
            name: HOSTILE,
            by: HOSTILE,
            actions: [{ name: HOSTILE, group: "apps", meaning: HOSTILE }],
            apps: [HOSTILE],
          }),
        }),
      ),
  },
];
