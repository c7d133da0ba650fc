import { isProblem } from "../errors.ts";
import { object, text } from "./answers.ts";
import { apiPath, type Client, createClient } from "./client.ts";
import { type Context, defineCommand, flag, optionalArgument, type Result } from "./command.ts";
import { chosenStore, chosenTlsCa, STORE_OPTIONS } from "./connection.ts";
import { findLogin, forgetLogin, noLogin } from "./logins.ts";

const args = { store: optionalArgument("STORE", "the store's address (else MOSIS_STORE)") };
const options = {
  storeCa: STORE_OPTIONS.storeCa,
  here: flag("--here", "forget the login on this machine only, where the store cannot be reached"),
};

export const logoutCommand = defineCommand({
  name: "logout",
  summary: "Sign out of a store: the login's key is revoked there, and forgotten here.",
  arguments: args,
  options,
  examples: [{ line: "mosis logout", does: "signs you out of the only store that you are signed in to" }],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { environment, signal } = context.io;
  const store = await chosenStore(context.arguments.store, environment, "STORE");
  const login = await findLogin(environment, store);
  if (login === null) throw noLogin(store);
  let revoked = false;
  if (!context.options.here) {
    const tlsCa = await chosenTlsCa(context.options, environment, context.path);
    revoked = await endKey(createClient({ origin: store, token: login.token, tlsCa }, { signal }));
  }
  await forgetLogin(environment, store);
  return {
    data: { store, revoked },
    text: (style) =>
      context.options.here
        ? `${style.warn("Forgotten")} on this machine. The key still works: revoke it on the page “Your API keys” of ${store}.`
        : `${style.good("Signed out")} of ${store}.`,
  };
}

/** Revokes the key that the client speaks with; false: it was over already. @throws Problem `client.…` and the store's own */
export async function endKey(client: Client): Promise<boolean> {
  try {
    const me = object(await client.get(apiPath("me")), "who you are");
    await client.call({ method: "POST", path: apiPath("me", "api-keys", text(me, "keyId"), "revoke") });
    return true;
  } catch (error) {
    if (isProblem(error) && error.kind === "unauthenticated") return false;
    throw error;
  }
}
