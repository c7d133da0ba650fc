/** The OpenAPI 3.1 document of the API, made from the same table that the router is made from. */
import type { TSchema } from "@sinclair/typebox";
import { version } from "../../package.json" with { type: "json" };
import { RIGHTS } from "../accounts/rights.ts";
import { ERROR_CODES } from "../errors.codes.ts";
import { PROBLEM_KINDS } from "../errors.ts";
import type { Route } from "./route.ts";
import { PROBLEM } from "./schemas.ts";

type Json = { readonly [key: string]: unknown };

const TAGS: Readonly<Record<string, string>> = {
  Store: "The store itself, and who one is there.",
  Apps: "An app is an id that belongs to an organisation.",
  Versions: "Every accepted upload is a version, with a state.",
  "Developer keys": "Keys that sign packages; the private halves never leave the developer's machine.",
  Review: "What a reviewer sees and decides.",
  Jobs: "What the store does by itself, for administrators.",
};

/** Codes that any API route can answer with, by what it declares. */
function codesOf(route: Route): readonly string[] {
  const own = route.errors ?? [];
  const body = route.body
    ? [
        "request.media_type",
        "request.cut_off",
        ...(route.body.kind === "json"
          ? ["request.malformed", "request.invalid", "request.too_large", "request.too_slow"]
          : []),
      ]
    : [];
  return [
    ...new Set([
      ...own,
      ...body,
      ...(Object.keys(route.params.properties).length > 0 ? ["not_found"] : []),
      ...(route.access === "public"
        ? []
        : [
            "auth.required",
            "auth.scheme",
            "auth.token_invalid",
            "auth.token_expired",
            "auth.token_revoked",
            "auth.account_disabled",
            "rights.forbidden",
          ]),
      ...(route.creates ? ["idempotency.key_malformed", "idempotency.key_reused"] : []),
      ...(route.changes ? ["precondition.required", "precondition.failed", "precondition.malformed"] : []),
      // Parameters that are not known, a token over plain HTTP, and bugs: on every route.
      "request.invalid",
      "auth.insecure_transport",
      "internal",
    ]),
  ].sort();
}

/** Every documented code of a route with its status; what the routes' test compares answers with. */
export function documentedErrors(route: Route): ReadonlyMap<string, number> {
  return new Map(
    codesOf(route).map((code) => {
      const known = ERROR_CODES[code];
      if (!known) throw new Error(`${route.name} documents ${code}, which is not in errors.codes.ts`);
      return [code, PROBLEM_KINDS[known.kinds[0]].status];
    }),
  );
}

/** Plain JSON Schema: without TypeBox's symbols, with named schemas as references, unions of words as enums. */
function plain(schema: TSchema, components: Map<string, Json>, top = false): Json {
  const { $id, ...rest } = schema;
  if (typeof $id === "string" && !top) {
    if (!components.has($id)) {
      components.set($id, {});
      components.set($id, plain(schema, components, true));
    }
    return { $ref: `#/components/schemas/${$id}` };
  }
  const { anyOf } = rest;
  const words: unknown[] = Array.isArray(anyOf) ? anyOf.map((one: TSchema) => one.const) : [];
  if (words.length > 0 && words.every((word) => typeof word === "string")) {
    return { type: "string", enum: words };
  }
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, plainMember(key, value, components)]),
  );
}

function plainMember(key: string, value: unknown, components: Map<string, Json>): unknown {
  if (key === "anyOf" && Array.isArray(value)) return value.map((one: TSchema) => plain(one, components));
  if (key === "items" && typeof value === "object") return plain(value as TSchema, components);
  if (key === "properties" && typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, plain(member as TSchema, components)]),
    );
  }
  return value;
}

function parameter(place: "path" | "query" | "header", name: string, schema: Json, required: boolean): Json {
  const { description, examples, ...form } = schema as Json & { description?: string; examples?: unknown[] };
  return {
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    schema: form,
    ...(Array.isArray(examples) ? { example: examples[0] } : {}),
  };
}

function parametersOf(route: Route, components: Map<string, Json>): Json[] {
  const list: Json[] = [];
  for (const [name, schema] of Object.entries(route.params.properties)) {
    list.push(parameter("path", name, plain(schema, components), true));
  }
  const required = new Set(route.query.required ?? []);
  for (const [name, schema] of Object.entries(route.query.properties)) {
    list.push(
      parameter("query", name, plain(schema, components), required.has(name) && schema.default === undefined),
    );
  }
  if (route.creates) list.push({ $ref: "#/components/parameters/IdempotencyKey" });
  if (route.changes) list.push({ $ref: "#/components/parameters/IfMatch" });
  return list;
}

function requestBody(route: Route, components: Map<string, Json>): Json | undefined {
  if (!route.body) return undefined;
  const { mediaTypes, schema, required } = route.body;
  const form = schema
    ? plain(schema, components)
    : { type: "string", contentMediaType: "application/octet-stream" };
  return {
    required,
    content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: form }])),
  };
}

function responsesOf(route: Route, components: Map<string, Json>): Json {
  const responses: Record<string, Json> = {};
  for (const reply of route.replies ?? []) {
    const type = reply.mediaType ?? (reply.schema ? "application/json" : undefined);
    const schema = reply.schema
      ? plain(reply.schema, components)
      : { type: "string", contentMediaType: "application/octet-stream" };
    responses[reply.status] = {
      description: reply.description,
      ...(type === undefined ? {} : { content: { [type]: { schema } } }),
    };
  }
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of documentedErrors(route)) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(", "),
      content: { "application/problem+json": { schema: plain(PROBLEM, components) } },
    };
  }
  return responses;
}

function operationOf(route: Route, components: Map<string, Json>): Json {
  const right =
    route.access === "public" ? "" : `Needs the right \`${route.access}\`: ${RIGHTS[route.access].meaning}`;
  const description = [route.description ?? "", right].filter((text) => text !== "").join("\n\n");
  const body = requestBody(route, components);
  const parameters = parametersOf(route, components);
  return {
    operationId: route.name,
    summary: route.summary,
    ...(description === "" ? {} : { description }),
    tags: [route.tag ?? "Store"],
    security: route.access === "public" ? [] : [{ apiKey: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(route, components),
  };
}

/** The document for the store at `origin`. */
export function openApiDocument(routes: readonly Route[], origin: string): Json {
  const components = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    if (route.area !== "api") continue;
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Mosis",
      version,
      summary: "The API of a private app store.",
      description:
        "JSON over HTTPS. Errors are problem documents (RFC 9457) with a documented, stable `code`. Lists are paged by cursors. Calls that create something take an `Idempotency-Key`; calls that change something need `If-Match` with the ETag that was seen.",
      license: { name: "Proprietary", identifier: "LicenseRef-Proprietary" },
    },
    servers: [{ url: origin, description: "This store" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "An API key of an organisation or a person: `mosis_…`.",
        },
      },
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: false,
          description:
            "1 to 128 visible characters. The same key with the same request gives the same resource again, with `Idempotency-Replayed: true`.",
          schema: { type: "string", pattern: "^[!-~]{1,128}$" },
        },
        IfMatch: {
          name: "If-Match",
          in: "header",
          required: true,
          description: 'The ETag of the state that was seen, such as `"3"`, or `*` for any.',
          schema: { type: "string" },
        },
      },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
