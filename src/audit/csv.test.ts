import { expect, test } from "bun:test";
import fc from "fast-check";
import { csvHeader, csvLine } from "./csv.ts";
import { AUDIT_COLUMNS, type AuditLine } from "./line.ts";

const LINE: AuditLine = {
  position: 3,
  recordedAt: "2026-11-25T09:30:00.000Z",
  actor: "account:acc-1",
  actorName: null,
  via: null,
  action: "account.disabled",
  subjectType: "account",
  subject: "acc-2",
  subjectName: null,
  organisationId: null,
  organisationName: null,
  requestId: null,
  address: null,
  userAgent: null,
  before: null,
  after: null,
  personBefore: null,
  personAfter: null,
  personSha256: null,
  hash: "0".repeat(64),
};

/** By the grammar of RFC 4180, section 2, of whose fields all are in quotes here. */
function parse(text: string): string[][] {
  return text
    .split(/(?<=")\r\n(?="|$)/)
    .filter((row) => row !== "")
    .map((row) => {
      const fields: string[] = [];
      const field = /"((?:[^"]|"")*)"(,|$)/y;
      for (let found = field.exec(row); found !== null; found = field.exec(row)) {
        fields.push((found[1] ?? "").replaceAll('""', '"'));
        if (found[2] === "") return fields;
      }
      throw new Error(`no row: ${row}`);
    });
}

const fieldOf = (line: AuditLine, name: keyof AuditLine) =>
  parse(csvLine(line))[0]?.[AUDIT_COLUMNS.indexOf(name)];

test("has a row of names, and as many fields in each row", () => {
  expect(parse(csvHeader())).toEqual([[...AUDIT_COLUMNS]]);
  const after = { role: 'a "b", c\r\nd' };
  expect(fieldOf({ ...LINE, after }, "after")).toBe(JSON.stringify(after));
  expect(fieldOf(LINE, "position")).toBe("3");
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  " =1",
  "\u200b=1",
  "\uff1d1",
  '=HYPERLINK("http://evil.example")',
])("gives no formula to a spreadsheet: %j", (userAgent) => {
  expect(fieldOf({ ...LINE, userAgent }, "userAgent")).toBe(`'${userAgent}`);
});

test("is read back as it was, whatever text is in it", () => {
  const text = fc.string({ unit: "binary", maxLength: 30 }).map((one) => one.toWellFormed());
  fc.assert(
    fc.property(text, text, (userAgent, subjectName) => {
      const line = { ...LINE, userAgent, subjectName };
      const [row, ...more] = parse(csvLine(line));
      expect(more).toEqual([]);
      expect(row).toHaveLength(AUDIT_COLUMNS.length);
      for (const [name, value] of [
        ["userAgent", userAgent],
        ["subjectName", subjectName],
      ] as const) {
        const found = row?.[AUDIT_COLUMNS.indexOf(name)] ?? "";
        expect([value, `'${value}`]).toContain(found);
        expect(found).not.toMatch(/^[=+\-@\t\r]/);
      }
    }),
  );
});
