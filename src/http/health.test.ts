/** /readyz says which part fails, and that it works again; /healthz stays what it is. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { checkAudit } from "../audit/check.ts";
import { enact } from "../catalog/revocation/act.ts";
import { parseChange } from "../catalog/revocation/change.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import { write } from "../db/database.ts";
import { enqueue } from "../jobs/queue.ts";
import { releaseSigner } from "../keys/authority.ts";
import { noted } from "../keys/command-trouble.ts";
import { listSigningKeys } from "../keys/records.ts";
import { openSigningKey } from "../keys/signing-keys.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

type Answer = {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly [fact: string]: unknown }>>;
};

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

/** The parts that fail. What was found is kept for a second. */
async function failing(): Promise<string[]> {
  world.store.clock.advance(1001);
  const response = await fetch(`${world.url}/readyz`);
  const answer = (await response.json()) as Answer;
  const names = Object.entries(answer.checks)
    .filter(([, { status }]) => status !== "ok")
    .map(([name]) => name);
  expect(Object.keys(answer.checks)).toEqual(["database", "storage", "signingKeys", "jobQueue", "log"]);
  expect([response.status, answer.status]).toEqual(names.length === 0 ? [200, "ready"] : [503, "not ready"]);
  expect(response.headers.get("cache-control")).toBe("no-store");
  // Where things lie is for the log.
  expect(JSON.stringify(answer)).not.toContain(world.store.dataDir);
  expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
  return names;
}

const inFolder = (name: string) => join(world.store.dataDir, name);
const keyFile = () => inFolder("master.key");
const DAY_MS = 86_400_000;

/** What goes wrong with which part, and how it is mended. */
const faults: readonly (readonly [what: string, part: string, spoil: () => () => unknown])[] = [
  [
    "the master key's file is gone",
    "signingKeys",
    () => {
      renameSync(keyFile(), `${keyFile()}.away`);
      return () => renameSync(`${keyFile()}.away`, keyFile());
    },
  ],
  [
    "the master key's file holds another key",
    "signingKeys",
    () => {
      const right = readFileSync(keyFile());
      writeFileSync(keyFile(), `${randomBytes(32).toString("base64")}\n`);
      return () => writeFileSync(keyFile(), right);
    },
  ],
  [
    "the master key's file holds no key",
    "signingKeys",
    () => {
      const right = readFileSync(keyFile());
      writeFileSync(keyFile(), "");
      return () => writeFileSync(keyFile(), right);
    },
  ],
  [
    "everybody may read the master key",
    "signingKeys",
    () => {
      chmodSync(keyFile(), 0o644);
      return () => chmodSync(keyFile(), 0o600);
    },
  ],
  [
    "a signing key was sealed with another master key",
    "signingKeys",
    () => {
      const { raw } = world.store.db;
      const right = raw
        .query<{ sealed: Uint8Array }, []>(
          "SELECT sealed_private_key AS sealed FROM signing_keys WHERE name = 'tuf-timestamp'",
        )
        .get();
      if (!right) throw new Error("there is such a key");
      const set = (bytes: Uint8Array) =>
        raw.run("UPDATE signing_keys SET sealed_private_key = ? WHERE name = 'tuf-timestamp'", [bytes]);
      set(randomBytes(right.sealed.byteLength));
      return () => set(right.sealed);
    },
  ],
  [
    "the catalogue has expired",
    "signingKeys",
    () => {
      const at = world.store.clock.now();
      world.store.clock.advance(3 * DAY_MS);
      return () => world.store.clock.set(at);
    },
  ],
  [
    "the queue does not move",
    "jobQueue",
    () => {
      const at = world.store.clock.now();
      const id = write(world.store.db, (tx) => enqueue(tx, { kind: "test.waits", key: "x" }, at));
      world.store.clock.advance(5 * 60_000);
      return () => world.store.db.raw.run("DELETE FROM jobs WHERE id = ?", [id]);
    },
  ],
  [
    "nothing can be written to the storage",
    "storage",
    () => {
      // A file in the folder's place: even root cannot write into that.
      renameSync(inFolder("staging"), inFolder("staging.away"));
      writeFileSync(inFolder("staging"), "");
      return () => {
        rmSync(inFolder("staging"));
        renameSync(inFolder("staging.away"), inFolder("staging"));
      };
    },
  ],
  [
    "what was written cannot be found again",
    "storage",
    () => {
      renameSync(inFolder("blobs"), inFolder("blobs.away"));
      writeFileSync(inFolder("blobs"), "");
      return () => {
        rmSync(inFolder("blobs"));
        renameSync(inFolder("blobs.away"), inFolder("blobs"));
      };
    },
  ],
  [
    "the log is not the one that was signed",
    "log",
    () => {
      const { raw } = world.store.db;
      const newest = "WHERE size = (SELECT max(size) FROM log_heads)";
      const right = raw
        .query<{ root: string }, []>(`SELECT root_hash AS root FROM log_heads ${newest}`)
        .get();
      const set = (root: string) => raw.run(`UPDATE log_heads SET root_hash = ? ${newest}`, [root]);
      set("0".repeat(64));
      return () => set(right?.root ?? "");
    },
  ],
  [
    "a table of the database is gone",
    "database",
    () => {
      const { raw } = world.store.db;
      raw.run("ALTER TABLE settings RENAME TO settings_away");
      return () => raw.run("ALTER TABLE settings_away RENAME TO settings");
    },
  ],
];

describe("readiness", () => {
  for (const [what, part, spoil] of faults) {
    test(`${what}: ${part} fails until it is mended`, async () => {
      expect(await failing()).toEqual([]);
      const from = world.log.length;
      const mend = spoil();
      // The settings hold the store's id, which the signing keys' part asks for.
      expect(await failing()).toEqual(part === "database" ? ["database", "signingKeys"] : [part]);
      const told = world.log.slice(from).filter(({ event }) => event === "ready.failing");
      // What is told by figures alone stands in the answer itself.
      const isError = !what.startsWith("the catalogue") && !what.startsWith("the queue");
      expect(told.some(({ check }) => check === part)).toBe(isError);
      mend();
      expect(await failing()).toEqual([]);
    });
  }

  test("a command that does not sign is warned of until it does", async () => {
    const { store, url } = world;
    // Whichever it is by now.
    const { keyid } = releaseSigner(store);
    const row = listSigningKeys(store.db.orm).find((one) => one.keyid === keyid);
    if (row === undefined) throw new Error("there is a release key");
    let fails = true;
    const own = openSigningKey(store, row.name);
    const sign = async (bytes: Uint8Array) => {
      if (fails) throw new Error("out of reach");
      return own.sign(bytes);
    };
    const command = noted(store, row, { ...own, sign });
    const warned = async () => {
      store.clock.advance(1001);
      const { warnings } = (await (await fetch(`${url}/readyz`)).json()) as {
        warnings: { code: string; what?: string }[];
      };
      return warnings.filter(({ code }) => code === "keys.command_failing");
    };
    expect(await warned()).toEqual([]);
    await command.sign(Uint8Array.of(1)).catch(() => {});
    expect(await warned()).toEqual([{ code: "keys.command_failing", what: row.name }]);
    fails = false;
    await command.sign(Uint8Array.of(1));
    expect(await warned()).toEqual([]);
  });

  test("a damaged audit log is a warning, of which only the page and the log say more", async () => {
    const warnings = async () => {
      world.store.clock.advance(1001);
      const response = await fetch(`${world.url}/readyz`);
      const { warnings } = (await response.json()) as { warnings: { code: string; checkedAt?: string }[] };
      return [response.status, warnings.filter(({ code }) => code.startsWith("audit."))];
    };
    const { raw } = world.store.db;
    await checkAudit(world.store);
    expect(await warnings()).toEqual([200, []]);
    raw.run("DROP TRIGGER audit_entries_fixed");
    raw.run("UPDATE audit_entries SET action = 'account.enabled' WHERE action = 'account.disabled'");
    await checkAudit(world.store);
    const checkedAt = world.store.clock.now().toISOString();
    expect(await warnings()).toEqual([200, [{ code: "audit.damaged", checkedAt }]]);
    raw.run("UPDATE audit_entries SET action = 'account.disabled' WHERE action = 'account.enabled'");
    await checkAudit(world.store);
    expect(await warnings()).toEqual([200, []]);
  });

  test("the release key in use being revoked is a warning until it is replaced", async () => {
    const warnings = async () => {
      world.store.clock.advance(1001);
      const response = await fetch(`${world.url}/readyz`);
      const { warnings } = (await response.json()) as { warnings: { code: string; what?: string }[] };
      return [response.status, warnings.filter(({ code }) => code === "keys.release_revoked")];
    };
    expect(await warnings()).toEqual([200, []]);
    const { keyid: id } = releaseSigner(world.store);
    const input = { act: "revoke", subject: "key", id, action: "block", reason: "Copied." } as const;
    await enact(world.store, OPERATOR, parseChange(input));
    expect(await warnings()).toEqual([200, [{ code: "keys.release_revoked", what: "release" }]]);
    await replaceKeys(world.store, OPERATOR, ["release"]);
    expect(await warnings()).toEqual([200, []]);
    // What follows of it would wait here for good.
    await world.drain();
  });

  test("what was found is kept for a second, so that asking often does not write often", async () => {
    expect(await failing()).toEqual([]);
    const mend = faults[0]?.[2]();
    expect((await fetch(`${world.url}/readyz`)).status).toBe(200);
    world.store.clock.advance(1001);
    expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
    mend?.();
    expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
    expect(await failing()).toEqual([]);
  });
});
