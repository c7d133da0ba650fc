/** What follows when passwords of one account are guessed at from many places. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { JobId } from "../ids.ts";
import { codeOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { DAY_MS, MINUTE_MS } from "../time.ts";
import { OPERATOR } from "./actor.ts";
import { askedOf } from "./forgotten.ts";
import { ACCOUNT_FAILURES } from "./guess-limits.ts";
import { noteGuesses, PASSWORDS_GUESSED_JOB, tellOfGuesses } from "./guessed.ts";
import { createAccount } from "./people.ts";
import { signIn } from "./sign-in.ts";

const EMAIL = "owner@example.org";
const PASSWORD = "copper otter meadow lantern";
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await createAccount(store, OPERATOR, { email: EMAIL, name: "Owner", password: PASSWORD });
});
afterAll(() => store.close());

let places = 0;
/** From another place each time, which has had its first try, for none of the others. */
async function guess(email: string, password = "wrong") {
  places += 1;
  await codeOf(() => guessHere(email, "the first one"));
  return guessHere(email, password);
}
function guessHere(email: string, password: string) {
  return codeOf(() => signIn(store, { email, password, address: `198.51.${places >> 8}.${places & 255}` }));
}

type Row = { id: JobId; payload: string };
const jobsOf = () =>
  store.db.raw.query<Row, [string]>("SELECT id, payload FROM jobs WHERE kind = ?").all(PASSWORDS_GUESSED_JOB);
/** As the scheduler does them. */
function doJobs() {
  for (const { id, payload } of jobsOf()) tellOfGuesses(store, askedOf(JSON.parse(payload)), id);
  expect(jobsOf()).toEqual([]);
}
const told = () =>
  store.db.raw
    .query<{ n: number }, []>("SELECT count(*) AS n FROM outbox WHERE kind = 'account.guessed'")
    .get()?.n;
const inAudit = () =>
  store.db.raw
    .query<{ n: number }, []>(
      "SELECT count(*) AS n FROM audit_entries WHERE action = 'account.passwords_guessed'",
    )
    .get()?.n;

test("strangers wait, known browsers do not, and the person is told once a day", async () => {
  for (const email of [EMAIL, "nobody@example.org"]) {
    const before = jobsOf().length;
    for (let n = 0; n < ACCOUNT_FAILURES; n += 1) {
      expect(await guess(email)).toBe("no problem");
      // It is told of when so many were wrong, the first ones of each place too.
      expect(jobsOf().length > before).toBe(2 * (n + 1) >= ACCOUNT_FAILURES);
    }
    // The same for an address that no account has, and whatever the password.
    expect(await guess(email)).toBe("auth.too_many_attempts");
    expect(await guess(email, PASSWORD)).toBe("auth.too_many_attempts");
  }
  // When they became so many, and when nothing was left.
  expect(jobsOf().length).toBeWithin(4, 10);
  doJobs();
  expect([told(), inAudit()]).toEqual([1, 1]);
  expect(
    (await signIn(store, { email: EMAIL, password: PASSWORD, address: "192.0.2.1", known: "browser 1" }))
      ?.account.email,
  ).toBe(EMAIL);
  // It goes on, and is told anew when a day is over.
  for (let n = 0; n < 3; n += 1) {
    store.clock.advance(10 * MINUTE_MS);
    expect([await guess(EMAIL), await guess(EMAIL)]).toEqual(["no problem", "auth.too_many_attempts"]);
    doJobs();
  }
  expect([told(), inAudit()]).toEqual([1, 1]);
  store.clock.advance(DAY_MS);
  noteGuesses(store, EMAIL, "192.0.2.1");
  doJobs();
  expect([told(), inAudit()]).toEqual([2, 2]);
}, 60_000);
