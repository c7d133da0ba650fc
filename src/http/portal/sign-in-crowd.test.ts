/** Many who sign in at the same moment behind one address: each in their turn, as many as there are turns, and nobody else waits. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  makeCostly,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";

let portal: Portal;
let people: readonly Person[];
beforeAll(async () => {
  portal = await startPortal({ publicUrl: "https://store.example.org" });
  const names = [..."abcdefghijklmnopqrst"].map((letter) => `Person ${letter}`);
  people = await Promise.all(names.map((name) => newPerson(portal.store, name)));
  await makeCostly(portal.store);
}, 60_000);
afterAll(() => portal.close());

const headersFrom = (address: string) => ({
  Host: "store.example.org",
  "Sec-Fetch-Site": "same-origin",
  "X-Forwarded-For": address,
  "X-Forwarded-Proto": "https",
});

function signIn(address: string, email: string, password: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${portal.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: headersFrom(address),
    body: new URLSearchParams({ email, password }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** So many wrong passwords, for addresses that no account has. */
const crowd = (count: number, address: string, signal?: AbortSignal) =>
  Array.from({ length: count }, (_, index) =>
    signIn(address, `nobody${index}@example.org`, "not the password", signal),
  );

const personAt = (index: number): string => people[index]?.email ?? "";

test("twenty with right passwords are all let in", async () => {
  const answers = await Promise.all(people.map(({ email }) => signIn("192.0.2.1", email, PASSWORD)));
  expect(answers.map(({ status }) => status)).toEqual(people.map(() => 303));
});

test("of a flood some are told to wait, and pages and sign-ins of others are answered meanwhile", async () => {
  let answered = 0;
  const flood = crowd(200, "192.0.2.2").map(async (each) => {
    const { status, headers } = await each;
    answered += 1;
    return { status, retryAfter: headers.get("retry-after") };
  });
  // Once the first have been answered, the others wait.
  await Promise.race(flood);
  const [page, elsewhere] = await Promise.all([
    fetch(`${portal.url}/sign-in`, { headers: headersFrom("192.0.2.3") }),
    signIn("192.0.2.3", personAt(0), PASSWORD),
  ]);
  expect([page.status, elsewhere.status]).toEqual([200, 303]);
  expect(answered).toBeLessThan(200);
  const answers = await Promise.all(flood);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { retryAfter } of refused) expect(["1", "5"]).toContain(retryAfter ?? "");
  const compared = answers.filter(({ status }) => status === 422);
  expect(compared.length).toBeGreaterThan(8);
  expect(compared.length + refused.length).toBe(200);
});

test("who went away waits no more: nothing is compared for them, and nothing counted", async () => {
  // Without their leaving these would be more than one place has wrong passwords (300).
  for (let round = 0; round < 10; round += 1) {
    const leaving = new AbortController();
    const leave = crowd(60, "192.0.2.4", leaving.signal).map((each) => each.catch(() => null));
    await Promise.race(leave);
    leaving.abort();
    await Promise.all(leave);
  }
  expect((await signIn("192.0.2.4", personAt(1), PASSWORD)).status).toBe(303);
});
