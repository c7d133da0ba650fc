/** What the commands on a store's versions have in common: connecting, waiting for a state, and changing it. */
import { isProblem, Problem } from "../errors.ts";
import type { AppId, VersionCode } from "../ids.ts";
import {
  type FindingAnswer,
  type PageAnswer,
  readFindingAnswer,
  readPage,
  readVersionAnswer,
  type VersionAnswer,
} from "./answers.ts";
import { apiPath, type Client, createClient, pause } from "./client.ts";
import type { Context } from "./command.ts";
import { chosenConnection, type StoreOptions, tokenFor } from "./connection.ts";
import type { Style } from "./style.ts";

/** A client for the store that the options or the environment name. @throws Problem as chosenConnection */
export async function connect(context: Pick<Context, "io" | "path">, options: StoreOptions): Promise<Client> {
  const { environment, signal } = context.io;
  const connection = await chosenConnection(options, environment, context.path);
  // Whoever rotates a key puts the new one where the old one was, and so does another login.
  const renewed = () => tokenFor(connection.origin, options, environment).catch(() => null);
  return createClient(connection, { signal, renewed });
}

/** The newest upload with that code. @throws Problem of the store or `client.…` */
export async function readVersion(
  client: Client,
  appId: string,
  versionCode: number,
): Promise<VersionAnswer> {
  return readVersionAnswer(await client.get(apiPath("apps", appId, "versions", versionCode)));
}

/** The same, null when there is none or the app is not ours to see. */
export async function findVersion(
  client: Client,
  appId: string,
  versionCode: number,
): Promise<VersionAnswer | null> {
  try {
    return await readVersion(client, appId, versionCode);
  } catch (error) {
    if (error instanceof Problem && error.kind === "not_found") return null;
    throw error;
  }
}

export async function readFindings(
  client: Client,
  version: VersionAnswer,
): Promise<readonly FindingAnswer[]> {
  const path = apiPath("apps", version.appId, "versions", version.versionCode, "findings");
  // All of them come at once: a package that fails early has few.
  return readPage(await client.get(path), readFindingAnswer).items;
}

const PAGE = 100;

/** Every item of a list, page by page. */
export async function* allItems<Item>(
  client: Client,
  path: string,
  readItem: (json: unknown) => Item,
): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const page: PageAnswer<Item> = readPage(
      await client.get(path, { limit: PAGE, ...(cursor === null ? {} : { cursor }) }),
      readItem,
    );
    yield* page.items;
    if (page.nextCursor === cursor) return;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

const FIRST_POLL_MS = 200;
const SLOWEST_POLL_MS = 3000;

export type Waiting = { readonly signal: AbortSignal; readonly timeoutMs: number; readonly now: () => Date };

/**
 * Asks again until the version is in none of the given states.
 * @throws Problem `client.still_waiting` after the time; the version's work goes on in the store.
 */
export async function waitWhile(
  client: Client,
  version: VersionAnswer,
  states: readonly string[],
  waiting: Waiting,
): Promise<VersionAnswer> {
  const endMs = waiting.now().getTime() + waiting.timeoutMs;
  let delayMs = FIRST_POLL_MS;
  let current = version;
  while (states.includes(current.state)) {
    if (waiting.now().getTime() >= endMs) {
      throw new Problem(
        "unavailable",
        "client.still_waiting",
        `${current.appId} ${current.versionCode} is still ${words(current.state)} after ${Math.round(waiting.timeoutMs / 1000)} s. The store goes on with it; look with: mosis status ${current.appId}`,
      );
    }
    await pause(delayMs, waiting.signal);
    delayMs = Math.min(SLOWEST_POLL_MS, delayMs * 1.5);
    current = await readVersion(client, current.appId, current.versionCode);
  }
  return current;
}

/**
 * Waits for what the store does with a version by itself. When it does not tell the one who waits any more, that is no end of
 * its work.
 * @throws Problem `client.waiting_ended`; whatever else `wait` throws
 */
export async function whileItGoesOn<T>(
  { origin }: Client,
  { appId, versionCode }: VersionAnswer,
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (!isProblem(error) || !isAboutWhoAsks(error)) throw error;
    throw new Problem(
      "unavailable",
      "client.waiting_ended",
      `The store has ${appId} ${versionCode} and goes on with it, but does not tell it here any more: ${error.message} Look at ${origin}/apps/${encodeURIComponent(appId)} or with mosis status ${appId}, or run the same command in another job: it uploads nothing twice, and waits.`,
      [{ code: error.code, message: error.message }],
      { cause: error },
    );
  }
}

/** A token that is over, and whatever keeps a build job from another one. */
function isAboutWhoAsks({ kind, code }: Problem): boolean {
  return kind === "unauthenticated" || /^(?:client\.identity_|trusted\.)/.test(code);
}

/**
 * Brings a version from one state to another by an action. Done already counts as done, so that repeating is harmless;
 * when it changes in between, or the connection breaks, it is looked at again.
 *
 * @param done States in which nothing is left to do.
 */
export async function changeVersion(
  client: Client,
  appId: AppId,
  versionCode: VersionCode,
  action: "submit" | "withdraw" | "publish",
  done: readonly string[],
): Promise<{ readonly version: VersionAnswer; readonly changed: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const before = await readVersion(client, appId, versionCode);
    if (done.includes(before.state)) return { version: before, changed: attempt > 1 };
    try {
      const path = apiPath("apps", appId, "versions", versionCode, action);
      const { json } = await client.call({ method: "POST", path, ifMatch: before.revision });
      return { version: readVersionAnswer(json), changed: true };
    } catch (error) {
      if (attempt === 3 || !mayHaveHappened(error)) throw error;
    }
  }
}

/** Whether a call that failed may have changed it all the same, or somebody else has. */
export function mayHaveHappened(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.kind === "precondition_failed" ||
      error.code === "client.connection_lost" ||
      error.code === "client.timeout")
  );
}

export function words(state: string): string {
  return state.replaceAll("_", " ");
}

/** A state in words, painted by what it means for the developer. */
export function stateText(style: Style, state: string): string {
  const paint = STATE_PAINT[state];
  return paint === undefined ? words(state) : style[paint](words(state));
}

const STATE_PAINT: Readonly<Record<string, "good" | "bad" | "warn" | "dim">> = {
  published: "good",
  failed: "bad",
  rejected: "bad",
  withdrawn: "dim",
  checking: "warn",
  in_review: "warn",
  held: "warn",
  signing: "warn",
  publishing: "warn",
};
