/** A change of which the audit log is told nothing is found out, and nothing else is. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { recordChange, SYSTEM_AUTHOR } from "../audit/record.ts";
import { type Tx, write } from "../db/database.ts";
import { rememberIdempotent } from "../db/idempotency.ts";
import { unwatched } from "../db/watch.ts";
import { Problem } from "../errors.ts";
import { enqueue } from "../jobs/queue.ts";
import { startScheduler } from "../jobs/scheduler.ts";
import { createLog } from "../log.ts";
import { openTestStore, type TestStore, testClock } from "../testing/store.ts";
import { createHandler } from "./app.ts";
import { audited } from "./audited.ts";
import { type CallBase, defineRoute } from "./route.ts";

let store: TestStore;
const lines: { event: string; [name: string]: unknown }[] = [];
beforeAll(async () => {
  const clock = testClock();
  store = await openTestStore({
    clock,
    log: createLog(clock, "info", (line) => void lines.push(JSON.parse(line))),
  });
});
afterAll(() => store.close());

const change = (tx: Tx) => void enqueue(tx, { kind: "test", key: crypto.randomUUID() }, store.clock.now());
const tell = (tx: Tx) =>
  recordChange(
    tx,
    SYSTEM_AUTHOR,
    { action: "job.replayed", subject: { type: "job", id: "x" } },
    store.clock.now(),
  );
const remember = (tx: Tx) => {
  const idempotency = { actor: "operator", key: crypto.randomUUID(), request: "POST /x" };
  rememberIdempotent(tx, idempotency, "", "x", store.clock.now());
};
const refuse = (): never => {
  throw new Problem("conflict", "app.busy", "Not now.");
};

type Work = () => unknown;
const CASES: readonly (readonly [what: string, work: Work, missing: boolean])[] = [
  ["what only reads", () => store.db.raw.query("SELECT 1").get(), false],
  ["a change", () => write(store.db, change), true],
  [
    "a change after something else was waited for",
    async () => {
      await Bun.sleep(1);
      write(store.db, change);
    },
    true,
  ],
  [
    "a change that is told",
    () =>
      write(store.db, (tx) => {
        change(tx);
        tell(tx);
      }),
    false,
  ],
  [
    "a change that is told in another transaction of the work",
    () => {
      write(store.db, change);
      write(store.db, tell);
    },
    false,
  ],
  [
    "a change that is refused after all",
    () =>
      write(store.db, (tx) => {
        change(tx);
        refuse();
      }),
    false,
  ],
  [
    "a change before a refusal",
    () => {
      write(store.db, change);
      refuse();
    },
    true,
  ],
  [
    "a change whose entry was undone",
    () => {
      try {
        write(store.db, (tx) => {
          tell(tx);
          refuse();
        });
      } catch {
        write(store.db, change);
      }
    },
    true,
  ],
  [
    "a transaction that finds nothing to change",
    () => write(store.db, (tx) => void tx.run("DELETE FROM jobs WHERE id = 'none'")),
    false,
  ],
  ["that a call came already", () => write(store.db, remember), false],
  [
    "that a call came already, beside a change",
    () =>
      write(store.db, (tx) => {
        remember(tx);
        change(tx);
      }),
    true,
  ],
];

test.each(CASES)("an operation: %s", async (_what, work, missing) => {
  lines.length = 0;
  await audited(store, { operation: "test" }, work).catch((error) => expect(error).toBeInstanceOf(Problem));
  const found = lines.filter(({ event }) => event === "audit.missing");
  expect(found).toMatchObject(missing ? [{ level: "error", operation: "test" }] : []);
});

test("requests are watched each by itself, those that only read not at all", async () => {
  lines.length = 0;
  const route = (method: "GET" | "POST", name: string, handle: (call: CallBase) => Promise<void>) =>
    defineRoute({
      area: "api",
      method,
      path: `/api/v1/${name}`,
      access: "public",
      name,
      summary: name,
      handle: async (call) => {
        await handle(call);
        return new Response(null, { status: 204 });
      },
    });
  const routes = [
    route("POST", "forgets", async () => {
      await Bun.sleep(5);
      write(store.db, change);
    }),
    route("POST", "tells", async () => {
      write(store.db, (tx) => {
        change(tx);
        tell(tx);
      });
      await Bun.sleep(10);
    }),
    route("GET", "looks", async () => write(store.db, change)),
  ];
  const handler = createHandler(
    store,
    {
      routes,
      renew: async (_, call) => call,
      admit: async (_, call) => call,
      refill: async (_, answer) => answer,
      settle: () => {},
      meanwhile: async (_, __, ___, error) => {
        throw error;
      },
      problemPage: () => new Response(),
    },
    {
      host: "127.0.0.1",
      port: 80,
      tls: false,
    } as never,
  );
  const call = (method: string, name: string) =>
    handler(new Request(`http://127.0.0.1/api/v1/${name}`, { method }), "127.0.0.1");
  const answers = await Promise.all([call("POST", "tells"), call("POST", "forgets"), call("GET", "looks")]);
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
  const found = lines.filter(({ event }) => event === "audit.missing");
  const asked = lines.find(({ event, route }) => event === "http.request" && route === "/api/v1/forgets");
  expect(found).toMatchObject([{ level: "error", id: asked?.id, method: "POST", route: "/api/v1/forgets" }]);
});

test("what a job changes that a request woke is not the request's", async () => {
  lines.length = 0;
  let ran = 0;
  const handlers = new Map([
    [
      "test.woken",
      async () => {
        ran += 1;
        write(store.db, change);
      },
    ],
  ]);
  write(store.db, (tx) => void tx.run("DELETE FROM jobs"));
  const scheduler = startScheduler(store, { handlers, cron: [], ticking: true });
  await audited(store, { operation: "wakes" }, async () => {
    unwatched(() =>
      write(store.db, (tx) => void enqueue(tx, { kind: "test.woken", key: "x" }, store.clock.now())),
    );
    scheduler.wake();
    for (let tries = 0; ran === 0 && tries < 200; tries += 1) await Bun.sleep(5);
    await Bun.sleep(20);
  });
  await scheduler.stop(1000);
  expect(ran).toBe(1);
  expect(lines.filter(({ event }) => event === "audit.missing")).toEqual([]);
});
