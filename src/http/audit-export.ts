/** The audit log as a file: sent while it is read, step by step, as fast as the other side takes it. */
import type { AuditEntry } from "../accounts/audit-log.ts";
import { csvHeader, csvLine } from "../audit/csv.ts";
import { auditLine } from "../audit/line.ts";
import { dayText } from "../time.ts";

export const EXPORT_TYPES = { jsonl: "application/x-ndjson", csv: "text/csv; charset=utf-8" } as const;
export type ExportFormat = keyof typeof EXPORT_TYPES;

/** @param day Stands in the file's name. */
export function exportReply(
  entries: AsyncGenerator<readonly AuditEntry[], void>,
  format: ExportFormat,
  day: Date,
): Response {
  const encoder = new TextEncoder();
  const lineOf = (entry: AuditEntry) =>
    format === "csv" ? csvLine(auditLine(entry)) : `${JSON.stringify(auditLine(entry))}\n`;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (format === "csv") controller.enqueue(encoder.encode(csvHeader()));
      },
      async pull(controller) {
        const { done, value } = await entries.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value.map(lineOf).join("")));
      },
      async cancel() {
        await entries.return();
      },
    },
    // Nothing is read before somebody takes it.
    { highWaterMark: 0 },
  );
  const name = `audit-${dayText(day)}.${format}`;
  return new Response(body, {
    headers: {
      "Content-Type": EXPORT_TYPES[format],
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}
