/** The store is killed while keys end: what is done is done whole, with its entry in the log and its messages, and once. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { findByToken } from "../../accounts/api-keys/find.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import { isProblem } from "../../errors.ts";
import { openTestStore, testClock } from "../store.ts";
import { KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedKeys } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-keys-"));
const prepared = join(top, "prepared");
let facts: PreparedKeys;
let revokedToken: string;
afterAll(() => rmSync(top, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(prepared);
  const clock = testClock();
  const store = await openTestStore({ dataDir: prepared, clock });
  const organisationId = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  const { id } = await createAccount(store, OPERATOR, { email: "olga@example.org", name: "Olga" });
  addMember(store, OPERATOR, organisationId, id, "owner");
  const make = (days: number) =>
    createApiKey(store, OPERATOR, { owner: { organisationId }, name: "CI", days });
  const [revoked, leaked, ending] = [make(90), make(90), make(8)];
  clock.advance(2 * 86_400_000);
  facts = {
    revoked: revoked.key.id,
    leakedToken: leaked.token,
    leaked: leaked.key.id,
    ending: ending.key.id,
    now: clock.now().toISOString(),
  };
  revokedToken = revoked.token;
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  store.close();
});

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

/** How many of each are there, in a store that is opened after the kill. */
async function foundIn(folder: string) {
  const store = await openTestStore({ dataDir: folder, clock: testClock(new Date(facts.now)) });
  const count = (sql: string) => store.db.raw.query<{ n: number }, []>(sql).get()?.n ?? -1;
  const entries = (action: string) =>
    count(`SELECT count(*) AS n FROM audit_entries WHERE action = 'apikey.${action}'`);
  const letters = (kind: string) => count(`SELECT count(*) AS n FROM outbox WHERE kind = 'apikey.${kind}'`);
  const works = (token: string): boolean => {
    try {
      findByToken(store, token);
      return true;
    } catch (error) {
      if (isProblem(error)) return false;
      throw error;
    }
  };
  const found = {
    revoke: [!works(revokedToken), entries("revoked")],
    leak: [!works(facts.leakedToken), entries("leaked"), letters("leaked")],
    ending: [letters("ending"), count("SELECT count(*) AS n FROM api_keys WHERE end_told_at IS NOT NULL")],
  };
  store.close();
  return found;
}

const NOTHING = { revoke: [false, 0], leak: [false, 0, 0], ending: [0, 0] };
const ALL = { revoke: [true, 1], leak: [true, 1, 1], ending: [1, 1] };
const STAGES = ["revoke", "leak", "ending"] as const;

test(
  "a kill after each durable write leaves every act done whole or not at all, and never twice",
  async () => {
    const whole = copyOf("whole");
    const steps = (await runChild<string[]>("api-keys-child.ts", whole, 0)) ?? [];
    expect(await foundIn(whole)).toEqual(ALL);
    expect([...new Set(steps)]).toEqual([...STAGES]);
    await twoAtATime(
      steps.map((_, index) => index + 1),
      async (killAt) => {
        const folder = copyOf(`step ${killAt}`);
        expect({ killAt, outcome: await runChild("api-keys-child.ts", folder, killAt) }).toEqual({
          killAt,
          outcome: null,
        });
        // Each act has one write: what was written before the kill is done, and the rest has not begun.
        const done = STAGES.slice(0, STAGES.findIndex((stage) => stage === steps[killAt - 1]) + 1);
        const expected = { ...NOTHING, ...Object.fromEntries(done.map((stage) => [stage, ALL[stage]])) };
        expect({ killAt, found: await foundIn(folder) }).toEqual({ killAt, found: expected });
        await runChild("api-keys-child.ts", folder, 0);
        expect({ killAt, found: await foundIn(folder) }).toEqual({ killAt, found: ALL });
        rmSync(folder, { recursive: true });
      },
    );
    expect(steps).toHaveLength(STAGES.length);
  },
  KILLS_TIMEOUT_MS,
);
