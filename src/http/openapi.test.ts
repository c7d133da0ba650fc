import { expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { EXAMPLES } from "./examples.ts";
import { openApiDocument } from "./openapi.ts";
import { documentedErrors } from "./openapi-errors.ts";
import type { Json } from "./openapi-schema.ts";
import { apiRoutes } from "./routes.ts";
import * as baseSchemas from "./schemas.ts";
import * as keySchemas from "./schemas-keys.ts";
import * as revocationSchemas from "./schemas-revocations.ts";
import { faultsOf } from "./validate.ts";

const document = openApiDocument(apiRoutes, "https://apps.example.com");
const operations = Object.values(document.paths as Record<string, Record<string, Json>>).flatMap((path) =>
  Object.values(path),
);

test("every route of the API has one operation of its own name", () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(names.length).toBe(apiRoutes.length);
  expect(new Set(names).size).toBe(names.length);
  expect(names.sort()).toEqual(apiRoutes.map(({ name }) => name).sort());
});

test("every documented code stands in a table of codes", () => {
  for (const route of apiRoutes) expect(documentedErrors(route).size).toBeGreaterThan(2);
});

test("every tag that is used is described", () => {
  const described = (document.tags as { name: string }[]).map(({ name }) => name);
  expect(new Set(operations.flatMap(({ tags }) => tags as string[]))).toEqual(new Set(described));
});

const schemas = { ...baseSchemas, ...keySchemas, ...revocationSchemas };

for (const [name, schema] of Object.entries(schemas)) {
  const id = typeof schema === "object" && "$id" in schema ? schema.$id : undefined;
  if (typeof id !== "string" || id === "Problem") continue;
  test(`${name}: its example is one`, () => {
    const example = EXAMPLES[id];
    expect(example).toBeDefined();
    expect(faultsOf(schema as TSchema, example)).toEqual([]);
  });
}

test("reading takes If-None-Match, creating Idempotency-Key, changing If-Match", () => {
  for (const route of apiRoutes) {
    const operation = operations.find(({ operationId }) => operationId === route.name);
    const taken = ((operation?.parameters ?? []) as { $ref?: string }[]).map(({ $ref }) =>
      $ref?.split("/").at(-1),
    );
    const streamed = (route.replies ?? []).some((reply) => reply.streamed);
    const created = (route.replies ?? []).some(({ status }) => status === 201);
    expect({
      name: route.name,
      idempotent: taken.includes("IdempotencyKey"),
      conditional: taken.includes("IfNoneMatch"),
    }).toEqual({ name: route.name, idempotent: created, conditional: route.method === "GET" && !streamed });
    if (route.method === "PATCH" || route.method === "DELETE") expect(taken).toContain("IfMatch");
  }
});
