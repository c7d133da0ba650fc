import { type SearchHit, search } from "../../device/inventory.ts";
import { type Context, defineCommand, option, optionalArgument, type Result } from "../command.ts";
import { type Style, table } from "../style.ts";
import { deviceOptions, onDevice, strange } from "./device-command.ts";

const args = {
  words: optionalArgument("WORDS", "what to look for, in quotes when several; without it all apps"),
};
const options = {
  locale: option("--locale", "TAG", "the language of names and summaries (default: en)"),
  ...deviceOptions,
};

export const deviceSearchCommand = defineCommand({
  name: "search",
  summary: "Look for apps in the store's catalogue.",
  description: ["Every word must be in the app's id, publisher, or its name or summary in some language."],
  arguments: args,
  options,
  examples: [
    { line: 'mosis device search "plain notes" --home ~/device', does: "lists apps that have both words" },
    { line: "mosis device search --home ~/device --json", does: "prints the whole catalogue as JSON" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const hits = await onDevice(context, (device) =>
    search(device, context.arguments.words ?? "", context.options.locale),
  );
  return {
    data: { apps: hits.map(({ appId, ...hit }) => ({ id: appId, ...hit })) },
    text: (style) => hitsText(style, hits, context.arguments.words),
  };
}

function hitsText(style: Style, hits: readonly SearchHit[], words: string | undefined): string {
  if (hits.length === 0)
    return words === undefined ? "The store offers no apps yet." : `No app has “${strange(words)}”.`;
  return table(
    style,
    [
      { title: "APP" },
      { title: "NAME" },
      { title: "VERSION" },
      { title: "CODE", align: "end" },
      { title: "HERE", align: "end" },
      { title: "PUBLISHER" },
      { title: "SUMMARY" },
    ],
    hits.map((hit) => [
      hit.appId,
      strange(hit.name),
      strange(hit.version),
      String(hit.versionCode),
      hit.installedVersionCode === null ? "–" : String(hit.installedVersionCode),
      strange(hit.publisher),
      strange(hit.summary),
    ]),
  );
}
