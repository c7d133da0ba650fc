import type { JsonValue } from "../signing/json.ts";
import { escapePointer } from "../signing/shape.ts";

/** One value that is not the same in two documents; `before` or `after` is missing where it is new or gone. */
export type JsonChange = {
  /** RFC 6901; items of a list are compared by their place in it. */
  readonly pointer: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
};

/**
 * What differs between two JSON documents, at the deepest place that both have. In the order of keys. For documents that
 * a strict parser has read: its limits bound depth and size.
 */
export function jsonChanges(before: JsonValue, after: JsonValue, pointer = ""): JsonChange[] {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    if (!Array.isArray(before)) keys.sort();
    return keys.flatMap((key) => memberChanges(before, after, key, `${pointer}/${escapePointer(key)}`));
  }
  return before === after ? [] : [{ pointer, before, after }];
}

type JsonContainer = Extract<JsonValue, object>;

function isContainer(value: JsonValue): value is JsonContainer {
  return typeof value === "object" && value !== null;
}

function memberChanges(
  before: JsonContainer,
  after: JsonContainer,
  key: string,
  pointer: string,
): JsonChange[] {
  const was = memberOf(before, key);
  const is = memberOf(after, key);
  if (was === undefined && is !== undefined) return [{ pointer, after: is }];
  if (was !== undefined && is === undefined) return [{ pointer, before: was }];
  return was === undefined || is === undefined ? [] : jsonChanges(was, is, pointer);
}

function memberOf(value: JsonContainer, key: string): JsonValue | undefined {
  if (!Object.hasOwn(value, key)) return undefined;
  const member: unknown = Reflect.get(value, key);
  return member as JsonValue;
}
