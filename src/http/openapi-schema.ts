/** Plain JSON Schema from the schemas of the routes, for the OpenAPI document. */
import type { TSchema } from "@sinclair/typebox";
import { EXAMPLES } from "./examples.ts";

export type Json = { readonly [key: string]: unknown };
/** Named schemas that were met, by name. */
export type Components = Map<string, Json>;

/**
 * What JSON Schema's `maxLength` counts, characters. TypeBox's own counts UTF-16 units, so a text whose length the
 * acting function judges has this instead.
 */
const MAX_CHARACTERS = "maxCharacters";

/** Without TypeBox's symbols, with named schemas as references, unions of words as enums. */
export function plain(schema: TSchema, components: Components, top = false): Json {
  const { $id, ...rest } = schema;
  if (typeof $id === "string" && !top) {
    if (!components.has($id)) {
      components.set($id, {});
      const example = EXAMPLES[$id];
      components.set($id, {
        ...plain(schema, components, true),
        ...(example === undefined ? {} : { examples: [example] }),
      });
    }
    return { $ref: `#/components/schemas/${$id}` };
  }
  const { anyOf } = rest;
  const words: unknown[] = Array.isArray(anyOf) ? anyOf.map((one: TSchema) => one.const) : [];
  if (words.length > 0 && words.every((word) => typeof word === "string")) {
    return { type: "string", enum: words };
  }
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key === MAX_CHARACTERS ? "maxLength" : key,
      plainMember(key, value, components),
    ]),
  );
}

function plainMember(key: string, value: unknown, components: Components): unknown {
  if (key === "anyOf" && Array.isArray(value)) return value.map((one: TSchema) => plain(one, components));
  if (key === "items" && typeof value === "object") return plain(value as TSchema, components);
  if (key === "properties" && typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, plain(member as TSchema, components)]),
    );
  }
  return value;
}
