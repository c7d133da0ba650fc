/**
 * The one error of the product. A domain throws a Problem; only the edges (HTTP, command line) turn it into a
 * status, an exit code and words. The table below is the single place where a kind gets its status and exit code.
 */
import { say, type Words } from "./say.ts";

export type ProblemKind =
  | "invalid"
  | "usage"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "range_not_satisfiable"
  | "conflict"
  | "locked"
  | "precondition_failed"
  | "precondition_required"
  | "too_large"
  | "unsupported_media_type"
  | "unprocessable"
  | "too_many_requests"
  | "internal"
  | "unavailable"
  | "unreachable";

/** Exit codes of the command line: 0 done, 1 refused or invalid, 2 wrong usage, 3 could not reach or read something. */
export type ExitCode = 0 | 1 | 2 | 3;

/** kind → HTTP status (RFC 9110), exit code, and the title of the problem document (RFC 9457 §3.1.4). */
export const PROBLEM_KINDS: Readonly<
  Record<ProblemKind, { status: number; exitCode: ExitCode; title: string }>
> = {
  invalid: { status: 400, exitCode: 1, title: "The request is not valid" },
  usage: { status: 400, exitCode: 2, title: "Wrong usage" },
  unauthenticated: { status: 401, exitCode: 1, title: "Sign in first" },
  forbidden: { status: 403, exitCode: 1, title: "Not allowed" },
  not_found: { status: 404, exitCode: 1, title: "Not found" },
  method_not_allowed: { status: 405, exitCode: 1, title: "This cannot be done here" },
  range_not_satisfiable: { status: 416, exitCode: 1, title: "There are no such bytes" },
  conflict: { status: 409, exitCode: 1, title: "It conflicts with what is there" },
  locked: { status: 423, exitCode: 1, title: "Another request is at work on it" },
  precondition_failed: { status: 412, exitCode: 1, title: "It has changed in the meantime" },
  precondition_required: { status: 428, exitCode: 1, title: "Say which state you have seen" },
  too_large: { status: 413, exitCode: 1, title: "Too large" },
  unsupported_media_type: { status: 415, exitCode: 1, title: "This media type is not taken here" },
  unprocessable: { status: 422, exitCode: 1, title: "It was understood, and cannot be accepted" },
  too_many_requests: { status: 429, exitCode: 1, title: "Too many requests" },
  internal: { status: 500, exitCode: 3, title: "Something went wrong on our side" },
  unavailable: { status: 503, exitCode: 3, title: "Not available at the moment" },
  unreachable: { status: 502, exitCode: 3, title: "Could not be reached or read" },
};

/** One thing that is wrong with an input: where, what was found, what is allowed. */
export type ProblemDetail = {
  /** Documented code, such as `MPK-C012` or `field.required`. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer (RFC 6901) into the request body or manifest. */
  readonly pointer?: string;
  /** Name of the entry inside a package. */
  readonly entry?: string;
  /** Byte offset inside a file. */
  readonly offset?: number;
  readonly found?: string;
  readonly expected?: string;
};

/** As it is thrown: a page says its sentence in the reader's language. */
export type Fault = Omit<ProblemDetail, "message"> & { readonly message: Words };

/**
 * An error that is meant for the person or program that asked.
 *
 * `code` is stable and documented (assets/docs/errors.md); `message` says what was expected, what was found and what
 * to do. Anything else that is thrown is a bug and is answered as `internal` with nothing but its id.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  /** What is wrong one by one, in English as `message` is. */
  readonly details: readonly ProblemDetail[];
  constructor(
    readonly kind: ProblemKind,
    readonly code: string,
    /** `message`, for whoever reads it in another language. */
    readonly words: Words,
    /** `details`, likewise. */
    readonly faults: readonly Fault[] = [],
    options?: ErrorOptions,
  ) {
    super(String(words), options);
    this.details = faults.map((fault) => ({ ...fault, message: String(fault.message) }));
  }
}

/** Narrowing check that also works across realms. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/**
 * Judges several things, so that all that is wrong is told at once: what each gives.
 * @throws Problem that of the only one that is refused; of several that of the first, with the faults of all
 */
export function judgeAll<T extends readonly unknown[]>(
  ...judges: { readonly [K in keyof T]: () => T[K] }
): T {
  const refused: Problem[] = [];
  const given = judges.map((judge) => {
    try {
      return judge();
    } catch (error) {
      if (!isProblem(error)) throw error;
      refused.push(error);
      return undefined;
    }
  });
  const [first, second] = refused;
  if (first === undefined) return given as unknown as T;
  if (second === undefined) throw first;
  const faults = refused.flatMap((each) => each.faults);
  throw new Problem(first.kind, first.code, first.words, faults);
}

/**
 * The words of any thrown value, for logs; never shown to a person. A failed query is told by its cause: its own words
 * hold the values that were bound, and those may be addresses of people and hashes of secrets.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("query" in error && "params" in error) return `QueryError: ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}`;
}

/** Codes of the system and of SQLite for a disk that takes no more. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL"]);
const FAILING =
  /^(?:EIO|EROFS|EACCES|EPERM|EMFILE|ENFILE|SQLITE_IOERR\w*|SQLITE_READONLY\w*|SQLITE_CANTOPEN\w*)$/;

/**
 * What an error of the disk is to whoever asked: nothing that they did, and worth another try later. Any other error
 * is given back as it is.
 */
export function diskProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (FULL.has(code)) return fullDisk(error);
  if (FAILING.test(code)) {
    return new Problem(
      "unavailable",
      "storage.failing",
      say`The store's disk cannot be written or read, and nothing was kept of this. Whoever runs the store has to look at the disk; then try again.`,
      [],
      { cause: error },
    );
  }
  return error;
}

export function fullDisk(cause: unknown): Problem {
  return new Problem(
    "unavailable",
    "storage.full",
    say`The store's disk is full, and nothing was kept of this. Whoever runs the store has to make room on it; then try again.`,
    [],
    { cause },
  );
}

/** Whether SQLite says it, whatever it says. */
export function isDatabaseError(error: unknown): boolean {
  return codeOf(error).startsWith("SQLITE_");
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}
