/**
 * Work that would take this process's memory and processor for minutes, done by a child process of the same executable: it has
 * the lowest priority, knows nothing of this one's environment, and is gone when the job is, or this process. It is told what to do by one
 * line of JSON on stdin, and answers in lines of JSON on stdout; whatever it says, also that it has come a bit further, shows
 * that it does not hang. Where it fails the job does, and is tried again: nothing of it can end the server.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { Problem } from "../errors.ts";

/** The first word of a command line that makes a process such a child; the second says which work it does. */
export const CHILD_WORD = "internal-child";

/** The works that main.ts knows. */
export type ChildWorkName = "deltas" | "pictures";

export type ChildWork = {
  readonly name: ChildWorkName;
  /** Given to it as JSON. */
  readonly order: unknown;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** It is taken for hung when it says nothing for so long. */
  readonly silenceMs: number;
  /** The program and its first arguments, in place of this executable. */
  readonly command?: readonly string[];
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** How much of its last words an error repeats. */
const WORDS_CHARACTERS = 500;

/**
 * Starts the child and gives what it says, as parsed JSON, line by line; ends when it has ended well. It is killed when the
 * iteration is left early.
 * @throws Problem `job.child_failed`, `job.child_silent`; the signal's reason
 */
export async function* childLines(work: ChildWork): AsyncGenerator<unknown, void, undefined> {
  work.signal.throwIfAborted();
  const [program = "", ...args] = work.command ?? ownCommand();
  const child = spawn(program, [...args, CHILD_WORD, work.name], {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: what it started ends with it, and a Ctrl-C that is meant for this process does not reach it.
    detached: true,
    // The environment may hold secrets, and the child needs none of it.
    env: {},
  });
  const lines = createInterface({ input: child.stdout });
  let isAlive = true;
  const ended = endOf(child).finally(() => {
    isAlive = false;
  });
  const kill = () => {
    if (isAlive) killGroup(child.pid);
  };
  // One that cannot be started has no output that could end.
  child.on("error", () => lines.close());
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    kill();
  }, work.silenceMs);
  work.signal.addEventListener("abort", kill);
  try {
    lowerPriority(child.pid);
    // Left open: its end is how the child learns that this process is no more.
    child.stdin.on("error", () => {});
    child.stdin.write(`${JSON.stringify(work.order)}\n`);
    for await (const line of lines) {
      timer.refresh();
      yield parsed(line);
    }
    const fault = await ended;
    work.signal.throwIfAborted();
    if (silent) throw silentFor(work.silenceMs);
    if (fault !== null) throw failed(fault);
  } finally {
    clearTimeout(timer);
    work.signal.removeEventListener("abort", kill);
    kill();
    await ended;
  }
}

/** This executable; or, from a checkout, the runtime with the program's file. */
function ownCommand(): string[] {
  const isExecutable = Bun.main.startsWith("/$bunfs/");
  return isExecutable ? [process.execPath] : [process.execPath, join(import.meta.dirname, "../main.ts")];
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not let us: then it works at ours.
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended, and nothing of it is left.
  }
}

/** What was wrong with its end; null when nothing was. */
function endOf(child: Child): Promise<string | null> {
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = `${words}${text}`.slice(-WORDS_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(`cannot be started: ${error.message}`));
    child.on("close", (status, signal) => {
      if (status === 0) resolve(null);
      else
        resolve([signal ? `was ended by ${signal}` : `ended with status ${status}`, words.trim()].join(" "));
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw failed("said something that is no JSON");
  }
}

const WHOSE = "The process that does the work of a job";

function failed(words: string): Problem {
  return new Problem("unavailable", "job.child_failed", `${WHOSE} ${words}. It is tried again.`);
}

function silentFor(ms: number): Problem {
  const words = `said nothing for ${ms / 1000} s, and was ended`;
  return new Problem("unavailable", "job.child_silent", `${WHOSE} ${words}. It is tried again.`);
}
