import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { type ExitCode, Problem } from "../errors.ts";
import { argument, defineCommand, flag, option, repeatedOption, requiredOption } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { NO_TERMINAL } from "./io.ts";
import { run } from "./program.ts";
import { runCommand } from "./test-io.ts";
import { type Group, leaves } from "./tree.ts";
import { parseVersionCode } from "./values.ts";

const cwd = tmpdir();

/** A tree of one group and one command that shows what it was given, or throws what it is told to. */
const echo = defineCommand({
  name: "echo",
  summary: "Say it again.",
  arguments: { code: argument("CODE", "a code", parseVersionCode) },
  options: {
    out: requiredOption("-o, --out", "FILE", "a file"),
    name: option("--name", "TEXT", "a name"),
    ca: repeatedOption("--ca", "PEM", "certificates"),
    hold: flag("--hold", "hold it"),
    noWait: flag("--no-wait", "do not wait"),
  },
  examples: [{ line: "mosis group echo 1 -o x", does: "says 1" }],
  run: async ({ arguments: args, options, note }) => {
    if (options.name === "problem")
      throw new Problem("conflict", "some.code", "Words.", [{ code: "x.y", message: "More." }]);
    if (options.name === "bug") throw new TypeError("undefined is not a function");
    if (options.name === "system") throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "/a" });
    note("for the person");
    return { data: { args, options }, text: (style) => style.good(`got ${options.name ?? args.code}`) };
  },
});
const TREE: Group = {
  name: "mosis",
  summary: "A test.",
  entries: [
    {
      name: "group",
      summary: "a group",
      entries: [{ name: "echo", summary: "echo", load: async () => echo }],
    },
  ],
};

async function runTree(
  argv: readonly string[],
  more: { color?: boolean; environment?: Record<string, string> } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await run(
    argv,
    {
      stdout: (text) => out.push(text),
      stderr: (text) => err.push(text),
      ...NO_TERMINAL,
      columns: 80,
      color: more.color ?? false,
      environment: more.environment ?? {},
      cwd,
      signal: new AbortController().signal,
      clock: { now: () => new Date(0) },
    },
    TREE,
  );
  return { exitCode, stdout: out.join(""), stderr: err.join("") };
}

test("arguments and options arrive with their types", async () => {
  const line = ["group", "echo", "7", "-o", "x", "--ca", "a", "--ca", "b", "--no-wait", "--json"];
  const { exitCode, stdout, stderr } = await runTree(line);
  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toBe(
    `${JSON.stringify({ args: { code: 7 }, options: { out: "x", ca: ["a", "b"], hold: false, noWait: true } })}\n`,
  );
});

test("without --json people get words, and notes go to stderr", async () => {
  expect(await runTree(["group", "echo", "7", "-o", "x"])).toEqual({
    exitCode: 0,
    stdout: "got 7\n",
    stderr: "for the person\n",
  });
});

test("control sequences in what is shown are written out, our own colours are not", async () => {
  const hostile = "\u001b]0;title\u0007 \u001b[2J \u202eabc \r x";
  const { stdout } = await runTree(["group", "echo", "7", "-o", "x", "--name", hostile], { color: true });
  expect(stdout).toBe(
    "\u001b[32mgot <U+001B>]0;title<U+0007> <U+001B>[2J <U+202E>abc <U+000D> x\u001b[39m\n",
  );
});

const usageErrors: readonly [line: readonly string[], code: string][] = [
  [["nothing"], "usage.unknown_command"],
  [["group", "nothing"], "usage.unknown_command"],
  [["--wrong"], "usage.unknown_option"],
  [["group", "echo", "-o", "x"], "usage.missing_argument"],
  [["group", "echo", "1"], "usage.missing_mandatory_option_value"],
  [["group", "echo", "1", "-o"], "usage.option_missing_argument"],
  [["group", "echo", "1", "2", "-o", "x"], "usage.excess_arguments"],
  [["group", "echo", "1", "-o", "x", "--wrong"], "usage.unknown_option"],
  [["group", "echo", "0", "-o", "x"], "usage.invalid_value"],
  [["group", "echo", "1e3", "-o", "x"], "usage.invalid_value"],
  [["group", "echo", "2147483648", "-o", "x"], "usage.invalid_value"],
  [["group", "echo", "__proto__", "-o", "x"], "usage.invalid_value"],
];
for (const [line, code] of usageErrors) {
  test(`wrong usage: mosis ${line.join(" ")}`, async () => {
    const forPeople = await runTree(line);
    expect(forPeople.exitCode).toBe(2);
    expect(forPeople.stdout).toBe("");
    expect(forPeople.stderr).toContain(`[${code}]`);
    expect(forPeople.stderr).toContain("--help");
    const [first = "", ...rest] = line;
    const asJson = await runTree(first.startsWith("-") ? ["--json", ...line] : [first, "--json", ...rest]);
    expect(asJson.exitCode).toBe(2);
    expect(asJson.stderr).toBe("");
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code, details: [] } });
  });
}

test("a group alone shows its commands and is wrong usage", async () => {
  for (const line of [[], ["group"]]) {
    const { exitCode, stdout, stderr } = await runTree(line);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Commands:");
  }
});

test("what a command throws becomes an exit code, words or JSON, and never a stack", async () => {
  const cases: readonly { name: string; exitCode: ExitCode; code: string }[] = [
    { name: "problem", exitCode: 1, code: "some.code" },
    { name: "bug", exitCode: 3, code: "internal" },
    { name: "system", exitCode: 3, code: "file.enospc" },
  ];
  for (const { name, exitCode, code } of cases) {
    const line = ["group", "echo", "1", "-o", "x", "--name", name];
    const words = await runTree(line);
    expect([words.exitCode, words.stdout]).toEqual([exitCode, ""]);
    expect(words.stderr).toContain(`[${code}]`);
    expect(words.stderr).not.toMatch(/\n\s+at /);
    const json = await runTree([...line, "--json"]);
    expect([json.exitCode, json.stderr]).toEqual([exitCode, ""]);
    expect(JSON.parse(json.stdout).error.code).toBe(code);
    const debug = await runTree(line, { environment: { MOSIS_DEBUG: "1" } });
    expect(debug.stderr).toMatch(/\n\s+at /);
  }
});

test("--version and help work in every place", async () => {
  expect((await runTree(["--version"])).stdout).toMatch(/^mosis \d+\.\d+\.\d+ \(commit .+, built .+\)\n$/);
  expect(Object.keys(JSON.parse((await runTree(["--version", "--json"])).stdout))).toEqual([
    "version",
    "commit",
    "buildDate",
  ]);
  const help = (await runTree(["group", "echo", "--help"])).stdout;
  expect(help).toContain("Usage: mosis group echo [options] <CODE>");
  expect((await runTree(["help", "group", "echo"])).stdout).toBe(help);
  expect((await runTree(["--help"])).stdout).toContain("Exit codes");
});

for (const { path, leaf } of leaves(COMMANDS)) {
  const words = path.slice(1);
  test(`${path.join(" ")}: help with an example, --json, and names that agree`, async () => {
    const definition = await leaf.load();
    expect(definition.name).toBe(leaf.name);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
    for (const example of definition.examples) expect(example.line).toContain(path.join(" "));
    const { exitCode, stdout, stderr } = await runCommand([...words, "--help"], { cwd });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toStartWith(`Usage: ${path.join(" ")} [options]`);
    for (const wanted of ["Examples:", "--json", ...definition.examples.map((example) => example.line)]) {
      expect(stdout).toContain(wanted);
    }
    for (const line of stdout.split("\n")) expect(line).not.toMatch(/\s$/);
    const wrong = await runCommand([...words, "--json", "--no-such-option"], { cwd });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, ""]);
    // A required option that is missing is told first.
    expect(wrong.json).toMatchObject({
      error: { code: expect.stringMatching(/^usage\.(unknown_option|missing_)/) },
    });
  });
}
