/**
 * A process that sets a device up with a code, and ends itself by SIGKILL right after the N-th step that survives a kill. Run
 * by enrolment.test.ts: `bun enrolment-child.ts HOME URL ROOT CODE N`, N = 0 for not at all.
 */
import { systemClock } from "../../clock.ts";
import { initDevice } from "../../device/device.ts";

const [home = "", url = "", rootSha256 = "", code = "", killAt = "0"] = process.argv.slice(2);
const facts = { name: "Kiosk", platform: "", model: "", runtime: "" };
const steps: string[] = [];
await initDevice({
  home,
  url,
  rootSha256,
  clock: systemClock,
  enrol: { code, facts },
  onDurableWrite: (step) => {
    steps.push(step);
    if (steps.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
console.log(JSON.stringify(steps));
