/** The container's rules for names and sizes, for a release that is told of as a list of files (package format §1, §8). */
import type { FileDigest } from "./digests.ts";
import { type FindingCode, type FindingPlace, type FormatError, formatError } from "./findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, FORMAT_LIMITS, STORE_NAME } from "./names.ts";
import { createNameSet } from "./zip/name-set.ts";
import { checkName, checkOrder } from "./zip/names.ts";

/**
 * Judges what digests.json lists, with the three of META-MOSIS after it, as the entries of a released package: how many
 * there are, each name and size in turn, then what is missing and the order, then the sum. A file of the name of one of those three is
 * that name twice.
 * @throws FormatError MPK-C004, C013 … C019, C023, C024, C032
 */
export function checkFileList(
  files: readonly FileDigest[],
  digestsBytes: number,
  [developerBytes, storeBytes]: readonly [developer: number, store: number],
): void {
  const meta = [
    { p: DIGESTS_NAME, n: digestsBytes },
    { p: DEVELOPER_NAME, n: developerBytes },
    { p: STORE_NAME, n: storeBytes },
  ];
  const count = files.length + meta.length;
  if (count > FORMAT_LIMITS.entries) {
    throw refuse("MPK-C004", `The release has ${count} entries; ${FORMAT_LIMITS.entries} are allowed.`, {
      found: String(count),
      expected: `at most ${FORMAT_LIMITS.entries}`,
    });
  }
  const checkInSet = createNameSet(count, FORMAT_LIMITS.folders);
  let total = 0;
  for (const { p: name, n: sizeBytes } of [...files, ...meta]) {
    checkName(name);
    if (sizeBytes > FORMAT_LIMITS.entryBytes) {
      throw refuse("MPK-C023", `“${name}” has ${sizeBytes} bytes; ${FORMAT_LIMITS.entryBytes} are allowed.`, {
        entry: name,
        found: `${sizeBytes} bytes`,
        expected: `at most ${FORMAT_LIMITS.entryBytes} bytes`,
      });
    }
    checkInSet(name);
    total += sizeBytes;
  }
  checkOrder([...files, ...meta].map(({ p }) => p));
  if (total > FORMAT_LIMITS.totalBytes) {
    throw refuse("MPK-C024", `The contents have ${total} bytes; ${FORMAT_LIMITS.totalBytes} are allowed.`, {
      found: `${total} bytes`,
      expected: `at most ${FORMAT_LIMITS.totalBytes} bytes`,
    });
  }
}

function refuse(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("container", code, message, place);
}
