/** The pages of /docs: the Markdown files below assets/docs, in the order in which a reader meets them. */
import { assetText, listAssets } from "../assets.ts";
import { pathOfFile, type RenderedPage, renderPage } from "./render.ts";

export type DocPage = {
  /** Below /docs: `""`, `quick-start`, `reference/data-model`. */
  readonly path: string;
  /** Below assets/docs/, which relative links in it start from. */
  readonly file: string;
  readonly title: string;
  /** Its title in the menu: below what all of its section begin with, only what is its own. */
  readonly menu: string;
  readonly section: string;
  /** Rises through the whole list, section by section. */
  readonly order: number;
  readonly markdown: string;
};

/** Sections with the paths of their pages, in order. Every file stands here, which a test holds. */
const CONTENTS: readonly (readonly [section: string, paths: readonly string[]])[] = [
  ["Start", ["", "quick-start", "concepts"]],
  [
    "Guides",
    [
      "guides/developer",
      "guides/signing-keys",
      "guides/take-back",
      "guides/transfer-an-app",
      "guides/ci",
      "guides/api-keys",
      "guides/reviewer",
      "guides/administrator",
      "guides/set-up",
      "guides/restricted-store",
      "guides/store-listing",
      "guides/private-apps",
      "guides/store-front",
      "guides/ratings",
      "guides/second-factors",
      "guides/guessing",
      "guides/notifications",
      "guides/your-data",
      "guides/mail",
      "guides/sign-in-with-a-provider",
      "guides/keys",
      "guides/device",
      "guides/verify-with-openssl",
      "guides/audit-the-log",
    ],
  ],
  [
    "Reference",
    [
      "reference/package-format",
      "reference/manifest",
      "reference/verdicts",
      "reference/permissions",
      "reference/platform-api",
      "reference/catalogue",
      "reference/enrolment",
      "reference/commands",
      "reference/configuration",
      "errors",
      "reference/rights",
      "reference/data-model",
      "reference/limits",
    ],
  ],
  [
    "REST API",
    [
      "reference/api",
      "reference/api/store",
      "reference/api/apps",
      "reference/api/versions",
      "reference/api/uploads-in-parts",
      "reference/api/developer-keys",
      "reference/api/review",
      "reference/api/revocation",
      "reference/api/organisations",
      "reference/api/transfers",
      "reference/api/accounts",
      "reference/api/groups",
      "reference/api/trusted-publishing",
      "reference/api/catalogue",
      "reference/api/ratings",
      "reference/api/reports",
      "reference/api/store-front",
      "reference/api/devices",
      "reference/api/api-keys",
      "reference/api/sign-in-of-programs",
      "reference/api/audit-log",
      "reference/api/jobs",
      "reference/api/types",
    ],
  ],
];

/** What a file that the table above forgot is listed under. */
const OTHER = "Reference";

const PREFIX = "docs/";

/** All pages, in the order of the navigation. */
export function docPages(): readonly DocPage[] {
  known ??= readPages();
  return known;
}
let known: readonly DocPage[] | undefined;

/** The page of a path below /docs; null when there is none. */
export function findDocPage(path: string): DocPage | null {
  return docPages().find((page) => page.path === path) ?? null;
}

/** A page as HTML, made once and then kept: pages do not change while the program runs. */
export function renderedDocPage(page: DocPage): RenderedPage {
  const before = rendered.get(page.path);
  if (before) return before;
  const made = renderPage(page.markdown, page.file);
  rendered.set(page.path, made);
  return made;
}
const rendered = new Map<string, RenderedPage>();

/** Paths in the table of contents, whether or not their file is there; for the test. */
export function listedPaths(): readonly string[] {
  return CONTENTS.flatMap(([, paths]) => paths);
}

function readPages(): readonly DocPage[] {
  const places = CONTENTS.flatMap(([section, paths]) => paths.map((path) => ({ section, path })));
  return listAssets(PREFIX)
    .filter((name) => name.endsWith(".md"))
    .map((name): DocPage => {
      const file = name.slice(PREFIX.length);
      const path = pathOfFile(file);
      const order = places.findIndex((place) => place.path === path);
      const markdown = assetText(name);
      const title = titleOf(markdown, file);
      return {
        path,
        file,
        title,
        menu: title.replace(/^API: /, ""),
        section: places[order]?.section ?? OTHER,
        order: order === -1 ? places.length : order,
        markdown,
      };
    })
    .sort((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
}

function titleOf(markdown: string, file: string): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1]?.trim();
  if (title === undefined || !markdown.startsWith("# "))
    throw new Error(`${file} does not begin with "# " and a title`);
  return title.replaceAll("`", "");
}
