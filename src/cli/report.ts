/** Turns whatever a command threw into words, a JSON document and an exit code. */
import {
  describeError,
  diskProblem,
  type ExitCode,
  isDatabaseError,
  isProblem,
  PROBLEM_KINDS,
  Problem,
  type ProblemDetail,
} from "../errors.ts";
import type { Io } from "./io.ts";
import { asLines, createStyle, inLine, jsonText, LINE_END, type Style, safeForTerminal } from "./style.ts";

/** At most this many details are shown to a person; --json has all. */
const SHOWN_DETAILS = 20;

/** A thrown value as a Problem; what was not meant for people becomes one `internal` line with advice. */
export function toProblem(error: unknown, io: Io): Problem {
  if (isProblem(error)) return ofThisMachine(error);
  if (io.signal.aborted) return interrupted();
  if (isSystemError(error)) return systemProblem(error);
  const told = isDatabaseError(error) ? diskProblem(error) : error;
  if (isProblem(told)) return ofThisMachine(told);
  return new Problem(
    "internal",
    "internal",
    `Something went wrong in mosis itself: ${describeError(error).split("\n")[0]?.replace(/\.$/, "")}. ` +
      "Run it again with MOSIS_DEBUG=1 and report what it prints.",
    [],
    { cause: error },
  );
}

/** A store that is opened here is the caller's own to look after; what another process answers has no cause here. */
function ofThisMachine(problem: Problem): Problem {
  const { code, details, cause } = problem;
  if (cause === undefined) return problem;
  if (code === "storage.full") {
    const words =
      "The disk of the store's data folder is full, and nothing was kept of this. Make room on it, then run the command again.";
    return new Problem("unavailable", "storage.full", words, details, { cause });
  }
  if (code === "storage.failing") {
    const words =
      "The disk of the store's data folder cannot be written or read, and nothing was kept of this. Look at the disk, and at who owns the folder's files; then run the command again.";
    return new Problem("unavailable", "storage.failing", words, details, { cause });
  }
  return problem;
}

export function interrupted(): Problem {
  return new Problem("unavailable", "interrupted", "Interrupted before it was done.");
}

/** Prints the error, to stdout as one JSON document or to stderr as lines, and gives the exit code. */
export function reportProblem(problem: Problem, io: Io, json: boolean, hint: string | null): ExitCode {
  if (json) {
    const { code, message, details } = problem;
    io.stdout(`${jsonText({ error: { code, message, details } })}\n`);
  } else {
    const style = createStyle(io.errorColor, io.errorIsTerminal ? io.columns : Number.POSITIVE_INFINITY);
    io.stderr(`${safeForTerminal(problemText(problem, style, hint))}\n`);
  }
  const debug = io.environment.MOSIS_DEBUG;
  if (debug !== undefined && debug !== "" && debug !== "0") {
    io.stderr(`${safeForTerminal(asLines(`  ${stackOf(problem).replaceAll("\n", "\n  ")}`))}\n`);
  }
  return PROBLEM_KINDS[problem.kind].exitCode;
}

function problemText(problem: Problem, style: Style, hint: string | null): string {
  // What the message says already is not said again, unless the place is news.
  const news = problem.details.filter(
    (detail) => !problem.message.includes(detail.message) || detail.entry !== undefined,
  );
  const shown = news.slice(0, SHOWN_DETAILS);
  const left = news.length - shown.length;
  return [
    `${style.bad("error:")} ${inLine(problem.message)} ${style.dim(`[${problem.code}]`)}`,
    ...shown.map((detail) => detailLine(detail, style)),
    ...(left > 0 ? [`  … and ${left} more; --json lists all`] : []),
    ...(hint === null ? [] : [style.dim(hint)]),
  ].join(LINE_END);
}

/** `  MPK-C012 ui/main.rml at byte 12: message (found …, expected …)`, one line whatever a file holds. */
export function detailLine(said: ProblemDetail, style: Style): string {
  const detail = oneLined(said);
  const facts = [
    ...(detail.found === undefined ? [] : [`found ${detail.found}`]),
    ...(detail.expected === undefined ? [] : [`expected ${detail.expected}`]),
  ];
  const where = place(detail);
  return `  ${style.dim(detail.code)} ${where === "" ? "" : `${style.bold(where)}: `}${detail.message}${
    facts.length === 0 ? "" : style.dim(` (${facts.join(", ")})`)
  }`;
}

function oneLined(detail: ProblemDetail): ProblemDetail {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === "string" ? inLine(value) : value]),
  ) as ProblemDetail;
}

function place(detail: ProblemDetail): string {
  return [
    detail.entry,
    detail.pointer === undefined || detail.pointer === "" ? undefined : detail.pointer,
    detail.offset === undefined ? undefined : `at byte ${detail.offset}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}

type SystemError = Error & { readonly code: string; readonly path?: string };

export function isSystemError(error: unknown): error is SystemError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code)
  );
}

export const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EACCES: "you may not",
  EPERM: "you may not",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "it is there already",
  ENOTEMPTY: "the folder is not empty",
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EROFS: "the file system is read-only",
  ELOOP: "it is a symbolic link, or a loop of them",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EIO: "the disk answered with an error",
};

/** Where there is one thing to do, whatever the command. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "Make room there, then run the command again.",
  EDQUOT: "Make room in it, then run the command again.",
};

/** What the system said about a file, in words: `unreachable` with code `file.enoent` and the like. */
export function systemProblem(error: SystemError, doing = "use", path = error.path): Problem {
  const reason = SYSTEM_REASONS[error.code] ?? error.code;
  const advice = SYSTEM_ADVICE[error.code];
  return new Problem(
    "unreachable",
    `file.${error.code.toLowerCase()}`,
    `Could not ${doing} ${path ?? "a file"}: ${reason}.${advice === undefined ? "" : ` ${advice}`}`,
    [],
    { cause: error },
  );
}
