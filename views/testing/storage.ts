/** Sample data of the page of storage. */
import type { StorageApp, StorageProps } from "../pages/storage.tsx";
import { before } from "./context.ts";
import { LONGEST, NO_PAGER, PAGER } from "./data.ts";

const MB = 1_000_000;
const GB = 1000 * MB;

const app = (appId: string, appName: string, versions: number, packagesBytes: number): StorageApp => {
  const deltasBytes = Math.round(packagesBytes / 7);
  const picturesBytes = 2 * MB;
  const totalBytes = packagesBytes + deltasBytes + picturesBytes;
  return { appId, appName, versions, packagesBytes, deltasBytes, picturesBytes, totalBytes };
};

export const storageUse: StorageProps = {
  countedAt: before(5, "hours"),
  counting: false,
  mayCount: true,
  kinds: [
    { kind: "uploads", files: 412, sizeBytes: 5.83 * GB },
    { kind: "releases", files: 377, sizeBytes: 5.3 * GB },
    { kind: "deltas", files: 901, sizeBytes: 1.62 * GB },
    { kind: "pictures", files: 1204, sizeBytes: 310 * MB },
    { kind: "shown", files: 4816, sizeBytes: 88 * MB },
    { kind: "catalogue", files: 2088, sizeBytes: 14 * MB },
    { kind: "partial", files: 1, sizeBytes: 41 * MB },
  ],
  databaseBytes: 184 * MB,
  disk: { freeBytes: 21 * GB, sizeBytes: 107 * GB },
  apps: [
    app("com.northwind.inspect", "Site Inspect", 48, 2.2 * GB),
    app("com.northwind.notes", "Field Notes", 31, 640 * MB),
    app("com.northwind.keys", "Key Cabinet", 3, 12 * MB),
  ],
  pager: PAGER,
};

export const storageUncounted: StorageProps = {
  countedAt: null,
  counting: false,
  mayCount: false,
  kinds: [],
  databaseBytes: 4 * MB,
  disk: null,
  apps: [],
  pager: NO_PAGER,
};

export const storageEmpty: StorageProps = {
  ...storageUse,
  counting: true,
  apps: [],
  pager: NO_PAGER,
};

export const storageLongest: StorageProps = {
  ...storageUse,
  disk: { freeBytes: 3 * GB, sizeBytes: 12_345 * GB },
  apps: [app(LONGEST.id, LONGEST.name, 1_234_567, 987_654 * GB)],
};
