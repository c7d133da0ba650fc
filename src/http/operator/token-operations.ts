/** What `mosis admin tokens` does, as operations. */
import { Type as t } from "@sinclair/typebox";
import { listTokenKeys, rotateTokenKeys } from "../../accounts/access-tokens/keys.ts";
import { OPERATOR } from "../../accounts/actor.ts";
import { type Operation, operation } from "./operation.ts";

export const TOKEN_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["tokens.keys", operation(t.Object({}), (store) => ({ items: listTokenKeys(store, OPERATOR) }))],
  ["tokens.rotate", operation(t.Object({}), (store) => ({ items: rotateTokenKeys(store, OPERATOR) }))],
];
