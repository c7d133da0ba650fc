import type { TokenKey } from "../../accounts/access-tokens/keys.ts";
import { defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime, LINE_END, type Style, table } from "../style.ts";

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

function rows(style: Style, items: readonly Listed[]): string {
  return table(
    style,
    [{ title: "Key" }, { title: "State" }, { title: "Signs from" }, { title: "Until" }],
    items.map(({ kid, state, signsFrom, signedUntil, endedAt }) => {
      const until = endedAt ?? signedUntil;
      return [kid, STATES[state], formatTime(signsFrom), until === null ? "" : formatTime(until)];
    }),
  );
}

export const tokensListCommand = defineCommand({
  name: "list",
  summary: "Show the keys that access tokens are signed with.",
  description: [
    "Access tokens are what devices and trusted publishers hold for some minutes. The store makes and rotates their keys by itself: each signs for 30 days.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin tokens list --data /srv/mosis", does: "lists the keys, the newest first" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: readonly Listed[] }>("tokens.keys", {});
      return {
        data: { items },
        text: (style) =>
          items.length === 0 ? "No access token was made yet, and so no key." : rows(style, items),
      };
    }),
});

export const tokensRotateCommand = defineCommand({
  name: "rotate",
  summary: "End every access token now, with the keys that signed them, and make another key.",
  description: [
    "What to do when somebody else may know a key of access tokens, or has had the database with its master key. Devices and build servers ask for new tokens by themselves; API keys and sessions are not concerned.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin tokens rotate --data /srv/mosis", does: "ends all tokens at once" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: readonly Listed[] }>("tokens.rotate", {});
      return {
        data: { items },
        text: (style) =>
          ["Every access token has ended; another key signs from now on.", rows(style, items)].join(LINE_END),
      };
    }),
});
