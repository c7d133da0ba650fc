/** The audit log as CSV (RFC 4180). Pure. */
import { AUDIT_COLUMNS, type AuditLine } from "./line.ts";

/** What a spreadsheet takes for the beginning of a formula, also after a mark of the text's direction or a blank. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r|%]/u;

export function csvHeader(): string {
  return csvRow(AUDIT_COLUMNS);
}

export function csvLine(line: AuditLine): string {
  return csvRow(AUDIT_COLUMNS.map((name) => textOf(line[name])));
}

/** Every field in quotes, so that no separator of any spreadsheet cuts it; one that could be a formula begins with '. */
function csvRow(fields: readonly string[]): string {
  const quoted = fields.map((field) => {
    const text = FORMULA.test(field) ? `'${field}` : field;
    return `"${text.replaceAll('"', '""')}"`;
  });
  return `${quoted.join(",")}\r\n`;
}

function textOf(value: AuditLine[keyof AuditLine]): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
