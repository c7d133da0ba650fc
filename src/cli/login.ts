import { hostname } from "node:os";
import { isProblem, Problem } from "../errors.ts";
import { type Fields, number, object, text, unexpected } from "./answers.ts";
import { apiPath, type Client, createClient, pause } from "./client.ts";
import { type Context, defineCommand, optionalArgument, type Result } from "./command.ts";
import { chosenStore, chosenTlsCa, givenToken, refusePlainHttp, STORE_OPTIONS } from "./connection.ts";
import { isTokenText, type Login, readyToSave, saveLogin, tokenToEnd } from "./logins.ts";
import { endKey } from "./logout.ts";
import { fields, formatTime, inLine, LINE_END, safeForTerminal } from "./style.ts";

const args = { store: optionalArgument("STORE", "the store's address (else MOSIS_STORE)") };
const options = { storeCa: STORE_OPTIONS.storeCa };

const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const SLOWER_SECONDS = 5;
const HOUR_SECONDS = 3600;
const CENTURY_SECONDS = 100 * 366 * 86_400;

export const loginCommand = defineCommand({
  name: "login",
  summary: "Sign in to a store, as yourself, for the commands on this machine.",
  description: [
    "Prints a code and an address. Open the address in a browser, on any machine, and let this one in there. No password is typed here.",
    "What the store gives is kept for you alone (mode 0600), one login for each store. It is one of your API keys: you see it on the page “Your API keys”, and revoke it there or with mosis logout.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis login https://store.example.com", does: "signs you in to that store" },
    { line: "mosis login", does: "signs you in again to the only store that you know" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { environment, signal, clock } = context.io;
  const store = await chosenStore(context.arguments.store, environment, "STORE");
  refusePlainHttp(store);
  const tlsCa = await chosenTlsCa(context.options, environment, context.path);
  // What a person lets in and nobody can keep would live on as a key whose token is lost.
  await readyToSave(environment, store);
  const before = await tokenToEnd(environment, store);
  const anonymous = createClient({ origin: store, token: null, tlsCa }, { signal });
  const token = await signedIn(context, anonymous);

  const client = createClient({ origin: store, token: token.text, tlsCa }, { signal });
  const keep = async () => {
    const me = object(await client.get(apiPath("me")), "who you are");
    const login: Login = {
      store,
      token: token.text,
      name: text(me, "name"),
      email: text(me, "email"),
      expiresAt: new Date(clock.now().getTime() + token.seconds * 1000).toISOString(),
    };
    return { login, path: await saveLogin(environment, login) };
  };
  const { login, path } = await keep().catch(async (error: unknown) => {
    await endKey(client).catch(() =>
      context.note(
        `warning: the key that was made still works: revoke it on the page “Your API keys” of ${store}.`,
      ),
    );
    throw error;
  });
  // Nothing of the login before is left to lose: its token is on no disk any more.
  if (before !== null)
    await endKey(createClient({ origin: store, token: before, tlsCa }, { signal })).catch(() => {});
  if (givenToken({ token: undefined }, environment) !== undefined)
    context.note("warning: MOSIS_TOKEN or MOSIS_TOKEN_FILE is set, and counts before the login.");
  const { name, email, expiresAt } = login;
  return {
    data: { store, name, email, expiresAt, file: path },
    text: (style) =>
      [
        `${style.good("Signed in")} to ${store} as ${style.bold(inLine(name))} (${inLine(email)}).`,
        fields(style, [
          ["until", formatTime(expiresAt)],
          ["kept in", path],
        ]),
      ].join(LINE_END),
  };
}

type Token = { readonly text: string; readonly seconds: number };

async function signedIn(context: Pick<Context, "io">, client: Client): Promise<Token> {
  const name = `mosis on ${hostname()}`;
  const { json } = await client.call({
    method: "POST",
    path: apiPath("oauth", "device-authorization"),
    form: { client_id: "mosis", client_name: name },
  });
  const begun = object(json, "the begin of a sign-in");
  const deviceCode = text(begun, "device_code");
  const endsInMs = seconds(begun, "expires_in", HOUR_SECONDS) * 1000;
  // On stderr with --json too: without the code nobody can go on.
  const say = (line: string) => context.io.stderr(`${safeForTerminal(line)}\n`);
  say(`Open ${inLine(text(begun, "verification_uri_complete"))}`);
  say(`and let in the program that shows the code ${inLine(text(begun, "user_code"))}`);
  const startedAt = performance.now();
  // RFC 8628 §3.2 has 5 where nothing is said.
  let waitSeconds = begun.interval === undefined ? SLOWER_SECONDS : seconds(begun, "interval", 60);
  while (performance.now() - startedAt < endsInMs) {
    await pause(waitSeconds * 1000, context.io.signal);
    const outcome = await asked(client, deviceCode);
    if (outcome === "slower") waitSeconds += SLOWER_SECONDS;
    else if (outcome !== "not yet") return outcome;
  }
  throw new Problem(
    "forbidden",
    "login.expired_token",
    "Nobody has let this program in. Run mosis login again.",
  );
}

/** A time that can be waited for, or reckoned with. @throws Problem `client.unexpected_answer` */
function seconds(answer: Fields, name: string, most: number): number {
  const value = number(answer, name);
  if (value > 0 && value <= most) return value;
  throw unexpected(name);
}

async function asked(client: Client, deviceCode: string): Promise<Token | "not yet" | "slower"> {
  try {
    const { json } = await client.call({
      method: "POST",
      path: apiPath("oauth", "token"),
      form: { grant_type: DEVICE_CODE_GRANT, device_code: deviceCode, client_id: "mosis" },
    });
    const answer = object(json, "a token");
    const token = text(answer, "access_token");
    if (!isTokenText(token)) throw unexpected("access_token");
    return { text: token, seconds: seconds(answer, "expires_in", CENTURY_SECONDS) };
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (error.code === "login.authorization_pending") return "not yet";
    if (error.code === "client.unexpected_answer") throw error;
    // A network that is away for a moment is no reason to begin again (RFC 8628 §3.5).
    if (error.code === "login.slow_down" || error.kind === "unreachable") return "slower";
    if (error.kind === "too_many_requests" || error.kind === "unavailable") return "slower";
    throw error;
  }
}
