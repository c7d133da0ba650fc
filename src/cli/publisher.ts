/** `mosis publisher`: which build jobs may upload versions of an app. */
import { Problem } from "../errors.ts";
import { object, readPage, text } from "./answers.ts";
import { apiPath } from "./client.ts";
import {
  argument,
  type Context,
  defineCommand,
  option,
  type Result,
  repeatedOption,
  requiredOption,
} from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { fields, formatTime, LINE_END, type Style, table } from "./style.ts";
import { parseAppId } from "./values.ts";
import { connect } from "./version-calls.ts";

const app = argument("APP", "the app's id", parseAppId);

type Publisher = {
  readonly id: string;
  readonly name: string;
  readonly issuerName: string | null;
  readonly claims: readonly string[];
  readonly lastUsedAt: string | null;
  readonly leftBehind: boolean;
};
type Issuer = { readonly id: string; readonly kind: string };

function readPublisher(json: unknown): Publisher {
  const found = object(json, "a trusted publisher");
  const { issuerName, lastUsedAt } = found;
  return {
    id: text(found, "id"),
    name: text(found, "name"),
    issuerName: typeof issuerName === "string" ? issuerName : null,
    claims: Object.entries(object(found.claims, "its claims")).map(([name, value]) => `${name} = ${value}`),
    lastUsedAt: typeof lastUsedAt === "string" ? lastUsedAt : null,
    leftBehind: found.leftBehind === true,
  };
}

function readIssuers(json: unknown): readonly Issuer[] {
  const { issuers } = object(json, "the answer");
  return (Array.isArray(issuers) ? issuers : []).map((each: unknown) => {
    const found = object(each, "an issuer");
    return { id: text(found, "id"), kind: text(found, "kind") };
  });
}

const pathOf = (appId: string, ...rest: readonly string[]): string =>
  apiPath("apps", appId, "publishers", ...rest);

const said = (trustedOnly: unknown): string =>
  trustedOnly === true ? "Nobody else may upload versions." : "Others may upload versions, too.";

export const publisherListCommand = defineCommand({
  name: "list",
  summary: "Show which build jobs an app trusts to upload its versions.",
  arguments: { app },
  options: STORE_OPTIONS,
  examples: [{ line: "mosis publisher list com.example.notes", does: "lists them with their claims" }],
  run: async (context): Promise<Result> => {
    const client = await connect(context, context.options);
    const json = await client.get(pathOf(context.arguments.app));
    const { items } = readPage(json, readPublisher);
    const { trustedOnly } = object(json, "the answer");
    return {
      data: json,
      text: (style) =>
        [
          items.length === 0 ? "The app trusts no build job." : rows(style, items),
          ...items
            .filter(({ leftBehind }) => leftBehind)
            .map(({ id }) => style.warn(`Who chose ${id} may choose none any more: is it a job of yours?`)),
          said(trustedOnly),
        ].join(LINE_END),
    };
  },
});

function rows(style: Style, items: readonly Publisher[]): string {
  return table(
    style,
    [{ title: "Id" }, { title: "Server" }, { title: "Must be" }, { title: "Last used" }],
    items.map(({ id, issuerName, claims, lastUsedAt }) => [
      id,
      issuerName ?? "not trusted any more",
      claims.join(", "),
      lastUsedAt === null ? "never" : formatTime(lastUsedAt),
    ]),
  );
}

const addOptions = {
  issuer: requiredOption<string>("--issuer", "ID", "the CI server, as the store's configuration calls it"),
  repository: option(
    "--repository",
    "NAME",
    "the repository or project with its owner, such as example/notes",
  ),
  workflow: option("--workflow", "FILE", "the name of the file that describes the job, such as release.yml"),
  environment: option("--environment", "NAME", "the environment that the job deploys to"),
  ref: option("--ref", "REF", "the branch or tag, as the server's tokens have it"),
  claim: repeatedOption("--claim", "NAME=VALUE", "another claim; repeat it for several"),
  ...STORE_OPTIONS,
};
const addArguments = { app };

export const publisherAddCommand = defineCommand({
  name: "add",
  summary: "Trust a build job to upload versions of an app.",
  description: [
    "For owners, with an API key of their own. What is said must be equal in the identity token of the job; a run that a pull or merge request began never counts.",
    "An environment that only some may deploy to, or a protected branch, is what keeps others with the right to push from publishing.",
  ],
  arguments: addArguments,
  options: addOptions,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis publisher add com.example.notes --issuer github --repository example/notes --workflow release.yml --environment release --store https://store.example.com",
      does: "trusts that workflow in that environment",
    },
  ],
  run: addPublisher,
});

async function addPublisher(context: Context<typeof addArguments, typeof addOptions>): Promise<Result> {
  const { app: appId } = context.arguments;
  const { issuer, repository, workflow, environment, ref, claim } = context.options;
  const client = await connect(context, context.options);
  const kind = readIssuers(await client.get(pathOf(appId))).find(({ id }) => id === issuer)?.kind;
  const named: readonly (readonly [name: string, value: string | undefined])[] = [
    [kind === "gitlab" ? "project_path" : "repository", repository],
    ["workflow_file", workflow],
    ["environment", environment],
    ["ref", ref],
    ...claim.map(claimOf),
  ];
  const said = named.filter((each): each is readonly [string, string] => each[1] !== undefined);
  refuseTwice(said.map(([name]) => name));
  const claims = Object.fromEntries(said);
  const { json } = await client.call({
    method: "POST",
    path: pathOf(appId),
    json: { issuer, claims },
    idempotencyKey: crypto.randomUUID(),
  });
  const made = readPublisher(json);
  return {
    data: json,
    text: (style) =>
      [
        style.good("Trusted."),
        fields(style, [
          ["id", made.id],
          ["server", made.issuerName ?? issuer],
          ["must be", made.claims.join(", ")],
        ]),
      ].join(LINE_END),
  };
}

/** Only one of them would count. */
function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new Problem("usage", "usage.invalid_value", `The claim ${JSON.stringify(twice)} is said twice.`);
}

function claimOf(said: string): [string, string] {
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(said) ?? [];
  if (name.trim() !== "" && value.trim() !== "") return [name.trim(), value.trim()];
  throw new Problem("usage", "usage.invalid_value", `--claim is NAME=VALUE; found ${JSON.stringify(said)}.`);
}

const PUBLISHER = argument("PUBLISHER", "the publisher's id, pub-…, as publisher list gives it");

export const publisherRemoveCommand = defineCommand({
  name: "remove",
  summary: "Trust a build job no more; tokens that it has end at once.",
  arguments: { app, publisher: PUBLISHER },
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis publisher remove com.example.notes pub-0190… --store https://store.example.com",
      does: "ends the trust",
    },
  ],
  run: async (context): Promise<Result> => {
    const client = await connect(context, context.options);
    const { app: appId, publisher } = context.arguments;
    const path = pathOf(appId, publisher, "remove");
    const { json } = await client.call({ method: "POST", path, idempotencyKey: crypto.randomUUID() });
    const removed = readPublisher(json);
    return { data: json, text: () => `${appId} trusts ${removed.name} no more.` };
  },
});

const WHETHER = argument("ON|OFF", "on: nobody else may; off: others may, too", (said) => {
  if (said === "on" || said === "off") return said;
  throw new Error("it is on or off");
});

export const publisherOnlyCommand = defineCommand({
  name: "only",
  summary: "Say whether only trusted publishers may upload versions of an app.",
  description: [
    "While it is on every API key and every person is refused. Switched off, it ends the tokens that build jobs have.",
  ],
  arguments: { app, whether: WHETHER },
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis publisher only com.example.notes on --store https://store.example.com",
      does: "refuses every other upload",
    },
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis publisher only com.example.notes off --store https://store.example.com",
      does: "lets others upload again",
    },
  ],
  run: async (context): Promise<Result> => {
    const client = await connect(context, context.options);
    const { app: appId, whether } = context.arguments;
    const { json } = await client.call({
      method: "POST",
      path: apiPath("apps", appId, "trusted-only"),
      json: { trustedOnly: whether === "on" },
      // The same state again is the same call.
      idempotencyKey: crypto.randomUUID(),
    });
    return { data: json, text: () => said(object(json, "the answer").trustedOnly) };
  },
});
