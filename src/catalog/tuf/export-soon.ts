/** Devices read files: only once those are written does the next refresh tell of what was signed. */
import { describeError } from "../../errors.ts";
import type { ExportStore } from "./compare.ts";
import { exportCatalogue } from "./export.ts";

/** As long as whoever acts waits for the files; the export goes on all the same. */
const EXPORT_WAIT_MS = 5000;

/** What fails here is the job's to repeat. */
export async function exportSoon(store: ExportStore): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, EXPORT_WAIT_MS);
  });
  const exported = exportCatalogue(store).catch((error: unknown) =>
    store.log.warn("catalog.export_waits", { error: describeError(error) }),
  );
  await Promise.race([exported, late]);
  clearTimeout(timer);
}
