/**
 * Holds the shape of the tree: which file may import, call and hold what. The rules are in
 * testing/architecture/rules.ts; here they are shown to fail, and then run over every file of src and views.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judge, RULES } from "./testing/architecture/rules.ts";

const root = join(import.meta.dirname, "..");

/** [rule, file, line that is wrong]: each must be found, on that line, by that rule. */
const WRONG: readonly (readonly [rule: string, file: string, line: string])[] = [
  ["direction of imports", "src/catalog/apps.ts", 'import { decide } from "../review/decide.ts";'],
  ["direction of imports", "src/catalog/apps.ts", 'import type { Review } from "../review/queue.ts";'],
  ["direction of imports", "src/catalog/tuf/apps.ts", 'import { decide } from "../../review/decide.ts";'],
  ["direction of imports", "src/signing/dsse.ts", 'import { parse } from "../format/json.ts";'],
  ["direction of imports", "src/http/server.ts", 'import { install } from "../device/install.ts";'],
  ["direction of imports", "src/storage/disk.ts", 'import { openDatabase } from "../db/database.ts";'],
  ["direction of imports", "src/accounts/people.ts", 'export { ingest } from "../telemetry/ingest.ts";'],
  ["direction of imports", "src/jobs/queue.ts", 'const late = () => import("../catalog/apps.ts");'],
  ["direction of imports", "src/jobs/queue.ts", 'type Late = import("../catalog/apps.ts").App;'],
  ["direction of imports", "src/errors.ts", 'import { parseJson } from "./signing/json.ts";'],
  ["direction of imports", "src/ids.ts", 'import { loadConfig } from "./config.ts";'],
  ["direction of imports", "src/cli/serve.ts", 'import { main } from "../main.ts";'],
  ["direction of imports", "src/format/schema.ts", 'import { assetText } from "../assets.ts";'],
  ["direction of imports", "src/http/server.ts", 'import { loadConfig } from "../config.ts";'],
  ["direction of imports", "src/http/server.ts", 'import { fakeClock } from "../testing/clock.ts";'],
  ["direction of imports", "src/http/server.ts", 'import { table } from "./api/apps.test.ts";'],
  ["direction of imports", "src/context.ts", 'import { openDatabase } from "./db/database.ts";'],
  ["direction of imports", "src/jobs/queue.ts", 'import { store } from "../context.ts";'],
  ["direction of imports", "src/helpers/text.ts", 'import { Problem } from "../errors.ts";'],
  ["views know only types", "views/pages/app.tsx", 'import { readApp } from "../../src/catalog/apps.ts";'],
  [
    "views know only types",
    "views/pages/app.tsx",
    'import { type App, readApp } from "../../src/catalog/apps.ts";',
  ],
  ["views know only types", "views/pages/app.tsx", 'import { readFileSync } from "node:fs";'],
  ["views know only types", "views/pages/app.tsx", 'const page = await fetch("/other");'],
  ["only http renders views", "src/cli/demo.ts", 'import { landing } from "../../views/pages/landing.tsx";'],
  ["framework and libraries kept inside", "src/accounts/people.ts", 'import { Lucia } from "lucia";'],
  ["framework and libraries kept inside", "src/accounts/people.ts", 'import type { Session } from "lucia";'],
  ["framework and libraries kept inside", "src/cli/serve.ts", 'import { Elysia } from "elysia";'],
  ["framework and libraries kept inside", "views/pages/app.tsx", 'import { Html } from "@elysiajs/html";'],
  ["framework and libraries kept inside", "src/catalog/tuf/sign.ts", 'import { Updater } from "tuf-js";'],
  ["framework and libraries kept inside", "src/http/server.ts", 'import { Command } from "commander";'],
  ["framework and libraries kept inside", "src/keys/authority.ts", 'import "reflect-metadata";'],
  [
    "framework and libraries kept inside",
    "src/signing/chain.ts",
    'import { X509Certificate } from "@peculiar/x509";',
  ],
  ["format and signing are pure", "src/format/verify.ts", 'import { readFileSync } from "node:fs";'],
  ["format and signing are pure", "src/format/zip/reader.ts", 'import { open } from "node:fs/promises";'],
  ["format and signing are pure", "src/signing/keys.ts", 'import { spawn } from "node:child_process";'],
  ["format and signing are pure", "src/signing/keys.ts", 'import { Database } from "bun:sqlite";'],
  ["format and signing are pure", "src/format/verify.ts", 'const bytes = Bun.file("x");'],
  ["format and signing are pure", "src/format/verify.ts", 'const answer = await fetch("https://x.example");'],
  ["format and signing are pure", "src/format/verify.ts", 'import { eq } from "drizzle-orm";'],
  ["SQL only in records.ts", "src/catalog/apps.ts", 'import { eq } from "drizzle-orm";'],
  ["SQL only in records.ts", "src/catalog/overview-records.ts", 'import { eq } from "drizzle-orm";'],
  ["SQL only in records.ts", "src/catalog/apps.ts", 'import { apps } from "../db/schema.ts";'],
  ["SQL only in records.ts", "src/review/queue.ts", 'db.raw.query("SELECT id FROM versions");'],
  ["SQL only in records.ts", "src/accounts/people.ts", "db.run(`\n  UPDATE accounts SET name = 1`);"],
  [
    "SQL only in records.ts",
    "src/accounts/people.ts",
    "db.run(`DELETE FROM accounts WHERE id = \u0024{id}`);",
  ],
  ["SQL only in records.ts", "src/accounts/people.ts", "db.run(sql`count(*)`);"],
  ["SQL only in records.ts", "src/http/health.ts", 'import { Database } from "bun:sqlite";'],
  ["process.exit only in main", "src/cli/serve.ts", "process.exit(1);"],
  ["process.exit only in main", "src/cli/serve.ts", 'globalThis.process["exit"](1);'],
  ["process.exit only in main", "src/cli/serve.ts", "const { exit } = process;"],
  ["environment only in config", "src/main.ts", "const home = process.env.HOME;"],
  ["environment only in config", "src/cli/io.ts", "const home = Bun.env.HOME;"],
  ["environment only in config", "src/cli/io.ts", 'const home = process["env"].HOME;'],
  ["environment only in config", "src/cli/io.ts", "const { env } = process;"],
  ["tests leave nothing to the next file", "src/log.test.ts", 'mock.module("./clock.ts", () => ({}));'],
  ["tests leave nothing to the next file", "src/log.test.ts", 'process.env.HOME = "/";'],
  ["tests leave nothing to the next file", "src/log.test.ts", "setSystemTime(new Date(0));"],
  ["time is injected", "src/accounts/sessions.ts", "const now = new Date();"],
  ["time is injected", "src/accounts/sessions.ts", "const now = Date.now();"],
  ["time is injected", "src/accounts/sessions.ts", "const now = new Date;"],
  ["time is injected", "views/format.ts", "const clock = Date.now;"],
  ["time is injected", "src/http/log.ts", "const now = Date();"],
  ["randomness from crypto", "src/cli/client.ts", "const wait = 100 * Math.random();"],
  ["randomness from crypto", "views/page.ts", 'const id = globalThis.Math["random"]();'],
  ["randomness from crypto", "src/jobs/scheduler.ts", "const { random } = Math;"],
  ["no default exports", "src/catalog/apps.ts", "export default function apps() {}"],
  ["no default exports", "src/catalog/apps.ts", "export { apps as default };"],
  ["no default exports", "src/catalog/apps.test.ts", "export default 1;"],
  ["no barrel files", "src/catalog/all.ts", 'export * from "./apps.ts";'],
  ["no barrel files", "src/catalog/all.ts", 'import { readApp } from "./index.ts";'],
  [
    "imports that can be judged",
    "src/cli/program.ts",
    "const late = (name: string) => import(`./\u0024{name}.ts`);",
  ],
  ["imports that can be judged", "src/cli/program.ts", 'const fs = require("node:fs");'],
  ["imports carry their ending", "src/catalog/apps.ts", 'import { readApp } from "./records";'],
  ["imports carry their ending", "src/catalog/apps.ts", 'import { readApp } from "./records.js";'],
];

/** [file, source]: nothing is wrong with these, however much they look it. */
const RIGHT: readonly (readonly [file: string, source: string])[] = [
  ["src/review/decide.ts", 'import { readApp } from "../catalog/apps.ts";'],
  [
    "src/review/decide.ts",
    'import { Problem } from "../errors.ts";\nimport { planDecision } from "./plan.ts";',
  ],
  ["src/signing/keys.ts", 'import type { Store } from "../context.ts";'],
  ["src/context.ts", 'import type { Db } from "./db/database.ts";'],
  ["src/http/server.ts", 'import type { Config } from "../config.ts";\nimport { Elysia } from "elysia";'],
  ["src/config.ts", 'import type { LogLevel } from "./log.ts";\nconst home = process.env.HOME;'],
  [
    "src/cli/serve.ts",
    'import { loadConfig } from "../config.ts";\nimport { openStore } from "../boot/open-store.ts";',
  ],
  ["src/boot/handlers.ts", 'import { checkVersion } from "../review/check-job.ts";'],
  ["src/log.ts", 'import { describeError } from "./errors.ts";'],
  ["src/http/portal/app.tsx", 'import { appPage } from "../../../views/pages/app.tsx";'],
  ["src/catalog/tuf/records.ts", 'import { eq } from "drizzle-orm";\ndb.run("SELECT 1 FROM x");'],
  [
    "src/catalog/apps.ts",
    'import type { AppRow } from "../db/schema.ts";\n// SELECT id FROM apps; Date.now()',
  ],
  ["src/catalog/apps.ts", 'const text = "call process.exit or Date.now()";\nconst choose = "Select an app";'],
  ["src/signing/leaf.ts", 'import { X509Certificate } from "./x509.ts";'],
  ["src/jobs/queue.ts", 'db.raw.run("DELETE FROM jobs WHERE id = 1");'],
  ["src/clock.ts", "export const systemClock = { now: () => new Date() };"],
  [
    "src/accounts/sessions.ts",
    'import { Lucia } from "lucia";\nconst later = new Date(clock.now().getTime() + 1);',
  ],
  [
    "src/format/verify.ts",
    'import { createHash } from "node:crypto";\nconst bytes = Bun.deflateSync(new Uint8Array());',
  ],
  [
    "src/format/verify.test.ts",
    'import { readFileSync } from "node:fs";\nimport { openStore } from "../testing/store.ts";',
  ],
  ["src/testing/store.ts", 'import { serve } from "../http/server.ts";\nconst now = new Date();'],
  [
    "views/pages/app.tsx",
    'import type { AppView } from "../../src/catalog/views.ts";\nimport { Html } from "@kitajs/html";',
  ],
  ["src/cli/program.ts", 'const load = async () => (await import("./sign.ts")).signCommand;'],
  ["src/main.ts", "process.exit(0);"],
];

describe("each rule", () => {
  test.each(WRONG)("%s: finds it in %s: %s", (rule, file, line) => {
    const violations = judge(file, `/** A file. */\nexport const own = 1;\n${line}\n`);
    const found = violations.filter((violation) => violation.rule === rule);
    expect(found).not.toBeEmpty();
    expect(found.map((violation) => violation.line)).toEqual(found.map(() => 3));
    expect(found[0]?.file).toBe(file);
  });

  test.each(RIGHT)("lets %s be: %s", (file, source) => {
    expect(judge(file, `${source}\nexport const own = 1;\n`)).toEqual([]);
  });

  test("is shown to fail above", () => {
    expect(new Set(WRONG.map(([rule]) => rule))).toEqual(new Set(RULES));
  });
});

test("a file that only passes on what others export is a barrel, as is any index", () => {
  expect(judge("src/catalog/all.ts", 'export { readApp } from "./apps.ts";\n')).toMatchObject([
    { rule: "no barrel files", line: 1 },
  ]);
  expect(judge("src/catalog/index.ts", "export const own = 1;\n")).toMatchObject([
    { rule: "no barrel files" },
  ]);
});

describe("the tree", () => {
  const files = ["src/**/*.{ts,tsx}", "views/**/*.{ts,tsx}"]
    .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })])
    // Its imports are the embedded files themselves, made by .ci/assets-list.ts and compared there.
    .filter((file) => file !== "src/assets.list.ts" && !file.includes("/testdata/"))
    .sort();

  test("is all there to be read", () => {
    expect(files).toContain("src/main.ts");
    expect(files.some((file) => file.startsWith("views/"))).toBe(true);
  });

  test("follows the rules", () => {
    const violations = files.flatMap((file) => judge(file, readFileSync(join(root, file), "utf8")));
    const lines = violations.map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);
    expect(lines.join("\n")).toBe("");
  });
});
