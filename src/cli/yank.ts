/** `mosis yank` and `mosis unyank`: what is published, and offered to nobody any more. */
import type { AppId, VersionCode } from "../ids.ts";
import { object, readVersionAnswer, type VersionAnswer } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, type Context, defineCommand, type Result, requiredOption } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { parseAppId, parseVersionCode } from "./values.ts";
import { connect, readVersion } from "./version-calls.ts";

const args = {
  app: argument("APP", "the app's id", parseAppId),
  code: argument("CODE", "the version's code", parseVersionCode),
};
const yankOptions = {
  reason: requiredOption("--reason", "TEXT", "one line that people read in the store and on their devices"),
  ...STORE_OPTIONS,
};

export const yankCommand = defineCommand({
  name: "yank",
  summary: "Offer a published version to nobody any more; who has it keeps it.",
  description: [
    "For what is broken: nothing is rolled back, and its version code stays taken. What is dangerous is revoked by the store's administrators.",
    "Of what is yanked already, the reason becomes this one.",
  ],
  arguments: args,
  options: yankOptions,
  examples: [
    {
      line: 'mosis yank com.example.notes 3 --reason "Loses drafts."',
      does: "takes version code 3 out of what devices are offered",
    },
  ],
  run: async (context: Context<typeof args, typeof yankOptions>): Promise<Result> => {
    const { app, code } = context.arguments;
    const client = await connect(context, context.options);
    const { version, changed } = await turn(client, app, code, "yank", { reason: context.options.reason });
    return {
      data: { version: version.raw, changed },
      text: (style) =>
        `${style.bold(`${app} ${version.version} (${code})`)} is ${changed ? "yanked" : "yanked already"}: who has it keeps it, and nobody else gets it.`,
    };
  },
});

export const unyankCommand = defineCommand({
  name: "unyank",
  summary: "Offer a version again that was yanked.",
  arguments: args,
  options: STORE_OPTIONS,
  examples: [{ line: "mosis unyank com.example.notes 3", does: "offers version code 3 again" }],
  run: async (context: Context<typeof args, typeof STORE_OPTIONS>): Promise<Result> => {
    const { app, code } = context.arguments;
    const client = await connect(context, context.options);
    const { version, changed } = await turn(client, app, code, "unyank", undefined);
    return {
      data: { version: version.raw, changed },
      text: (style) =>
        `${style.bold(`${app} ${version.version} (${code})`)} ${changed ? "is offered again" : "was not yanked"}.`,
    };
  },
});

type Turned = { readonly version: VersionAnswer; readonly changed: boolean };

/** Done already counts as done: the store gives the version as it is, and its revision tells. */
async function turn(
  client: Client,
  app: AppId,
  code: VersionCode,
  action: "yank" | "unyank",
  body: { readonly reason: string } | undefined,
): Promise<Turned> {
  const before = await readVersion(client, app, code);
  const { json } = await client.call({
    method: "POST",
    path: apiPath("apps", app, "versions", code, action),
    ifMatch: before.revision,
    ...(body === undefined ? {} : { json: body }),
  });
  const version = readVersionAnswer(object(json, "the version"));
  return { version, changed: version.revision !== before.revision };
}
