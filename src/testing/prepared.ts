/** A store that is made once a file and copied for each case, so that none depends on another: all copies have its keys. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPublishing, type Publishing } from "./publishing.ts";
import { testClock } from "./store.ts";

export type Prepared = {
  /** A copy, whose clock goes on from where that of the first stood. */
  open(): Promise<Publishing>;
  remove(): void;
};

/** @param fill Does what every case begins with, when the first begins. */
export function prepareStore(fill: (world: Publishing) => Promise<void>): Prepared {
  const folder = mkdtempSync(join(tmpdir(), "mosis-prepared-"));
  const make = async () => {
    const world = await openPublishing({ dataDir: folder });
    await fill(world);
    await world.close();
    return world.store.clock.now();
  };
  let made: Promise<Date> | null = null;
  return {
    async open() {
      made ??= make();
      return openPublishing({ clock: testClock(await made), copyOf: folder });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
