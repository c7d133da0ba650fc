/** Tells of a queue that stands: the look that is itself a job would wait in it. */
import type { Store } from "../../context.ts";
import { describeError } from "../../errors.ts";
import { queueStandsSince } from "./find.ts";
import { tellOfTroubles } from "./tell.ts";

const LOOK_MS = 5 * 60_000;

/** Looks every few minutes of the machine's time until it is stopped. */
export function watchQueue(store: Store): { readonly stop: () => void } {
  let stood = false;
  const timer = setInterval(() => {
    lookAtQueue(store, stood).then(
      (stands) => {
        stood = stands;
      },
      (error) => store.log.error("troubles.failing", { check: "queue", error: describeError(error) }),
    );
  }, LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Gives whether it stands. @param stood Whether it did at the look before: that it does not any more is put down, too */
export async function lookAtQueue(store: Store, stood: boolean): Promise<boolean> {
  const stands = queueStandsSince(store) !== null;
  if (stands || stood) await tellOfTroubles(store);
  return stands;
}
