/**
 * A process that does one thing to a device, and ends itself by SIGKILL right after the N-th step that survives a kill.
 * Run by device.test.ts: `bun device-child.ts OPERATION HOME URL ROOT N`, N = 0 for not at all. Prints the steps.
 */
import { OPERATIONS, operate } from "./device-operations.ts";

const [name, home = "", url = "", rootSha256 = "", killAt = "0"] = process.argv.slice(2);
const operation = OPERATIONS.find((known) => known === name);
if (!operation) throw new Error(`there is no operation ${name}`);

const steps: string[] = [];
await operate(operation, { home, url, rootSha256 }, (step) => {
  steps.push(step);
  if (steps.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
});
console.log(JSON.stringify(steps));
