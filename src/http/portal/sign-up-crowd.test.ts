/** Strangers who ask for accounts from many places at a store that sends mail: they wait, and nobody else does. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";

const MINUTE_MS = 60_000;
let clock: TestClock;
let mail: MailServer;
let portal: Portal;
let admin: Person;
let rita: Person;
beforeAll(async () => {
  clock = testClock();
  mail = await startMailServer();
  portal = await startPortal(
    {
      signUp: "open",
      signUpMessages: "4",
      smtp: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: "apps@example.com",
      publicUrl: "https://store.example.org",
    },
    clock,
  );
  admin = await newAdministrator(portal.store);
  rita = await newPerson(portal.store, "Rita Reviewer", { storeRole: "reviewer" });
});
afterAll(async () => {
  await portal.close();
  await mail.stop();
});

let places = 0;

async function ask(path: "/sign-up" | "/forgotten", email: string): Promise<string> {
  const response = await fetch(portal.url + path, {
    method: "POST",
    redirect: "manual",
    headers: {
      Host: "store.example.org",
      "Sec-Fetch-Site": "same-origin",
      "X-Forwarded-For": `198.51.100.${++places}`,
      "X-Forwarded-Proto": "https",
    },
    body: new URLSearchParams({ email }),
  });
  const headers = [...response.headers].filter(
    ([name]) => !/^(date|x-request-id|ratelimit|server-timing)/.test(name),
  );
  const body = (await response.text())
    .replaceAll(email, "EMAIL")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID");
  return JSON.stringify([response.status, headers, body]);
}

/** What was asked has been acted on, and what it wrote has been sent. */
async function passes(ms: number): Promise<void> {
  clock.advance(ms);
  await portal.scheduler.drain();
}

const asked = async (path: "/sign-up" | "/forgotten", ...emails: readonly string[]) => {
  const answers: string[] = [];
  for (const email of emails) {
    answers.push(await ask(path, email));
    await passes(2000);
  }
  return answers;
};

const taken = () => mail.taken.map(({ to }) => to[0]);
const page = (path: string, { cookie }: Person) =>
  fetch(portal.url + path, {
    headers: { Host: "store.example.org", "X-Forwarded-Proto": "https", Cookie: cookie },
  }).then((answer) => answer.text());
async function warnings(): Promise<{ code: string }[]> {
  clock.advance(1001);
  const answer = await fetch(`${portal.url}/readyz`);
  return ((await answer.json()) as { warnings: { code: string }[] }).warnings.filter(
    ({ code }) => code === "signup.crowded",
  );
}

test("they get the same answer, others’ mail goes on, and theirs goes when their turn comes", async () => {
  const strangers = [...Array(10).keys()].map((index) => `s${index}@example.net`);
  const answers = await asked("/sign-up", ...strangers.slice(0, 4));
  expect(await warnings()).toEqual([]);
  const since = new Date(clock.now().getTime() + 2000).toISOString();
  // One of them has an account.
  answers.push(...(await asked("/sign-up", rita.email, ...strangers.slice(4))));
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toStartWith("[200,");
  expect(taken()).toEqual(strangers.slice(0, 4));
  expect(await warnings()).toEqual([{ code: "signup.crowded", since }] as never);
  const words = "Many ask for an account: 7 wait for the message";
  expect(await page("/dashboard", admin)).toContain(words);
  expect(await page("/dashboard", rita)).not.toContain("Many ask for an account");

  await asked("/forgotten", admin.email);
  invite(portal.store, OPERATOR, { email: "guest@example.com" });
  await passes(0);
  expect(taken().slice(4)).toEqual([admin.email, "guest@example.com"]);

  // One for each quarter of an hour, from the one that was asked first. At some hour administrators are told of the crowd.
  const before = mail.taken.length;
  const later = () => mail.taken.slice(before).filter(({ to }) => to[0] !== admin.email);
  for (let turn = 1; turn <= 7; turn += 1) {
    await passes(15 * MINUTE_MS);
    expect(later()).toHaveLength(turn);
  }
  expect(later().map(({ to }) => to[0])).toEqual([rita.email, ...strangers.slice(4)]);
  expect(later()[0]?.mail.text).toContain("There is one already: sign in with it.");
  expect(later().at(-1)?.mail.text).toMatch(/\/invitation\?token=[\w-]{20,}/);
  expect(await warnings()).toEqual([]);
  expect(await page("/dashboard", admin)).not.toContain("Many ask for an account");
}, 120_000);
