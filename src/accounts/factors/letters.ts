/** What people are told about their second factors, whoever changed them. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type LocalName, say, sayAll, type Words } from "../../say.ts";
import { tellAddress } from "../messages/outbox.ts";
import type { AccountRow } from "../records.ts";
import { localStoreName } from "../store-name.ts";

type FactorNotice =
  | { readonly kind: "added"; readonly what: Words }
  | { readonly kind: "removed"; readonly what: Words }
  | { readonly kind: "reset"; readonly by: Words }
  | { readonly kind: "codes_made" }
  | { readonly kind: "code_used"; readonly left: number }
  | { readonly kind: "guessed" };

const HELP = say`If that was not you, change your password and ask the store's administrator for help.`;

function words(notice: FactorNotice, name: LocalName): readonly [subject: Words, ...body: Words[]] {
  switch (notice.kind) {
    case "added":
      return [
        say`A second factor for ${name} was added`,
        sayAll([
          say`${notice.what} was added to your account: it can be asked for when you sign in, from now on.`,
          HELP,
        ]),
      ];
    case "removed":
      return [
        say`A second factor for ${name} was removed`,
        sayAll([say`${notice.what} was removed from your account.`, HELP]),
      ];
    case "reset":
      return [
        say`Your second factors for ${name} were removed`,
        say`Every authenticator app, passkey and recovery code of your account was removed by ${notice.by}, and every session has ended. Sign in with your password, and add new ones. If you did not ask for it, change your password and tell the store's administrator.`,
      ];
    case "codes_made":
      return [
        say`New recovery codes for ${name}`,
        sayAll([say`New recovery codes were made for your account, and the ones before work no more.`, HELP]),
      ];
    case "code_used":
      return [
        say`A recovery code for ${name} was used`,
        sayAll([
          say`Somebody signed in to your account with your password and a recovery code.`,
          say`${notice.left} of them are left.`,
          HELP,
        ]),
      ];
    case "guessed":
      return [
        say`Somebody knows your password for ${name}`,
        say`Somebody gave your right password and then wrong codes, again and again. They were not let in. Change your password now.`,
      ];
  }
}

export function tellOfFactors(
  store: Store,
  tx: Tx,
  account: Pick<AccountRow, "id" | "email">,
  notice: FactorNotice,
  now: Date,
  asked?: string,
): void {
  const [subject, ...body] = words(notice, localStoreName(store));
  tellAddress(
    tx,
    { address: account.email, accountId: account.id, asked },
    { kind: `factor.${notice.kind}`, subject, body, path: "/account/second-factor" },
    now,
  );
}
