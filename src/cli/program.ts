/** From a command line to a call of a command and an exit code. Nothing here knows what a single command does. */
import {
  Command as Commander,
  Argument as CommanderArgument,
  CommanderError,
  Option as CommanderOption,
} from "commander";
import { type ExitCode, isProblem, Problem } from "../errors.ts";
import type { AnyCommand, Arguments, Context, Options } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { resolvePath } from "./files.ts";
import type { Io } from "./io.ts";
import { print } from "./print.ts";
import { createProgress } from "./progress.ts";
import { interrupted, reportProblem, toProblem } from "./report.ts";
import { createStyle, safeForTerminal } from "./style.ts";
import { type Group, isGroup, resolve } from "./tree.ts";
import { BUILD, versionLine } from "./version.ts";

/**
 * Runs one command line (without the program's own name) and gives the exit code: 0 done, 1 refused or invalid, 2 wrong
 * usage, 3 could not reach or read something. It never throws and never ends the process.
 */
export async function run(argv: readonly string[], io: Io, root: Group = COMMANDS): Promise<ExitCode> {
  const { path, entry, rest } = resolve(root, argv);
  const command = path.join(" ");
  let json = beforeDashes(rest).includes("--json");
  try {
    if (isGroup(entry)) return runGroup(entry, path, rest, io, json);
    const definition = await entry.load();
    const parsed = parseCommand(definition, command, rest, io);
    if (parsed === null) return 0;
    json = parsed.json;
    const context = contextOf(parsed, io);
    const running = definition.run(context);
    const result = await (definition.endsItself ? running : unlessInterrupted(running, io.signal));
    if (result === null) return 0;
    context.report(result);
    return result.exitCode ?? 0;
  } catch (error) {
    const problem = toProblem(error, io);
    const hint = problem.kind === "usage" ? `See ${command} --help.` : null;
    return reportProblem(problem, io, json, hint);
  }
}

/** Ctrl-C ends a command at once. What it writes is whole or not there (files.ts), so there is nothing to wait for. */
async function unlessInterrupted<Value>(running: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interrupted());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    // What it still says of its own end is of no use to anyone.
    running.catch(() => undefined);
  }
}

/** The help of a command, as `--help` prints it, for the docs. */
export async function helpText(path: readonly string[], io: Io, root: Group = COMMANDS): Promise<string> {
  const printed: string[] = [];
  await run([...path, "--help"], { ...io, stdout: (text) => printed.push(text) }, root);
  return printed.join("");
}

function runGroup(
  group: Group,
  path: readonly string[],
  rest: readonly string[],
  io: Io,
  json: boolean,
): ExitCode {
  const words = rest.filter((word) => word !== "--json");
  if (path.length === 1 && words.some((word) => word === "--version" || word === "-V")) {
    io.stdout(json ? `${JSON.stringify(BUILD)}\n` : `${versionLine()}\n`);
    return 0;
  }
  const commander = commanderFor(path.join(" "), sentence(group.summary), io);
  for (const entry of group.entries) commander.command(entry.name).description(entry.summary);
  if (path.length === 1) {
    commander.option("-V, --version", "print version, commit and build date");
    commander.addHelpText("after", ROOT_NOTES);
  }
  if (group.example) {
    const [line, does] = group.example;
    commander.addHelpText(
      "after",
      `\nExamples:\n  ${line}\n      ${does}\n\nEach command has --help and --json.`,
    );
  }
  if (words.length === 0) {
    if (json)
      throw new Problem("usage", "usage.missing_command", `Say which of ${path.join(" ")}'s commands.`);
    io.stderr(commander.helpInformation());
    return 2;
  }
  parseWith(commander, words);
  return 0;
}

const ROOT_NOTES = `
Each command has --help with an example, and --json for programs.

Exit codes:
  0  done
  1  refused or invalid
  2  wrong usage
  3  could not reach or read something
A command that a signal ends has 128 and the signal's number, as in any shell.`;

/** The summary of a list as a sentence of its own. */
function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1).replace(/\.$/, "")}.`;
}

type Parsed = { readonly values: Pick<Context, "arguments" | "options">; readonly json: boolean };

/** Null when help was asked for and has been printed. */
function parseCommand(definition: AnyCommand, name: string, words: readonly string[], io: Io): Parsed | null {
  const commander = commanderFor(
    name,
    [definition.summary, ...(definition.description ?? [])].join("\n\n"),
    io,
  );
  const order = Object.entries(definition.arguments);
  for (const [, argument] of order) {
    const shown = argument.optional ? `[${argument.name}]` : `<${argument.name}>`;
    commander.addArgument(new CommanderArgument(shown, argument.meaning));
  }
  const options = new Map<string, CommanderOption>();
  for (const [key, option] of Object.entries(definition.options)) {
    const made = commanderOption(option);
    options.set(key, made);
    commander.addOption(made);
  }
  commander.option("--json", "print one JSON document and nothing else");
  commander.addHelpText("after", examplesText(definition));
  // With no action commander would take the first word for a command's name.
  commander.action(() => undefined);
  if (!parseWith(commander, words)) return null;
  const raw: Readonly<Record<string, unknown>> = commander.opts();
  return {
    json: raw.json === true,
    values: {
      arguments: argumentValues(definition.arguments, commander.args),
      options: optionValues(definition.options, options, raw),
    },
  };
}

function commanderOption(option: Options[string]): CommanderOption {
  const made = new CommanderOption(
    option.placeholder === null ? option.flags : `${option.flags} <${option.placeholder}>`,
    option.repeated
      ? `${option.meaning} (may be repeated)`
      : option.required
        ? `${option.meaning} (required)`
        : option.meaning,
  );
  if (option.placeholder !== null) {
    made.argParser<string[]>((value, before) => [...(Array.isArray(before) ? before : []), value]);
  }
  if (option.required) made.makeOptionMandatory();
  return made;
}

function argumentValues(definitions: Arguments, words: readonly string[]): Context["arguments"] {
  return Object.fromEntries(
    Object.entries(definitions).map(([key, definition], index) => [
      key,
      withName(definition.name, () => definition.parse(words[index])),
    ]),
  );
}

function optionValues(
  definitions: Options,
  made: ReadonlyMap<string, CommanderOption>,
  raw: Readonly<Record<string, unknown>>,
): Context["options"] {
  return Object.fromEntries(
    Object.entries(definitions).map(([key, definition]) => {
      const option = made.get(key);
      const value = option === undefined ? undefined : raw[option.attributeName()];
      const given = option?.negate === true ? value === false : value === true;
      const texts = Array.isArray(value) ? value.map(String) : given ? [""] : [];
      return [key, withName(definition.flags, () => definition.parse(texts))];
    }),
  );
}

/** Parsers throw plain Errors that say what is allowed; the name of what was wrong is put before them here. */
function withName<Value>(name: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (isProblem(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem("usage", "usage.invalid_value", `${name}: ${reason}`);
  }
}

function commanderFor(name: string, description: string, io: Io): Commander {
  const style = createStyle(io.color, io.columns);
  const commander = new Commander(name);
  commander
    .description(description)
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureHelp({ styleTitle: (title) => style.bold(title) })
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      // The words of an error are in the exception; report.ts prints them.
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.max(40, Math.min(io.columns, 120)),
      getErrHelpWidth: () => Math.max(40, Math.min(io.columns, 120)),
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.errorColor,
    });
  return commander;
}

/** False when help was printed. @throws Problem `usage.…` */
function parseWith(commander: Commander, words: readonly string[]): boolean {
  try {
    commander.parse([...words], { from: "user" });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const code = error.code
      .replace("commander.", "usage.")
      .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const message = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
    throw new Problem("usage", code, /[.?)]$/.test(message) ? message : `${message}.`);
  }
}

function examplesText(definition: AnyCommand): string {
  const lines = definition.examples.map((example) => `  ${example.line}\n      ${example.does}`);
  return `\nExamples:\n${lines.join("\n")}`;
}

function contextOf(parsed: Parsed, io: Io): Context {
  const { json } = parsed;
  return {
    ...parsed.values,
    io,
    json,
    path: (relative) => resolvePath(io.cwd, relative),
    progress: (label, totalBytes) => {
      const write = json || !io.errorIsTerminal ? null : io.stderr;
      const progress = createProgress(write, io.columns, io.clock, label, totalBytes);
      // Before anything is said about the interruption, on the bar's line.
      io.signal.addEventListener("abort", () => progress.end(), { once: true });
      return progress;
    },
    note: (line) => {
      if (!json) io.stderr(`${safeForTerminal(line)}\n`);
    },
    report: (result) => print(result, io, json),
  };
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end === -1 ? words : words.slice(0, end);
}
