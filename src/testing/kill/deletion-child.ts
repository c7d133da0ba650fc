/**
 * A process that asks for the deletion of an account and does it, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by deletion.test.ts: `bun deletion-child.ts DIR N`, N = 0 for not at all.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountActor } from "../../accounts/actor.ts";
import { askToDelete } from "../../accounts/deletion/ask.ts";
import { eraseDue } from "../../accounts/deletion/erase.ts";
import { accountById } from "../../accounts/records.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { testClock } from "../store.ts";
import { openCounting } from "./child-store.ts";
import type { PreparedDeletion } from "./outcome.ts";

const [dataDir = "", killAt = "0"] = process.argv.slice(2);
const { actor, now } = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedDeletion;
const person: AccountActor = { ...actor, organisations: new Map() };
let stage: string | null = null;
const clock = testClock(new Date(now));
const { store, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false, handlers: HANDLERS_HERE },
  Number(killAt),
  () => stage,
);
stage = "ask";
if (accountById(store.db.orm, actor.accountId) !== undefined)
  askToDelete(store, person, { confirm: actor.email });
stage = "erase";
clock.advance(7 * 86_400_000);
await eraseDue(store);
stage = null;
await close(1000);
console.log(JSON.stringify(steps));
