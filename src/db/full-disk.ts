/** An error of the database as what it is to whoever asked, also where SQLite does not say that the disk is full. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { diskProblem, fullDisk, isProblem } from "../errors.ts";

/** The index of the log takes so much at once, and SQLite calls it an I/O error when there is no room for it. */
const INDEX_BYTES = 32 * 1024;

/** As `diskProblem`, for the database in this file. */
export function diskProblemAt(file: string, error: unknown): unknown {
  const problem = diskProblem(error);
  if (!isProblem(problem) || problem.code !== "storage.failing") return problem;
  return freeBytesAt(dirname(file)) < INDEX_BYTES ? fullDisk(error) : problem;
}

function freeBytesAt(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // The first error is what is told.
    return Number.POSITIVE_INFINITY;
  }
}
