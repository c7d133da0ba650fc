/** A store that is made once a file and copied for each case, so that none depends on another: all copies have its keys. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorld, type World } from "./device-world.ts";
import { openPublishing, type Publishing } from "./publishing.ts";
import { type TestStore, type TestStoreOptions, testClock } from "./store.ts";

export type Prepared<Copy> = {
  /** A copy, whose clock goes on from where that of the first stood. */
  open(): Promise<Copy>;
  remove(): void;
};

/** @param fill Does what every case begins with, when the first begins. */
export function prepareStore(fill: (world: Publishing) => Promise<void>): Prepared<Publishing> {
  return prepare(openPublishing, fill, (copy) => openPublishing(copy));
}

/** For tests of devices: before anything is released. */
export function prepareWorld(): Prepared<World> {
  return prepare(
    openWorld,
    async () => {},
    (copy, { developer }) => openWorld(copy, developer),
  );
}

function prepare<Copy extends { readonly store: TestStore; close(): Promise<void> }>(
  make: (options: TestStoreOptions) => Promise<Copy>,
  fill: (first: Copy) => Promise<void>,
  open: (options: TestStoreOptions, first: Copy) => Promise<Copy>,
): Prepared<Copy> {
  const folder = mkdtempSync(join(tmpdir(), "mosis-prepared-"));
  const begin = async () => {
    const first = await make({ dataDir: folder });
    await fill(first);
    await first.close();
    return first;
  };
  let begun: Promise<Copy> | null = null;
  return {
    async open() {
      begun ??= begin();
      const first = await begun;
      return open({ copyOf: folder, clock: testClock(first.store.clock.now()) }, first);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
