/** The shapes of what takes how much room. */
import { Type } from "@sinclair/typebox";
import { STORAGE_KINDS } from "../catalog/storage-use/count.ts";
import { APP_ID, oneOf, orNull, record, TIME } from "./schemas.ts";

const BYTES = Type.Integer({ minimum: 0 });

export const STORAGE_USE = record(
  {
    countedAt: orNull({ ...TIME, description: "When a job last counted the files; null: not yet." }),
    counting: Type.Boolean({
      description: "Whether somebody has asked for them to be counted at once, and it is not done.",
    }),
    kinds: Type.Array(
      record({
        kind: {
          ...oneOf(...STORAGE_KINDS),
          description:
            "uploads: packages as they came. releases: packages with the store's signature. deltas: deltas and compact forms. pictures: pictures as they came. shown: the sizes of them that are shown. catalogue: the signed catalogue. partial: uploads that are not whole yet.",
        },
        files: Type.Integer({ minimum: 0 }),
        sizeBytes: BYTES,
      }),
    ),
    databaseBytes: { ...BYTES, description: "The database with its log, now." },
    disk: orNull({
      ...record({ freeBytes: BYTES, sizeBytes: BYTES }),
      description: "The disk with the data folder, now; null: the system does not say.",
    }),
  },
  "StorageUse",
);

export const STORAGE_OF_APP = record(
  {
    appId: APP_ID,
    appName: Type.String(),
    versions: Type.Integer({ minimum: 0 }),
    packagesBytes: { ...BYTES, description: "As they were uploaded and as they were released." },
    deltasBytes: BYTES,
    picturesBytes: { ...BYTES, description: "As they came." },
    totalBytes: BYTES,
  },
  "StorageOfApp",
);
