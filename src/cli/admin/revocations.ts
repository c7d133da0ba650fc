import type { RevocationView } from "../../catalog/revocation/in-force.ts";
import type { LowestView, RevocationEventView } from "../../catalog/revocation/listing.ts";
import { digitsText } from "../../signing/keys.ts";
import { defineCommand, flag } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { BLANK_LINE, formatTime, type Style, table } from "../style.ts";
import { everyItem } from "./pages.ts";

/** As JSON has it. */
type Json<T> = {
  readonly [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
} & {
  readonly label: string | null;
};
type Page<T> = { items: Json<T>[]; nextCursor: string | null };

export const revocationsCommand = defineCommand({
  name: "revocations",
  summary: "List what is revoked and the lowest versions that are allowed.",
  description: ["What was revoked last comes first."],
  arguments: {},
  options: {
    ...dataOptions,
    history: flag("--history", "list instead everything that was done, the newest 100 first"),
  },
  examples: [
    { line: "mosis admin revocations --data /srv/mosis", does: "prints what is in force" },
    { line: "mosis admin revocations --history --data /srv/mosis", does: "prints who did what, and why" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      if (context.options.history) {
        const { items } = await operator.call<Page<RevocationEventView>>("revocation.events", { limit: 100 });
        return { data: { items }, text: (style) => historyText(style, items) };
      }
      const items = await everyItem<Json<RevocationView>>(operator, "revocation.list");
      const lowest = await everyItem<Json<LowestView>>(operator, "revocation.lowest");
      return { data: { items, lowest }, text: (style) => inForceText(style, items, lowest) };
    }),
});

function inForceText(
  style: Style,
  items: readonly Json<RevocationView>[],
  lowest: readonly Json<LowestView>[],
): string {
  if (items.length + lowest.length === 0) return "Nothing is revoked.";
  const revoked = table(
    style,
    [
      { title: "SUBJECT" },
      { title: "ID" },
      { title: "CALLED" },
      { title: "ACTION" },
      { title: "SINCE" },
      { title: "REASON" },
    ],
    items.map((item) => [
      item.subject,
      digitsText(item.id),
      item.label ?? "–",
      item.approvalsUntil === null
        ? item.action
        : `${item.action}, approvals count until ${formatTime(item.approvalsUntil)}`,
      formatTime(item.revokedAt),
      item.reason,
    ]),
  );
  const codes = table(
    style,
    [
      { title: "APP" },
      { title: "CALLED" },
      { title: "LOWEST", align: "end" },
      { title: "SINCE" },
      { title: "REASON" },
    ],
    lowest.map((item) => [
      item.appId,
      item.label ?? "–",
      String(item.versionCode),
      formatTime(item.setAt),
      item.reason,
    ]),
  );
  return [...(items.length === 0 ? [] : [revoked]), ...(lowest.length === 0 ? [] : [codes])].join(BLANK_LINE);
}

function historyText(style: Style, items: readonly Json<RevocationEventView>[]): string {
  if (items.length === 0) return "Nothing was ever revoked.";
  return table(
    style,
    [
      { title: "WHEN" },
      { title: "ACT" },
      { title: "SUBJECT" },
      { title: "ID" },
      { title: "BY" },
      { title: "REASON" },
    ],
    items.map((item) => [
      formatTime(item.at),
      item.versionCode === null ? item.act : `${item.act} ${item.versionCode}`,
      item.subject,
      digitsText(item.target),
      item.actor,
      item.reason,
    ]),
  );
}
