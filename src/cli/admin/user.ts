import { randomInt } from "node:crypto";
import type { StoreRole } from "../../roles.ts";
import { argument, type Context, defineCommand, option, type Result, requiredOption } from "../command.ts";
import { readText } from "../files.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { fields, formatTime, type Style } from "../style.ts";
import { callCommand, listCommand } from "./operation-command.ts";
import { STORE_ROLE_CHOICES, storeRole } from "./roles.ts";

export type User = {
  id: string;
  email: string;
  name: string;
  storeRole: StoreRole | null;
  createdAt: string;
  disabledAt: string | null;
  deletionAt: string | null;
  staysDisabled: boolean;
};

export const user = argument("USER", "the person's e-mail address or id");
const passwordOptions = {
  passwordFile: option("--password-file", "FILE", "take the password from this file instead of making one"),
};

const CHOICES = `${STORE_ROLE_CHOICES} or none`;

function roleOrNone(text: string): StoreRole | null {
  return text === "none" ? null : storeRole(text);
}

export function userText(account: User & { readonly password?: string }, style: Style): string {
  const { password } = account;
  return fields(style, [
    ["id", account.id],
    ["e-mail", account.email],
    ["name", account.name],
    ["store role", account.storeRole ?? "none"],
    ["state", stateText(account)],
    ...(account.deletionAt === null ? [] : [["will be deleted", formatTime(account.deletionAt)] as const]),
    ...(password === undefined
      ? []
      : [["password", `${password}  (shown once; hand it over and have it changed)`] as const]),
  ]);
}

function stateText({ disabledAt, staysDisabled }: User): string {
  if (disabledAt === null) return "active";
  const since = `disabled ${formatTime(disabledAt)}`;
  return staysDisabled ? since : `${since}, until its person takes the deletion back`;
}

/** With the password, when it was made here. */
function userResult(account: User, password: string | undefined): Result {
  const data = password === undefined ? account : { ...account, password };
  return { data, text: (style) => userText(data, style) };
}

export const userListCommand = listCommand<User>({
  summary: "List the people who have an account.",
  operation: "user.list",
  isWhole: true,
  columns: [
    ["E-mail", ({ email }) => email],
    ["Name", ({ name }) => name],
    ["Store role", ({ storeRole }) => storeRole ?? "none"],
    ["State", ({ disabledAt }) => (disabledAt === null ? "active" : "disabled")],
  ],
  examples: [{ line: "mosis admin user list --data /srv/mosis", does: "prints each account with its role" }],
});

export const userAddCommand = defineCommand({
  name: "add",
  summary: "Create an account.",
  description: ["Without --password-file a password is made and printed once."],
  arguments: { email: argument("EMAIL", "the address to sign in with") },
  options: {
    ...dataOptions,
    name: requiredOption("--name", "NAME", "how the person is called"),
    storeRole: option("--role", "ROLE", CHOICES, roleOrNone),
    ...passwordOptions,
  },
  examples: [
    {
      line: 'mosis admin user add ada@example.com --name "Ada Lovelace" --role reviewer --data /srv/mosis',
      does: "creates a reviewer and prints the password",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { password, made } = await passwordOf(context);
      const role = context.options.storeRole;
      const account = await operator.call<User>("user.add", {
        email: context.arguments.email,
        name: context.options.name,
        password,
        ...(role == null ? {} : { storeRole: role }),
      });
      return userResult(account, made ? password : undefined);
    }),
});

export const userRoleCommand = callCommand({
  name: "role",
  summary: "Give a person another role in the store.",
  operation: "user.role",
  arguments: { user, storeRole: argument("ROLE", CHOICES, roleOrNone) },
  examples: [
    {
      line: "mosis admin user role ada@example.com reviewer --data /srv/mosis",
      does: "makes her a reviewer",
    },
  ],
  says: (account: User, _, style) => userText(account, style),
});

export const userPasswordCommand = defineCommand({
  name: "password",
  summary: "Set a new password and end the person's sessions.",
  description: ["Without --password-file a password is made and printed once."],
  arguments: { user },
  options: { ...dataOptions, ...passwordOptions },
  examples: [
    { line: "mosis admin user password ada@example.com --data /srv/mosis", does: "prints her new password" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { password, made } = await passwordOf(context);
      const account = await operator.call<User>("user.password", { user: context.arguments.user, password });
      return userResult(account, made ? password : undefined);
    }),
});

export const userResetFactorsCommand = callCommand({
  name: "reset-factors",
  summary: "Remove every second factor of a person who has lost theirs.",
  description: [
    "Authenticator apps, passkeys and recovery codes go, and sessions end; the person is told. The password stays: give another one with “user password” when somebody else may know it. Where the role needs a second factor, they add a new one when they sign in.",
  ],
  operation: "user.reset-factors",
  arguments: { user },
  examples: [
    {
      line: "mosis admin user reset-factors ada@example.com --data /srv/mosis",
      does: "lets her sign in with her password alone, and add new ones",
    },
  ],
  says: (account: User, _, style) => userText(account, style),
});

export const userDisableCommand = callCommand({
  name: "disable",
  summary: "Disable an account: its sessions end and its keys are revoked for good.",
  operation: "user.disable",
  arguments: { user },
  confirm: {
    meaning: "do not ask; needed, since this ends the person's work at once",
    asks: () => "Disabling ends the person's sessions and keys at once, the keys for good.",
  },
  examples: [
    {
      line: "mosis admin user disable ada@example.com --yes --data /srv/mosis",
      does: "locks her out at once",
    },
  ],
  says: (account: User, _, style) => userText(account, style),
});

export const userEnableCommand = callCommand({
  name: "enable",
  summary: "Let a person whose account is disabled sign in again.",
  description: [
    "Their roles, password and API keys are as they were, but for keys that were revoked or have ended; their sessions stay over. An account that was to be deleted stays.",
  ],
  operation: "user.enable",
  arguments: { user },
  examples: [
    { line: "mosis admin user enable ada@example.com --data /srv/mosis", does: "lets her sign in again" },
  ],
  says: (account: User, _, style) => userText(account, style),
});

async function passwordOf(
  context: Pick<Context, "path"> & { options: { passwordFile?: string | undefined } },
): Promise<{ password: string; made: boolean }> {
  const file = context.options.passwordFile;
  if (file === undefined) return { password: makePassword(), made: true };
  return { password: (await readText(context.path(file))).replace(/\r?\n$/, ""), made: false };
}

/** Five groups of five letters and digits that are not mistaken for each other: 120 bits. */
function makePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 5 }, group).join("-");
}
