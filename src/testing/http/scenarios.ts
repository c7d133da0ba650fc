/**
 * Tests of the API as tables: who asks for what, what comes back, and what is in the database after it. Each scenario has
 * a world of its own, and each answer is held to the OpenAPI document too.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Read, read, routeOf, undocumented } from "./conformance.ts";
import { type Caller, makeTemplate, openWorld, type Template, type World } from "./world.ts";

export type Scenario = {
  readonly name: string;
  /** Without one the request carries no key. */
  readonly as?: Caller;
  /** `GET /api/v1/apps`; a function where it depends on the sample. */
  readonly request: string | ((world: World) => string);
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown | ((world: World) => unknown);
  /** Sent as a package. */
  readonly bytes?: (world: World) => Uint8Array | Promise<Uint8Array>;
  /** What happens before. */
  readonly before?: (world: World) => unknown;
  readonly status: number;
  /** Of the problem document. */
  readonly code?: string;
  /** Members that the answer must have, compared deeply. */
  readonly body?: object | ((world: World) => object);
  readonly also?: (answer: Read, world: World) => unknown;
  /** Tables whose number of rows changes, and by how many; every other stays as it was. */
  readonly rows?: Readonly<Record<string, number>>;
  readonly effect?: (world: World) => unknown;
};

const COUNTED = [
  "apps",
  "versions",
  "version_events",
  "blobs",
  "reviews",
  "jobs",
  "idempotency_keys",
  "developer_keys",
  "developer_certificates",
  "accounts",
  "organisations",
  "api_keys",
  "revocations",
  "revocation_events",
  "lowest_versions",
] as const;

/** How many rows each table has. */
export function rowCounts(world: World): Record<string, number> {
  return Object.fromEntries(
    COUNTED.map((table) => [
      table,
      world.store.db.raw.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1,
    ]),
  );
}

export type Sent = Pick<Scenario, "as" | "headers" | "json" | "bytes"> & { readonly request: string };

/** Sends one request of a scenario. */
export async function send(world: World, sent: Sent): Promise<Read> {
  const [method = "", path = ""] = sent.request.split(" ");
  const json = typeof sent.json === "function" ? sent.json(world) : sent.json;
  const bytes = await sent.bytes?.(world);
  const response = await fetch(`${world.url}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(sent.as === undefined ? {} : { Authorization: `Bearer ${world.tokens[sent.as]}` }),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...(bytes === undefined ? {} : { "Content-Type": "application/vnd.mosis.package" }),
      ...sent.headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(bytes === undefined ? {} : { body: bytes as Uint8Array<ArrayBuffer> }),
  });
  return read(response);
}

async function run(world: World, scenario: Scenario): Promise<void> {
  await scenario.before?.(world);
  const counts = rowCounts(world);
  const request = typeof scenario.request === "function" ? scenario.request(world) : scenario.request;
  const answer = await send(world, { ...scenario, request });
  const [method = "", target = ""] = request.split(" ");
  const { pathname } = new URL(target, world.url);

  expect({ status: answer.status, code: (answer.json as { code?: string } | undefined)?.code }).toEqual({
    status: scenario.status,
    code: scenario.code,
  });
  expect(undocumented(routeOf(method, pathname), answer)).toEqual([]);
  const line = world.log.findLast((one) => one.event === "http.request");
  expect(line).toMatchObject({ status: scenario.status, id: answer.headers.get("x-request-id") });
  if (scenario.code !== undefined) {
    expect((answer.json as { instance?: string }).instance).toBe(`urn:mosis:request:${line?.id}`);
  }
  if (scenario.body) {
    expect(answer.json).toMatchObject(
      typeof scenario.body === "function" ? scenario.body(world) : scenario.body,
    );
  }
  await scenario.also?.(answer, world);
  const expected = { ...counts };
  for (const [table, change] of Object.entries(scenario.rows ?? {}))
    expected[table] = (counts[table] ?? 0) + change;
  expect(rowCounts(world)).toEqual(expected);
  await scenario.effect?.(world);
}

/** Runs the table. */
export function scenarios(title: string, table: readonly Scenario[]): void {
  describe(title, () => {
    let template: Template;
    beforeAll(async () => {
      template = await makeTemplate();
    });
    afterAll(() => template.remove());
    for (const scenario of table) {
      test(scenario.name, async () => {
        const world = await openWorld(template);
        try {
          await run(world, scenario);
        } finally {
          await world.close();
        }
      });
    }
  });
}
