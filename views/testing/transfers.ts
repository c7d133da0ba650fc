/** The pages of apps that change hands, in every state worth looking at. */
import {
  type OfferProps,
  offerPage,
  type TransferProps,
  type TransferRow,
  transferPage,
  transfersPage,
} from "../pages/transfers.tsx";
import { AUDITOR, before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_ID, LONG_NAME, LONG_TEXT, linked, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const organisation = { id: "org-1", name: "Northwind Field Services" };
const PATH = `/organisations/${organisation.id}/transfers`;
const app = { id: "com.northwind.notes", name: "Field Notes" };

const row = (changes: Partial<TransferRow> = {}): TransferRow => ({
  id: `trf-${"0190f3ab".repeat(4)}`,
  app,
  side: "to",
  other: { name: "Harbour Tools", href: null },
  state: "open",
  offeredAt: before(2, "hours"),
  expiresAt: before(-14, "days"),
  ...changes,
});

const rows: readonly TransferRow[] = [
  row(),
  row({ side: "from", state: "expired", expiresAt: before(1, "days"), offeredAt: before(15, "days") }),
  row({ side: "from", state: "accepted", other: linked(LONG_NAME), app: { id: LONG_ID, name: LONG_NAME } }),
  row({ state: "declined", offeredAt: before(40, "days") }),
  row({ state: "withdrawn", offeredAt: before(60, "days") }),
  row({ side: "from", state: "fallen", offeredAt: before(70, "days") }),
];

type Changes = Partial<Omit<TransferProps, "transfer">> & { transfer?: Partial<TransferProps["transfer"]> };
const props = ({ transfer, ...changes }: Changes = {}): TransferProps => ({
  organisation,
  transfer: {
    ...row(),
    reason: "You have maintained it since spring.",
    offeredBy: "Mara Lindqvist",
    decision: null,
    version: "2.4.0",
    signing: "ready",
    isShown: true,
    opens: false,
    ...transfer,
  },
  may: "decide",
  errors: [],
  ...changes,
});

const one = (name: string, changes: Changes = {}, more: Partial<Sample> = {}): Sample => ({
  name,
  path: `${PATH}/trf-1`,
  viewer: DEVELOPER,
  render: (ctx) => transferPage(ctx, props(changes)),
  ...more,
});

const offer = (name: string, changes: Partial<OfferProps> = {}): Sample => ({
  name,
  path: `/apps/${app.id}/transfer`,
  viewer: DEVELOPER,
  render: (ctx) =>
    offerPage(ctx, {
      app: { ...app, organisation: organisation.name },
      days: 14,
      open: null,
      values: { to: "", reason: "" },
      errors: [],
      ...changes,
    }),
});

export const TRANSFER_SAMPLES: readonly Sample[] = [
  offer("transfer-offer"),
  offer("transfer-offer-open", { open: { href: `${PATH}/trf-1`, named: LONG_NAME } }),
  offer("transfer-offer-failing", {
    values: { to: organisation.name, reason: LONG_TEXT },
    errors: [
      { field: "to", message: "com.northwind.notes is of that organisation already." },
      { field: "reason", message: "What is said of it has at most 500 characters." },
    ],
  }),
  {
    name: "transfers",
    path: PATH,
    viewer: DEVELOPER,
    flash: "transfer_declined",
    render: (ctx) => transfersPage(ctx, { organisation, rows, pager: PAGER }),
  },
  {
    name: "transfers-none",
    path: PATH,
    viewer: AUDITOR,
    render: (ctx) => transfersPage(ctx, { organisation, rows: [], pager: NO_PAGER }),
  },
  one("transfer-decide"),
  one("transfer-decide-no-key", { transfer: { signing: "missing" } }),
  one("transfer-decide-failing", {
    transfer: { signing: "any", version: null, reason: "" },
    errors: [{ field: "", message: "A version of com.northwind.notes is being published right now." }],
  }),
  one(
    "transfer-offered",
    { transfer: { side: "from", signing: null, opens: true }, may: "withdraw" },
    { flash: "transfer_offered" },
  ),
  one(
    "transfer-accepted",
    {
      transfer: {
        state: "accepted",
        opens: true,
        signing: "missing",
        decision: { by: "Otto Berg", at: before(1, "hours") },
      },
      may: null,
    },
    { flash: "transfer_accepted" },
  ),
  one(
    "transfer-withdrawn",
    {
      transfer: {
        side: "from",
        signing: null,
        state: "withdrawn",
        decision: { by: "Mara Lindqvist", at: before(1, "hours") },
      },
      may: null,
    },
    { flash: "transfer_withdrawn" },
  ),
];

export const HOSTILE_TRANSFER_SAMPLES: readonly Sample[] = [
  {
    ...offer("transfer-offer", {
      app: { id: HOSTILE, name: HOSTILE, organisation: HOSTILE },
      open: { href: `/organisations/${HOSTILE}`, named: HOSTILE },
    }),
    path: HOSTILE,
  },
  {
    ...offer("transfer-offer-failing", {
      values: { to: HOSTILE, reason: HOSTILE },
      errors: [{ field: "to", message: HOSTILE }],
    }),
    path: HOSTILE,
  },
  {
    name: "transfers",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      transfersPage(ctx, {
        organisation: { id: HOSTILE, name: HOSTILE },
        rows: [
          row({ id: HOSTILE, app: { id: HOSTILE, name: HOSTILE }, other: { name: HOSTILE, href: HOSTILE } }),
        ],
        pager: NO_PAGER,
      }),
  },
  one(
    "transfer-decide",
    {
      organisation: { id: HOSTILE, name: HOSTILE },
      transfer: {
        id: HOSTILE,
        app: { id: HOSTILE, name: HOSTILE },
        other: { name: HOSTILE, href: HOSTILE },
        reason: HOSTILE,
        offeredBy: HOSTILE,
        version: HOSTILE,
        opens: true,
        decision: { by: HOSTILE, at: before(1, "hours") },
      },
      errors: [{ field: "", message: HOSTILE }],
    },
    { path: HOSTILE },
  ),
];
