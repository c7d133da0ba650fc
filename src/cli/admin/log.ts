import { factsOf } from "../../catalog/log/facts.ts";
import type { LogListing } from "../../catalog/log/listing.ts";
import { defineCommand, option } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime, LINE_END, table } from "../style.ts";
import { parseCount } from "../values.ts";

const MOST = 1000;

type ItemJson = Omit<LogListing["items"][number], "at"> & { readonly at: string };
type ListingJson = Omit<LogListing, "items"> & { readonly items: readonly ItemJson[] };

export const adminLogCommand = defineCommand({
  name: "log",
  summary: "List the newest entries of the store's log.",
  description: [
    "Every approval, publication, revocation and change of a key is an entry, for good. Entries that hide names from the public are shown in full.",
    "Whether the log is whole is what `mosis admin reconcile` tells.",
  ],
  arguments: {},
  options: {
    ...dataOptions,
    limit: option("--limit", "N", `how many; 50 unless given, at most ${MOST}`, parseCount(MOST)),
    before: option("--before", "POSITION", "only entries before this position", parseCount(999_999_999)),
  },
  examples: [
    { line: "mosis admin log --data /srv/mosis", does: "prints the newest 50 entries" },
    { line: "mosis admin log --limit 1000 --data /srv/mosis --json", does: "prints more of them, as JSON" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { limit = 50, before } = context.options;
      const listing = await operator.call<ListingJson>("log.list", {
        limit,
        ...(before === undefined ? {} : { before }),
      });
      return {
        data: listing,
        text: (style) =>
          [
            table(
              style,
              [
                { title: "Position", align: "end" },
                { title: "When" },
                { title: "What" },
                { title: "Of" },
                { title: "Public" },
              ],
              listing.items.map(({ position, at, hidden, entry }) => {
                const words = factsOf(entry).map(({ name, value }) => `${name} ${value}`);
                return [
                  String(position),
                  formatTime(at),
                  entry.type,
                  words.join(", "),
                  hidden ? "hidden" : "open",
                ];
              }),
            ),
            "",
            `${listing.size} entries; the newest signed head has ${listing.head?.size ?? 0}, root hash ${listing.head?.rootHash ?? "none"}`,
            ...(listing.damage === null ? [] : [style.bad(listing.damage)]),
          ].join(LINE_END),
      };
    }),
});
