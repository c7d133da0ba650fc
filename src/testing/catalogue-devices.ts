/** Devices that read a store's public catalogue: for each test of a file a server of it, and a folder in which they are. */
import { afterEach, beforeEach } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import { initDevice, withDevice } from "../device/device.ts";
import { type CatalogueServer, serveCatalogue } from "./catalogue-server.ts";
import type { Publishing } from "./publishing.ts";

type WithDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => Promise<T>;

export type CatalogueDevices = {
  /** Where they are: a folder each, by their names. */
  readonly folder: string;
  /** A new one, which trusts the store. */
  add(name: string): Promise<WithDevice>;
};

/** @param world Opens the store of each test before this is asked for a device */
export function devicesForEach(world: Pick<Publishing, "store">): CatalogueDevices {
  let server: CatalogueServer;
  let folder: string;
  beforeEach(() => {
    server = serveCatalogue(world.store.blobs);
    folder = mkdtempSync(join(tmpdir(), "mosis-devices-"));
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    async add(name) {
      const options = { home: join(folder, name), clock: world.store.clock };
      await initDevice({ ...options, url: server.url, rootSha256: rootSha256(world.store) });
      return (work) => withDevice(options, work);
    },
  };
}
