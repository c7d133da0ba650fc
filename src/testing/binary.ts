/**
 * Runs the built executable as a person would: from a copy outside of the checkout, so that no node_modules and no
 * source can help it, with an environment of its own.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Served = {
  readonly pid: number;
  /** What `serve` or `demo` reported with --json. */
  readonly report: Readonly<Record<string, unknown>>;
  readonly url: string;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
};

/** The executable under test: MOSIS_BINARY, or what `bun run build` made. @throws Error when there is none */
export function binaryUnderTest(): string {
  const path = process.env.MOSIS_BINARY ?? join(import.meta.dirname, "../../dist/mosis");
  if (!existsSync(path)) throw new Error(`there is no executable ${path}: run \`bun run build\` first`);
  return path;
}

/** A temporary folder, a copy of the executable in another, and the end of both. */
export function workspace(): { readonly folder: string; readonly binary: string; remove(): void } {
  const top = mkdtempSync(join(tmpdir(), "mosis-binary-"));
  const folder = mkdtempSync(join(top, "empty-"));
  const binary = join(mkdtempSync(join(top, "bin-")), "mosis");
  copyFileSync(binaryUnderTest(), binary);
  return { folder, binary, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** No variable of the caller's but what any program needs; HOME is a folder of the test's own. */
function environment(home: string, extra: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8", ...extra };
}

export type RunHow = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until it is killed; 60 s unless said. */
  readonly timeoutMs?: number;
};

/** Runs a command of the executable to its end. */
export async function runBinary(binary: string, args: readonly string[], how: RunHow): Promise<Ended> {
  const child = Bun.spawn([binary, ...args], {
    cwd: how.cwd,
    env: environment(how.cwd, how.env ?? {}),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: how.timeoutMs ?? 60_000,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code: child.exitCode, stdout, stderr };
}

/** The first line of a stream, and the rest of it, which goes on being read so that the writer never blocks. */
function firstLine(stream: ReadableStream<Uint8Array>): {
  line: Promise<string | null>;
  all: Promise<string>;
} {
  let settle: (line: string | null) => void = () => {};
  const line = new Promise<string | null>((resolve) => {
    settle = resolve;
  });
  const read = async (): Promise<string> => {
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      const end = text.indexOf("\n");
      if (end >= 0) settle(text.slice(0, end));
    }
    settle(null);
    return text;
  };
  return { line, all: read() };
}

/**
 * Starts a command that stays up (`serve`, `demo`) and waits until it reports where, as one line of JSON.
 * @throws Error with what it wrote when it ends, or says nothing, before that.
 */
export async function startBinary(binary: string, args: readonly string[], how: RunHow): Promise<Served> {
  const child = Bun.spawn([binary, ...args, "--json"], {
    cwd: how.cwd,
    env: environment(how.cwd, how.env ?? {}),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stdout = firstLine(child.stdout);
  const stderr = new Response(child.stderr).text();
  const ended = async (): Promise<Ended> => {
    const [out, err] = await Promise.all([stdout.all, stderr, child.exited]);
    return { code: child.exitCode, stdout: out, stderr: err };
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), how.timeoutMs ?? 60_000);
  const line = await stdout.line;
  clearTimeout(timer);
  if (line === null) {
    const { code, stderr: words } = await ended();
    throw new Error(`mosis ${args.join(" ")} ended with ${code} before it was ready:\n${words}`);
  }
  const report: Record<string, unknown> = JSON.parse(line);
  const url = report.url;
  if (typeof url !== "string") throw new Error(`mosis ${args.join(" ")} reported no url: ${line}`);
  return {
    pid: child.pid,
    report,
    url,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended();
    },
  };
}
