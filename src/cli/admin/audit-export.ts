/** `mosis admin audit export`: the log, or what a search finds of it, as a file or on standard output. */
import { csvHeader, csvLine } from "../../audit/csv.ts";
import type { AuditLine } from "../../audit/line.ts";
import { Problem } from "../../errors.ts";
import { defineCommand, option } from "../command.ts";
import { type Operator, withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { safeForTerminal } from "../style.ts";
import { writeFileAtomic } from "../write-files.ts";
import { auditFilterOptions, auditFiltersOf } from "./audit-filters.ts";

const FORMATS = ["jsonl", "csv"] as const;
type Format = (typeof FORMATS)[number];

function parseFormat(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new Error(`a format is ${FORMATS.join(" or ")}`);
}

type Step = { readonly items: readonly AuditLine[]; readonly nextCursor: string | null };
type Counter = { entries: number };

export const auditExportCommand = defineCommand({
  name: "export",
  summary: "Write the entries that the filters let pass into a file, the oldest first.",
  description: [
    "As JSON lines, each with all that its hash is made of, or as CSV. The file is written whole or not at all, and for its owner's eyes: it holds names, addresses and from where people came. Without --out the entries go to standard output.",
  ],
  arguments: {},
  options: {
    ...dataOptions,
    ...auditFilterOptions,
    format: option("--format", "FORMAT", "jsonl (unless given) or csv", parseFormat),
    out: option<string>("--out", "FILE", "the file to write; one of that name is replaced"),
  },
  examples: [
    {
      line: "mosis admin audit export --out audit.jsonl --data /srv/mosis",
      does: "writes the whole audit log as JSON lines",
    },
    {
      line: "mosis admin audit export --format csv --since 2026-11-01 --action account.store_role --data /srv/mosis",
      does: "prints who got which role in the store, for a spreadsheet",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { io, json, note } = context;
      const { out, format = "jsonl" } = context.options;
      const filters = auditFiltersOf(context.options);
      const counter: Counter = { entries: 0 };
      const isShown = out === undefined && io.isTerminal;
      const texts = textsOf(operator, filters, format, counter, isShown ? shownLine : asItIs);
      if (out === undefined) {
        if (json)
          throw new Problem(
            "usage",
            "usage.invalid_value",
            "With --json standard output holds one document: say with --out FILE where the entries go.",
          );
        for await (const text of texts) io.stdout(text);
        note(inWords(counter));
        return null;
      }
      const file = context.path(out);
      await writeFileAtomic(file, encoded(texts), 0o600);
      return {
        data: { file, format, entries: counter.entries },
        text: () => `${inWords(counter)} in ${file}`,
      };
    }),
});

function inWords({ entries }: Counter): string {
  return entries === 1 ? "1 entry" : `${entries} entries`;
}

const asItIs = (line: string) => line;

/** A row that somebody looks at is one line, whatever it holds. */
function shownLine(line: string): string {
  return `${safeForTerminal(line.replace(/\r?\n$/, ""))}\n`;
}

/** A step of the log each; nothing but that is kept. */
async function* textsOf(
  operator: Operator,
  filters: Readonly<Record<string, string>>,
  format: Format,
  counter: Counter,
  toText: (line: string) => string,
): AsyncGenerator<string, void> {
  if (format === "csv") yield csvHeader();
  const lineOf = format === "csv" ? csvLine : (line: AuditLine) => `${JSON.stringify(line)}\n`;
  let cursor: string | null = null;
  do {
    const input: Readonly<Record<string, string>> = cursor === null ? filters : { ...filters, cursor };
    const step: Step = await operator.call<Step>("audit.export", input);
    counter.entries += step.items.length;
    if (step.items.length > 0) yield step.items.map((item) => toText(lineOf(item))).join("");
    cursor = step.nextCursor;
  } while (cursor !== null);
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}
