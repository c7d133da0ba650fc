/** `mosis delete` and `undelete`: an app that is deleted, and taking that back. */
import { Problem } from "../errors.ts";
import { number, object, text } from "./answers.ts";
import { apiPath } from "./client.ts";
import { argument, type Context, defineCommand, flag, option, type Result } from "./command.ts";
import { confirm } from "./confirm.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { fields, formatTime, LINE_END, type Style } from "./style.ts";
import { parseAppId } from "./values.ts";
import { connect } from "./version-calls.ts";

const args = { app: argument("APP", "the app's id", parseAppId) };
const options = {
  reason: option(
    "--reason",
    "TEXT",
    "one line that the other owners read; needed once something was published",
  ),
  yes: flag("--yes", "do not ask"),
  ...STORE_OPTIONS,
};

export const deleteCommand = defineCommand({
  name: "delete",
  summary: "Delete an app.",
  description: [
    "One that was never published is gone at once with its versions, and its id is free.",
    "One that was published rests first, for as many days as the store's setting app_deletion_days says: nobody finds or gets it, and devices that have it keep it. Until then “mosis undelete” takes that back, and the app stands as it did. Then it is gone but for its id, which is never given to another app. That is for owners alone.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis delete com.example.notes --reason "Journal took its place." --yes',
      does: "asks that the app is deleted",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { app } = context.arguments;
  const { reason, yes } = context.options;
  const client = await connect(context, context.options);
  const found = object(await client.get(apiPath("apps", app)), "the app");
  const ifMatch = number(found, "revision");
  const name = text(found, "name");
  const isPublished = typeof found.publishedAt === "string";
  if (isPublished && reason === undefined)
    throw new Problem(
      "usage",
      "usage.missing_mandatory_option_value",
      "Say why with --reason: the other owners read it.",
    );
  if (!yes) {
    const shown = (style: Style) =>
      [
        fields(style, [
          ["app", `${name} (${app})`],
          ["of", text(found, "organisationName")],
        ]),
        isPublished
          ? "Nobody finds or gets it any more; devices that have it keep it. For some days it can be taken back."
          : "It was never published: it is gone at once with its versions, and its id is free.",
      ].join(LINE_END);
    await confirm(context, shown, "Add --yes to do it.");
  }
  if (!isPublished) {
    await client.call({ method: "DELETE", path: apiPath("apps", app), ifMatch });
    return { data: { app, deletion: null }, text: (style) => `${style.bold(app)} is deleted.` };
  }
  const json = { confirm: app, reason };
  const answer = await client.call({ method: "POST", path: apiPath("apps", app, "deletion"), ifMatch, json });
  const deletion = object(answer.json, "the deletion");
  return {
    data: { app, deletion },
    text: (style) =>
      `${style.bold(app)} is being deleted: until ${formatTime(text(deletion, "endsAt"))} “mosis undelete ${app}” takes that back.`,
  };
}

export const undeleteCommand = defineCommand({
  name: "undelete",
  summary: "Take back that a published app is deleted.",
  description: ["For owners, and for the store's administrators. The app stands as it did before."],
  arguments: args,
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis undelete com.example.notes",
      does: "keeps the app",
    },
  ],
  run: async (context): Promise<Result> => {
    const { app } = context.arguments;
    const client = await connect(context, context.options);
    const { revision } = object(await client.get(apiPath("apps", app)), "the app");
    const { json } = await client.call({
      method: "DELETE",
      path: apiPath("apps", app, "deletion"),
      ifMatch: number({ revision }, "revision"),
    });
    return {
      data: { app: object(json, "the app") },
      text: (style) => `${style.bold(app)} is kept, and stands in the store as it did.`,
    };
  },
});
