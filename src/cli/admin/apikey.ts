import { MOST_KEY_DAYS } from "../../accounts/api-keys/make.ts";
import { argument, option, requiredOption } from "../command.ts";
import { formatTime, LINE_END } from "../style.ts";
import { parseCount } from "../values.ts";
import { names } from "./names.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type ApiKey = {
  id: string;
  name: string;
  organisationId: string | null;
  accountId: string | null;
  actions: readonly string[] | null;
  apps: readonly string[] | null;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export const apikeyAddCommand = callCommand({
  name: "add",
  summary: "Make an API key and print its token, once.",
  operation: "apikey.add",
  options: {
    name: requiredOption("--name", "NAME", "what it is for, such as the name of a build server"),
    organisation: option("--organisation", "ORG", "id or exact name: the key acts as a developer of it"),
    user: option("--user", "USER", "e-mail address or id: the key acts as this person"),
    days: option(
      "--days",
      "N",
      `days until it ends, at most ${MOST_KEY_DAYS}; 90 without it`,
      parseCount(MOST_KEY_DAYS),
    ),
    actions: option(
      "--actions",
      "LIST",
      "the actions of the page of rights that it may, with commas; all of its owner without it",
      names,
    ),
    apps: option("--apps", "LIST", "the ids of the apps that it is for, with commas; all without it", names),
  },
  examples: [
    {
      line: 'mosis admin apikey add --organisation "Example Apps" --name ci --data /srv/mosis',
      does: "prints a token for the organisation's build server",
    },
    {
      line: 'mosis admin apikey add --organisation "Example Apps" --name ci --actions version.upload,version.read,app.read --apps com.example.notes --data /srv/mosis',
      does: "the same, for one app and no more than uploading to it",
    },
  ],
  says: (made: ApiKey & { token: string }) =>
    `${made.token}${LINE_END}Shown once. It ends ${formatTime(made.expiresAt)}; revoke it with “mosis admin apikey revoke ${made.id}”.`,
});

function mayText({ actions, apps }: ApiKey): string {
  return [actions?.join(" ") ?? "all", ...(apps === null ? [] : [`on ${apps.join(" ")}`])].join(" ");
}

export const apikeyListCommand = listCommand<ApiKey>({
  summary: "List the API keys, without their tokens.",
  operation: "apikey.list",
  isWhole: true,
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["Belongs to", ({ organisationId, accountId }) => organisationId ?? accountId ?? ""],
    ["May", mayText],
    [
      "Ends",
      ({ revokedAt, expiresAt }) =>
        revokedAt === null ? formatTime(expiresAt) : `revoked ${formatTime(revokedAt)}`,
    ],
    ["Last use", ({ lastUsedAt }) => (lastUsedAt === null ? "never" : formatTime(lastUsedAt))],
  ],
  examples: [
    { line: "mosis admin apikey list --data /srv/mosis", does: "prints each key with its end and last use" },
  ],
});

export const apikeyRevokeCommand = callCommand({
  name: "revoke",
  summary: "Revoke an API key: it stops working at once, for good.",
  operation: "apikey.revoke",
  arguments: { id: argument("ID", "the key's id, key-…") },
  examples: [{ line: "mosis admin apikey revoke key-0190… --data /srv/mosis", does: "ends the key" }],
  says: ({ id, name }: ApiKey) => `${id} (${name}) is revoked.`,
});
