/** What the store asks providers by itself, when one of them goes wrong. Everything goes over real HTTP. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Provider, providers } from "../../config.providers.ts";
import { type Liar, type Lies, startLiar } from "../../testing/liar.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { ANONYMOUS } from "../actor.ts";
import { askProviderFor, hearProvider } from "../providers/ask.ts";
import { accountById } from "../records.ts";
import { comeIn } from "./come-in.ts";
import { confirmGroups } from "./confirm.ts";
import { identityBySubject } from "./records.ts";
import { readToken } from "./tokens.ts";

const ORIGIN = "https://apps.example.com";
const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "mosis-confirm-"));
writeFileSync(join(folder, "secret"), "s");

let base: TestStore;
let store: TestStore;
let liars: readonly [Liar, Liar];

beforeAll(async () => {
  base = await openTestStore();
  liars = [startLiar("mosis"), startLiar("mosis")];
});
afterAll(async () => {
  for (const liar of liars) await liar.stop();
  base.close();
  rmSync(folder, { recursive: true });
});

/** Nothing is known of providers, two people have signed in by one each, and both are to be asked for. */
beforeEach(async () => {
  const settings = (liar: Liar) => ({
    kind: "oidc",
    issuer: liar.issuer,
    client_id: "mosis",
    client_secret_file: join(folder, "secret"),
    groups: [{ group: "reviewers", store_role: "reviewer" }],
  });
  const text = JSON.stringify({ one: settings(liars[0]), two: settings(liars[1]) });
  store = {
    ...base,
    db: { ...base.db },
    config: { ...base.config, signUp: "open", providers: providers(text) },
  };
  store.db.raw.run("DELETE FROM identities");
  round += 1;
  for (const at of [0, 1] as const) {
    liars[at].lies = told(at, ["reviewers"]);
    await signIn(at);
    expect(roleOf(at)).toBe("reviewer");
  }
  pass(7 * HOUR);
});

const NAMES = ["one", "two"] as const;
type At = 0 | 1;
/** Others sign in for each test. */
let round = 0;
const subjectOf = (at: At) => `${NAMES[at]}-${round}`;

function told(at: At, groups: readonly string[], more: Lies = {}): Lies {
  const name = subjectOf(at);
  const claims = { sub: name, email: `${name}@example.org`, name, groups };
  return { claims, tokens: (right) => ({ ...right, refresh_token: "first" }), ...more };
}

async function signIn(at: At): Promise<void> {
  const { url, cookie } = await askProviderFor(store, NAMES[at], { origin: ORIGIN, next: null });
  const { searchParams: query } = new URL(liars[at].back(url));
  const heard = await hearProvider(store, NAMES[at], { cookie, query });
  if (comeIn(store, ANONYMOUS, heard).step === "in") return;
  throw new Error("they come in");
}

function identityOf(at: At) {
  const row = identityBySubject(store.db.orm, NAMES[at], subjectOf(at));
  if (row === undefined) throw new Error("it is there");
  return row;
}

const roleOf = (at: At) => accountById(store.db.orm, identityOf(at).accountId)?.storeRole;
const isConfirmed = (at: At) => (identityOf(at).confirmedAt?.getTime() ?? 0) === store.clock.now().getTime();
const confirm = () => confirmGroups(store, new AbortController().signal);

/** As far as groups know of it: the providers' clock is the machine's, and the store's must agree with it. */
function pass(ms: number): void {
  store.db.raw.run("UPDATE identities SET confirmed_at = confirmed_at - ?1, asked_at = asked_at - ?1", [ms]);
}

function providerOf(at: At): Provider {
  const found = store.config.providers[at];
  if (found === undefined) throw new Error("it is there");
  return found;
}

test("both are asked: the neighbour of everything below", async () => {
  await confirm();
  expect([isConfirmed(0), isConfirmed(1)]).toEqual([true, true]);
});

const FAULTS: readonly (readonly [what: string, lies: Lies])[] = [
  ["a key that is none", { key: { x: "!!!" } }],
  ["half of its private key", { key: { d: "AQAB" } }],
  ["a number where a list should be", { metadata: { token_endpoint_auth_methods_supported: 5 } }],
];
test.each(FAULTS)(
  "a provider that publishes %s does not keep the others from being asked",
  async (_, lies) => {
    // What is known of it was asked for too long ago.
    store = { ...store, db: { ...store.db } };
    liars[0].lies = told(0, ["reviewers"], lies);
    await confirm();
    expect([isConfirmed(0), isConfirmed(1)]).toEqual([false, true]);
    expect(roleOf(0)).toBe("reviewer");
    liars[0].lies = told(0, ["reviewers"]);
    store = { ...store, db: { ...store.db } };
    pass(7 * HOUR);
    await confirm();
    expect(isConfirmed(0)).toBe(true);
  },
);

test("nor does a fault of the store's own with one of them, which is told all the same", async () => {
  // As no configuration is read: what reads the claim of groups throws.
  Object.assign(providerOf(0), { groupsClaim: null });
  await expect(confirm()).rejects.toThrow(TypeError);
  expect([isConfirmed(0), isConfirmed(1)]).toEqual([false, true]);
  // It is asked for again at the next time, and not at once.
  expect(identityOf(0).askedAt).toEqual(store.clock.now());
});

/** The store asks about the first person, who is told otherwise of and signs in before `answer` comes. */
async function overtaken(answer: (right: Record<string, unknown>) => unknown): Promise<void> {
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  liars[0].lies = told(0, ["reviewers"], {
    tokens: async (right, refreshToken) => {
      if (refreshToken === null) return { ...right, refresh_token: "newer" };
      asked.resolve();
      await goOn.promise;
      return answer(right);
    },
  });
  const job = confirm();
  await asked.promise;
  const { tokens } = liars[0].lies;
  liars[0].lies = told(0, [], tokens === undefined ? {} : { tokens });
  await signIn(0);
  expect(roleOf(0)).toBeNull();
  goOn.resolve();
  await job;
}

const LATE: readonly (readonly [what: string, answer: (right: Record<string, unknown>) => unknown])[] = [
  ["the groups of before", (right) => ({ ...right, refresh_token: "older" })],
  ["that nothing rests on what it was asked with", () => ({ error: "invalid_grant" })],
];
test.each(LATE)("a late answer of %s changes nothing that a newer sign-in told", async (_, answer) => {
  await overtaken(answer);
  expect([roleOf(0), readToken(store, identityOf(0))]).toEqual([null, "newer"]);
  expect(isConfirmed(1)).toBe(true);
});

/** The first person's sign-in waits for the provider's answer, which was made when it was asked; gives what ends the wait. */
async function slowSignIn(): Promise<{ readonly goOn: () => void; readonly done: Promise<void> }> {
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  liars[0].lies = told(0, ["reviewers"], {
    tokens: async (right) => {
      asked.resolve();
      await goOn.promise;
      return { ...right, refresh_token: "of the slow sign-in" };
    },
  });
  const done = signIn(0);
  await asked.promise;
  store.clock.advance(1000);
  return { goOn: goOn.resolve, done };
}

test("a slow sign-in gives no role back that the store has heard since to be over", async () => {
  const { goOn, done } = await slowSignIn();
  liars[0].lies = told(0, [], { tokens: (right) => ({ ...right, refresh_token: "renewed" }) });
  await confirm();
  expect([isConfirmed(0), roleOf(0)]).toEqual([true, null]);
  goOn();
  await done;
  expect([roleOf(0), readToken(store, identityOf(0))]).toEqual([null, "renewed"]);
  expect(isConfirmed(0)).toBe(true);
});

test("nor one that a later sign-in of the same person has ended", async () => {
  const { goOn, done } = await slowSignIn();
  liars[0].lies = told(0, []);
  await signIn(0);
  expect(roleOf(0)).toBeNull();
  goOn();
  await done;
  expect(roleOf(0)).toBeNull();
});

test("a slow sign-in of which nothing newer was heard counts, until what was asked for after it is answered", async () => {
  const { goOn, done } = await slowSignIn();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  liars[0].lies = told(0, [], {
    tokens: async (right) => {
      asked.resolve();
      await answer.promise;
      return { ...right, refresh_token: "renewed" };
    },
  });
  const job = confirm();
  await asked.promise;
  goOn();
  await done;
  expect([roleOf(0), readToken(store, identityOf(0))]).toEqual(["reviewer", "of the slow sign-in"]);
  answer.resolve();
  await job;
  expect([roleOf(0), isConfirmed(0)]).toEqual([null, true]);
});
