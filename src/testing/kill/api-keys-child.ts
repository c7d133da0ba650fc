/**
 * A process that revokes a key, takes the report of another and tells of a third one's end, and ends itself by SIGKILL right
 * after the N-th step that survives a kill. Run by api-keys.test.ts: `bun api-keys-child.ts DIR N`, N = 0 for not at all.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { tellOfEndingKeys } from "../../accounts/api-keys/ending.ts";
import { reportLeaked } from "../../accounts/api-keys/leaked.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { testClock } from "../store.ts";
import { openCounting } from "./child-store.ts";
import type { PreparedKeys } from "./outcome.ts";

const [dataDir = "", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedKeys;
let stage: string | null = null;
const { store, close, steps } = await openCounting(
  { dataDir, clock: testClock(new Date(prepared.now)), mayCreate: false, handlers: HANDLERS_HERE },
  Number(killAt),
  () => stage,
);
stage = "revoke";
revokeApiKey(store, OPERATOR, prepared.revoked);
stage = "leak";
reportLeaked(store, ANONYMOUS, [{ token: prepared.leakedToken }]);
stage = "ending";
tellOfEndingKeys(store);
stage = null;
await close(1000);
console.log(JSON.stringify(steps));
