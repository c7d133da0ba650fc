import { Problem } from "../errors.ts";
import { type Fields, object, text } from "./answers.ts";
import { apiPath, createClient } from "./client.ts";
import { type Context, defineCommand, optionalArgument, type Result } from "./command.ts";
import { chosenConnection, givenToken, STORE_OPTIONS } from "./connection.ts";
import { findLogin } from "./logins.ts";
import { fields, formatTime, type Style } from "./style.ts";

const args = { store: optionalArgument("STORE", "the store's address (else --store, or MOSIS_STORE)") };

export const whoamiCommand = defineCommand({
  name: "whoami",
  summary: "Show who you are at a store, and by what.",
  arguments: args,
  options: STORE_OPTIONS,
  examples: [
    { line: "mosis whoami", does: "asks the store that you are signed in to" },
    { line: "mosis whoami https://store.example.com", does: "asks that one of several" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof STORE_OPTIONS>): Promise<Result> {
  const { environment, signal } = context.io;
  const options = { ...context.options, store: oneStore(context.arguments.store, context.options.store) };
  const connection = await chosenConnection(options, environment, context.path);
  const me = object(await createClient(connection, { signal }).get(apiPath("me")), "who you are");
  const login =
    givenToken(context.options, environment) === undefined
      ? await findLogin(environment, connection.origin)
      : null;
  const by = login === null ? "a token that was given" : `mosis login, until ${formatTime(login.expiresAt)}`;
  return {
    data: { store: connection.origin, by: login === null ? "token" : "login", me },
    text: (style) => meText(style, connection.origin, by, me),
  };
}

/** As the argument of login and logout, or as the option of every other command; of two, neither is guessed. */
function oneStore(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument === undefined || option === undefined || argument === option) return argument ?? option;
  const message = `Name one store: STORE is ${argument}, and --store is ${option}.`;
  throw new Problem("usage", "usage.excess_arguments", message);
}

function meText(style: Style, store: string, by: string, me: Fields): string {
  const organisations = Array.isArray(me.organisations)
    ? me.organisations.map((each) => object(each, "an organisation"))
    : [];
  const isPerson = me.kind === "account";
  return fields(style, [
    ["store", store],
    ["you are", isPerson ? personText(style, me) : "a key of an organisation"],
    ...(typeof me.storeRole === "string" ? [["role in the store", me.storeRole] as const] : []),
    ...organisations.map(
      (each) =>
        [
          "organisation",
          `${text(each, "name")}: ${text(each, "role")}${appsOf(each)}${pauseOf(each)}`,
        ] as const,
    ),
    ["by", by],
  ]);
}

/** A narrowed key is not told whose it is, but where it was given something that is about the person. */
function personText(style: Style, { name, email }: Fields): string {
  if (typeof name !== "string" || typeof email !== "string")
    return "a key of a person, for certain actions or apps";
  return `${style.bold(name)} (${email})`;
}

/** What a role is narrowed to. */
function pauseOf({ paused }: Fields): string {
  return paused === true ? ", paused: it counts for nothing until its provider confirms the group" : "";
}

function appsOf({ apps }: Fields): string {
  return Array.isArray(apps) ? ` of ${apps.length === 0 ? "no app" : apps.join(", ")}` : "";
}
