/**
 * A process that changes the store's keys in a data folder, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by store-keys.test.ts: `bun store-keys-child.ts OPERATION DIR N`; it prints how many steps it took.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { importRequest } from "../../catalog/store-keys/exchange.ts";
import { replaceKeys } from "../../catalog/store-keys/operations.ts";
import { openTestStore } from "../store.ts";

const [operation, dataDir = "", killAt = "0"] = process.argv.slice(2);
const steps: string[] = [];
let counts = false;
const store = await openTestStore({
  dataDir,
  onDurableWrite: (step) => {
    if (!counts) return;
    steps.push(`${operation}: ${step}`);
    if (steps.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
counts = true;
if (operation === "replace") await replaceKeys(store, OPERATOR, ["tuf-timestamp", "ca-developer"]);
else if (operation === "import")
  await importRequest(store, OPERATOR, new Uint8Array(readFileSync(join(dataDir, "signed.json"))));
else throw new Error(`there is no operation ${operation}`);
store.close();
console.log(JSON.stringify(steps));
