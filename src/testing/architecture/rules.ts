/**
 * The rules of the tree, each judged on one scanned file. Paths are relative to the root, with `/`.
 *
 * The direction of imports (a folder imports only from those to its right):
 *
 *     main → cli → boot → http, device → docs → review → catalog → accounts, telemetry → jobs, mail → keys → storage, db → format → signing → errors
 *
 * boot/ puts a store together (configuration, lock, handlers of jobs) for the commands.
 * docs/ makes the pages of the documentation out of the Markdown and the tables that it tells about.
 * Files that stand loose in src/ have a place in it too:
 * - errors.ts (and its codes), ids.ts, roles.ts, clock.ts, time.ts, newest.ts, say.ts, sizes.ts, log.ts, loopback.ts are the ground: everything may import them, they import only each other.
 * - config.ts stands on the ground, as does version.ts; everything may take config's types, only main, cli and boot call it.
 * - assets.ts (and its list) stands beside db: it reads files, so the pure folders cannot have it.
 * - languages.ts knows which catalogues of texts there are, by the names of assets; sentences.ts says what stands in them, and
 *   bidi.ts keeps Latin in order where they go from right to left.
 * - context.ts holds types only: it may name any type, and any file may name its types.
 * Tests (*.test.ts, *.e2e.ts, *.measure.ts, testing/) may import anything; nothing else may import them.
 */
import { dirname, join } from "node:path/posix";
import { type Import, type Mark, type Scanned, scan } from "./scan.ts";

export type Violation = {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
};

/** From left to right; what stands in one row does not import each other. */
const DIRECTION: readonly (readonly string[])[] = [
  ["main.ts"],
  ["cli"],
  ["boot"],
  ["http", "device"],
  ["docs"],
  ["review"],
  ["catalog"],
  ["accounts", "telemetry"],
  ["jobs", "mail"],
  ["keys"],
  ["audit"],
  ["sentences.ts", "bidi.ts"],
  ["languages.ts"],
  ["storage", "db", "assets.ts", "assets.list.ts"],
  ["format"],
  ["signing"],
  ["config.ts"],
  ["config.told.ts"],
  ["version.ts"],
  [
    "config.files.ts",
    "config.issuers.ts",
    "config.mail.ts",
    "config.page.ts",
    "config.providers.ts",
    "config.settings.ts",
    "config.tables.ts",
    "config.toml.ts",
    "config.values.ts",
    "log.ts",
    "loopback.ts",
    "ids.ts",
    "roles.ts",
    "newest.ts",
    "time.ts",
    "zones.ts",
    "say.ts",
    "sizes.ts",
    "clock.ts",
    "errors.ts",
    "errors.codes.ts",
    "errors.codes.form.ts",
    "errors.codes.accounts.ts",
    "errors.codes.device.ts",
    "errors.codes.enrolment.ts",
    "errors.codes.front.ts",
    "errors.codes.log.ts",
    "errors.codes.mail.ts",
    "errors.codes.pictures.ts",
    "errors.codes.providers.ts",
    "errors.codes.organisations.ts",
    "errors.codes.publishers.ts",
    "errors.codes.ratings.ts",
    "errors.codes.settings.ts",
    "errors.codes.store.ts",
    "errors.codes.trust.ts",
    "errors.codes.developer-keys.ts",
    "errors.codes.details.ts",
  ],
];
const GROUND = DIRECTION.length - 1;
const DOMAINS = ["accounts", "audit", "catalog", "review", "telemetry"];
const PURE = ["format", "signing"];

/** Modules of the runtime that compute and do nothing else. */
const PURE_MODULES = [
  "node:assert",
  "node:buffer",
  "node:crypto",
  "node:path/posix",
  "node:stream",
  "node:url",
  "node:util",
  "node:zlib",
];
/** Packages that reach files, the network or a database. */
const IO_PACKAGES = [
  "drizzle-orm",
  "elysia",
  "lucia",
  "tuf-js",
  "croner",
  "commander",
  "nodemailer",
  "openid-client",
];

/** Packages that only these may import. */
const KEPT_INSIDE: readonly {
  readonly packages: readonly string[];
  readonly where: RegExp;
  readonly said: string;
}[] = [
  { packages: ["lucia"], where: /^src\/accounts\/sessions\.ts$/, said: "src/accounts/sessions.ts" },
  { packages: ["elysia", "@elysiajs/html"], where: /^src\/http\//, said: "src/http/" },
  { packages: ["commander"], where: /^src\/cli\//, said: "src/cli/" },
  {
    packages: ["reflect-metadata", "@peculiar/x509"],
    where: /^src\/signing\/x509\.ts$/,
    said: "src/signing/x509.ts",
  },
  {
    packages: ["@simplewebauthn/server"],
    where: /^src\/accounts\/factors\/passkeys\.ts$/,
    said: "src/accounts/factors/passkeys.ts",
  },
  { packages: ["qr"], where: /^src\/http\/portal\/qr\.ts$/, said: "src/http/portal/qr.ts" },
  { packages: ["nodemailer"], where: /^src\/mail\/smtp\.ts$/, said: "src/mail/smtp.ts" },
  {
    packages: ["openid-client"],
    where: /^src\/accounts\/providers\/protocol\.ts$/,
    said: "src/accounts/providers/protocol.ts",
  },
  { packages: ["jose"], where: /^src\/accounts\//, said: "src/accounts/" },
  { packages: ["tuf-js"], where: /^src\/device\//, said: "src/device/" },
];

/** Part of src that a path belongs to: a folder, or a loose file's name. */
function partOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function rankOf(part: string): number {
  return DIRECTION.findIndex((row) => row.includes(part));
}

function isTest(path: string): boolean {
  return /(^|\/)testing\//.test(path) || /\.(test|e2e|measure)\.tsx?$/.test(path);
}

/** The file that an import means, from the root; null for a package or a module of the runtime. */
function targetOf(file: string, specifier: string): string | null {
  return specifier.startsWith(".") ? join(dirname(file), specifier) : null;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

/** Why this import may not stand in this file; null when it may. */
type ImportRule = (file: string, found: Import, target: string | null) => string | null;

const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  "direction of imports": (file, found, target) => {
    if (!file.startsWith("src/") || target === null || !target.startsWith("src/") || isTest(file))
      return null;
    const from = partOf(file);
    const to = partOf(target);
    if (isTest(target)) return `only tests import from ${target}`;
    if (to === "context.ts") return found.typeOnly ? null : "context.ts has types only: import type";
    if (from === "context.ts") return found.typeOnly ? null : "context.ts imports types only";
    if (from === to && from.endsWith(".ts") === false) return null;
    const [left, right] = [rankOf(from), rankOf(to)];
    if (left === -1 || right === -1)
      return `${left === -1 ? from : to} has no place in the direction of imports: decide one in src/testing/architecture/rules.ts`;
    if (to === "config.ts" && found.typeOnly) return null;
    if (to === "config.ts" && left > rankOf("boot"))
      return "only main, cli and boot read the configuration; others are given it";
    if (left === GROUND && right === GROUND) return null;
    if (from === "assets.ts" && to === "assets.list.ts") return null;
    return right > left ? null : `${from} may not import from ${to}, which is not to its right`;
  },
  "views know only types": (file, found, target) => {
    if (!file.startsWith("views/") || isTest(file)) return null;
    if (target?.startsWith("src/"))
      return found.typeOnly ? null : "a view imports nothing from src but types";
    if (target !== null || found.specifier === null) return null;
    const runtime = /^(node|bun):|^bun$/.test(found.specifier);
    return runtime && !found.typeOnly
      ? "a view is a function of plain data: it does not use the runtime"
      : null;
  },
  "only http renders views": (file, _found, target) => {
    if (!file.startsWith("src/") || isTest(file) || target === null || !target.startsWith("views/"))
      return null;
    return partOf(file) === "http" ? null : "only src/http renders views";
  },
  "framework and libraries kept inside": (file, { specifier }) => {
    if (specifier === null || isTest(file)) return null;
    const kept = KEPT_INSIDE.find(({ packages }) => packages.includes(packageOf(specifier)));
    return kept && !kept.where.test(file) ? `${packageOf(specifier)} is imported only in ${kept.said}` : null;
  },
  "format and signing are pure": (file, found) => {
    if (!file.startsWith("src/") || !PURE.includes(partOf(file)) || isTest(file)) return null;
    const { specifier } = found;
    if (specifier === null || specifier.startsWith(".") || found.typeOnly) return null;
    if (/^(node|bun):|^bun$/.test(specifier)) {
      return PURE_MODULES.includes(specifier)
        ? null
        : `${specifier} does I/O; ${partOf(file)}/ takes bytes or a source`;
    }
    return IO_PACKAGES.includes(packageOf(specifier)) ? `${specifier} does I/O` : null;
  },
  "SQL only in records.ts": (file, found, target) => {
    if (!mayNotHoldSql(file) || found.typeOnly || found.specifier === null) return null;
    const isQuery = packageOf(found.specifier) === "drizzle-orm" || found.specifier === "bun:sqlite";
    if (isQuery || target === "src/db/schema.ts")
      return `${found.specifier} is for records.ts: call a function of it instead`;
    return null;
  },
  "imports that can be judged": (file, found) => {
    // That one file is there for the order in which two packages are evaluated, which imports do not give.
    if (found.form === "require" && file !== "src/signing/x509.ts") return "require is not used: import";
    if (found.specifier === null) return "an import of a computed name cannot be judged: name the file";
    return null;
  },
  "imports carry their ending": (_file, { specifier }) => {
    if (specifier === null || !specifier.startsWith(".")) return null;
    return /\.(ts|tsx|json|wasm)$/.test(specifier)
      ? null
      : `${specifier}: say the whole name of the file, with its ending`;
  },
  "no barrel files": (_file, found) =>
    found.specifier !== null &&
    /(^|\/)index(\.tsx?)?$/.test(found.specifier) &&
    found.specifier.startsWith(".")
      ? "there are no index files: import from the file that declares it"
      : null,
};

/**
 * SQL stands in db/, in what runs on it directly (jobs, keys) and in the records.ts files of the domains (one topic of a
 * large domain: overview.records.ts) and of the device, which has a database of its own. The lock of the data folder is an SQLite transaction, on a file that holds no data.
 */
function mayNotHoldSql(file: string): boolean {
  if (isTest(file)) return false;
  if (file.startsWith("views/")) return true;
  if (file === "src/boot/lock.ts") return false;
  const part = partOf(file);
  if (["db", "jobs", "keys"].includes(part)) return false;
  return !([...DOMAINS, "device"].includes(part) && /[/.]records\.ts$/.test(file));
}

type MarkRule = {
  readonly kinds: readonly Mark["kind"][];
  readonly refused: (file: string) => string | null;
};

const MARK_RULES: Readonly<Record<string, MarkRule>> = {
  "process.exit only in main": {
    kinds: ["process.exit"],
    refused: (file) => (file === "src/main.ts" || isTest(file) ? null : "only src/main.ts ends the process"),
  },
  "environment only in config": {
    kinds: ["environment"],
    refused: (file) =>
      // fetch reads which hosts it asks no proxy for there, and nowhere else.
      ["src/config.ts", "src/loopback.ts"].includes(file) || isTest(file)
        ? null
        : "only src/config.ts reads the environment",
  },
  "time is injected": {
    kinds: ["system clock"],
    refused: (file) =>
      file === "src/clock.ts" || isTest(file) ? null : "only src/clock.ts asks the system's clock",
  },
  "randomness from crypto": {
    kinds: ["Math.random"],
    refused: (file) =>
      isTest(file)
        ? null
        : "randomness comes from node:crypto or the global crypto, which nobody can foretell",
  },
  "format and signing are pure": {
    kinds: ["global I/O"],
    refused: (file) =>
      file.startsWith("src/") && PURE.includes(partOf(file)) && !isTest(file)
        ? "a pure folder does no I/O"
        : null,
  },
  "views know only types": {
    kinds: ["global I/O"],
    refused: (file) => (file.startsWith("views/") && !isTest(file) ? "a view does no I/O" : null),
  },
  "SQL only in records.ts": {
    kinds: ["SQL"],
    refused: (file) =>
      mayNotHoldSql(file) ? "SQL stands only in records.ts of a domain, and in db, jobs and keys" : null,
  },
  "tests leave nothing to the next file": {
    kinds: ["leftover"],
    refused: (file) =>
      isTest(file) ? "the next file of tests runs in the same process, and would find it" : null,
  },
  "no default exports": { kinds: ["default export"], refused: () => "exports have names" },
  "no barrel files": {
    kinds: ["export everything"],
    refused: () => "export names, not everything of another file",
  },
};

/** The names of all rules, for the test that shows each of them failing. */
export const RULES: readonly string[] = [
  ...new Set([...Object.keys(IMPORT_RULES), ...Object.keys(MARK_RULES)]),
];

/** What is wrong with one file. */
export function judge(file: string, source: string): Violation[] {
  const scanned: Scanned = scan(file, source);
  const violations: Violation[] = [];
  for (const found of scanned.imports) {
    const target = found.specifier === null ? null : targetOf(file, found.specifier);
    for (const [rule, refuses] of Object.entries(IMPORT_RULES)) {
      const message = refuses(file, found, target);
      if (message !== null) violations.push({ rule, file, line: found.line, message });
    }
  }
  for (const mark of scanned.marks) {
    for (const [rule, { kinds, refused }] of Object.entries(MARK_RULES)) {
      const message = kinds.includes(mark.kind) ? refused(file) : null;
      if (message !== null)
        violations.push({ rule, file, line: mark.line, message: `${message}: ${mark.text.trim()}` });
    }
  }
  if (scanned.onlyReExports || /(^|\/)index\.tsx?$/.test(file)) {
    violations.push({
      rule: "no barrel files",
      file,
      line: 1,
      message: "this file only passes on what others export",
    });
  }
  return violations.sort((a, b) => a.line - b.line);
}
