import { argument } from "../command.ts";
import { formatTime } from "../style.ts";
import { callCommand, listCommand } from "./operation-command.ts";
import { user } from "./user.ts";

type Session = { id: string; createdAt: string; expiresAt: string; address: string; userAgent: string };

export const sessionListCommand = listCommand<Session>({
  summary: "List where a person is signed in: their browser sessions, newest first.",
  operation: "session.list",
  isWhole: true,
  arguments: { user },
  columns: [
    ["Started", ({ createdAt }) => formatTime(createdAt)],
    ["Ends", ({ expiresAt }) => formatTime(expiresAt)],
    ["From", ({ address }) => address],
    ["Browser", ({ userAgent }) => userAgent],
    ["Id", ({ id }) => id],
  ],
  empty: "They are signed in nowhere.",
  examples: [
    { line: "mosis admin session list ada@example.com --data /srv/mosis", does: "prints each with its id" },
  ],
});

export const sessionEndCommand = callCommand({
  name: "end",
  summary: "End one session of a person.",
  operation: "session.end",
  arguments: { user, id: argument("ID", "the session's id, as “session list” shows it") },
  examples: [
    {
      line: "mosis admin session end ada@example.com 5f0c… --data /srv/mosis",
      does: "signs that browser out, and no other",
    },
  ],
  says: ({ ended }: { ended: boolean }) =>
    ended ? "The session is over." : "They have no such session: it is over already, or was never theirs.",
});

export const sessionEndAllCommand = callCommand({
  name: "end-all",
  summary: "End every session of a person.",
  description: [
    "They sign in again wherever they were. Their API keys stay; “user password” and “user disable” end sessions too.",
  ],
  operation: "session.end-all",
  arguments: { user },
  examples: [
    {
      line: "mosis admin session end-all ada@example.com --data /srv/mosis",
      does: "signs her out everywhere",
    },
  ],
  says: ({ ended }: { ended: number }) =>
    ended === 0
      ? "They were signed in nowhere."
      : `${ended} ${ended === 1 ? "session is" : "sessions are"} over.`,
});
