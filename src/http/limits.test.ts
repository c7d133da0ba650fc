/** The limits of requests: what is taken, what is said of it, and who is counted as whom. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { addMember, createOrganisation } from "../accounts/organisations.ts";
import { createAccount } from "../accounts/people.ts";
import { createSession, SESSION_COOKIE } from "../accounts/sessions.ts";
import { type Config, loadConfig } from "../config.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { type Counted, keptLimiter, type Limiter, newLimiter, take } from "./limits.ts";
import { type RunningServer, startServer } from "./server.ts";

const NO_LIMITS = { addressRequests: 0, accountRequests: 0, keyRequests: 0 };
const ANYBODY: Counted = [["address", "192.0.2.1"]];
const addresses = (addressRequests: number): Limiter => newLimiter({ ...NO_LIMITS, addressRequests });
const isTaken = (limiter: Limiter, counted: Counted, now: number, cost = 1): boolean =>
  take(limiter, counted, cost, now).refused === null;

describe("a quota", () => {
  test("is there at once, comes back evenly, and is whole after a minute without a request", () => {
    const limiter = addresses(60);
    const taken = () => Array.from({ length: 100 }, () => isTaken(limiter, ANYBODY, 0)).filter(Boolean);
    expect(taken()).toHaveLength(60);
    expect(isTaken(limiter, ANYBODY, 999)).toBe(false);
    expect(isTaken(limiter, ANYBODY, 1000)).toBe(true);
    expect(isTaken(limiter, ANYBODY, 1000)).toBe(false);
    const later = Array.from({ length: 100 }, () => isTaken(limiter, ANYBODY, 200_000)).filter(Boolean);
    expect(later).toHaveLength(60);
  });

  test("lets through no more than itself and what came back, whatever comes when", () => {
    const steps = fc.array(fc.record({ after: fc.nat(5000), cost: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), steps, (quota, requests) => {
        const limiter = addresses(quota);
        let now = 1_000_000;
        let used = 0;
        for (const { after, cost } of requests) {
          now += after;
          const { headers, refused } = take(limiter, ANYBODY, cost, now);
          const left = Number(/;r=(\d+);/.exec(headers?.limit ?? "")?.[1]);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThanOrEqual(quota);
          if (refused === null) used += Math.min(cost, quota);
          expect(used).toBeLessThanOrEqual(quota + ((now - 1_000_000) * quota) / 60_000 + 1e-6);
        }
      }),
    );
  });

  test("is said before it is reached, and when there is more once it is", () => {
    const limiter = addresses(2);
    const { headers, refused } = take(limiter, ANYBODY, 1, 0);
    expect(refused).toBeNull();
    expect(headers).toEqual({ policy: '"address";q=2;w=60', limit: '"address";r=1;t=30' });
    expect(take(limiter, ANYBODY, 1, 0).headers?.limit).toBe('"address";r=0;t=30');
    const over = take(limiter, ANYBODY, 1, 10_000);
    expect(over.headers?.limit).toBe('"address";r=0;t=20');
    expect(over.refused).toMatchObject({ kind: "too_many_requests", code: "rate.limited" });
    expect(over.refused?.details).toEqual([
      { code: "retry.after", message: "20 seconds", expected: "20" },
      { code: "rate.policy", message: "address" },
    ]);
    expect(isTaken(limiter, ANYBODY, 29_999)).toBe(false);
    expect(isTaken(limiter, ANYBODY, 30_000)).toBe(true);
  });

  test("of a key is not used up by what the account's refuses", () => {
    const limiter = newLimiter({ ...NO_LIMITS, keyRequests: 3, accountRequests: 1 });
    const both: Counted = [
      ["key", "k"],
      ["account", "a"],
    ];
    expect(take(limiter, both, 1, 0).headers).toEqual({
      policy: '"key";q=3;w=60, "account";q=1;w=60',
      limit: '"key";r=2;t=20, "account";r=0;t=60',
    });
    for (let n = 0; n < 5; n += 1) expect(isTaken(limiter, both, 0)).toBe(false);
    expect(take(limiter, [["key", "k"]], 1, 0).headers?.limit).toBe('"key";r=1;t=20');
  });

  test("takes what costs more than all of it when it is full", () => {
    const limiter = addresses(5);
    expect(isTaken(limiter, ANYBODY, 0, 10)).toBe(true);
    expect(isTaken(limiter, ANYBODY, 0)).toBe(false);
    expect(isTaken(limiter, ANYBODY, 60_000, 10)).toBe(true);
  });

  test("that is off limits nothing and says nothing", () => {
    expect(take(newLimiter(NO_LIMITS), ANYBODY, 1, 0)).toEqual({ headers: null, refused: null });
  });

  test("keeps nobody waiting because the clock was set back", () => {
    const limiter = addresses(1);
    expect(isTaken(limiter, ANYBODY, 10_000_000)).toBe(true);
    expect(isTaken(limiter, ANYBODY, 9_000_000)).toBe(true);
    expect(isTaken(limiter, ANYBODY, 9_000_000)).toBe(false);
  });

  test("is kept for so many at most, and those who ask now are among them", () => {
    const limiter = addresses(1);
    for (let n = 0; n < 60_000; n += 1) take(limiter, [["address", `a${n}`]], 1, 0);
    expect(limiter.get("address")?.fullAt.size).toBe(50_000);
    expect(isTaken(limiter, [["address", "a59999"]], 0)).toBe(false);
    expect(isTaken(limiter, [["address", "a0"]], 0)).toBe(true);
  });
});

test("other numbers in the running store begin anew; what else changes forgets nothing", () => {
  const quotas = { addressRequests: 2, accountRequests: 0, keyRequests: 0 };
  const store: { config: Config } = { config: { ...loadConfig({}, {}), ...quotas } };
  const limiter = keptLimiter(store);
  const refused = () => take(limiter(), [["address", "192.0.2.1"]], 2, 0).refused?.code;
  expect([refused(), refused()]).toEqual([undefined, "rate.limited"]);
  store.config = { ...store.config, restricted: true };
  expect(refused()).toBe("rate.limited");
  store.config = { ...store.config, addressRequests: 3 };
  expect([refused(), refused()]).toEqual([undefined, "rate.limited"]);
  store.config = { ...store.config, addressRequests: 0 };
  expect([refused(), refused()]).toEqual([undefined, undefined]);
});

describe("a server", () => {
  let store: TestStore;
  let server: RunningServer;
  let tokens: Readonly<Record<"first" | "second" | "own", string>>;
  let cookie: string;
  beforeAll(async () => {
    const opened = await openTestStore();
    const config = {
      ...opened.config,
      publicUrl: "https://apps.example",
      addressRequests: 6,
      keyRequests: 3,
      accountRequests: 4,
    };
    store = { ...opened, config };
    const organisationId = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
    const { id } = await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" });
    addMember(store, OPERATOR, organisationId, id, "owner");
    const token = (owner: Parameters<typeof createApiKey>[2]["owner"]) =>
      createApiKey(store, OPERATOR, { owner, name: "k" }).token;
    tokens = {
      first: token({ organisationId }),
      second: token({ organisationId }),
      own: token({ accountId: id }),
    };
    const session = await createSession(store, id, { address: "192.0.2.1", userAgent: "" });
    cookie = `${SESSION_COOKIE}=${session.secret}`;
    server = startServer(store, { host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await server.stop(1000);
    store.close();
  });

  const ask = async (path: string, from: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(server.url + path, {
      redirect: "manual",
      headers: { Host: "apps.example", "X-Forwarded-For": from, ...headers },
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const times = async (count: number, ...of: Parameters<typeof ask>) => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n += 1) statuses.push((await ask(...of)).status);
    return statuses;
  };
  const after = (ms: number) => store.clock.advance(ms);

  test("counts strangers by their address, pages, calls and what is not there together", async () => {
    const answer = await ask("/api/v1/openapi.json", "198.51.100.1");
    expect(answer.headers.get("ratelimit-policy")).toBe('"address";q=6;w=60');
    expect(answer.headers.get("ratelimit")).toBe('"address";r=5;t=10');
    expect((await ask("/", "198.51.100.1")).headers.get("ratelimit")).toBe('"address";r=4;t=10');
    expect((await ask("/nothing", "198.51.100.1")).headers.get("ratelimit")).toBe('"address";r=3;t=10');
    // A key that is none, on a call that needs one: its bearer is a stranger.
    const wrong = { Authorization: "Bearer mosis_org_x" };
    expect(await times(3, "/api/v1/me", "198.51.100.1", wrong)).toEqual([401, 401, 401]);
    expect(await times(1, "/api/v1/me", "198.51.100.1", wrong)).toEqual([429]);
    const over = await ask("/api/v1/openapi.json", "198.51.100.1");
    expect(over.status).toBe(429);
    expect(over.headers.get("retry-after")).toBe("10");
    expect(over.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(over.text)).toMatchObject({ status: 429, code: "rate.limited" });
    expect((await ask("/nothing", "198.51.100.1")).status).toBe(429);
    expect((await ask("/api/v1/openapi.json", "198.51.100.2")).status).toBe(200);
    const page = await ask("/", "198.51.100.1");
    expect([page.status, page.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(page.headers.get("content-type")).toStartWith("text/html");
  });

  test("counts a customer's addresses of IPv6 as one", async () => {
    expect(await times(6, "/api/v1/openapi.json", "2001:db8:1:2::1")).not.toContain(429);
    expect((await ask("/api/v1/openapi.json", "2001:db8:1:2:ffff::9")).status).toBe(429);
    expect((await ask("/api/v1/openapi.json", "2001:db8:1:3::1")).status).toBe(200);
  });

  test("believes no address that anybody but a proxy of ours says", async () => {
    const untrusting = startServer(
      { ...store, config: { ...store.config, trustedProxies: ["203.0.113.1"], addressRequests: 2 } },
      { host: "127.0.0.1", port: 0 },
    );
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        const headers = { Host: "apps.example", "X-Forwarded-For": `198.51.100.${100 + n}` };
        statuses.push((await fetch(`${untrusting.url}/api/v1/openapi.json`, { headers })).status);
      }
      expect(statuses).toEqual([200, 200, 429, 429]);
    } finally {
      await untrusting.stop(1000);
    }
  });

  test("does not count files, pictures and health", async () => {
    for (const path of ["/healthz", "/readyz", "/store/v1/metadata/1.root.json", "/assets/x/app.css"]) {
      const statuses = await times(10, path, "198.51.100.3");
      expect([path, statuses.includes(429)]).toEqual([path, false]);
      expect((await ask(path, "198.51.100.3")).headers.has("ratelimit")).toBe(false);
    }
    const picture = `/pictures/${"0".repeat(64)}/192.png`;
    expect(await times(10, picture, "198.51.100.3")).not.toContain(429);
  });

  test("counts a key, and with it all keys of its organisation", async () => {
    after(60_000);
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const one = await ask("/api/v1/me", "198.51.100.4", bearer(tokens.first));
    expect(one.headers.get("ratelimit-policy")).toBe('"key";q=3;w=60, "account";q=4;w=60');
    expect(one.headers.get("ratelimit")).toBe('"key";r=2;t=20, "account";r=3;t=15');
    expect(await times(3, "/api/v1/me", "198.51.100.4", bearer(tokens.first))).toEqual([200, 200, 429]);
    expect(await times(2, "/api/v1/me", "198.51.100.4", bearer(tokens.second))).toEqual([200, 429]);
    // Another owner's key is not held up by them, nor by what strangers did at its address.
    await times(7, "/api/v1/openapi.json", "198.51.100.4");
    expect((await ask("/api/v1/me", "198.51.100.4", bearer(tokens.own))).status).toBe(200);
  });

  test("counts a person, in the browser and with their own keys together", async () => {
    after(60_000);
    const page = await ask("/account", "198.51.100.5", { Cookie: cookie });
    expect(page.headers.get("ratelimit")).toBe('"account";r=3;t=15');
    const own = { Authorization: `Bearer ${tokens.own}` };
    expect((await ask("/api/v1/me", "198.51.100.5", own)).headers.get("ratelimit")).toContain(
      '"account";r=2',
    );
  });

  test("says of delays after failed sign-ins what it says of limits", async () => {
    after(60_000);
    const signIn = () =>
      fetch(`${server.url}/sign-in`, {
        method: "POST",
        redirect: "manual",
        headers: { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" },
        body: "email=nobody%40example.org&password=wrong-wrong-wrong",
      });
    for (let n = 0; n < 5; n += 1) {
      await signIn();
      after(10_000);
    }
    await signIn();
    const late = await signIn();
    expect(late.status).toBe(429);
    expect(late.headers.get("retry-after")).toBe(
      String(/"attempts";r=0;t=(\d+)/.exec(late.headers.get("ratelimit") ?? "")?.[1]),
    );
    expect(late.headers.get("ratelimit-policy")).toBe('"attempts";q=5;w=3600, "address";q=6;w=60');
  });
});
