/**
 * Whether the time of an answer tells if an address has an account: signing in, asking for a password, asking for an
 * account, each for known and unknown addresses in turn, every time from another place.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createAccount } from "../../accounts/people.ts";
import { PASSWORD, type Portal, startPortal } from "../../testing/portal.ts";

const TRIES = 200;
const MOST_APART = 0.05;
/** Accounts that are signed in to in turn, so that none has so many wrong passwords that it waits. */
const SIGNING = 10;
/** Not the first ones, while the program is still being compiled. */
const WARM_UP = 20;

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal({ signUp: "open", publicUrl: "https://store.example.org" });
  for (let at = 0; at < TRIES + WARM_UP; at += 1)
    await createAccount(portal.store, OPERATOR, { email: `known${at}@example.org`, name: "Known" });
  for (let at = 0; at < SIGNING; at += 1)
    await createAccount(portal.store, OPERATOR, {
      email: `signing${at}@example.org`,
      name: "S",
      password: PASSWORD,
    });
}, 120_000);
afterAll(() => portal.close());

let places = 0;
async function tookMs(path: string, fields: Record<string, string>, status: number): Promise<number> {
  places += 1;
  const from = `10.${places >> 16}.${(places >> 8) & 255}.${places & 255}`;
  const body = new URLSearchParams(fields);
  const headers = {
    Host: "store.example.org",
    "Sec-Fetch-Site": "same-origin",
    "X-Forwarded-For": from,
    "X-Forwarded-Proto": "https",
  };
  const begun = performance.now();
  const response = await fetch(portal.url + path, { method: "POST", body, headers, redirect: "manual" });
  await response.text();
  const took = performance.now() - begun;
  expect(response.status).toBe(status);
  return took;
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const asker = (at: number) => ({ known: `known${at}@example.org`, unknown: `nobody${at}@example.org` });

const ASKED: readonly (readonly [
  what: string,
  path: string,
  emails: (at: number) => { readonly known: string; readonly unknown: string },
  fields: Record<string, string>,
  status: number,
])[] = [
  [
    "signing in",
    "/sign-in",
    (at) => ({
      known: `signing${at % SIGNING}@example.org`,
      unknown: `nobody${at % SIGNING}@example.org`,
    }),
    { password: "not the password", next: "" },
    422,
  ],
  ["asking for a password", "/forgotten", asker, {}, 200],
  ["asking for an account", "/sign-up", asker, {}, 200],
];

test.each(ASKED)(
  "%s takes the same time for known and unknown addresses",
  async (what, path, emails, fields, status) => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let at = 0; at < TRIES + WARM_UP; at += 1) {
      // Which of the two comes first changes, too.
      const turn = at % 2 === 0 ? (["known", "unknown"] as const) : (["unknown", "known"] as const);
      for (const which of turn) {
        const email = emails(at)[which];
        const took = await tookMs(path, { ...fields, email }, status);
        if (at >= WARM_UP) times[which].push(took);
      }
    }
    const [a, b] = [median(times.known), median(times.unknown)];
    console.log(`${what}: known ${a.toFixed(2)} ms, unknown ${b.toFixed(2)} ms, ${TRIES} tries each`);
    expect(Math.abs(a - b) / Math.min(a, b)).toBeLessThan(MOST_APART);
  },
  120_000,
);
