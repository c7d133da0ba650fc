/** The pages of groups, in every state worth looking at. */

import { confirmPage } from "../pages/confirm.tsx";
import { type DeviceInGroupRow, type GroupProps, groupPage, type PersonInGroupRow } from "../pages/group.tsx";
import { type GroupRow, type GroupsProps, groupsPage } from "../pages/groups.tsx";
import { ADMINISTRATOR, AUDITOR, before } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT, NO_PAGER, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const ID = `grp-${"0190f3ab".repeat(4)}`;

const row = (changes: Partial<GroupRow> = {}): GroupRow => ({
  id: ID,
  name: "Field testers",
  description: "Tries new versions a week before everybody else.",
  offered: true,
  people: 12,
  devices: 1840,
  createdAt: before(20, "days"),
  ...changes,
});

const list = (changes: Partial<GroupsProps> = {}): GroupsProps => ({
  groups: [
    row(),
    row({ name: "Kiosks", description: "", offered: false, people: 0 }),
    row({ name: LONG_NAME, description: LONG_TEXT }),
  ],
  pager: NO_PAGER,
  manages: true,
  values: { name: "", description: "", offered: false },
  errors: [],
  ...changes,
});

const person = (changes: Partial<PersonInGroupRow> = {}): PersonInGroupRow => ({
  accountId: `acc-${"0190f3ab".repeat(4)}`,
  name: "Mara Lindqvist",
  email: "mara@northwind.example",
  disabled: false,
  since: before(3, "days"),
  ...changes,
});

const device = (changes: Partial<DeviceInGroupRow> = {}): DeviceInGroupRow => ({
  id: `dev-${"0190f3ab".repeat(4)}`,
  name: "Kiosk at gate 4",
  platform: "linux-arm64",
  revoked: false,
  since: before(9, "days"),
  ...changes,
});

const one = (changes: Partial<GroupProps> = {}): GroupProps => ({
  group: {
    id: ID,
    name: "Field testers",
    description: "Tries new versions a week before everybody else.",
    by: "Ada Okafor",
    createdAt: before(20, "days"),
    revision: 3,
  },
  counts: { people: 2, devices: 1840 },
  people: [person(), person({ name: LONG_NAME, disabled: true })],
  peoplePager: NO_PAGER,
  devices: [device(), device({ name: "Old tablet", revoked: true, platform: "" })],
  devicesPager: PAGER,
  apps: [
    { id: "com.northwind.board", name: "Shift board", publishedAt: before(9, "days") },
    { id: "com.northwind.plan", name: LONG_NAME, publishedAt: null },
  ],
  appsPager: NO_PAGER,
  manages: true,
  opensPeople: true,
  values: {
    name: "Field testers",
    description: "Tries new versions a week before everybody else.",
    offered: true,
    email: "",
  },
  errors: [],
  ...changes,
});

const PATH = `/groups/${ID}`;

export const GROUP_SAMPLES: readonly Sample[] = [
  { name: "groups", path: "/groups", viewer: ADMINISTRATOR, render: (ctx) => groupsPage(ctx, list()) },
  {
    name: "groups-none",
    path: "/groups",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      groupsPage(
        ctx,
        list({
          groups: [],
          values: { name: "kiosks", description: "", offered: true },
          errors: [{ field: "name", message: "There is a group “Kiosks” already." }],
        }),
      ),
  },
  {
    name: "groups-looking",
    path: "/groups",
    viewer: AUDITOR,
    render: (ctx) => groupsPage(ctx, list({ manages: false, pager: PAGER })),
  },
  {
    name: "group",
    path: PATH,
    viewer: ADMINISTRATOR,
    flash: "group_created",
    render: (ctx) => groupPage(ctx, one()),
  },
  {
    name: "group-empty",
    path: PATH,
    viewer: ADMINISTRATOR,
    flash: "group_changed",
    render: (ctx) =>
      groupPage(
        ctx,
        one({
          people: [],
          devices: [],
          apps: [],
          devicesPager: NO_PAGER,
          counts: { people: 0, devices: 0 },
          values: {
            name: "Field testers",
            description: "",
            offered: false,
            email: "nobody@northwind.example",
          },
          errors: [{ field: "email", message: "There is no such account." }],
        }),
      ),
  },
  {
    name: "group-looking",
    path: PATH,
    viewer: AUDITOR,
    render: (ctx) => groupPage(ctx, one({ manages: false, opensPeople: false })),
  },
  {
    name: "group-delete",
    path: `${PATH}/delete`,
    viewer: ADMINISTRATOR,
    flash: "group_deleted",
    render: (ctx) =>
      confirmPage(ctx, {
        title: ctx.t("groups.delete_title", { name: "Field testers" }),
        consequences: [
          ctx.t("groups.delete_members", { people: 2, devices: 1840 }),
          ctx.t("groups.delete_codes", { codes: 2 }),
          ctx.t("groups.delete_consequence"),
        ],
        action: `${PATH}/delete`,
        revision: 3,
        confirmLabel: ctx.t("groups.delete"),
        destructive: true,
        cancelHref: PATH,
      }),
  },
];

export const HOSTILE_GROUP_SAMPLES: readonly Sample[] = [
  {
    name: "groups",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      groupsPage(
        ctx,
        list({
          groups: [row({ id: HOSTILE, name: HOSTILE, description: HOSTILE })],
          values: { name: HOSTILE, description: HOSTILE, offered: true },
          errors: ["name", "description"].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
  {
    name: "group",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      groupPage(
        ctx,
        one({
          group: {
            id: HOSTILE,
            name: HOSTILE,
            description: HOSTILE,
            by: HOSTILE,
            createdAt: before(1, "days"),
            revision: 1,
          },
          people: [person({ accountId: HOSTILE, name: HOSTILE, email: HOSTILE })],
          devices: [device({ id: HOSTILE, name: HOSTILE, platform: HOSTILE })],
          apps: [{ id: HOSTILE, name: HOSTILE, publishedAt: null }],
          values: { name: HOSTILE, description: HOSTILE, offered: true, email: HOSTILE },
          errors: ["name", "description", "email", ""].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
];
