/** Work between two turns of the event loop: about 10 ms of inflating and hashing on a small machine. */
const TURN_BYTES = 2 * 2 ** 20;

/** What looking at one more entry costs, in the same currency. */
export const ENTRY_COST = 4096;

/**
 * Lets a long computation share its thread: `await pace(bytes)` after each piece of work gives the event loop a turn
 * when enough has been done since the last one. Counted in bytes, so that it needs no clock.
 */
export function createPace(): (bytes: number) => Promise<void> | undefined {
  let done = 0;
  return (bytes) => {
    done += bytes;
    if (done < TURN_BYTES) return undefined;
    done = 0;
    return new Promise((resolve) => setImmediate(resolve));
  };
}
