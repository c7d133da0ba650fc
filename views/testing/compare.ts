/** The pages that compare versions and show the files in one, in every state worth looking at. */
import { APP_PARTS } from "../pages/app-props.ts";
import { type CompareProps, compareFilePage, comparePage } from "../pages/compare.tsx";
import { type VersionFileProps, versionFilePage, versionFilesPage } from "../pages/version-files.tsx";
import { changedFiles, changedFilesWithViews, fileView, SOURCE, sourceSample } from "./changed-files.ts";
import { DEVELOPER, REVIEWER } from "./context.ts";
import { HOSTILE, HOSTILE_NAMES, LONGEST, NO_PAGER, ORDINARY, PAGER, reviewProps } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const LONG_PATH = `${"folder/".repeat(15)}${"f".repeat(90)}.lua`;
const pathOf = (names: Names) => (names.long ? LONG_PATH : names === ORDINARY ? "scripts/main.lua" : HOSTILE);

const version = (names: Names, id: string, code: number) => ({
  ...{ id, version: id === "v-0" ? "2.3.0" : names.version, code },
  state: id === "v-0" ? ("published" as const) : ("in_review" as const),
  contents: "there" as const,
});

function props(names: Names, changes: Partial<CompareProps> = {}): CompareProps {
  const pair = { from: version(names, "v-0", 2300), to: version(names, "v-1", 2400) };
  return {
    app: { id: names.id, name: names.name, parts: APP_PARTS },
    versions: [pair.to, pair.from],
    pair,
    changes: reviewProps(names).changes,
    files: { ...changedFilesWithViews(pathOf(names)), pager: names.long ? PAGER : NO_PAGER },
    ...changes,
  };
}

const sample = (name: string, path: string, render: Sample["render"]): Sample => ({
  ...{ name, path, render },
  viewer: name.includes("reviewer") ? REVIEWER : DEVELOPER,
});
const PATH = "/apps/x/compare";
const FILES = "/apps/x/versions/v-1/files";

const EMPTY = { versions: [], pair: null, changes: null, files: null };

function gone(names: Names): Partial<CompareProps> {
  const { pair } = props(names);
  if (pair === null) return {};
  const [from, to] = [pair.from, pair.to];
  return {
    pair: { from: { ...from, contents: "gone" }, to: { ...to, contents: "unread" } },
    files: null,
  };
}

function same(names: Names): Partial<CompareProps> {
  const both = version(names, "v-1", 2400);
  return { pair: { from: both, to: both }, changes: null, files: null };
}

const fileProps = (names: Names, view = fileView(pathOf(names))) => ({
  app: { id: names.id, name: names.name, parts: APP_PARTS },
  from: version(names, "v-0", 2300),
  to: version(names, "v-1", 2400),
  path: view.path,
  view,
});

const filesProps = (names: Names) => ({
  app: { id: names.id, name: names.name, parts: APP_PARTS },
  version: version(names, "v-1", 2400),
  files: changedFiles(pathOf(names)).rows.map(({ path, sizeAfter, sha256After }) => ({
    ...{ path, sizeBytes: sizeAfter ?? 0, sha256: sha256After ?? "" },
    href: `${FILES}/view?path=x`,
  })),
  count: 1208,
  pager: names.long ? PAGER : NO_PAGER,
});

const viewProps = (names: Names, changes: Partial<VersionFileProps> = {}): VersionFileProps => ({
  app: { id: names.id, name: names.name, parts: APP_PARTS },
  version: version(names, "v-1", 2400),
  path: pathOf(names),
  sizeBytes: 1425,
  kind: "text",
  shown: sourceSample(SOURCE),
  found: 12,
  ...changes,
});

export const COMPARE_SAMPLES: readonly Sample[] = [
  sample("compare", PATH, (ctx) => comparePage(ctx, props(ORDINARY))),
  sample("compare-reviewer", PATH, (ctx) => comparePage(ctx, props(ORDINARY))),
  sample("compare-longest", PATH, (ctx) => comparePage(ctx, props(LONGEST))),
  sample("compare-gone", PATH, (ctx) => comparePage(ctx, props(ORDINARY, gone(ORDINARY)))),
  sample("compare-empty", PATH, (ctx) => comparePage(ctx, props(ORDINARY, EMPTY))),
  sample("compare-file", `${PATH}/file`, (ctx) => compareFilePage(ctx, fileProps(ORDINARY))),
  sample("compare-file-coarse", `${PATH}/file`, (ctx) =>
    compareFilePage(
      ctx,
      fileProps(ORDINARY, {
        ...fileView("data/words.json", `${"a b c ".repeat(500)}\n`, "d\r\n"),
        ...{ isCoarse: true, isLaidOut: true },
      }),
    ),
  ),
  sample("compare-file-large", `${PATH}/file`, (ctx) =>
    compareFilePage(ctx, fileProps(ORDINARY, { ...fileView("data/words.txt"), shown: null, kind: "large" })),
  ),
  sample("compare-same", PATH, (ctx) => comparePage(ctx, props(ORDINARY, same(ORDINARY)))),
  sample("compare-alike", PATH, (ctx) =>
    comparePage(ctx, props(ORDINARY, { files: { ...changedFiles("x"), rows: [], pager: NO_PAGER } })),
  ),
  sample("version-files", FILES, (ctx) => versionFilesPage(ctx, filesProps(ORDINARY))),
  sample("version-files-longest", FILES, (ctx) => versionFilesPage(ctx, filesProps(LONGEST))),
  sample("version-files-gone", FILES, (ctx) =>
    versionFilesPage(ctx, {
      ...filesProps(ORDINARY),
      ...{ version: { ...version(ORDINARY, "v-1", 2400), contents: "gone" }, files: [], count: 0 },
    }),
  ),
  sample("version-file-damaged", `${FILES}/view`, (ctx) =>
    versionFilePage(ctx, {
      ...viewProps(ORDINARY, { path: null, shown: null, found: null }),
      version: { ...version(ORDINARY, "v-1", 2400), contents: "damaged" },
    }),
  ),
  sample("compare-file-damaged", `${PATH}/file`, (ctx) =>
    compareFilePage(ctx, {
      ...fileProps(ORDINARY),
      ...{ path: null, view: null, to: { ...version(ORDINARY, "v-1", 2400), contents: "damaged" } },
    }),
  ),
  sample("version-file", `${FILES}/view`, (ctx) => versionFilePage(ctx, viewProps(ORDINARY))),
  sample("version-file-large", `${FILES}/view`, (ctx) =>
    versionFilePage(ctx, viewProps(ORDINARY, { kind: "large", shown: null, found: null })),
  ),
  sample("version-file-binary", `${FILES}/view`, (ctx) =>
    versionFilePage(ctx, viewProps(LONGEST, { kind: "binary", shown: null, found: null })),
  ),
];

export const HOSTILE_COMPARE_SAMPLES: readonly Sample[] = [
  sample("hostile-compare", PATH, (ctx) =>
    comparePage(
      ctx,
      props(HOSTILE_NAMES, {
        files: {
          ...changedFilesWithViews(HOSTILE),
          rows: [
            { ...changedFilesWithViews(HOSTILE).rows[0], view: fileView(HOSTILE, HOSTILE, `${HOSTILE}\n`) },
            ...changedFiles(HOSTILE).rows.map((row) => ({ ...row, path: HOSTILE, movedFrom: HOSTILE })),
          ] as NonNullable<CompareProps["files"]>["rows"],
          pager: NO_PAGER,
        },
      }),
    ),
  ),
  sample("hostile-compare-file", `${PATH}/file`, (ctx) =>
    compareFilePage(ctx, fileProps(HOSTILE_NAMES, fileView(HOSTILE, HOSTILE, `${HOSTILE}x`))),
  ),
  sample("hostile-version-files", FILES, (ctx) => versionFilesPage(ctx, filesProps(HOSTILE_NAMES))),
  sample("hostile-version-file", `${FILES}/view`, (ctx) =>
    versionFilePage(ctx, viewProps(HOSTILE_NAMES, { shown: sourceSample(HOSTILE) })),
  ),
];
