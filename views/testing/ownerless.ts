/** The pages of organisations without an owner, in every state worth looking at. */
import { type OrganisationsProps, organisationsPage } from "../pages/organisations.tsx";
import { type OwnerlessProps, ownerlessPage, takeOverPage } from "../pages/ownerless.tsx";
import { ADMINISTRATOR, AUDITOR, before } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const PATH = "/admin/organisations/ownerless";
const row = { id: "org-1", name: "Northwind Field Services", members: 3, createdAt: before(90, "days") };
const props = (changes: Partial<OwnerlessProps> = {}): OwnerlessProps => ({
  rows: [row, { ...row, id: "org-2", name: LONG_NAME, members: 0 }],
  pager: PAGER,
  manages: true,
  requests: true,
  ...changes,
});
const organisation = { id: "org-1", name: "Northwind Field Services" };

const all = (changes: Partial<OrganisationsProps> = {}): OrganisationsProps => ({
  rows: [
    { ...row, apps: 12 },
    { ...row, id: "org-2", name: LONG_NAME, members: 1000, apps: 0 },
  ],
  search: "",
  pager: PAGER,
  requests: true,
  founds: true,
  ...changes,
});

export const OWNERLESS_SAMPLES: readonly Sample[] = [
  {
    name: "organisations",
    path: "/admin/organisations",
    viewer: ADMINISTRATOR,
    render: (ctx) => organisationsPage(ctx, all()),
  },
  {
    name: "organisations-none",
    path: "/admin/organisations",
    viewer: AUDITOR,
    render: (ctx) =>
      organisationsPage(ctx, all({ rows: [], pager: NO_PAGER, requests: false, founds: false })),
  },
  {
    name: "organisations-first",
    path: "/admin/organisations",
    viewer: ADMINISTRATOR,
    render: (ctx) => organisationsPage(ctx, all({ rows: [], pager: NO_PAGER })),
  },
  {
    name: "organisations-none-found",
    path: "/admin/organisations",
    viewer: ADMINISTRATOR,
    render: (ctx) => organisationsPage(ctx, all({ rows: [], search: LONG_NAME, pager: NO_PAGER })),
  },
  {
    name: "ownerless",
    path: PATH,
    viewer: ADMINISTRATOR,
    flash: "owner_named",
    render: (ctx) => ownerlessPage(ctx, props()),
  },
  {
    name: "ownerless-looking",
    path: PATH,
    viewer: AUDITOR,
    render: (ctx) => ownerlessPage(ctx, props({ manages: false, requests: false, pager: NO_PAGER })),
  },
  {
    name: "ownerless-none",
    path: PATH,
    viewer: ADMINISTRATOR,
    render: (ctx) => ownerlessPage(ctx, props({ rows: [], pager: NO_PAGER })),
  },
  {
    name: "ownerless-none-here",
    path: PATH,
    viewer: ADMINISTRATOR,
    render: (ctx) => ownerlessPage(ctx, props({ rows: [] })),
  },
  {
    name: "take-over",
    path: "/admin/organisations/org-1/take-over",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      takeOverPage(ctx, { organisation, values: { owner: ADMINISTRATOR.email, reason: "" }, errors: [] }),
  },
  {
    name: "take-over-failing",
    path: "/admin/organisations/org-1/take-over",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      takeOverPage(ctx, {
        organisation: { ...organisation, name: LONG_NAME },
        values: { owner: "nobody@northwind.example", reason: LONG_TEXT },
        errors: [
          { field: "owner", message: "There is no account with this address that can sign in." },
          { field: "reason", message: "A reason has at most 500 characters." },
        ],
      }),
  },
];

export const HOSTILE_OWNERLESS_SAMPLES: readonly Sample[] = [
  {
    name: "organisations",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      organisationsPage(
        ctx,
        all({ rows: [{ ...row, id: HOSTILE, name: HOSTILE, apps: 0 }], search: HOSTILE }),
      ),
  },
  {
    name: "ownerless",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) => ownerlessPage(ctx, props({ rows: [{ ...row, id: HOSTILE, name: HOSTILE }] })),
  },
  {
    name: "take-over",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      takeOverPage(ctx, {
        organisation: { id: HOSTILE, name: HOSTILE },
        values: { owner: HOSTILE, reason: HOSTILE },
        errors: [{ field: "owner", message: HOSTILE }],
      }),
  },
];
