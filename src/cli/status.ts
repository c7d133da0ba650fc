import { object, readVersionAnswer, text, type VersionAnswer } from "./answers.ts";
import { apiPath } from "./client.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { BLANK_LINE, fields, formatTime, type Style, table } from "./style.ts";
import { parseAppId, parseCount } from "./values.ts";
import { allItems, connect, stateText } from "./version-calls.ts";

const args = { app: argument("APP", "the app's id", parseAppId) };
const options = {
  limit: option("--limit", "N", "at most so many versions, newest first (default: 20)", parseCount(10_000)),
  ...STORE_OPTIONS,
};

export const statusCommand = defineCommand({
  name: "status",
  summary: "Show an app's versions and how far each has come.",
  arguments: args,
  options,
  examples: [
    { line: "mosis status com.example.notes", does: "lists its versions with state and place in the queue" },
  ],
  run,
});

const DEFAULT_LIMIT = 20;

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const appId = context.arguments.app;
  const client = await connect(context, context.options);
  const app = await client.get(apiPath("apps", appId));
  const limit = context.options.limit ?? DEFAULT_LIMIT;
  const versions: VersionAnswer[] = [];
  for await (const version of allItems(client, apiPath("apps", appId, "versions"), readVersionAnswer)) {
    versions.push(version);
    if (versions.length === limit) break;
  }
  return {
    data: { app, versions: versions.map((version) => version.raw) },
    text: (style) => statusText(style, app, versions),
  };
}

function statusText(style: Style, json: unknown, versions: readonly VersionAnswer[]): string {
  const app = object(json, "the app");
  const head = fields(style, [
    ["app", `${style.bold(text(app, "name"))} (${text(app, "id")})`],
    ["owner", text(app, "organisationName")],
    ...(typeof app.installs === "number" ? ([["installs", String(app.installs)]] as const) : []),
    ...(app.listed === false ? ([["listed", "no: found by its address alone"]] as const) : []),
    ...(typeof app.deprecatedAt === "string" ? ([["deprecated", "yes"]] as const) : []),
    ...(typeof app.deletionAt === "string" ? ([["deleted", formatTime(app.deletionAt)]] as const) : []),
  ]);
  if (versions.length === 0) return `${head}${BLANK_LINE}No version was uploaded yet.`;
  const rows = versions.map((version) => [
    String(version.versionCode),
    version.version,
    stateText(style, version.state),
    formatTime(version.stateChangedAt),
    note(version),
  ]);
  const columns = [
    { title: "Code", align: "end" },
    { title: "Version" },
    { title: "State" },
    { title: "Since" },
    { title: "Note" },
  ] as const;
  return `${head}${BLANK_LINE}${table(style, columns, rows)}`;
}

function note(version: VersionAnswer): string {
  if (version.yanked !== null) return `yanked: ${version.yanked}`;
  if (version.queuePosition !== null) return `place ${version.queuePosition} in the queue`;
  if (version.state === "held") return "waits for: mosis publish";
  return version.state === "rejected" ? (version.reason ?? "") : "";
}
