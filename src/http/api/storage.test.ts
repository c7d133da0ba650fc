/** What takes how much room: counted from real files, by who may see it. */
import { expect } from "bun:test";
import { countDaily, countStorage } from "../../catalog/storage-use/count.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";
import { DAY_MS, HOUR_MS } from "../../time.ts";

const STORAGE = "/api/v1/storage";
type Use = {
  countedAt: string | null;
  counting: boolean;
  kinds: { kind: string; files: number; sizeBytes: number }[];
  databaseBytes: number;
  disk: { freeBytes: number; sizeBytes: number } | null;
};
type Apps = { items: { appId: string; totalBytes: number; versions: number }[]; nextCursor: string | null };

const count = ({ store }: World) => countStorage(store);
const sumOf = ({ store }: World, select: string): number =>
  store.db.raw.query<{ n: number }, []>(`SELECT ${select} AS n`).get()?.n ?? -1;

const storage: readonly Scenario[] = [
  { name: "without a key", request: `GET ${STORAGE}`, status: 401, code: "auth.required" },
  { name: "a reviewer", as: "reviewer", request: `GET ${STORAGE}`, status: 403, code: "rights.forbidden" },
  { name: "an owner", as: "owner", request: `GET ${STORAGE}/apps`, status: 403, code: "rights.forbidden" },
  {
    name: "each kind as the database knows its files, and all of the store's own",
    as: "auditor",
    request: `GET ${STORAGE}`,
    before: count,
    status: 200,
    also: ({ json }, world) => {
      const { kinds, databaseBytes, disk, countedAt } = json as Use;
      const sizes = new Map(kinds.map(({ kind, files, sizeBytes }) => [kind, { files, sizeBytes }]));
      for (const kind of ["uploads", "releases", "deltas", "pictures"])
        expect([kind, sizes.get(kind)]).toEqual([
          kind,
          {
            files: sumOf(world, `(SELECT count(*) FROM blobs WHERE key LIKE '${kind}/%')`),
            sizeBytes: sumOf(
              world,
              `(SELECT coalesce(sum(size_bytes), 0) FROM blobs WHERE key LIKE '${kind}/%')`,
            ),
          },
        ]);
      expect(sizes.get("uploads")?.files).toBeGreaterThan(3);
      expect(sizes.get("catalogue")?.sizeBytes).toBeGreaterThan(0);
      expect(countedAt).toBe(world.store.clock.now().toISOString());
      expect(databaseBytes).toBeGreaterThan(100_000);
      expect(disk?.sizeBytes).toBeGreaterThan(disk?.freeBytes ?? 0);
    },
  },
  {
    name: "the apps, the largest first, page by page",
    as: "administrator",
    request: `GET ${STORAGE}/apps?limit=1`,
    before: count,
    status: 200,
    also: async ({ json }, world) => {
      const found = [...(json as Apps).items];
      for (let cursor = (json as Apps).nextCursor; cursor !== null; ) {
        const request = `GET ${STORAGE}/apps?limit=1&cursor=${cursor}`;
        const next = (await send(world, { as: "administrator", request })).json as Apps;
        found.push(...next.items);
        cursor = next.nextCursor;
      }
      const sizes = found.map(({ totalBytes }) => totalBytes);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      expect(found.length).toBe(sumOf(world, "(SELECT count(*) FROM apps)"));
      const own = found.find(({ appId }) => appId === world.app);
      expect(own?.versions).toBe(
        sumOf(world, `(SELECT count(*) FROM versions WHERE app_id = '${world.app}')`),
      );
      expect(own?.totalBytes).toBeGreaterThan(0);
      expect(found.find(({ appId }) => appId === world.emptyApp)?.totalBytes).toBe(0);
    },
  },
  {
    name: "the apps: a cursor of another list",
    as: "administrator",
    request: `GET ${STORAGE}/apps?cursor=${Buffer.from("jobs:1").toString("base64url")}`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "is counted once a day, however often the job runs, and what is gone counts no more",
    as: "administrator",
    request: `GET ${STORAGE}`,
    before: async (world) => {
      const { store } = world;
      const countedAt = () => sumOf(world, "(SELECT counted_at FROM storage_counts)");
      await countDaily(store);
      const first = countedAt();
      store.clock.advance(HOUR_MS);
      await countDaily(store);
      expect(countedAt()).toBe(first);
      for await (const { key } of store.blobs.list("uploads/")) await store.blobs.remove(key);
      store.clock.advance(DAY_MS - HOUR_MS);
      await countDaily(store);
      expect(countedAt()).toBeGreaterThanOrEqual(first + DAY_MS);
    },
    status: 200,
    also: ({ json }) =>
      expect((json as Use).kinds.find(({ kind }) => kind === "uploads")).toEqual({
        kind: "uploads",
        files: 0,
        sizeBytes: 0,
      }),
  },
  {
    name: "an auditor has nothing counted",
    as: "auditor",
    request: `POST ${STORAGE}/count`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "counts at once for who asks, however new the last count is; asked twice, once",
    as: "administrator",
    request: `GET ${STORAGE}`,
    before: async (world) => {
      const ask = async () => {
        const { status, json } = await send(world, { as: "administrator", request: `POST ${STORAGE}/count` });
        const { counting, countedAt } = json as Use;
        expect([status, counting]).toEqual([200, true]);
        return Date.parse(countedAt ?? "");
      };
      await countDaily(world.store);
      world.store.clock.advance(60_000);
      const former = await ask();
      expect(await ask()).toBe(former);
      expect(sumOf(world, "(SELECT count(*) FROM audit_entries WHERE action = 'store.count_asked')")).toBe(1);
      await world.drain();
      expect(sumOf(world, "(SELECT counted_at FROM storage_counts)")).toBeGreaterThanOrEqual(former + 60_000);
    },
    status: 200,
    also: ({ json }) => expect((json as Use).counting).toBe(false),
  },
];

scenarios(STORAGE, storage);
