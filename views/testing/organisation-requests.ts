/** The pages of organisations that people ask for, in every state worth looking at. */
import { type AskOrganisationProps, askOrganisationPage } from "../pages/ask-organisation.tsx";
import {
  type OneOrganisationRequestProps,
  type OrganisationRequestRow,
  oneOrganisationRequestPage,
  organisationRequestsPage,
} from "../pages/organisation-requests.tsx";
import { ADMINISTRATOR, AUDITOR, before, NEWCOMER } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const ASK = "/organisations/ask";
const PATH = "/admin/organisation-requests";
const WHY = "We make the route planner for the night shift, and want to bring it here.";

const ask = (changes: Partial<AskOrganisationProps> = {}): AskOrganisationProps => ({
  request: null,
  founds: false,
  values: { name: "", reason: "" },
  errors: [],
  ...changes,
});

const asked = (
  changes: Partial<NonNullable<AskOrganisationProps["request"]>> = {},
): AskOrganisationProps["request"] => ({
  ...{ name: "Harbour Logistics", state: "open", createdAt: before(3, "hours"), closedAt: null },
  ...{ answer: null, organisationId: null, mayOpen: false, revision: 1 },
  ...changes,
});

const row: OrganisationRequestRow = {
  ...{ id: "orq-1", name: "Harbour Logistics", reason: WHY, state: "open", createdAt: before(3, "hours") },
  by: { accountId: "acc-1", name: "Noor Haddad", email: "noor@harbour.example", isEmailProven: true },
  ...{ answer: null, organisationId: null, mayDecide: true, revision: 1 },
};
const LONGEST: OrganisationRequestRow = {
  ...row,
  ...{ id: "orq-2", name: LONG_NAME.slice(0, 80), reason: LONG_TEXT.slice(0, 500), state: "refused" },
  by: {
    ...row.by,
    name: LONG_NAME,
    email: `${"w".repeat(60)}@${"w".repeat(180)}.example`,
    isEmailProven: false,
  },
};

const one = (changes: Partial<OneOrganisationRequestProps> = {}): OneOrganisationRequestProps => ({
  request: { ...row, closed: null },
  opens: { people: true, organisations: true },
  name: row.name,
  reason: "",
  errors: [],
  ...changes,
});
const decided = { at: before(1, "hours"), by: "Mara Lindqvist" };

const asking = (name: string, props: AskOrganisationProps): Sample => ({
  ...{ name, path: ASK, viewer: NEWCOMER },
  render: (ctx) => askOrganisationPage(ctx, props),
});
const deciding = (name: string, props: OneOrganisationRequestProps): Sample => ({
  ...{ name, path: `${PATH}/orq-1`, viewer: ADMINISTRATOR },
  render: (ctx) => oneOrganisationRequestPage(ctx, props),
});

export const ORGANISATION_REQUEST_SAMPLES: readonly Sample[] = [
  asking("ask-organisation", ask()),
  asking("ask-organisation-needless", ask({ founds: true })),
  {
    ...asking("ask-organisation-open", ask({ request: asked(), values: { name: row.name, reason: WHY } })),
    flash: "organisation_asked",
  },
  asking(
    "ask-organisation-refused",
    ask({
      request: asked({
        ...{ state: "refused", closedAt: before(1, "hours") },
        answer: "Harbour Logistics has an organisation here already. Ask Olga for an invitation.",
      }),
    }),
  ),
  asking(
    "ask-organisation-accepted",
    ask({
      request: asked({
        ...{ state: "accepted", closedAt: before(1, "hours"), organisationId: "org-1", mayOpen: true },
      }),
    }),
  ),
  asking(
    "ask-organisation-longest",
    ask({
      request: asked({ name: LONG_NAME.slice(0, 80), state: "refused", answer: LONG_TEXT.slice(0, 500) }),
      values: { name: LONG_NAME, reason: LONG_TEXT.slice(0, 500) },
      errors: [
        { field: "name", message: "Another organisation of this store has this name." },
        { field: "reason", message: "A reason has at most 500 characters." },
      ],
    }),
  ),
  {
    ...{ name: "organisation-requests", path: PATH, viewer: ADMINISTRATOR },
    render: (ctx) => organisationRequestsPage(ctx, { requests: [row], isClosed: false, pager: NO_PAGER }),
  },
  {
    ...{ name: "organisation-requests-closed", path: PATH, viewer: AUDITOR },
    render: (ctx) =>
      organisationRequestsPage(ctx, {
        requests: [{ ...row, state: "accepted" }, LONGEST, { ...row, id: "orq-3", state: "withdrawn" }],
        isClosed: true,
        pager: PAGER,
      }),
  },
  {
    ...{ name: "organisation-requests-none", path: PATH, viewer: ADMINISTRATOR },
    render: (ctx) => organisationRequestsPage(ctx, { requests: [], isClosed: false, pager: NO_PAGER }),
  },
  {
    ...{ name: "organisation-requests-none-closed", path: PATH, viewer: ADMINISTRATOR },
    render: (ctx) => organisationRequestsPage(ctx, { requests: [], isClosed: true, pager: NO_PAGER }),
  },
  deciding("organisation-request", one()),
  deciding(
    "organisation-request-looking",
    one({
      request: { ...row, closed: null, mayDecide: false },
      opens: { people: false, organisations: false },
    }),
  ),
  deciding(
    "organisation-request-accepted",
    one({ request: { ...row, state: "accepted", organisationId: "org-1", closed: decided } }),
  ),
  deciding(
    "organisation-request-longest",
    one({ request: { ...LONGEST, answer: LONG_TEXT.slice(0, 500), closed: decided } }),
  ),
  deciding(
    "organisation-request-failing",
    one({
      reason: LONG_TEXT,
      errors: [{ field: "reason", message: "A reason has at most 500 characters." }],
    }),
  ),
];

export const HOSTILE_ORGANISATION_REQUEST_SAMPLES: readonly Sample[] = [
  asking(
    "ask-organisation",
    ask({
      request: asked({ name: HOSTILE, state: "refused", answer: HOSTILE }),
      values: { name: HOSTILE, reason: HOSTILE },
      errors: [{ field: "name", message: HOSTILE }],
    }),
  ),
  {
    ...{ name: "organisation-requests", path: HOSTILE, viewer: ADMINISTRATOR },
    render: (ctx) =>
      organisationRequestsPage(ctx, {
        requests: [
          {
            ...row,
            ...{ id: HOSTILE, name: HOSTILE, reason: HOSTILE },
            by: { accountId: HOSTILE, name: HOSTILE, email: HOSTILE, isEmailProven: false },
          },
        ],
        isClosed: true,
        pager: NO_PAGER,
      }),
  },
  deciding(
    "organisation-request",
    one({
      request: {
        ...row,
        ...{ id: HOSTILE, name: HOSTILE, reason: HOSTILE, answer: HOSTILE, organisationId: HOSTILE },
        by: { accountId: HOSTILE, name: HOSTILE, email: HOSTILE, isEmailProven: false },
        closed: { at: before(1, "hours"), by: HOSTILE },
      },
      ...{ name: HOSTILE, reason: HOSTILE, errors: [{ field: "name", message: HOSTILE }] },
    }),
  ),
];
