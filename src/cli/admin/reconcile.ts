import type { Discrepancy } from "../../catalog/reconcile.ts";
import { defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { table } from "../style.ts";

export const reconcileCommand = defineCommand({
  name: "reconcile",
  summary: "Compare every row, file and signed target of the store with each other.",
  description: [
    "Reads every stored file once. Exit code 1 when something does not agree. A file that devices read of the catalogue or the log, and that is missing or another one, is written anew from the database when the log is whole; the line says so.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [
    { line: "mosis admin reconcile --data /srv/mosis", does: "prints what does not agree, or that all does" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { discrepancies } = await operator.call<{ discrepancies: Discrepancy[] }>("reconcile", {});
      return {
        data: { discrepancies },
        exitCode: discrepancies.length === 0 ? 0 : 1,
        text: (style) =>
          discrepancies.length === 0
            ? "Rows, files and the signed catalogue agree."
            : table(
                style,
                [{ title: "What" }, { title: "Where" }, { title: "Detail" }],
                discrepancies.map((item) => [item.kind.replaceAll("_", " "), item.subject, item.detail]),
              ),
      };
    }),
});
