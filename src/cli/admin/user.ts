import { randomInt } from "node:crypto";
import { STORE_ROLES, type StoreRole } from "../../accounts/actor.ts";
import { Problem } from "../../errors.ts";
import {
  argument,
  type Context,
  defineCommand,
  flag,
  option,
  type Result,
  requiredOption,
} from "../command.ts";
import { readText } from "../files.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { fields, formatTime, table } from "../style.ts";

export type User = {
  id: string;
  email: string;
  name: string;
  storeRole: StoreRole | null;
  createdAt: string;
  disabledAt: string | null;
  deletionAt: string | null;
};

export const user = argument("USER", "the person's e-mail address or id");
const passwordOptions = {
  passwordFile: option("--password-file", "FILE", "take the password from this file instead of making one"),
};

const CHOICES = `${STORE_ROLES.join(", ")} or none`;

function storeRole(text: string): StoreRole | null {
  const role = STORE_ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  if (text === "none") return null;
  throw new Error(`a store role is ${CHOICES}`);
}

export function userResult(account: User, password?: string): Result {
  return {
    data: password === undefined ? account : { ...account, password },
    text: (style) =>
      fields(style, [
        ["id", account.id],
        ["e-mail", account.email],
        ["name", account.name],
        ["store role", account.storeRole ?? "none"],
        ["state", account.disabledAt === null ? "active" : `disabled ${formatTime(account.disabledAt)}`],
        ...(account.deletionAt === null
          ? []
          : [["will be deleted", formatTime(account.deletionAt)] as const]),
        ...(password === undefined
          ? []
          : [["password", `${password}  (shown once; hand it over and have it changed)`] as const]),
      ]),
  };
}

export const userListCommand = defineCommand({
  name: "list",
  summary: "List the people who have an account.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin user list --data /srv/mosis", does: "prints each account with its role" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: User[] }>("user.list", {});
      return {
        data: { items },
        text: (style) =>
          table(
            style,
            [{ title: "E-mail" }, { title: "Name" }, { title: "Store role" }, { title: "State" }],
            items.map((item) => [
              item.email,
              item.name,
              item.storeRole ?? "none",
              item.disabledAt === null ? "active" : "disabled",
            ]),
          ),
      };
    }),
});

export const userAddCommand = defineCommand({
  name: "add",
  summary: "Create an account.",
  description: ["Without --password-file a password is made and printed once."],
  arguments: { email: argument("EMAIL", "the address to sign in with") },
  options: {
    ...dataOptions,
    name: requiredOption("--name", "NAME", "how the person is called"),
    storeRole: option("--role", "ROLE", CHOICES, storeRole),
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

export const userRoleCommand = defineCommand({
  name: "role",
  summary: "Give a person another role in the store.",
  arguments: { user, role: argument("ROLE", CHOICES, storeRole) },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin user role ada@example.com reviewer --data /srv/mosis",
      does: "makes her a reviewer",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      userResult(
        await operator.call<User>("user.role", {
          user: context.arguments.user,
          storeRole: context.arguments.role,
        }),
      ),
    ),
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

export const userResetFactorsCommand = defineCommand({
  name: "reset-factors",
  summary: "Remove every second factor of a person who has lost theirs.",
  description: [
    "Authenticator apps, passkeys and recovery codes go, and sessions end; the person is told. The password stays: give another one with “user password” when somebody else may know it. Where the role needs a second factor, they add a new one when they sign in.",
  ],
  arguments: { user },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin user reset-factors ada@example.com --data /srv/mosis",
      does: "lets her sign in with her password alone, and add new ones",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      userResult(await operator.call<User>("user.reset-factors", { user: context.arguments.user })),
    ),
});

export const userDisableCommand = defineCommand({
  name: "disable",
  summary: "Disable an account: its sessions end and its keys stop working.",
  arguments: { user },
  options: {
    ...dataOptions,
    yes: flag("--yes", "do not ask; needed, since this ends the person's work at once"),
  },
  examples: [
    {
      line: "mosis admin user disable ada@example.com --yes --data /srv/mosis",
      does: "locks her out at once",
    },
  ],
  run: (context) => {
    if (!context.options.yes) {
      throw new Problem(
        "usage",
        "usage.not_confirmed",
        "Disabling ends the person's sessions and keys at once: add --yes to do it.",
      );
    }
    return withOperator(context, async (operator) =>
      userResult(await operator.call<User>("user.disable", { user: context.arguments.user })),
    );
  },
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
