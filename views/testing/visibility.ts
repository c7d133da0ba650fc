/** The pages of who may see an app, in every state worth looking at. */
import { APP_PARTS } from "../pages/app-props.ts";
import { type VisibilityProps, visibilityPage } from "../pages/visibility.tsx";
import { type VisibilityPreviewProps, visibilityPreviewPage } from "../pages/visibility-preview.tsx";
import { before, DEVELOPER } from "./context.ts";
import { appProps, HOSTILE, HOSTILE_NAMES, LONG_TEXT, ORDINARY } from "./data.ts";
import type { Sample } from "./samples.ts";

const id = (digit: number) => `grp-${String(digit).repeat(32)}`;
const CHOICE = [
  { id: id(1), name: "Field testers", in: true },
  { id: id(2), name: "Kiosks", in: false },
  { id: id(3), name: LONG_TEXT.slice(0, 80), in: false },
];
const APP = { id: "com.northwind.notes", name: "Field Notes", parts: APP_PARTS };

const page = (changes: Partial<VisibilityProps> = {}): VisibilityProps => ({
  page: { ...appProps(ORDINARY), part: "access" },
  visibility: "groups",
  groups: ["Field testers"],
  unnamedGroups: 0,
  keepsUnnamed: true,
  published: true,
  publicUntil: null,
  choice: CHOICE,
  chosen: "groups",
  errors: [],
  ...changes,
});

const preview = (changes: Partial<VisibilityPreviewProps> = {}): VisibilityPreviewProps => ({
  app: APP,
  before: "everyone",
  after: "groups",
  groups: [{ id: id(1), name: "Field testers", people: 12, devices: 1 }],
  joining: [{ id: id(1), name: "Field testers", people: 12, devices: 1 }],
  leaving: [],
  unnamedGroups: 0,
  leavingUnnamed: 0,
  published: true,
  versions: 4,
  changes: true,
  scope: "0".repeat(64),
  stale: false,
  ...changes,
});

const PATH = `/apps/${APP.id}/visibility`;
const sample = (name: string, changes: Partial<VisibilityProps> = {}): Sample => ({
  name,
  path: PATH,
  viewer: DEVELOPER,
  render: (ctx) => visibilityPage(ctx, page(changes)),
});
const previewed = (name: string, changes: Partial<VisibilityPreviewProps> = {}): Sample => ({
  name,
  path: `${PATH}/preview`,
  viewer: DEVELOPER,
  render: (ctx) => visibilityPreviewPage(ctx, preview(changes)),
});

export const VISIBILITY_SAMPLES: readonly Sample[] = [
  sample("visibility"),
  sample("visibility-everyone", { visibility: "everyone", groups: [], chosen: "everyone" }),
  sample("visibility-signed-in", {
    visibility: "signed-in",
    groups: [],
    chosen: "signed-in",
    publicUntil: before(3, "days"),
  }),
  sample("visibility-unpublished", { published: false }),
  sample("visibility-unnamed", { groups: [], unnamedGroups: 1, choice: [] }),
  sample("visibility-unnamed-more", { unnamedGroups: 3, keepsUnnamed: false }),
  sample("visibility-unnamed-looking", { unnamedGroups: 2, choice: null }),
  sample("visibility-looking", { choice: null }),
  sample("visibility-no-groups", { visibility: "everyone", groups: [], choice: [], chosen: "everyone" }),
  sample("visibility-failing", {
    errors: [{ field: "", message: "An app that is for groups names 1 to 50 of them." }],
  }),
  previewed("visibility-preview"),
  previewed("visibility-preview-opens", {
    before: "groups",
    after: "everyone",
    groups: [],
    joining: [],
    leaving: [{ id: id(1), name: "Field testers", people: 1, devices: 40 }],
  }),
  previewed("visibility-preview-unnamed", { before: "groups", unnamedGroups: 1 }),
  previewed("visibility-preview-letting-go", { before: "groups", joining: [], leavingUnnamed: 2 }),
  previewed("visibility-preview-unpublished", { published: false, versions: 0 }),
  previewed("visibility-preview-same", { before: "groups", joining: [], changes: false }),
  previewed("visibility-preview-stale", { stale: true }),
];

export const HOSTILE_VISIBILITY_SAMPLES: readonly Sample[] = [
  {
    name: "visibility",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      visibilityPage(
        ctx,
        page({
          page: { ...appProps(HOSTILE_NAMES), part: "access" },
          groups: [HOSTILE],
          choice: [{ id: id(1), name: HOSTILE, in: true }],
          chosen: HOSTILE,
          errors: [
            { field: "visibility", message: HOSTILE },
            { field: "", message: HOSTILE },
          ],
        }),
      ),
  },
  {
    name: "visibility-preview",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      visibilityPreviewPage(
        ctx,
        preview({
          app: { id: HOSTILE, name: HOSTILE, parts: APP_PARTS },
          groups: [{ id: HOSTILE, name: HOSTILE, people: 1, devices: 1 }],
          joining: [{ id: HOSTILE, name: HOSTILE, people: 1, devices: 1 }],
          leaving: [{ id: HOSTILE, name: HOSTILE, people: 0, devices: 0 }],
          scope: HOSTILE,
        }),
      ),
  },
];
