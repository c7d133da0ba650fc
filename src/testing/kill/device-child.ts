/**
 * A process that does one thing to a device, and ends itself by SIGKILL right after the N-th step that survives a kill.
 * Run by device.test.ts: `bun device-child.ts OPERATION HOME URL ROOT N`.
 */
import { OPERATIONS, operate } from "./device-operations.ts";

const [name, home = "", url = "", rootSha256 = "", killAt = "0"] = process.argv.slice(2);
const operation = OPERATIONS.find((known) => known === name);
if (!operation) throw new Error(`there is no operation ${name}`);

let steps = 0;
await operate(operation, { home, url, rootSha256 }, () => {
  steps += 1;
  if (steps === Number(killAt)) process.kill(process.pid, "SIGKILL");
});
