/** Stores of a file of tests: one for all, or one that is filled once and copied for each, so that none depends on another. */
import { afterAll, afterEach, beforeAll, beforeEach } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorld, type World } from "./device-world.ts";
import { openPublishing, type Publishing } from "./publishing.ts";
import { type TestStore, type TestStoreOptions, testClock } from "./store.ts";

type Prepared<Copy> = {
  /** A copy, whose clock goes on from where that of the first stood. */
  open(): Promise<Copy>;
  remove(): void;
};

/** One store for all tests of the file. @param fill Does what they begin with */
export function storeForAll(fill: () => unknown = () => {}): Publishing {
  let opened: Publishing | null = null;
  beforeAll(async () => {
    opened = await openPublishing();
    await fill();
  });
  afterAll(() => opened?.close());
  return publishing(() => opened);
}

/**
 * A store for each test of the file, opened before it and closed after it; while the first is filled, that one.
 * @param fill Does what every test begins with
 * @param end Comes after each test, while its store is still open
 */
export function storeForEach(
  fill: (first: Publishing) => unknown = () => {},
  end: () => unknown = () => {},
): Publishing {
  return publishing(forEach(openPublishing, fill, (copy) => openPublishing(copy), end));
}

function publishing(find: () => Publishing | null): Publishing {
  const now = () => opened(find());
  return {
    get store() {
      return now().store;
    },
    get scheduler() {
      return now().scheduler;
    },
    close: () => now().close(),
  };
}

function opened<Copy>(copy: Copy | null): Copy {
  if (copy === null) throw new Error("there is a store only while a test runs");
  return copy;
}

/** The same for tests of devices: before anything is released. */
export function worldForEach(end: () => unknown = () => {}): World {
  const find = forEach(
    openWorld,
    () => {},
    (copy, { developer }) => openWorld(copy, developer),
    end,
  );
  const now = () => opened(find());
  return {
    get store() {
      return now().store;
    },
    get server() {
      return now().server;
    },
    get developer() {
      return now().developer;
    },
    get rootSha256() {
      return now().rootSha256;
    },
    release: (...words) => now().release(...words),
    folder: () => now().folder(),
    close: () => now().close(),
  };
}

type Closed = { readonly store: TestStore; close(): Promise<void> };

function forEach<Copy extends Closed>(
  make: (options: TestStoreOptions) => Promise<Copy>,
  fill: (first: Copy) => unknown,
  open: (options: TestStoreOptions, first: Copy) => Promise<Copy>,
  end: () => unknown,
): () => Copy | null {
  let current: Copy | null = null;
  const filled = async (first: Copy) => {
    current = first;
    await fill(first);
  };
  const prepared = prepare(make, filled, open);
  beforeEach(async () => {
    current = await prepared.open();
  });
  afterEach(async () => {
    const copy = current;
    try {
      await end();
    } finally {
      current = null;
      await copy?.close();
    }
  });
  afterAll(() => prepared.remove());
  return () => current;
}

function prepare<Copy extends Closed>(
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
