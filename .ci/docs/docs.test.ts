/** The docs against the program: pages, links, anchors, codes, commands, settings and addresses, in both directions. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import { RIGHTS } from "../../src/accounts/rights.ts";
import { migrations } from "../../src/assets.ts";
import type { AnyCommand } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { isGroup, leaves, resolve } from "../../src/cli/tree.ts";
import { SETTINGS } from "../../src/config.settings.ts";
import { closeDatabase, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { docPages, findDocPage, listedPaths, renderedDocPage } from "../../src/docs/pages.ts";
import { DOC_PICTURE_PX, docsHref } from "../../src/docs/render.ts";
import { site } from "../../src/http/site.ts";
import { CLIENT_VARIABLES } from "./configuration.ts";
import { allCodes } from "./errors.ts";
import { scanSources } from "./thrown-codes.ts";

const root = join(import.meta.dirname, "../..");
const pages = docPages();

function tokensOf(markdown: string): readonly Token[] {
  return new MarkdownIt().parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/** Code spans and fences: what people copy. */
function codeOf(markdown: string): readonly string[] {
  return tokensOf(markdown)
    .filter((token) => ["code_inline", "fence", "code_block"].includes(token.type))
    .map((token) => token.content);
}

describe("pages", () => {
  test("the table of contents and the files are the same", () => {
    expect(pages.map((page) => page.path)).toEqual([...listedPaths()]);
  });

  test.each(pages.map((page) => [page.file, page] as const))("%s has a title and a lead", (_, page) => {
    const { title, lead } = renderedDocPage(page);
    expect(title).not.toBe("");
    expect(lead ?? "").toMatch(/[.:]$/);
  });

  test("titles are unique", () => {
    expect(new Set(pages.map((page) => page.title)).size).toBe(pages.length);
  });
});

describe("secrets in examples of", () => {
  /** What prints an API key or a code, what hands on a token, and what gives all that the store has of a person. */
  const SECRET =
    /apikey (?:add|rotate)|device code add|--rawfile token|SIGNING_KEY|passphrase of|urandom|me\/export/;
  const INTO_A_FILE = /\| tee |[^<>2]> (?!\/dev\/null)/;
  const open = (code: string): readonly string[] =>
    code
      .split("\n")
      .filter((line) => SECRET.test(line) && INTO_A_FILE.test(line) && !line.includes("(umask 077; "));
  const texts = [
    ...pages.map(({ file, markdown }) => [file, markdown] as const),
    ["README.md", readFileSync(join(root, "README.md"), "utf8")] as const,
  ];

  test.each(texts)("%s go into files that nobody else can read", (_, markdown) => {
    expect(codeOf(markdown).flatMap(open)).toEqual([]);
  });

  test("pages that have them are seen", () => {
    const lines = texts.flatMap(([, markdown]) => codeOf(markdown).flatMap((code) => code.split("\n")));
    expect(lines.filter((line) => SECRET.test(line) && INTO_A_FILE.test(line)).length).toBeGreaterThan(8);
    expect(open("mosis admin apikey add --user a | head -n 1 > token")).toHaveLength(1);
  });
});

describe("links of", () => {
  const anchors = new Map(
    pages.map((page) => [
      docsHref(page.path),
      new Set(renderedDocPage(page).headings.map((heading) => heading.id)),
    ]),
  );

  test.each(pages.map((page) => [page.file, page] as const))("%s lead somewhere", (_, page) => {
    const hrefs = [...renderedDocPage(page).safeHtml.matchAll(/href="([^"]+)"/g)].map((match) =>
      (match[1] ?? "").replaceAll("&amp;", "&"),
    );
    const broken = hrefs.filter((href) => {
      if (/^(https?|mailto):/.test(href)) return false;
      // Served beside the docs; src/http/conformance-kit.test.ts fetches it.
      if (href === "/conformance.tar.gz") return false;
      const [path = "", fragment] = href.split("#", 2);
      const known = anchors.get(path === "" ? docsHref(page.path) : path);
      return !known || (fragment !== undefined && !known.has(fragment));
    });
    expect(broken).toEqual([]);
  });

  test.each(["README.md", "CONTRIBUTING.md"])("%s name files that are there", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    const hrefs = tokensOf(text).flatMap((token) => {
      if (token.type === "link_open") return [String(token.attrGet("href"))];
      return token.type === "image" ? [String(token.attrGet("src"))] : [];
    });
    const missing = hrefs.filter(
      (href) => !/^https?:/.test(href) && !existsSync(join(root, href.split("#")[0] ?? "")),
    );
    expect(missing).toEqual([]);
    expect(pathsIn(text).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("pictures", () => {
  const FOLDER = "assets/docs/pictures";
  const named = [
    ...pages.map(({ file, markdown }) => [`assets/docs/${file}`, markdown] as const),
    ["README.md", readFileSync(join(root, "README.md"), "utf8")] as const,
  ].flatMap(([file, markdown]) =>
    tokensOf(markdown)
      .filter(({ type }) => type === "image")
      .map((token) => ({ file, src: join(file, "..", String(token.attrGet("src"))), alt: token.content })),
  );
  const taken = readdirSync(join(root, FOLDER)).map((name) => join(FOLDER, name));

  test("are those that are taken, each named somewhere, and say what there is to see", () => {
    expect([...new Set(named.map(({ src }) => src))].sort()).toEqual(taken.toSorted());
    expect(taken).toEqual(taken.filter((path) => /\/[a-z-]+\.webp$/.test(path)));
    expect(named.filter(({ alt }) => alt.length < 30)).toEqual([]);
  });

  test("are small, and of the shape that the pages leave room for", () => {
    for (const path of taken) {
      const bytes = readFileSync(join(root, path));
      expect([path, bytes.length < 100_000]).toEqual([path, true]);
      const at = bytes.indexOf("VP8 ", 12, "latin1") + 14;
      const [width, height] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
      expect([path, width / height]).toEqual([path, DOC_PICTURE_PX.width / DOC_PICTURE_PX.height]);
    }
  });
});

/** What in a code span looks like a path of the tree. */
function pathsIn(markdown: string): readonly string[] {
  return codeOf(markdown)
    .flatMap((code) => code.split(/\s+/))
    .map((word) => word.replace(/[,;:.)]+$/, ""))
    .filter((word) => /^(?:src|views|assets|migrations|\.ci|bench|conformance)\//.test(word))
    .filter((word) => !/[<>*…{]/.test(word))
    .map((word) => word.replace(/\/$/, ""));
}

describe("codes", () => {
  const scan = scanSources();
  const documented = new Set(allCodes());

  test("every code that the source answers with has its meaning and its remedy", () => {
    const missing = [...scan.codes].filter(([code]) => !documented.has(code));
    expect(missing.map(([code, place]) => `${place} ${code}`)).toEqual([]);
  });

  test("computed codes are known, and those that are known are there", () => {
    expect(scan.unknown).toEqual([]);
    expect(scan.unused).toEqual([]);
  });

  test("every documented code is one that the source answers with", () => {
    const found = new Set(scan.codes.keys());
    const dead = [...documented].filter(
      (code) => !/^(MPK|CHK)-/.test(code) && !/^file\.e[a-z]+$/.test(code) && !found.has(code),
    );
    expect(dead).toEqual([]);
  });

  test("each has its anchor on the page of errors", () => {
    const page = findDocPage("errors");
    const ids = new Set(page ? renderedDocPage(page).headings.map((heading) => heading.id) : []);
    expect([...documented].filter((code) => !ids.has(code))).toEqual([]);
  });

  test.each(pages.map((page) => [page.file, page] as const))("%s names only codes that exist", (_, page) => {
    const spans = tokensOf(page.markdown).filter((token) => token.type === "code_inline");
    const named = spans.map((token) => token.content).filter((text) => /^(MPK|CHK)-[A-Z]\d+$/.test(text));
    expect(named.filter((code) => !documented.has(code))).toEqual([]);
  });
});

describe("the data model", () => {
  const markdown = findDocPage("reference/data-model")?.markdown ?? "";
  const db = openDatabase(":memory:");
  migrate(db, migrations(), new Date(0));
  const tables = db.raw
    .query<{ name: string }, []>(
      // Full-text tables have no columns of their own; what is in them is told at search_documents, app_numbers and account_numbers.
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        AND name NOT GLOB 'search_text*' AND name NOT GLOB 'search_everything*' AND name NOT GLOB 'app_words*'
        AND name NOT GLOB 'account_words*' ORDER BY name`,
    )
    .all()
    .map(({ name }) => ({
      name,
      columns: db.raw
        .query<{ name: string }, [string]>("SELECT name FROM pragma_table_info(?)")
        .all(name)
        .map((column) => column.name),
    }));
  closeDatabase(db);

  test("counts the tables of a new database", () => {
    expect(markdown).toContain(`The ${tables.length} tables of`);
    const titles = [...markdown.matchAll(/^### `([a-z_]+)`$/gm)].map(([, name = ""]) => name);
    expect(titles.sort()).toEqual(tables.map(({ name }) => name));
  });

  test.each(tables)("says what each column of $name means", ({ name, columns }) => {
    const section = markdown.split(`\n### \`${name}\`\n`)[1]?.split("\n### ")[0] ?? "";
    const meanings = new Map(
      [...section.matchAll(/^\| `([a-z0-9_]+)` \|.*\| ([^|]*) \|$/gm)].map(([, column = "", said = ""]) => [
        column,
        said.trim(),
      ]),
    );
    expect([...meanings.keys()]).toEqual(columns);
    // A list of the words that may stand there does not say what they mean.
    const bare = [...meanings].filter(
      ([, said]) => !/^[^ ].*[.)]$/.test(said) || said.startsWith("One of `"),
    );
    expect(bare).toEqual([]);
  });
});

const apiPages = pages.filter(({ path }) => path.startsWith("reference/api"));

/** Identifiers in other letters are names of types, too. */
const types = new Set(
  [...(findDocPage("reference/api/types")?.markdown ?? "").matchAll(/^## ([A-Z]\w+)$/gm)].map(
    ([, name = ""]) => name,
  ),
);

test.each(apiPages.map(({ path, markdown }) => [path, markdown] as const))(
  "%s shows no empty default and no identifier in other letters",
  (_, markdown) => {
    expect(markdown).not.toContain("``.");
    const identifiers = new Set([...markdown.matchAll(/`([a-z]+[A-Z]\w*)`/g)].map(([, name = ""]) => name));
    const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`]*`|\[[^\]]*\]\([^)]*\)/g, "");
    const words = new Set(prose.match(/\b[A-Z]\w+\b/g));
    const changed = [...identifiers].filter((name) =>
      words.has(name.charAt(0).toUpperCase() + name.slice(1)),
    );
    expect(changed.filter((name) => !types.has(name.charAt(0).toUpperCase() + name.slice(1)))).toEqual([]);
  },
);

describe("commands", () => {
  test("every command is on the page of commands", () => {
    const markdown = findDocPage("reference/commands")?.markdown ?? "";
    const missing = leaves(COMMANDS).filter(
      ({ path }) => !markdown.includes(`\n### \`${path.join(" ")}\`\n`),
    );
    expect(missing.map(({ path }) => path.join(" "))).toEqual([]);
  });

  const others = [
    ...pages.filter((page) => page.path !== "reference/commands"),
    ...["README.md", "CONTRIBUTING.md"].map((file) => ({
      file,
      markdown: readFileSync(join(root, file), "utf8"),
    })),
  ];
  test.each(others.map((page) => [page.file, page] as const))(
    "%s names only commands and options that exist",
    async (_, page) => {
      const wrong: string[] = [];
      for (const line of commandLines(page.markdown)) {
        const fault = await faultOf(line);
        if (fault !== null) wrong.push(`${line}: ${fault}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test("the check of a command line tells right from wrong", async () => {
    expect(await faultOf("mosis pack notes -o notes.mosis --json")).toBe(null);
    expect(await faultOf("mosis admin review")).toBe(null);
    expect(await faultOf("mosis pakc notes")).toContain("pakc");
    expect(await faultOf("mosis pack notes --output-file x")).toContain("--output-file");
  });
});

/** Lines and spans that begin with `mosis` or have it after a pipe, a bracket or an assignment. */
function commandLines(markdown: string): readonly string[] {
  return codeOf(markdown)
    .flatMap((code) => code.split("\n"))
    .filter((line) => !line.includes("[options]"))
    .flatMap((line) => [...line.matchAll(/(?:^|[$(|&]\s*|\s)(mosis(?: [^|&;)]+)?)(?=$|[|&;)])/g)])
    .map((match) => (match[1] ?? "").trim())
    .filter((line) => line.startsWith("mosis ") && !/^mosis [A-Z(-]/.test(line));
}

async function faultOf(line: string): Promise<string | null> {
  const words = (line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []).slice(1);
  const { entry, rest } = resolve(COMMANDS, words);
  const first = rest[0];
  if (isGroup(entry))
    return first === undefined || first.startsWith("-") ? null : `there is no command ${first}`;
  const command: AnyCommand = await entry.load();
  const known = new Set(["--json", "--help", "-h"]);
  for (const option of Object.values(command.options))
    for (const flag of option.flags.split(/,\s*/)) known.add(flag);
  const unknown = rest.filter((word) => /^--?[a-z]/.test(word) && !known.has(word.split("=")[0] ?? ""));
  return unknown.length === 0 ? null : `there is no option ${unknown.join(", ")}`;
}

describe("settings", () => {
  const known = new Set([
    ...SETTINGS.map((setting) => setting.environment),
    ...CLIENT_VARIABLES.map(([name]) => name),
  ]);

  test.each(pages.map((page) => [page.file, page] as const))(
    "%s names only variables that exist",
    (_, page) => {
      const named = new Set(page.markdown.match(/\bMOSIS_[A-Z_]+\b/g) ?? []);
      expect([...named].filter((name) => !known.has(name))).toEqual([]);
    },
  );

  test("every variable that the program reads is documented", () => {
    const markdown = findDocPage("reference/configuration")?.markdown ?? "";
    const read = new Set<string>();
    for (const file of new Bun.Glob("src/**/*.ts").scanSync({ cwd: root })) {
      if (/\.(test|e2e|measure)\.ts$|\/testing\//.test(file)) continue;
      for (const name of readFileSync(join(root, file), "utf8").match(/\bMOSIS_[A-Z_]+\b/g) ?? [])
        read.add(name);
    }
    const build = new Set(["MOSIS_BUILD_COMMIT", "MOSIS_BUILD_DATE"]);
    expect([...read].filter((name) => !build.has(name) && !markdown.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("addresses", () => {
  const patterns = site.routes.map(
    (route) => new RegExp(`^${route.path.replace(/:[A-Za-z]+/g, "[^/]+").replace(/\*$/, ".*")}$`),
  );

  test.each(pages.map((page) => [page.file, page] as const))(
    "%s names only addresses that exist",
    (_, page) => {
      const named = codeOf(page.markdown)
        .flatMap(
          (code) =>
            code.match(/(?<![\w/.])\/(?:api\/v1|store\/v1|healthz|readyz|docs)\b[\w./{}:*<>-]*/g) ?? [],
        )
        .map((path) => path.replace(/[.:]$/, "").replaceAll(/\{[^}]+\}|<[^>]+>/g, "x"))
        .filter(
          (path) => !["/api/v1", "/store/v1", "/store/v1/targets", "/store/v1/metadata"].includes(path),
        );
      const missing = named.filter(
        (path) => !patterns.some((pattern) => pattern.test(path.replace(/\/$/, "/x"))),
      );
      expect(missing).toEqual([]);
    },
  );

  test("every call of the API is on a page, and in the list of all", () => {
    const markdown = apiPages.map((page) => page.markdown).join("\n");
    const missing = site.routes
      .filter((route) => route.area === "api")
      .map((route) => `${route.method} ${route.path.replace(/:([A-Za-z]+)/g, "{$1}")}`)
      .filter((line) => !markdown.includes(`\n${line}\n`) || !markdown.includes(`\n| \`${line}\` |`));
    expect(missing).toEqual([]);
  });
});

test("every action of the table of rights is on its page", () => {
  const markdown = findDocPage("reference/rights")?.markdown ?? "";
  expect(Object.keys(RIGHTS).filter((action) => !markdown.includes(`\`${action}\``))).toEqual([]);
});

test("README explains every folder", () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const folders = [
    ...["views", "assets", "migrations", "bench", "conformance", ".ci"].filter((name) =>
      existsSync(join(root, name)),
    ),
    ...readdirSync(join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `src/${entry.name}`),
  ];
  expect(folders.filter((folder) => !text.includes(`| \`${folder}\` |`))).toEqual([]);
});

test("paths of the tree that pages name are there", () => {
  const missing = pages.flatMap((page) =>
    pathsIn(page.markdown)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page.file}: ${path}`),
  );
  expect(missing).toEqual([]);
});
