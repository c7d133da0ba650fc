import type { AuditLine } from "../../audit/line.ts";
import type { AuditFault, AuditHead } from "../../audit/verify.ts";
import { isSha256 } from "../../ids.ts";
import { defineCommand, option } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { fields, formatTime, LINE_END, table } from "../style.ts";
import { parseCount } from "../values.ts";
import { auditFilterOptions, auditFiltersOf } from "./audit-filters.ts";

const MOST = 1000;

function parseHead(text: string): AuditHead {
  const [, size, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (size !== undefined && hash !== undefined && isSha256(hash)) return { size: Number(size), hash };
  throw new Error("a head is SIZE:HASH, as “mosis admin audit verify” prints it");
}

export const auditListCommand = defineCommand({
  name: "list",
  summary: "List the newest entries of the audit log that the filters let pass.",
  arguments: {},
  options: {
    ...dataOptions,
    ...auditFilterOptions,
    limit: option("--limit", "N", `how many; 50 unless given, at most ${MOST}`, parseCount(MOST)),
    cursor: option<string>("--cursor", "CURSOR", "go on where the call before ended"),
  },
  examples: [
    { line: "mosis admin audit list --data /srv/mosis", does: "prints who changed what last" },
    {
      line: "mosis admin audit list --action account.store_role --since 2026-11-01 --data /srv/mosis --json",
      does: "prints who got which role in the store, as JSON",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { limit = 50, cursor } = context.options;
      const page = await operator.call<{ items: AuditLine[]; nextCursor: string | null }>("audit.list", {
        ...auditFiltersOf(context.options),
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return {
        data: page,
        text: (style) =>
          [
            table(
              style,
              [
                { title: "Position", align: "end" },
                { title: "When" },
                { title: "Who" },
                { title: "What" },
                { title: "On" },
                { title: "After" },
              ],
              page.items.map((item) => [
                String(item.position),
                formatTime(item.recordedAt),
                item.actorName ?? item.actor,
                item.action,
                item.subjectName ?? item.subject,
                item.after === null ? "" : JSON.stringify(item.after),
              ]),
            ),
            ...(page.nextCursor === null ? [] : ["", `It goes on with --cursor ${page.nextCursor}`]),
          ].join(LINE_END),
      };
    }),
});

export const auditVerifyCommand = defineCommand({
  name: "verify",
  summary: "Compute the hashes of the whole audit log again.",
  description: [
    "Exit code 1 when an entry is missing or not the one that was written. Whoever may write to the database can also write the whole log anew: a head that was kept elsewhere tells that, given with --head.",
  ],
  arguments: {},
  options: {
    ...dataOptions,
    head: option("--head", "SIZE:HASH", "a head of an earlier day, from which the log must go on", parseHead),
  },
  examples: [
    { line: "mosis admin audit verify --data /srv/mosis", does: "prints the head, or the first fault" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const known = context.options.head;
      const { head, fault } = await operator.call<{ head: AuditHead; fault: AuditFault | null }>(
        "audit.verify",
        known === undefined ? {} : { head: known },
      );
      return {
        data: { head, fault },
        exitCode: fault === null ? 0 : 1,
        text: (style) =>
          fault === null
            ? `${style.good("The audit log is whole.")}${LINE_END}Its head: ${head.size}:${head.hash}`
            : [
                style.bad("The audit log is not what was written."),
                fields(style, [
                  ["at entry", String(fault.position)],
                  ["fault", fault.fault],
                  ["found", fault.found],
                  ["expected", fault.expected],
                ]),
              ].join(LINE_END),
      };
    }),
});
