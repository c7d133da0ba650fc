/** The page of trusted publishers, in every state worth looking at. */
import { APP_PARTS } from "../pages/app-props.ts";
import { type PublisherRow, type PublishersProps, publishersPage } from "../pages/publishers.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_ID } from "./data.ts";
import type { Sample } from "./samples.ts";

const row = (changes: Partial<PublisherRow> = {}): PublisherRow => ({
  id: `pub-${"0190f3ab".repeat(4)}`,
  name: "northwind/field-notes · release.yml · release",
  issuerName: "GitHub",
  claims: ["environment = release", "repository = northwind/field-notes", "workflow_file = release.yml"],
  pinned: ["repository_id = 745120934", "repository_owner_id = 6512034"],
  by: "Mara Lindqvist",
  createdAt: before(40, "days"),
  lastUsedAt: before(3, "hours"),
  leftBehind: false,
  ...changes,
});

const NO_VALUES = { issuer: "github", repository: "", workflow: "", environment: "", ref: "", claims: "" };

const list = (changes: Partial<PublishersProps> = {}): PublishersProps => ({
  app: { id: "com.northwind.notes", name: "Field Notes", parts: APP_PARTS },
  publishers: [
    row(),
    row({
      name: "apps/tools/field-notes",
      issuerName: "Forge",
      claims: ["project_path = apps/tools/field-notes", "ref_protected = true"],
      pinned: [],
      lastUsedAt: null,
      createdAt: before(1, "days"),
    }),
    row({ name: LONG_ID, issuerName: null, claims: [`sub = ${LONG_ID}`], pinned: [] }),
  ],
  trustedOnly: false,
  manages: true,
  issuers: [
    { id: "github", name: "GitHub" },
    { id: "forge", name: "Forge" },
  ],
  audience: "https://apps.northwind.example",
  values: NO_VALUES,
  errors: [],
  ...changes,
});

const PATH = "/apps/com.northwind.notes/publishers";
const sample = (name: string, changes: Partial<PublishersProps> = {}): Sample => ({
  name,
  path: PATH,
  viewer: DEVELOPER,
  render: (ctx) => publishersPage(ctx, list(changes)),
});

export const PUBLISHER_SAMPLES: readonly Sample[] = [
  sample("publishers"),
  sample("publishers-only", { trustedOnly: true }),
  sample("publishers-none", { publishers: [] }),
  sample("publishers-nobody", { publishers: [row({ issuerName: null })], trustedOnly: true, issuers: [] }),
  sample("publishers-no-address", { audience: null, publishers: [row({ lastUsedAt: null, pinned: [] })] }),
  sample("publishers-left", { publishers: [row({ leftBehind: true }), row({ name: "northwind/tools" })] }),
  sample("publishers-looking", { manages: false }),
  sample("publishers-failing", {
    publishers: [],
    values: { ...NO_VALUES, environment: "release", claims: "ref_protected: true" },
    errors: [
      {
        field: "repository",
        message: "Say repository or repository_id: without it every job at GitHub could publish.",
      },
      {
        field: "claims",
        message: "A claim stands in a line as name = value; found “ref_protected: true”.",
      },
    ],
  }),
];

export const HOSTILE_PUBLISHER_SAMPLES: readonly Sample[] = [
  {
    name: "publishers",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      publishersPage(
        ctx,
        list({
          app: { id: HOSTILE, name: HOSTILE, parts: APP_PARTS },
          publishers: [
            row({
              id: HOSTILE,
              name: HOSTILE,
              issuerName: HOSTILE,
              claims: [HOSTILE],
              pinned: [HOSTILE],
              by: HOSTILE,
            }),
          ],
          issuers: [{ id: HOSTILE, name: HOSTILE }],
          audience: HOSTILE,
          values: {
            issuer: HOSTILE,
            repository: HOSTILE,
            workflow: HOSTILE,
            environment: HOSTILE,
            ref: HOSTILE,
            claims: HOSTILE,
          },
          errors: ["issuer", "repository", "claims"].map((field) => ({ field, message: HOSTILE })),
        }),
      ),
  },
];
