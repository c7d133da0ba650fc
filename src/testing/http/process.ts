/** `mosis serve` as a process of its own, from the sources, on a temporary folder: for what only a real process shows. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOSIS } from "../mosis.ts";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type ServeProcess = {
  readonly url: string;
  readonly dataDir: string;
  readonly setupUrl: string | null;
  readonly pid: number;
  /** Highest resident set since it started, in bytes. */
  peakBytes(): number;
  /** Runs a command beside it, with `--json`; gives what it printed. */
  command(...args: string[]): Promise<Ended>;
  /** As `command`, and its JSON. @throws Error when it ends with anything but 0 */
  json<T>(...args: string[]): Promise<T>;
  /** What it has written to stderr so far. */
  log(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<number | null>;
  /** Ends it, and removes the folder unless it was given. */
  close(): Promise<void>;
};

export type ServeOptions = {
  readonly dataDir?: string;
  readonly args?: readonly string[];
  /** The folder that it is started in. */
  readonly cwd?: string;
  /** Put before the command, such as `prlimit --fsize=…`. */
  readonly under?: readonly string[];
};

function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: tmpdir(), LANG: "C.UTF-8" };
}

export async function runMosis(args: readonly string[]): Promise<Ended> {
  const child = Bun.spawn([...MOSIS, ...args], {
    env: environment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code: child.exitCode, stdout, stderr };
}

/** Starts it and waits until it says where. @throws Error with what it wrote when it does not */
export async function serveProcess(options: ServeOptions = {}): Promise<ServeProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "mosis-serve-"));
  const args = ["serve", "--data", dataDir, "--port", "0", "--json", ...(options.args ?? [])];
  const child = Bun.spawn([...(options.under ?? []), ...MOSIS, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: environment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const errors: string[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(child.stderr)) errors.push(decoder.decode(chunk, { stream: true }));
  })();
  const line = await firstLine(child.stdout);
  if (line === null) {
    await Promise.all([child.exited, reading]);
    throw new Error(`mosis serve ended with ${child.exitCode}: ${errors.join("")}`);
  }
  const { url, setupUrl } = JSON.parse(line) as { url: string; setupUrl: string | null };
  const ended = (async () => {
    await Promise.all([child.exited, reading]);
    return child.exitCode;
  })();
  const command = (...words: string[]) => runMosis([...words, "--data", dataDir, "--json"]);
  return {
    url,
    setupUrl,
    dataDir,
    pid: child.pid,
    peakBytes() {
      const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      return Number(kib) * 1024;
    },
    command,
    async json<T>(...words: string[]): Promise<T> {
      const { code, stdout, stderr } = await command(...words);
      if (code !== 0) throw new Error(`mosis ${words.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as T;
    },
    log: () => errors.join(""),
    signal: (name) => child.kill(name),
    ended,
    async close() {
      if (child.exitCode === null) child.kill("SIGKILL");
      await ended;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunksOf(stream)) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
  return null;
}

/** Makes an organisation with a key; gives the token. */
export async function newToken(server: ServeProcess): Promise<string> {
  const { id } = await server.json<{ id: string }>("admin", "organisation", "add", "Example");
  const { token } = await server.json<{ token: string }>(
    "admin",
    "apikey",
    "add",
    "--organisation",
    id,
    "--name",
    "test",
  );
  return token;
}

/** The names of all files below a folder of the store, sorted. */
export function filesBelow(dataDir: string, folder: string): string[] {
  const top = join(dataDir, folder);
  const names = readdirSync(top, { recursive: true }) as string[];
  return names.filter((name) => statSync(join(top, name)).isFile()).sort();
}
