import type { Tried } from "../../accounts/providers/try.ts";
import { argument, defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig, dataOptions } from "../store-options.ts";
import { BLANK_LINE, LINE_END } from "../style.ts";

type Listed = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly accounts: boolean;
  readonly domains: readonly string[];
  readonly groups: number;
  readonly redirectUri: string;
};

/** A clock that is further off lets identity tokens look as if they had expired. */
const MOST_SECONDS_OFF = 30;

export const signInListCommand = defineCommand({
  name: "list",
  summary:
    "Show the outside providers of the configuration, and the address that must be registered with each.",
  description: [
    "The running server answers, with its own settings; without one, those of MOSIS_PROVIDERS count, or those of the file of --config.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [
    {
      line: "mosis admin sign-in list --data /srv/mosis",
      does: "prints the providers and their redirect addresses",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const url = storeAddress(commandConfig(context));
      const { items } = await operator.call<{ items: readonly Listed[] }>("sign-in.list", { origin: url });
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "No outside provider is set up: people sign in with passwords."
            : items
                .map(({ id, name, kind, issuer, redirectUri, domains, groups }) =>
                  [
                    `${style.bold(id)}  ${name} (${kind})`,
                    `  issuer            ${issuer}`,
                    `  redirect address  ${redirectUri}`,
                    ...(domains.length === 0 ? [] : [`  only domains      ${domains.join(", ")}`]),
                    ...(groups === 0 ? [] : [`  groups            ${groups} give roles`]),
                  ].join(LINE_END),
                )
                .join(BLANK_LINE),
      };
    }),
});

export const signInTestCommand = defineCommand({
  name: "test",
  summary: "Ask a provider all that a sign-in needs, and say what is wrong.",
  description: [
    "Discovery, keys, the clock, and whether it takes the store's client id and secret. Nobody is signed in.",
    "The exit code is 0 when a sign-in can work, and 3 when the provider cannot be reached, or refuses what the configuration says.",
  ],
  arguments: { id: argument("ID", "the provider's id in the configuration") },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin sign-in test sso --data /srv/mosis",
      does: "asks the provider sso, and says what it answers",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { id } = context.arguments;
      const url = storeAddress(commandConfig(context));
      const tried = await operator.call<Tried>("sign-in.test", { id, origin: url });
      const { keys, clockSeconds, unknownScopes } = tried;
      return {
        data: tried,
        text: (style) =>
          [
            `${style.good("Ready")}: ${tried.name} takes this store's client, at ${tried.issuer}.`,
            ...(keys === null
              ? []
              : [`It publishes ${keys} ${keys === 1 ? "key" : "keys"} for identity tokens.`]),
            ...(clockSeconds === null ? [] : [clockWords(clockSeconds)]),
            ...(unknownScopes.length === 0
              ? []
              : [
                  style.bad(
                    `It does not list these scopes, and may refuse them: ${unknownScopes.join(", ")}.`,
                  ),
                ]),
            `It must send people back to ${tried.redirectUri}`,
          ].join(LINE_END),
      };
    }),
});

function clockWords(seconds: number): string {
  if (Math.abs(seconds) <= 2) return "Its clock and this one agree.";
  const off = `Its clock is ${Math.abs(seconds)} seconds ${seconds > 0 ? "before" : "behind"} this one`;
  return Math.abs(seconds) <= MOST_SECONDS_OFF
    ? `${off}.`
    : `${off}: set the one that is wrong, or sign-ins will fail.`;
}
