/**
 * The operator's socket: `mosis admin` beside a running server. Whoever may open the file is the operator, so it is
 * 0600 before it is there for anyone.
 */
import { chmodSync, rmSync } from "node:fs";
import type { Store } from "../../context.ts";
import { describeError, isProblem, PROBLEM_KINDS, Problem } from "../../errors.ts";
import { runOperation } from "./operations.ts";

export type OperatorServer = {
  /** Lets operations end, for at most so long; connections on which nothing runs are closed. */
  stop(timeoutMs: number): Promise<void>;
};

const BODY_MAX_BYTES = 1024 * 1024;
const POLL_MS = 10;

/** Answers `POST /<operation>` with JSON, or `{error: {kind, code, message, details}}`. */
export function startOperatorServer(store: Store, path: string): OperatorServer {
  // A socket that a killed server left behind; the folder's lock says that nobody listens on it.
  rmSync(path, { force: true });
  const operations: Operations = { running: 0 };
  const before = process.umask(0o177);
  try {
    const server = Bun.serve({
      unix: path,
      maxRequestBodySize: BODY_MAX_BYTES,
      fetch: (request) => answer(store, request, operations),
    });
    chmodSync(path, 0o600);
    return {
      async stop(timeoutMs) {
        rmSync(path, { force: true });
        // The promise waits for idle connections and requests that never end, so the operations are counted instead.
        void server.stop(false);
        const deadline = Bun.nanoseconds() + timeoutMs * 1e6;
        while (operations.running > 0 && Bun.nanoseconds() < deadline) await Bun.sleep(POLL_MS);
        // What was done is also said.
        await Bun.sleep(POLL_MS);
        await server.stop(true);
      },
    };
  } finally {
    process.umask(before);
  }
}

type Operations = { running: number };

async function answer(store: Store, request: Request, operations: Operations): Promise<Response> {
  const name = new URL(request.url).pathname.slice(1);
  try {
    if (request.method !== "POST")
      throw new Problem("invalid", "operator.input", "Operations are called by POST.");
    const input = await readInput(request);
    operations.running += 1;
    try {
      return Response.json((await runOperation(store, name, input)) ?? null);
    } finally {
      operations.running -= 1;
    }
  } catch (error) {
    const problem = isProblem(error) ? error : unexpected(store, name, error);
    const { kind, code, message, details } = problem;
    return Response.json({ error: { kind, code, message, details } }, { status: PROBLEM_KINDS[kind].status });
  }
}

async function readInput(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    throw new Problem("invalid", "operator.input", "The input is not JSON, or was cut off.", [], {
      cause: error,
    });
  }
}

function unexpected(store: Store, name: string, error: unknown): Problem {
  store.log.error("operator.failed", { operation: name, error: describeError(error) });
  return new Problem("internal", "internal", "Something went wrong in the server: its log says what.");
}
