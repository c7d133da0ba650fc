/** What can be met with accounts, organisations, invitations, sessions and keys: who one is, and what one may. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const ACCOUNT_CODES: Readonly<Record<string, ErrorCode>> = {
  "account.address_proven": code(
    "conflict",
    "The address of the account is proven already.",
    "Nothing is left to do.",
  ),
  "account.deletion_hindered": code(
    "conflict",
    "The account cannot be deleted yet: somebody else would be left without an owner, or the store without an administrator.",
    "Do what each of the details says, and ask again.",
  ),
  "account.deletion_taken_back": code(
    "conflict",
    "Somebody took the deletion back while it was carried out.",
    "Ask who did, and delete the account again.",
  ),
  "account.deletion_unconfirmed": code(
    "unprocessable",
    "The address that was typed is not the account's.",
    "Type the address of the account that is to be deleted.",
  ),
  "account.disabled": code("conflict", "The account is disabled.", "Enable it first."),
  "account.exists": code(
    "conflict",
    "The address belongs to an account already.",
    "Sign in with it, or use another address.",
  ),
  "account.invalid": code(
    "unprocessable",
    "The address, name or password of an account cannot be taken.",
    "Mend the fields that are named.",
  ),
  "account.last_administrator": code(
    "conflict",
    "The store would be left without an administrator.",
    "Make another administrator first.",
  ),
  "account.not_disabled": code("conflict", "The account is in use.", "Disable it first."),
  "account.not_found": code("not_found", "There is no such account.", "Look at the list of accounts."),
  "apikey.ended": code(
    "conflict",
    "The API key is revoked or has expired, so it gets no new token.",
    "Make a new one.",
  ),
  "apikey.invalid": code(
    "unprocessable",
    "The name, the lifetime, the actions or the apps of an API key cannot be taken.",
    "Mend the fields that are named.",
  ),
  "apikey.not_found": code("not_found", "There is no such API key.", "Look at the list of API keys."),
  "apikey.too_many": code(
    "conflict",
    "The organisation or person has as many API keys that work as one can have.",
    "Revoke what is not needed any more.",
  ),
  "apikey.owner": code(
    "usage",
    "An API key belongs to one organisation or to one person.",
    "Name exactly one of them.",
  ),
  "auth.account_disabled": code(
    "unauthenticated",
    "The account of this API key is disabled.",
    "Ask the store's administrator.",
  ),
  "auth.busy": code(
    "too_many_requests",
    "Too many passwords are being checked at this moment.",
    "Try again in a few seconds.",
  ),
  "auth.insecure_transport": code(
    "forbidden",
    "Secrets are not taken over plain HTTP from another machine.",
    "Start the server with --tls-cert and --tls-key, or put a proxy with TLS before it and name it with --public-url.",
  ),
  "auth.required": code("unauthenticated", "The call needs an account.", "Sign in, or send an API key."),
  "auth.scheme": code(
    "unauthenticated",
    "The Authorization header is not a bearer token.",
    "Send “Authorization: Bearer” and an API key or an access token.",
  ),
  "auth.token_expired": code(
    "unauthenticated",
    "The API key or the access token has expired.",
    "Make a new key, or ask for a new token.",
  ),
  "auth.token_invalid": code(
    "unauthenticated",
    "The text is no API key and no access token of this store.",
    "Check that it was copied whole, and for this store.",
  ),
  "auth.token_revoked": code(
    "unauthenticated",
    "The API key was revoked, or what the access token was made for.",
    "Make a new key; ask whoever revoked it.",
  ),
  "auth.too_many_attempts": code(
    "too_many_requests",
    "Too many attempts to sign in to one account, or from one place, or to ask for an account, came in a row.",
    "Wait as long as Retry-After says. The guide “Sign-ins and guessing” says what is counted, and what else lets you in.",
  ),
  "auth.too_many_letters": code(
    "too_many_requests",
    "Several messages were written to this person within the hour.",
    "Look for them, also among unwanted mail, or try again later.",
  ),
  "factor.code_wrong": code(
    "unprocessable",
    "The code is not the one that the authenticator app shows now.",
    "Check that the app's clock is right, and give its next code.",
  ),
  "factor.exists": code(
    "conflict",
    "The authenticator app or passkey is added already.",
    "Nothing is left to do.",
  ),
  "factor.invalid": code(
    "unprocessable",
    "The name of a second factor cannot be taken.",
    "Follow the limits that are named.",
  ),
  "factor.last_way_in": code(
    "conflict",
    "The passkey is the only thing by which the person can sign in.",
    "Set a password, or add another passkey first.",
  ),
  "factor.needed": code(
    "conflict",
    "The person's role needs a second factor, and this is the only one.",
    "Add another one first.",
  ),
  "factor.no_passkeys_here": code(
    "conflict",
    "Browsers make no passkeys for the address at which the store was opened.",
    "Open the store by its name over https, or as localhost on its own machine.",
  ),
  "factor.none": code(
    "conflict",
    "The account has no second factor that recovery codes could stand in for.",
    "Add one first.",
  ),
  "factor.not_found": code(
    "not_found",
    "There is no such second factor of the account.",
    "Look at the list of second factors.",
  ),
  "factor.no_passkey": code(
    "unprocessable",
    "The form for a new passkey came without one.",
    "Use its button, in a browser that runs JavaScript.",
  ),
  "factor.offer_over": code(
    "conflict",
    "Adding the second factor took too long, or was answered by another page or device.",
    "Begin again.",
  ),
  "factor.required": code(
    "forbidden",
    "The role that would allow this needs a second factor, and its person has none.",
    "Sign in and add one; the role counts from then on, also for API keys.",
  ),
  "factor.sign_in_over": code(
    "unauthenticated",
    "The second step of signing in took too long, or is done.",
    "Sign in again with the password.",
  ),
  "factor.too_many": code(
    "conflict",
    "The account has as many second factors as it may have.",
    "Remove one first.",
  ),
  "group.exists": code(
    "conflict",
    "Another group has the name already, or one that looks like it.",
    "Use another name, or that group.",
  ),
  "group.in_use": code(
    "conflict",
    "Apps are for the group, so it cannot be deleted.",
    "Say first who else may see each of them.",
  ),
  "group.invalid": code(
    "unprocessable",
    "The name or description of a group cannot be taken.",
    "Mend the fields that are named.",
  ),
  "group.not_found": code("not_found", "There is no such group.", "Look at the list of groups."),
  "group.too_many": code(
    "conflict",
    "The store has as many groups as it can have.",
    "Delete those that nobody needs any more.",
  ),
  "invitation.accepted": code(
    "conflict",
    "The invitation was taken up, so it cannot be taken back.",
    "Change what the person may do where the members are listed.",
  ),
  "invitation.account_exists": code(
    "conflict",
    "There is an account with the invited address by now.",
    "Sign in with it, and open the link again.",
  ),
  "invitation.invalid": code(
    "unprocessable",
    "The invitation cannot be sent as it was filled in.",
    "Mend the fields that are named.",
  ),
  "invitation.member": code(
    "conflict",
    "The invited person has an account already, or is a member already.",
    "Change their role instead.",
  ),
  "invitation.not_found": code(
    "not_found",
    "There is no such invitation, or none that one may see.",
    "Look at the list of open invitations.",
  ),
  "invitation.other_account": code(
    "forbidden",
    "The invitation is for another address than the one that is signed in.",
    "Sign in with the account of the invited address, and open the link again.",
  ),
  "link.invalid": code(
    "forbidden",
    "A link that works once was used, has expired, or was replaced.",
    "Ask for a new one.",
  ),
  "login.code_unknown": code(
    "unprocessable",
    "No program waits with this code: it was mistyped, is older than ten minutes, or was used.",
    "Type it as the program shows it, or begin again with mosis login.",
  ),
  "login.days": code(
    "unprocessable",
    "A program cannot stay signed in for so long.",
    "Choose one of the times that the page offers.",
  ),
  "login.too_many_waiting": code(
    "too_many_requests",
    "Too many programs at one address have begun to sign in, and nobody has let them in or sent them away.",
    "Wait as long as Retry-After says, or make an API key on the page “Your API keys”.",
  ),
  "member.apps": code(
    "unprocessable",
    "A role cannot be narrowed to what was named: an owner’s role, too many apps, or what is no app of the organisation.",
    "Name apps of the organisation, or none for the whole organisation.",
  ),
  "member.not_found": code(
    "not_found",
    "There is no such member of the organisation.",
    "Look at the list of members.",
  ),
  "message.no_link": code(
    "conflict",
    "The message has no link that works once.",
    "Nothing needs to be handed over: its reader sees it when they sign in.",
  ),
  "message.over": code(
    "conflict",
    "What the message is about has been done, was taken back, or has ended.",
    "Let the person ask again, or invite them again.",
  ),
  "organisation.name_taken": code(
    "conflict",
    "Another organisation has the name, or one that looks like it.",
    "Choose a name that nobody takes for another's. If somebody passes for you, tell the store's administrators.",
  ),
  "organisation.renamed_often": code(
    "too_many_requests",
    "The organisation, whose apps are in the store, was given several names within the hour.",
    "Wait as long as Retry-After says, or ask an administrator of the store.",
  ),
  "organisation.invalid": code(
    "unprocessable",
    "The organisation's name cannot be taken.",
    "Follow the message; the rule is “What a name may be” in the administrator's guide.",
  ),
  "organisation.last_owner": code(
    "conflict",
    "The last owner who can sign in can neither leave nor get another role.",
    "Make another member an owner first.",
  ),
  "organisation.owned": code(
    "conflict",
    "The organisation has an owner who can sign in, so it is not taken over.",
    "Ask its owner.",
  ),
  "organisation.owner_unknown": code(
    "unprocessable",
    "There is no account with the address of the new owner, or it is disabled.",
    "Invite them, or enable the account, first.",
  ),
  "organisation.owners_only": code(
    "forbidden",
    "Only an owner of an organisation makes another one.",
    "Ask an owner. Where none is left who can sign in, an administrator takes the organisation over.",
  ),
  "organisation.not_found": code(
    "not_found",
    "There is no such organisation, or none that you may see.",
    "Check the id.",
  ),
  "organisation.required": code(
    "invalid",
    "It is not clear for which organisation you act.",
    "Name it with organisationId.",
  ),
  "reason.invalid": code(
    "unprocessable",
    "The reason is missing, too long, or has characters that control text.",
    "Say why, in a sentence or two.",
  ),
  "rights.forbidden": code(
    "forbidden",
    "You may see it, and may not do this to it.",
    "Ask for the right, or use another account or key.",
  ),
  "notification.always_mailed": code(
    "unprocessable",
    "Letters about the security of an account, and about signing keys, cannot be turned off.",
    "Leave those topics out.",
  ),
  "notification.not_found": code(
    "not_found",
    "There is no such notification for you, or it was removed after its time.",
    "Look at the list of yours.",
  ),
  "setup.done": code("conflict", "The store is set up already.", "Sign in."),
  "setup.link_invalid": code(
    "forbidden",
    "The set-up link was used, expired or was replaced.",
    "Make a new one with “mosis admin setup-link”.",
  ),
  "signup.closed": code(
    ["forbidden", "conflict"],
    "In this store people do not make accounts by themselves, or only its operator makes them.",
    "Ask the store's administrator.",
  ),
  "signup.domain": code(
    "unprocessable",
    "Accounts of this store are for addresses of certain domains.",
    "Use an address of one of them.",
  ),
};
