/**
 * A process that asks a provider whether people are still in their groups, and ends itself by SIGKILL right after the N-th
 * step that survives a kill, or when the N-th answer with new tokens is there and nothing of it is kept. Run by
 * groups.test.ts: `bun groups-child.ts DIR step|answer N`, N = 0 for not at all.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { confirmGroups } from "../../accounts/identities/confirm.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { systemClock } from "../../clock.ts";
import { openCounting } from "./child-store.ts";
import type { PreparedGroups } from "./outcome.ts";

const [dataDir = "", what = "", killAt = "0"] = process.argv.slice(2);
const flags = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedGroups;

if (what === "answer") {
  const { fetch } = globalThis;
  let answers = 0;
  const counting = async (...words: Parameters<typeof fetch>): Promise<Response> => {
    const answer = await fetch(...words);
    if (!String(words[0]).endsWith("/token")) return answer;
    answers += 1;
    if (answers === Number(killAt)) process.kill(process.pid, "SIGKILL");
    return answer;
  };
  globalThis.fetch = Object.assign(counting, fetch);
}

let stage: string | null = null;
const { store, close, steps } = await openCounting(
  { dataDir, flags, clock: systemClock, mayCreate: false, handlers: HANDLERS_HERE },
  what === "step" ? Number(killAt) : 0,
  () => stage,
);
stage = "confirm";
await confirmGroups(store, new AbortController().signal);
stage = null;
await close(1000);
console.log(JSON.stringify(steps));
