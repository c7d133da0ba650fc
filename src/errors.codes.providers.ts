/** What people and operators meet when somebody signs in with an outside provider. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const PROVIDER_CODES: Readonly<Record<string, ErrorCode>> = {
  "config.provider": code(
    "usage",
    "A setting of an outside provider is not one, or is missing.",
    "Correct the key that is named; the guide on signing in with a provider says what each takes.",
  ),
  "identity.last": code(
    "conflict",
    "The linked account is the only way to sign in that is left.",
    "Set a password by the link of “Forgotten your password?”, or link another account; then unlink this one.",
  ),
  "identity.not_found": code(
    "not_found",
    "There is no such linked account of yours.",
    "Look at the list of linked accounts.",
  ),
  "identity.second": code(
    "conflict",
    "The account is linked to another account of the same provider.",
    "Unlink that one first.",
  ),
  "provider.address": code(
    "forbidden",
    "The provider tells no address of the person, or one that it has not verified.",
    "Verify the address there, and let the provider tell it: an address that nobody verified links to nothing.",
  ),
  "provider.answer": code(
    "unreachable",
    "What the provider answers is not what the protocol asks for, is too long, or leads elsewhere.",
    "Run `mosis admin sign-in test`: it says what is wrong.",
  ),
  "provider.client": code(
    "unreachable",
    "The provider does not take the store's own credentials, or the address to come back to.",
    "Check client_id, the file of client_secret_file, and the redirect address that is registered there; `mosis admin sign-in list` shows it.",
  ),
  "provider.code": code(
    "forbidden",
    "The provider does not take the code or token any more: it was used, has expired, or was taken back.",
    "Start the sign-in again.",
  ),
  "provider.disabled": code(
    "forbidden",
    "The account that it signs in to is disabled.",
    "Ask the store's administrator.",
  ),
  "provider.domain": code(
    "forbidden",
    "Only people with verified addresses of certain domains sign in with this provider.",
    "Choose another account at the provider, or sign in another way.",
  ),
  "provider.failed": code(
    "unreachable",
    "The provider says that it cannot sign people in, for a reason of its own.",
    "Try again later. The program's log has the provider's word for it.",
  ),
  "provider.file": code(
    "unreachable",
    "The file with the client's secret or the authorities' certificates cannot be read, or does not hold what it should.",
    "Check the path in the configuration, and that the user who runs mosis may read the file.",
  ),
  "provider.flow": code(
    "forbidden",
    "The way back from the provider was used already, took more than 15 minutes, or began in another browser.",
    "Start the sign-in again, in one browser that takes cookies.",
  ),
  "provider.moved": code(
    "forbidden",
    "Another server stands under the provider's id in the configuration than when the account was linked, and vouches for another address: the number may be somebody else's there.",
    "Sign in another way, and unlink and link the account. Give another server an id of its own in the configuration.",
  ),
  "provider.no_account": code(
    "forbidden",
    "The person has no account here, and signing up does not let the provider make one.",
    "Invite them, or change who may make accounts (--sign-up).",
  ),
  "provider.refused": code(
    "forbidden",
    "The person cancelled at the provider, or it did not let them in.",
    "Start again, and agree there; or sign in another way.",
  ),
  "provider.taken": code(
    "conflict",
    "The account at the provider signs in to another account of this store, or may not sign in to this one.",
    "Unlink it from the other account first, or choose another one at the provider.",
  ),
  "provider.token": code(
    "forbidden",
    "The identity token is for somebody else, another sign-in or another time, or its signature is not the provider's.",
    "Start again. If it stays so, compare the clocks of the store and the provider: `mosis admin sign-in test`.",
  ),
  "provider.unknown": code(
    "not_found",
    "The configuration has no provider of this name.",
    "Look at the buttons on the page for signing in.",
  ),
  "provider.unreachable": code(
    "unreachable",
    "The provider cannot be reached, or does not answer in time.",
    "Sign in with a password, or try later. `mosis admin sign-in test` says what the connection met.",
  ),
};
