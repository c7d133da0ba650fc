/** The pages of devices and of the codes with which they enrol, in every state worth looking at. */

import { drawQr } from "../../src/http/portal/qr.ts";
import { type DeviceProps, devicePage } from "../pages/device.tsx";
import { type DeviceRow, type DevicesProps, devicesPage } from "../pages/devices.tsx";
import {
  type CodeRow,
  type CodesProps,
  codesPage,
  type NewCodeProps,
  newCodePage,
} from "../pages/enrolment-codes.tsx";
import { ADMINISTRATOR, AUDITOR, before } from "./context.ts";
import { HOSTILE, LONG_NAME, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const ID = `dev-${"0190f3ab".repeat(4)}`;
const GROUPS = [
  { id: `grp-${"0190f3ab".repeat(4)}`, name: "Field testers" },
  { id: `grp-${"0190f3ac".repeat(4)}`, name: "Kiosks" },
];

const row = (changes: Partial<DeviceRow> = {}): DeviceRow => ({
  id: ID,
  name: "Kiosk at gate 4",
  platform: "linux-arm64",
  runtime: "mosis 1.4.0",
  groups: ["Kiosks"],
  createdAt: before(40, "days"),
  lastSeenAt: before(3, "minutes"),
  revoked: false,
  unseen: false,
  ...changes,
});

const list = (changes: Partial<DevicesProps> = {}): DevicesProps => ({
  devices: [
    row(),
    row({ name: LONG_NAME, groups: ["Kiosks", LONG_NAME], runtime: LONG_NAME }),
    row({ name: "Till 2", unseen: true, lastSeenAt: before(47, "days"), groups: [] }),
    row({ name: "Old tablet", revoked: true, platform: "", runtime: "", groups: [], lastSeenAt: null }),
  ],
  pager: PAGER,
  search: "",
  group: "",
  groups: GROUPS,
  unseen: null,
  unseenChoices: [7, 30, 90, 365],
  warning: { days: 30, count: 12, more: false },
  restricted: true,
  manages: true,
  ...changes,
});

const one = (changes: Partial<DeviceProps> = {}): DeviceProps => ({
  ...row(),
  model: "Gate kiosk, second series",
  algorithm: "ecdsa-p256",
  keyid: "3f2a".repeat(16),
  revision: 2,
  lastSeenAddress: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
  lastTokenAt: before(11, "minutes"),
  code: { id: `enr-${"0190f3ab".repeat(4)}`, label: "Kiosks in Oslo" },
  revocation: null,
  choices: GROUPS.map((group, index) => ({ ...group, in: index === 1 })),
  manages: true,
  managesGroups: true,
  values: { name: "Kiosk at gate 4", reason: "" },
  errors: [],
  ...changes,
});

const code = (changes: Partial<CodeRow> = {}): CodeRow => ({
  id: `enr-${"0190f3ab".repeat(4)}`,
  label: "Kiosks in Oslo",
  state: "live",
  mostUses: 1200,
  uses: 87,
  groups: ["Kiosks"],
  by: "Ada Okafor",
  createdAt: before(2, "days"),
  endsAt: before(-5, "days"),
  ...changes,
});

const codes = (changes: Partial<CodesProps> = {}): CodesProps => ({
  codes: [
    code(),
    code({ label: LONG_NAME, mostUses: 1, uses: 1, state: "used", groups: [] }),
    code({ label: "Last week", state: "expired", endsAt: before(3, "days") }),
    code({ label: "Posted by mistake", state: "revoked", endsAt: before(1, "days") }),
  ],
  pager: NO_PAGER,
  groups: GROUPS.map((group) => ({ ...group, in: false })),
  restricted: true,
  manages: true,
  values: { label: "", uses: "1", hours: "72" },
  errors: [],
  ...changes,
});

const CODE = "K7QF3-M2X9W-DP4TB";
const STORE = "https://apps.northwind.example";
const LINK = `mosis://enrol?store=${encodeURIComponent(STORE)}&root=${"3f2a".repeat(16)}&code=${CODE}`;

const made = (changes: Partial<NewCodeProps> = {}): NewCodeProps => ({
  row: code({ uses: 0 }),
  code: CODE,
  link: LINK,
  qr: drawQr(LINK),
  storeUrl: STORE,
  rootSha256: "3f2a".repeat(16),
  ...changes,
});

const revocation = {
  at: before(1, "days"),
  by: "Ada Okafor",
  reason: "Stolen from the hall.\nPolice were told.",
};

export const DEVICE_SAMPLES: readonly Sample[] = [
  { name: "devices", path: "/devices", viewer: ADMINISTRATOR, render: (ctx) => devicesPage(ctx, list()) },
  {
    name: "devices-none",
    path: "/devices",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      devicesPage(ctx, list({ devices: [], groups: [], warning: null, restricted: false, pager: NO_PAGER })),
  },
  {
    name: "devices-none-found",
    path: "/devices",
    viewer: AUDITOR,
    render: (ctx) =>
      devicesPage(
        ctx,
        list({
          devices: [],
          search: "till",
          warning: { days: 1, count: 1000, more: true },
          manages: false,
          pager: NO_PAGER,
        }),
      ),
  },
  {
    name: "devices-unseen",
    path: "/devices",
    viewer: AUDITOR,
    render: (ctx) =>
      devicesPage(
        ctx,
        list({
          devices: [
            row({ unseen: true, lastSeenAt: before(400, "days") }),
            row({ unseen: true, lastSeenAt: null }),
          ],
          unseen: 30,
          warning: null,
          manages: false,
        }),
      ),
  },
  {
    name: "device",
    path: `/devices/${ID}`,
    viewer: ADMINISTRATOR,
    flash: "device_changed",
    render: (ctx) => devicePage(ctx, one()),
  },
  {
    name: "device-failing",
    path: `/devices/${ID}`,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      devicePage(
        ctx,
        one({
          code: null,
          choices: [],
          lastSeenAddress: null,
          lastSeenAt: null,
          lastTokenAt: null,
          values: { name: "", reason: "" },
          errors: [
            { field: "name", message: "A device's name has 1 to 80 characters and no control characters." },
            { field: "reason", message: "A reason has 1 to 400 characters, and none that cannot be seen." },
          ],
        }),
      ),
  },
  {
    name: "device-unseen",
    path: `/devices/${ID}`,
    viewer: AUDITOR,
    render: (ctx) =>
      devicePage(
        ctx,
        one({
          unseen: true,
          lastSeenAt: before(39, "days"),
          lastTokenAt: before(39, "days"),
          manages: false,
          managesGroups: false,
        }),
      ),
  },
  {
    name: "device-revoked",
    path: `/devices/${ID}`,
    viewer: AUDITOR,
    flash: "device_revoked",
    render: (ctx) =>
      devicePage(ctx, one({ revoked: true, revocation, manages: false, managesGroups: false, groups: [] })),
  },
  {
    name: "enrolment-codes",
    path: "/devices/codes",
    viewer: ADMINISTRATOR,
    flash: "enrolment_code_revoked",
    render: (ctx) => codesPage(ctx, codes()),
  },
  {
    name: "enrolment-codes-none",
    path: "/devices/codes",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      codesPage(
        ctx,
        codes({
          codes: [],
          groups: [],
          restricted: false,
          values: { label: "", uses: "0", hours: "1" },
          errors: [
            { field: "label", message: "A code's label has 1 to 80 characters and no control characters." },
            { field: "uses", message: "A code is for 1 to 100000 devices, a whole number; found 0." },
          ],
        }),
      ),
  },
  {
    name: "enrolment-codes-looking",
    path: "/devices/codes",
    viewer: AUDITOR,
    render: (ctx) => codesPage(ctx, codes({ manages: false, pager: PAGER })),
  },
  {
    name: "enrolment-code-made",
    path: "/devices/codes",
    viewer: ADMINISTRATOR,
    render: (ctx) => newCodePage(ctx, made()),
  },
];

export const HOSTILE_DEVICE_SAMPLES: readonly Sample[] = [
  {
    name: "devices",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      devicesPage(
        ctx,
        list({
          devices: [
            row({ id: HOSTILE, name: HOSTILE, platform: HOSTILE, runtime: HOSTILE, groups: [HOSTILE] }),
          ],
          groups: [{ id: HOSTILE, name: HOSTILE }],
          search: HOSTILE,
          group: HOSTILE,
        }),
      ),
  },
  {
    name: "device",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      devicePage(
        ctx,
        one({
          id: HOSTILE,
          name: HOSTILE,
          platform: HOSTILE,
          model: HOSTILE,
          runtime: HOSTILE,
          lastSeenAddress: HOSTILE,
          code: { id: HOSTILE, label: HOSTILE },
          choices: [{ id: "grp-x", name: HOSTILE, in: true }],
          revocation: { at: before(1, "days"), by: HOSTILE, reason: HOSTILE },
          values: { name: HOSTILE, reason: HOSTILE },
          errors: ["name", "reason", ""].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
  {
    name: "enrolment-codes",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      codesPage(
        ctx,
        codes({
          codes: [code({ id: HOSTILE, label: HOSTILE, by: HOSTILE, groups: [HOSTILE] })],
          groups: [{ id: "grp-x", name: HOSTILE, in: false }],
          values: { label: HOSTILE, uses: HOSTILE, hours: HOSTILE },
          errors: ["label", "uses", "hours", ""].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
  {
    name: "enrolment-code-made",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      newCodePage(
        ctx,
        made({
          row: code({ id: HOSTILE, label: HOSTILE, by: HOSTILE, groups: [HOSTILE] }),
          code: HOSTILE,
          link: HOSTILE,
          storeUrl: HOSTILE,
          rootSha256: HOSTILE,
        }),
      ),
  },
];
