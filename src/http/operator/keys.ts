/** What `mosis admin keys` does with the store's own keys. */
import { type TObject, Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { distrust, distrustScope } from "../../catalog/store-keys/distrust.ts";
import { exportRequest, importRequest } from "../../catalog/store-keys/exchange.ts";
import { leftOf } from "../../catalog/store-keys/left.ts";
import { parseOfflineKeys } from "../../catalog/store-keys/offline-keys.ts";
import {
  addKey,
  cancelChanges,
  keysHeldHere,
  removeKey,
  renew,
  replaceKeys,
  roleNamed,
  setThreshold,
} from "../../catalog/store-keys/operations.ts";
import { readStoreKeys } from "../../catalog/store-keys/overview.ts";
import { inTurn } from "../../catalog/tuf/turn.ts";
import type { Store } from "../../context.ts";
import { type Operation, operation } from "./operation.ts";

const NEW_KEY = {
  command: t.Optional(t.String()),
  publicKey: t.Optional(t.String()),
  algorithm: t.Optional(t.Union([t.Literal("ecdsa-p256"), t.Literal("ecdsa-p384"), t.Literal("ed25519")])),
  offlineKeys: t.Optional(t.Array(t.String())),
  online: t.Optional(t.Boolean()),
};

const offlineKeysOf = (texts: readonly string[] | undefined) =>
  texts?.flatMap((text) => parseOfflineKeys(bytesOf(text)));

/** What changes keys: one at a time, so that the second of two finds what the first has left. */
function change<Schema extends TObject>(
  input: Schema,
  run: (store: Store, input: Schema["static"]) => object | Promise<object>,
): Operation {
  return operation(input, (store, value) =>
    inTurn(store.db, async () => ({ ...(await run(store, value)), left: leftOf(store) }), "keys"),
  );
}

const RENEWABLE = t.Union([
  t.Literal("root"),
  t.Literal("targets"),
  t.Literal("apps"),
  t.Literal("ca-root"),
  t.Literal("ca-developer"),
  t.Literal("release"),
]);

const bytesOf = (text: string) => new TextEncoder().encode(text);

export const KEY_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["keys.show", operation(t.Object({}), (store) => readStoreKeys(store, OPERATOR))],
  [
    "keys.replace",
    change(
      t.Object({
        names: t.Optional(t.Array(t.String())),
        allHere: t.Optional(t.Literal(true)),
        ...NEW_KEY,
      }),
      (store, { names, allHere, offlineKeys, ...by }) =>
        replaceKeys(store, OPERATOR, allHere ? keysHeldHere(store) : (names ?? []), {
          ...by,
          offlineKeys: offlineKeysOf(offlineKeys),
        }),
    ),
  ],
  [
    "keys.add",
    change(t.Object({ role: t.String(), ...NEW_KEY }), (store, { role, offlineKeys, ...by }) =>
      addKey(store, OPERATOR, roleNamed(role), { ...by, offlineKeys: offlineKeysOf(offlineKeys) }),
    ),
  ],
  [
    "keys.remove",
    change(t.Object({ name: t.String() }), (store, { name }) => removeKey(store, OPERATOR, name)),
  ],
  [
    "keys.threshold",
    change(t.Object({ role: t.String(), threshold: t.Integer() }), (store, { role, threshold }) =>
      setThreshold(store, OPERATOR, roleNamed(role), threshold),
    ),
  ],
  ["keys.renew", change(t.Object({ what: RENEWABLE }), (store, { what }) => renew(store, OPERATOR, what))],
  [
    "keys.distrust_scope",
    operation(t.Object({ name: t.String() }), (store, { name }) => distrustScope(store, name)),
  ],
  [
    "keys.distrust",
    change(t.Object({ name: t.String() }), (store, { name }) => distrust(store, OPERATOR, name)),
  ],
  [
    "keys.export",
    change(
      t.Object({ offlineKeys: t.Array(t.String()), rootThreshold: t.Optional(t.Integer()) }),
      async (store, { offlineKeys, rootThreshold }) => {
        const { body, ...found } = await exportRequest(store, OPERATOR, {
          offlineKeys: offlineKeys.flatMap((text) => parseOfflineKeys(bytesOf(text))),
          rootThreshold,
        });
        return { ...found, body: new TextDecoder().decode(body) };
      },
    ),
  ],
  [
    "keys.import",
    change(t.Object({ body: t.String() }), (store, { body }) =>
      importRequest(store, OPERATOR, bytesOf(body)),
    ),
  ],
  ["keys.cancel", change(t.Object({}), (store) => cancelChanges(store, OPERATOR))],
];
