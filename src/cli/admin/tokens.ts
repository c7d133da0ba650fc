import type { TokenKey } from "../../accounts/access-tokens/keys.ts";
import { formatTime, LINE_END } from "../style.ts";
import { type CellOf, callCommand, listCommand, tableOf } from "./operation-command.ts";

/** As it comes over the socket, with times as texts. */
type Listed = Pick<TokenKey, "kid" | "state"> & {
  readonly signsFrom: string;
  readonly signedUntil: string | null;
  readonly endedAt: string | null;
};

const STATES: Readonly<Record<TokenKey["state"], string>> = {
  signs: "signs",
  next: "signs next",
  retired: "its last tokens end",
  ended: "ended",
};

const COLUMNS: readonly CellOf<Listed>[] = [
  ["Key", ({ kid }) => kid],
  ["State", ({ state }) => STATES[state]],
  ["Signs from", ({ signsFrom }) => formatTime(signsFrom)],
  [
    "Until",
    ({ endedAt, signedUntil }) => {
      const until = endedAt ?? signedUntil;
      return until === null ? "" : formatTime(until);
    },
  ],
];

export const tokensListCommand = listCommand<Listed>({
  summary: "Show the keys that access tokens are signed with.",
  description: [
    "Access tokens are what devices and trusted publishers hold for some minutes. The store makes and rotates their keys by itself: each signs for 30 days.",
  ],
  operation: "tokens.keys",
  isWhole: true,
  columns: COLUMNS,
  empty: "No access token was made yet, and so no key.",
  examples: [{ line: "mosis admin tokens list --data /srv/mosis", does: "lists the keys, the newest first" }],
});

export const tokensRotateCommand = callCommand({
  name: "rotate",
  summary: "End every access token now, with the keys that signed them, and make another key.",
  description: [
    "What to do when somebody else may know a key of access tokens, or has had the database with its master key. Devices and build servers ask for new tokens by themselves; API keys and sessions are not concerned.",
  ],
  operation: "tokens.rotate",
  examples: [{ line: "mosis admin tokens rotate --data /srv/mosis", does: "ends all tokens at once" }],
  says: ({ items }: { readonly items: readonly Listed[] }, _, style) =>
    ["Every access token has ended; another key signs from now on.", tableOf(style, COLUMNS, items)].join(
      LINE_END,
    ),
});
