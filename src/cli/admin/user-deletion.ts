import { flag } from "../command.ts";
import { callCommand } from "./operation-command.ts";
import { type User, user, userText } from "./user.ts";

export const userDeleteCommand = callCommand({
  name: "delete",
  summary: "Delete a disabled account, and what tells of its person.",
  description: [
    "It is deleted some days later (the setting account_deletion_days), until when “user keep” takes that back; with --now at once, and for good. What must stay, such as who approved a version, stays with an id that is nobody's. Refused for the last owner of an organisation that has other members or apps, and for the last administrator.",
  ],
  operation: "user.delete",
  arguments: { user },
  options: { now: flag("--now", "do not wait: what is deleted cannot come back") },
  confirm: {
    meaning: "do not ask; needed, since this takes away what the person has here",
    asks: () => "Deleting takes away what tells of the person, for good in the end.",
  },
  examples: [
    {
      line: "mosis admin user delete bo@example.com --yes --data /srv/mosis",
      does: "deletes his account in a week",
    },
  ],
  says: (account: User, { options: { now } }, style) =>
    now ? `${account.id} is deleted.` : userText(account, style),
});

export const userKeepCommand = callCommand({
  name: "keep",
  summary: "Keep an account that was to be deleted; it stays disabled.",
  operation: "user.keep",
  arguments: { user },
  examples: [
    { line: "mosis admin user keep bo@example.com --data /srv/mosis", does: "takes the deletion back" },
  ],
  says: (account: User, _, style) => userText(account, style),
});
