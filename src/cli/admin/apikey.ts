import { MOST_KEY_DAYS } from "../../accounts/api-keys/make.ts";
import { argument, defineCommand, option, requiredOption } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime, LINE_END, table } from "../style.ts";
import { names } from "./names.ts";

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

function days(text: string): number {
  const number = Number(text);
  if (!/^\d{1,4}$/.test(text) || number < 1 || number > MOST_KEY_DAYS)
    throw new Error(`a key lives for 1 to ${MOST_KEY_DAYS} days`);
  return number;
}

export const apikeyAddCommand = defineCommand({
  name: "add",
  summary: "Make an API key and print its token, once.",
  arguments: {},
  options: {
    ...dataOptions,
    name: requiredOption("--name", "NAME", "what it is for, such as the name of a build server"),
    organisation: option("--organisation", "ORG", "id or exact name: the key acts as a developer of it"),
    user: option("--user", "USER", "e-mail address or id: the key acts as this person"),
    days: option("--days", "N", `days until it ends, at most ${MOST_KEY_DAYS}; 90 without it`, days),
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
  run: (context) =>
    withOperator(context, async (operator) => {
      const { name, organisation, user, days, actions, apps } = context.options;
      const made = await operator.call<ApiKey & { token: string }>("apikey.add", {
        name,
        ...(organisation === undefined ? {} : { organisation }),
        ...(user === undefined ? {} : { user }),
        ...(days === undefined ? {} : { days }),
        ...(actions === undefined ? {} : { actions }),
        ...(apps === undefined ? {} : { apps }),
      });
      return {
        data: made,
        text: () =>
          `${made.token}${LINE_END}Shown once. It ends ${formatTime(made.expiresAt)}; revoke it with “mosis admin apikey revoke ${made.id}”.`,
      };
    }),
});

export const apikeyListCommand = defineCommand({
  name: "list",
  summary: "List the API keys, without their tokens.",
  arguments: {},
  options: dataOptions,
  examples: [
    { line: "mosis admin apikey list --data /srv/mosis", does: "prints each key with its end and last use" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: ApiKey[] }>("apikey.list", {});
      return {
        data: { items },
        text: (style) =>
          table(
            style,
            [
              { title: "Id" },
              { title: "Name" },
              { title: "Belongs to" },
              { title: "May" },
              { title: "Ends" },
              { title: "Last use" },
            ],
            items.map((item) => [
              item.id,
              item.name,
              item.organisationId ?? item.accountId ?? "",
              [
                item.actions?.join(" ") ?? "all",
                ...(item.apps === null ? [] : [`on ${item.apps.join(" ")}`]),
              ].join(" "),
              item.revokedAt === null ? formatTime(item.expiresAt) : `revoked ${formatTime(item.revokedAt)}`,
              item.lastUsedAt === null ? "never" : formatTime(item.lastUsedAt),
            ]),
          ),
      };
    }),
});

export const apikeyRevokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke an API key: it stops working at once, for good.",
  arguments: { id: argument("ID", "the key's id, key-…") },
  options: dataOptions,
  examples: [{ line: "mosis admin apikey revoke key-0190… --data /srv/mosis", does: "ends the key" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const key = await operator.call<ApiKey>("apikey.revoke", { id: context.arguments.id });
      return { data: key, text: () => `${key.id} (${key.name}) is revoked.` };
    }),
});
