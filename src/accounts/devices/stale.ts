import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";

/** An assertion of another time than now. The answer says which time it is, so that a device can set its clock. */
export function staleAssertion(now: Date): Problem {
  const time = now.toISOString();
  return new Problem(
    "unauthenticated",
    "device.assertion_stale",
    say`What the device signed is not of this time: in the store it is ${time}. Set the device's clock, and sign anew.`,
    [{ code: "store.time", message: say`in the store it is ${time}`, expected: time }],
  );
}
