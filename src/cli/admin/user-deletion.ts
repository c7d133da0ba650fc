import { Problem } from "../../errors.ts";
import { defineCommand, flag } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { type User, user, userResult } from "./user.ts";

export const userDeleteCommand = defineCommand({
  name: "delete",
  summary: "Delete a disabled account, and what tells of its person.",
  description: [
    "It is deleted some days later (the setting account_deletion_days), until when “user keep” takes that back; with --now at once, and for good. What must stay, such as who approved a version, stays with an id that is nobody's. Refused for the last owner of an organisation that has other members or apps, and for the last administrator.",
  ],
  arguments: { user },
  options: {
    ...dataOptions,
    now: flag("--now", "do not wait: what is deleted cannot come back"),
    yes: flag("--yes", "do not ask; needed, since this takes away what the person has here"),
  },
  examples: [
    {
      line: "mosis admin user delete bo@example.com --yes --data /srv/mosis",
      does: "deletes his account in a week",
    },
  ],
  run: (context) => {
    const { yes, now } = context.options;
    if (!yes) {
      throw new Problem(
        "usage",
        "usage.not_confirmed",
        "Deleting takes away what tells of the person, for good in the end: add --yes to do it.",
      );
    }
    return withOperator(context, async (operator) => {
      const input = { user: context.arguments.user, ...(now ? { now } : {}) };
      const account = await operator.call<User>("user.delete", input);
      return now ? { data: account, text: () => `${account.id} is deleted.` } : userResult(account);
    });
  },
});

export const userKeepCommand = defineCommand({
  name: "keep",
  summary: "Keep an account that was to be deleted; it stays disabled.",
  arguments: { user },
  options: dataOptions,
  examples: [
    { line: "mosis admin user keep bo@example.com --data /srv/mosis", does: "takes the deletion back" },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      userResult(await operator.call<User>("user.keep", { user: context.arguments.user })),
    ),
});
