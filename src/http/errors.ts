/** Errors at the edge: what was thrown becomes one answer with one id, which is also in the log. */
import { saidSeconds } from "../accounts/wait.ts";
import { differenceBehind, isOpen } from "../catalog/tuf/differences.ts";
import type { Store } from "../context.ts";
import { describeError, isProblem, PROBLEM_KINDS, Problem } from "../errors.ts";
import { say } from "../say.ts";
import { limitOfAttempts } from "./limits.ts";
import { problemJson } from "./reply.ts";
import type { RequestInfo } from "./transport.ts";

/** The Problem in what was thrown; a bug becomes `internal`, and only the log learns more. */
export function problemOf(error: unknown, store: Store, info: RequestInfo): Problem {
  if (isProblem(error)) {
    // A person can do nothing about it, so the operator must hear of it.
    if (error.cause !== undefined && PROBLEM_KINDS[error.kind].status >= 500) {
      store.log.error("http.unavailable", {
        id: info.id,
        code: error.code,
        error: describeError(error.cause),
      });
    }
    return damageOf(error, store, info) ?? error;
  }
  store.log.error("http.failed", {
    id: info.id,
    error: describeError(error),
    stack: stackOf(error),
  });
  return new Problem(
    "internal",
    "internal",
    say`Something went wrong on our side. The log has it under ${info.id}.`,
  );
}

/** Whoever's act meets it, it may be another one's app, which they may not see: its name is for the log. */
function damageOf(error: Problem, store: Store, { id }: RequestInfo): Problem | null {
  const difference = differenceBehind(error);
  if (difference === null || isOpen(difference)) return null;
  store.log.error("http.unavailable", { id, code: error.code, error: describeError(error) });
  return new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has something otherwise than it was signed, and nothing is signed over it. Whoever runs the store finds what it is in the log, under ${id}.`,
  );
}

/** Where it was thrown, without the message before it, which `describeError` has made fit for the log. */
function stackOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim()).join("\n");
}

export function statusOf(problem: Problem): number {
  return PROBLEM_KINDS[problem.kind].status;
}

/** Headers that some statuses must come with. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { "Cache-Control": "no-store" };
  // RFC 9110 §11.6.1 and RFC 6750 §3.
  if (problem.kind === "unauthenticated") {
    const invalid = problem.code.startsWith("auth.token_") ? ', error="invalid_token"' : "";
    headers["WWW-Authenticate"] = `Bearer realm="mosis"${invalid}`;
  }
  // tus 1.0.0, “Tus-Version”.
  if (problem.code === "upload.protocol") headers["Tus-Version"] = "1.0.0";
  // RFC 9110 §15.5.6.
  if (problem.kind === "method_not_allowed") headers.Allow = problem.details[0]?.expected ?? "";
  if (problem.kind === "too_many_requests" || problem.kind === "unavailable") {
    const seconds = retryAfterSeconds(problem);
    headers["Retry-After"] = String(seconds);
    const attempts = limitOfAttempts(problem, seconds);
    if (attempts !== null) {
      headers["RateLimit-Policy"] = attempts.policy;
      headers.RateLimit = attempts.limit;
    }
  }
  return headers;
}

/** How long to wait before the next try: as the Problem says it, else a few seconds. */
export function retryAfterSeconds(problem: Problem): number {
  const said = problem.details.find((detail) => detail.code === "retry.after")?.expected;
  return said === undefined ? 5 : saidSeconds(Number(said) * 1000);
}

/** RFC 9457 with `code` (documented, stable) and `errors` (one a field or finding) as extension members. */
function problemDocument(problem: Problem, info: RequestInfo): Record<string, unknown> {
  const { status, title } = PROBLEM_KINDS[problem.kind];
  return {
    type: `${info.origin}/docs/errors#${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    instance: `urn:mosis:request:${info.id}`,
    errors: problem.details,
  };
}

export function problemResponse(problem: Problem, info: RequestInfo): Response {
  return problemJson(problemDocument(problem, info), {
    status: statusOf(problem),
    headers: problemHeaders(problem),
  });
}
