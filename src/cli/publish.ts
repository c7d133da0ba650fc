import { argument, type Context, defineCommand, flag, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { parseAppId, parseSeconds, parseVersionCode } from "./values.ts";
import { changeVersion, connect, stateText, waitWhile, whileItGoesOn } from "./version-calls.ts";

const args = {
  app: argument("APP", "the app's id", parseAppId),
  code: argument("CODE", "the version's code", parseVersionCode),
};
const options = {
  noWait: flag("--no-wait", "do not wait until devices can get it"),
  timeout: option("--timeout", "SECONDS", "how long to wait (default: 120)", parseSeconds),
  ...STORE_OPTIONS,
};

export const publishCommand = defineCommand({
  name: "publish",
  summary: "Publish an approved version that was submitted with --hold.",
  arguments: args,
  options,
  examples: [
    { line: "mosis publish com.example.notes 3", does: "makes version code 3 available to devices" },
  ],
  run,
});

const DEFAULT_TIMEOUT_MS = 120_000;
const ON_THE_WAY = ["publishing"];

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { app, code } = context.arguments;
  const client = await connect(context, context.options);
  const asked = await changeVersion(client, app, code, "publish", [...ON_THE_WAY, "published"]);
  const waiting = {
    signal: context.io.signal,
    timeoutMs: context.options.timeout ?? DEFAULT_TIMEOUT_MS,
    now: () => context.io.clock.now(),
  };
  const version = context.options.noWait
    ? asked.version
    : await whileItGoesOn(client, asked.version, () => waitWhile(client, asked.version, ON_THE_WAY, waiting));
  const ended = version.state === "published" || ON_THE_WAY.includes(version.state);
  return {
    data: { version: version.raw, changed: asked.changed },
    exitCode: ended ? 0 : 1,
    text: (style) =>
      `${style.bold(`${app} ${version.version} (${code})`)} is ${stateText(style, version.state)}${asked.changed ? "" : " already"}.`,
  };
}
