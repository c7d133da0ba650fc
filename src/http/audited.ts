/**
 * That every change stands in the audit log, held while the program runs: a request or an operation that changed rows and
 * told the audit log nothing is an error of ours, and is said so in the program's log. Tests fail where it is.
 */
import type { Store } from "../context.ts";
import { watched } from "../db/watch.ts";
import type { LogFields } from "../log.ts";

/** `about` is what the line says of the work. What the store does by itself meanwhile is not the work's. */
export function audited<T>(
  store: Pick<Store, "log">,
  about: LogFields,
  work: () => T | Promise<T>,
): Promise<T> {
  return watched(work, ({ changed, told }) => {
    if (changed && !told) store.log.error("audit.missing", about);
  });
}
