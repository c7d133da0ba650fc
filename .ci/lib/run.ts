/** Starts a program of the check, build or measurement, with the same bun and without the caller's own settings. */
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** The bun that runs us; never the one that happens to be on the PATH. */
export const bun = process.execPath;

export type Finished = {
  /** Exit code; 128 and the signal's number when a signal ended it, 124 when it took too long. */
  readonly code: number;
  /** What it wrote to stdout and stderr, as it came. */
  readonly output: string;
};

export type RunOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Longest time it may take, in milliseconds; ten minutes unless said. */
  readonly timeoutMs?: number;
  /** Shows nothing of what it writes. */
  readonly quiet?: boolean;
};

/** A folder in which our bun is called `bun` (npm's package calls it bun.exe), for programs that start it by name. */
function bunFolder(): string {
  const name = process.platform === "win32" ? "bun.exe" : "bun";
  if (basename(bun) === name) return dirname(bun);
  const folder = join(root, "node_modules/.cache/mosis-bun/bin");
  mkdirSync(folder, { recursive: true });
  const staged = join(folder, `${name}.${process.pid}`);
  symlinkSync(bun, staged);
  renameSync(staged, join(folder, name));
  return folder;
}

/** The environment without MOSIS_* (a developer's token must not decide a test) and without telemetry of tools. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("MOSIS_")) environment[name] = value;
  }
  environment.PATH = `${bunFolder()}${delimiter}${environment.PATH ?? ""}`;
  return {
    ...environment,
    DO_NOT_TRACK: "1",
    REDOCLY_TELEMETRY: "off",
    REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
    ...extra,
  };
}

async function collect(stream: ReadableStream<Uint8Array>, show: boolean, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (show) process.stdout.write(value);
    into.push(decoder.decode(value, { stream: true }));
  }
}

/** Runs a program to its end. A program that does not exist ends with 127. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const output: string[] = [];
  let child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  try {
    child = Bun.spawn([...command], {
      cwd: options.cwd ?? root,
      env: cleanEnvironment(options.env),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  } catch (error) {
    const words = `${command[0]}: ${error instanceof Error ? error.message : String(error)}\n`;
    if (!options.quiet) process.stdout.write(words);
    return { code: 127, output: words };
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, options.timeoutMs ?? 600_000);
  const show = !options.quiet;
  await Promise.all([collect(child.stdout, show, output), collect(child.stderr, show, output)]);
  await child.exited;
  clearTimeout(timer);
  if (late) {
    const words = `\nstopped after ${(options.timeoutMs ?? 600_000) / 1000} s: ${command.join(" ")}\n`;
    if (show) process.stdout.write(words);
    return { code: 124, output: output.join("") + words };
  }
  const code = child.exitCode ?? 128 + 9;
  return { code, output: output.join("") };
}

/** A tool of node_modules, started as its own first line says (Node, or a program of the machine's kind). */
export function tool(name: string, ...args: string[]): string[] {
  return [bun, "x", "--no-install", name, ...args];
}

/** Files below the root by pattern, sorted, folders that begin with a dot included. */
export function files(...patterns: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const path of new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })) {
      if (!/(^|\/)node_modules\//.test(path)) found.add(path);
    }
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}
