/** Devices that are there without having enrolled. */
import { type DeviceRow, insertDevice } from "../accounts/devices/records.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { type KeyId, newId } from "../ids.ts";
import { generateKeyPair, keyid, spkiOf } from "../signing/keys.ts";

/** A device with a key of its own. */
export function newDevice(store: Store, { name }: { readonly name: string }): DeviceRow {
  const publicKey = Buffer.from(spkiOf(generateKeyPair().publicKey));
  return write(store.db, (tx) =>
    insertDevice(tx, {
      id: newId("dev"),
      name,
      nameKey: name.toLowerCase(),
      algorithm: "ecdsa-p256",
      publicKey,
      keyid: keyid(publicKey) as KeyId,
      platform: "linux-x64",
      model: "Kiosk",
      runtime: "mosis 1.0.0",
      revision: 1,
      createdAt: store.clock.now(),
    }),
  );
}
