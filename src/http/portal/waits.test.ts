/** Pages say in words what Retry-After says in seconds, wherever somebody has to wait. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { PLACE_ASKS } from "../../accounts/guess-limits.ts";
import { newAdministrator, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";

const MINUTE_MS = 60_000;
let clock: TestClock;
let portal: Portal;
let person: Person;
beforeAll(async () => {
  clock = testClock();
  portal = await startPortal(
    { signUp: "open", publicUrl: "https://store.example.org", addressRequests: "2000" },
    clock,
  );
  person = await newAdministrator(portal.store);
});
afterAll(() => portal.close());

type Answer = { readonly status: number; readonly seconds: number; readonly said: readonly string[] };

let places = 0;
const newPlace = () => `198.51.100.${++places}`;

async function post(
  path: string,
  fields: Record<string, string>,
  from: string,
  cookie = "",
): Promise<Answer> {
  const response = await fetch(portal.url + path, {
    method: "POST",
    redirect: "manual",
    headers: {
      Host: "store.example.org",
      Cookie: cookie,
      "Sec-Fetch-Site": "same-origin",
      "X-Forwarded-For": from,
      "X-Forwarded-Proto": "https",
    },
    body: new URLSearchParams(fields),
  });
  const said = (await response.text()).match(/[Tt]ry again in [^.<]+/g) ?? [];
  return { status: response.status, seconds: Number(response.headers.get("retry-after")), said };
}

/** Until it has to wait for so long, doing what it must wait for in between. */
async function untilWaiting(ask: () => Promise<Answer>, least: number): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429) continue;
    if (answer.seconds >= least) return answer;
    clock.advance(answer.seconds * 1000);
  }
}

test("of sign-ins, in seconds and in minutes", async () => {
  const from = newPlace();
  const wrong = () => post("/sign-in", { email: person.email, password: "wrong", next: "" }, from);
  expect(await untilWaiting(wrong, 1)).toMatchObject({ seconds: 5, said: ["Try again in 5 seconds"] });
  expect(await untilWaiting(wrong, 20)).toMatchObject({ seconds: 20, said: ["Try again in 20 seconds"] });
  expect(await untilWaiting(wrong, 150)).toMatchObject({ seconds: 180, said: ["Try again in 3 minutes"] });
  expect(await untilWaiting(wrong, 900)).toMatchObject({ seconds: 900, said: ["Try again in 15 minutes"] });
});

test("of the password that a session asks for again", async () => {
  const wrong = () =>
    post(
      "/account",
      { current: "wrong", password: "copper otter meadow lantern two" },
      newPlace(),
      person.cookie,
    );
  expect(await untilWaiting(wrong, 10)).toMatchObject({ seconds: 10, said: ["Try again in 10 seconds"] });
  // From wherever they come: it is the session that waits. What strangers do at the account is nothing to it.
  clock.advance(20 * MINUTE_MS);
  expect((await wrong()).status).toBe(422);
});

test("of the form for an account, for one address of mail and for all", async () => {
  const from = newPlace();
  const ask = (email: string) => post("/sign-up", { email }, from);
  const again = () => ask("again@example.org");
  expect(await untilWaiting(again, 1)).toMatchObject({ seconds: 5, said: ["Try again in 5 seconds"] });
  for (let n = 5; n < PLACE_ASKS; n += 1) expect((await ask(`person${n}@example.org`)).status).toBe(200);
  expect(await ask("late@example.org")).toMatchObject({
    status: 429,
    seconds: 60,
    said: ["Try again in 60 seconds"],
  });
  expect((await post("/sign-up", { email: "late@example.org" }, newPlace())).status).toBe(200);
}, 60_000);

test("of too many requests", async () => {
  const from = newPlace();
  let answer: Answer;
  do answer = await post("/sign-out", {}, from);
  while (answer.status !== 429);
  expect(answer.said).toEqual([`Try again in ${answer.seconds} seconds`.replace("1 seconds", "1 second")]);
}, 60_000);
