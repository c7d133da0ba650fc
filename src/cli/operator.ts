/**
 * How `mosis admin` reaches a store: over the running server's socket, or, when none runs, by taking the folder's lock
 * and running both the operation and the jobs that it causes.
 */
import { openStore } from "../boot/open-store.ts";
import { operatorSocketPath } from "../boot/socket-path.ts";
import { type Config, requireDataDir } from "../config.ts";
import { describeError, PROBLEM_KINDS, Problem, type ProblemDetail, type ProblemKind } from "../errors.ts";
import { runOperation } from "../http/operator/operations.ts";
import { createLog } from "../log.ts";
import { pause } from "./client.ts";
import type { Context } from "./command.ts";
import { interrupted } from "./report.ts";
import { commandConfig } from "./store-options.ts";

export type Operator = {
  /** Runs one operation; dates in the result are RFC 3339 texts. @throws Problem as the operation does */
  call<Result>(name: string, input: Readonly<Record<string, unknown>>): Promise<Result>;
};

type Failure = { kind: ProblemKind; code: string; message: string; details: ProblemDetail[] };

type AdminContext = Pick<Context, "io" | "note"> & {
  readonly options: { readonly data?: string | undefined; readonly configFile?: string | undefined };
};

/** A server that starts, or another command, has the folder for a moment before it can be spoken to. */
const WAIT_MS = 10_000;
const ASK_AGAIN_MS = 50;

/**
 * Opens a way to the store, uses it, and closes it again.
 * @throws Problem `store.locked` when something holds the folder and does not answer; those of openStore; `operator.…`
 */
export async function withOperator<Value>(
  context: AdminContext,
  use: (operator: Operator) => Promise<Value>,
): Promise<Value> {
  const { io } = context;
  const config = commandConfig(context);
  const path = operatorSocketPath(requireDataDir(config));
  const untilMs = io.clock.now().getTime() + WAIT_MS;
  for (;;) {
    if (await listens(path, io.signal)) {
      return use({ call: (name, input) => callServer(path, name, input, io.signal) });
    }
    try {
      return await withFolder(context, config, use);
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      if (io.clock.now().getTime() > untilMs) throw error.problem;
    }
    await pause(ASK_AGAIN_MS, io.signal);
  }
}

/** The folder was taken before anything was done, so that all can be tried again. */
class Locked extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

async function withFolder<Value>(
  context: AdminContext,
  config: Config,
  use: (operator: Operator) => Promise<Value>,
): Promise<Value> {
  const opened = await openStore({
    config,
    clock: context.io.clock,
    log: createLog(context.io.clock, "warn", (line) => context.note(line.trimEnd())),
    mayCreate: false,
    runJobs: false,
  }).catch((error: unknown) => {
    throw error instanceof Problem && error.code === "store.locked" ? new Locked(error) : error;
  });
  try {
    return await use({
      async call<Result>(name: string, input: Readonly<Record<string, unknown>>) {
        const result = await runOperation(opened.store, name, input);
        // The operation is done by then, whatever becomes of the jobs that it caused.
        await opened.scheduler.drain().catch((error: unknown) => {
          opened.store.log.error("jobs.not_run", { error: describeError(error) });
        });
        return JSON.parse(JSON.stringify(result ?? null)) as Result;
      },
    });
  } finally {
    await opened.close(10_000);
  }
}

const PROBE_MS = 5000;

/**
 * Whether a server is behind the socket. A file that nobody listens on was left by a kill.
 * @throws Problem `operator.forbidden` when it is another user's; `operator.unreachable` when it does not answer
 */
async function listens(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await send(path, "", {}, AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
    return true;
  } catch (error) {
    if (signal.aborted) throw interrupted();
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ECONNREFUSED") return false;
    if (code !== "EACCES" && code !== "EPERM") throw unreachable(path, error);
    throw new Problem(
      "forbidden",
      "operator.forbidden",
      `The store of ${path} is another user's. Run the command as the user that runs its server.`,
      [],
      { cause: error },
    );
  }
}

function send(
  path: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`http://operator/${name}`, {
    unix: path,
    method: "POST",
    body: JSON.stringify(input),
    signal,
    // Comparing a whole store takes its time.
    timeout: false,
  });
}

async function callServer<Result>(
  path: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Result> {
  let response: Response;
  let body: Result | { error: Failure };
  try {
    response = await send(path, name, input, signal);
    body = (await response.json()) as Result | { error: Failure };
  } catch (error) {
    if (signal.aborted) throw interrupted();
    throw unreachable(path, error);
  }
  if (response.ok) return body as Result;
  const { kind, code, message, details } = (body as { error: Failure }).error;
  throw new Problem(kind in PROBLEM_KINDS ? kind : "internal", code, message, details);
}

/** The system's code where there is one: the runtime's own words name functions of it. */
function codeOfCause(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  return typeof code === "string" && code !== "" ? code : describeError(cause);
}

function unreachable(path: string, cause: unknown): Problem {
  return new Problem(
    "unreachable",
    "operator.unreachable",
    `The server behind ${path} does not answer (${codeOfCause(cause)}). Look at its log, and try again.`,
    [],
    { cause },
  );
}
