/** `mosis unlist`, `relist`, `deprecate` and `undeprecate`: how an app stands in the store. */
import type { AppId } from "../ids.ts";
import { number, object } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, defineCommand, option, type Result, requiredOption } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { parseAppId } from "./values.ts";
import { connect } from "./version-calls.ts";

const args = { app: argument("APP", "the app's id", parseAppId) };

type Asked = { readonly text: string; readonly instead: string | null };

/** Done already counts as done: the app's revision tells. */
async function turn(client: Client, app: AppId, act: string, json?: Asked) {
  const before = number(object(await client.get(apiPath("apps", app, "listing")), "the app"), "revision");
  const answer = await client.call({
    method: "POST",
    path: apiPath("apps", app, act),
    ifMatch: before,
    ...(json === undefined ? {} : { json }),
  });
  const listing = object(answer.json, "the app");
  return { listing, changed: number(listing, "revision") !== before };
}

type Simple = {
  readonly act: "unlist" | "relist" | "undeprecate";
  readonly summary: string;
  readonly does: string;
  readonly done: string;
  readonly was: string;
};

function simple({ act, summary, does, done, was }: Simple) {
  return defineCommand({
    name: act,
    summary,
    arguments: args,
    options: STORE_OPTIONS,
    examples: [{ line: `MOSIS_TOKEN_FILE=owner-token mosis ${act} com.example.notes`, does }],
    run: async (context): Promise<Result> => {
      const { app } = context.arguments;
      const client = await connect(context, context.options);
      const { listing, changed } = await turn(client, app, act);
      return {
        data: { listing, changed },
        text: (style) => `${style.bold(app)} ${changed ? done : was}.`,
      };
    },
  });
}

export const unlistCommand = simple({
  act: "unlist",
  summary: "Take an app out of the store's lists and search; its address works on.",
  does: "takes the app out of the lists",
  done: "stands in no list any more; its address works for who may see it, and devices that have it get updates",
  was: "stands in no list already",
});

export const relistCommand = simple({
  act: "relist",
  summary: "Put an app back into the store's lists and search.",
  does: "puts the app back",
  done: "stands in the lists again",
  was: "stands in the lists already",
});

export const undeprecateCommand = simple({
  act: "undeprecate",
  summary: "Take back that an app is deprecated.",
  does: "lets nothing be said against the app any more",
  done: "is not deprecated any more",
  was: "was not deprecated",
});

const deprecateOptions = {
  text: requiredOption("--text", "TEXT", "one line that people read in the store and on their devices"),
  instead: option("--instead", "APP", "the id of an app in the store to use instead"),
  ...STORE_OPTIONS,
};

export const deprecateCommand = defineCommand({
  name: "deprecate",
  summary: "Advise against an app, and point to another one.",
  description: [
    "It is offered as before. The other app is named to people who may see it, and to nobody else.",
    "Of what is deprecated already, this takes the place of what was said.",
  ],
  arguments: args,
  options: deprecateOptions,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis deprecate com.example.notes --text "Journal does more." --instead com.example.journal',
      does: "says so on the app's page and on devices",
    },
  ],
  run: async (context): Promise<Result> => {
    const { app } = context.arguments;
    const { text, instead } = context.options;
    const client = await connect(context, context.options);
    const { listing, changed } = await turn(client, app, "deprecate", { text, instead: instead ?? null });
    return {
      data: { listing, changed },
      text: (style) => `${style.bold(app)} is deprecated${changed ? "" : " already, in these words"}.`,
    };
  },
});
