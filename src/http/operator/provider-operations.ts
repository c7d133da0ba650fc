/** What `mosis admin sign-in` does, as operations. */
import { Type as t } from "@sinclair/typebox";
import { redirectUriOf } from "../../accounts/providers/ask.ts";
import { tryProvider } from "../../accounts/providers/try.ts";
import { type Operation, operation } from "./operation.ts";

/** The command knows better than the server under which address people reach it. */
const ORIGIN = t.String({ maxLength: 300 });

export const PROVIDER_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "sign-in.list",
    operation(t.Object({ origin: ORIGIN }), ({ config }, { origin }) => ({
      items: config.providers.map(({ id, name, kind, issuer, clientId, accounts, domains, groups }) => ({
        id,
        name,
        kind,
        issuer,
        clientId,
        accounts,
        domains,
        groups: groups.length,
        redirectUri: redirectUriOf(origin, id),
      })),
    })),
  ],
  [
    "sign-in.test",
    operation(t.Object({ id: t.String({ maxLength: 64 }), origin: ORIGIN }), (store, { id, origin }) =>
      tryProvider(store, id, redirectUriOf(origin, id)),
    ),
  ],
];
