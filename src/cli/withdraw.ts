import { argument, type Context, defineCommand, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { parseAppId, parseVersionCode } from "./values.ts";
import { changeVersion, connect, stateText } from "./version-calls.ts";

const args = {
  app: argument("APP", "the app's id", parseAppId),
  code: argument("CODE", "the version's code", parseVersionCode),
};
const options = { ...STORE_OPTIONS };

export const withdrawCommand = defineCommand({
  name: "withdraw",
  summary: "Take back a version that is not published yet.",
  description: ["Its version code may be used again by another upload."],
  arguments: args,
  options,
  examples: [{ line: "mosis withdraw com.example.notes 3", does: "takes version code 3 out of the review" }],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { app, code } = context.arguments;
  const client = await connect(context, context.options);
  const { version, changed } = await changeVersion(client, app, code, "withdraw", ["withdrawn"]);
  return {
    data: { version: version.raw, changed },
    text: (style) =>
      `${style.bold(`${app} ${version.version} (${code})`)} is ${stateText(style, version.state)}${changed ? "" : " already"}.`,
  };
}
