/** The store is killed while an account is deleted: the person is there whole, or gone whole, and the list says who was deleted. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { applyErased } from "../../accounts/deletion/erase.ts";
import { readErased } from "../../accounts/deletion/list.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import { accountById } from "../../accounts/records.ts";
import { verifyAudit } from "../../audit/verify.ts";
import { initialiseTrust } from "../../catalog/tuf/repository.ts";
import { emptyLog } from "../../db/wal.ts";
import { signedInNow } from "../signed-in.ts";
import { openTestStore, testClock } from "../store.ts";
import { KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedDeletion } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-deletion-"));
const prepared = join(top, "prepared");
const TRACE = "quillfeather";
let facts: PreparedDeletion;
afterAll(() => rmSync(top, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(prepared);
  const clock = testClock();
  const store = await openTestStore({ dataDir: prepared, clock });
  await initialiseTrust(store);
  const organisationId = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  const add = async (email: string) =>
    (await createAccount(store, OPERATOR, { email, name: email.replace(/@.*/, "") })).id;
  const [id, other] = [await add(`zeb@${TRACE}.example`), await add("bea@example.org")];
  for (const each of [id, other]) addMember(store, OPERATOR, organisationId, each, "owner");
  const { organisations: _, ...actor } = await signedInNow(store, id, {
    address: "203.0.113.4",
    userAgent: TRACE,
  });
  createApiKey(store, OPERATOR, { owner: { accountId: id }, name: "k" });
  const by = { ...actor, organisations: new Map([[organisationId, "owner"]] as const) };
  invite(store, by, { email: "cy@example.net", member: { organisationId, role: "viewer" } });
  facts = { actor, now: clock.now().toISOString() };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  store.close();
});

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  rmSync(join(folder, "prepared.json"));
  writeFileSync(join(folder, "prepared.json"), JSON.stringify(facts));
  return folder;
}

/** In a store that is opened after the kill, as a start does it. */
async function foundIn(folder: string) {
  const store = await openTestStore({ dataDir: folder, clock: testClock(new Date(facts.now)) });
  await applyErased(store);
  const { accountId } = facts.actor;
  const count = (sql: string) => store.db.raw.query<{ n: number }, []>(sql).get()?.n ?? -1;
  const row = accountById(store.db.orm, accountId);
  const person = row === undefined ? "gone" : row.deletionAt === null ? "there" : "waiting";
  const left = {
    roles: count(`SELECT count(*) AS n FROM memberships WHERE account_id = '${accountId}'`),
    keys: count(`SELECT count(*) AS n FROM api_keys WHERE account_id = '${accountId}'`),
    erased: count("SELECT count(*) AS n FROM audit_entries WHERE action = 'account.erased'"),
    listed: readErased(folder).has(accountId),
  };
  expect((await verifyAudit(store.db)).fault).toBeNull();
  emptyLog(store.db);
  store.close();
  const traces = readFileSync(join(folder, "mosis.db")).includes(Buffer.from(TRACE));
  return { person, ...left, traces };
}

const THERE = { person: "there", roles: 1, keys: 1, erased: 0, listed: false, traces: true };
const WAITING = { ...THERE, person: "waiting" };
const GONE = { person: "gone", roles: 0, keys: 0, erased: 1, listed: true, traces: false };

test(
  "a kill after each durable write leaves the person whole or nothing of them, and the next start goes on",
  async () => {
    const whole = copyOf("whole");
    expect(await foundIn(copyOf("before"))).toEqual(THERE);
    const steps = (await runChild<string[]>("deletion-child.ts", whole, 0)) ?? [];
    expect(await foundIn(whole)).toEqual(GONE);
    expect([...new Set(steps)]).toEqual(["ask", "erase"]);
    await twoAtATime(
      steps.map((_, index) => index + 1),
      async (killAt) => {
        const folder = copyOf(`step ${killAt}`);
        expect({ killAt, outcome: await runChild("deletion-child.ts", folder, killAt) }).toEqual({
          killAt,
          outcome: null,
        });
        const isLast = killAt === steps.length;
        expect({ killAt, found: await foundIn(folder) }).toEqual({ killAt, found: isLast ? GONE : WAITING });
        await runChild("deletion-child.ts", folder, 0);
        expect({ killAt, found: await foundIn(folder) }).toEqual({ killAt, found: GONE });
        rmSync(folder, { recursive: true });
      },
    );
  },
  KILLS_TIMEOUT_MS,
);
