import { expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Glob } from "bun";
import { EXAMPLES } from "./examples.ts";
import { openApiDocument } from "./openapi.ts";
import { documentedErrors } from "./openapi-errors.ts";
import type { Json } from "./openapi-schema.ts";
import { apiRoutes } from "./routes.ts";
import * as baseSchemas from "./schemas.ts";
import * as accountsSchemas from "./schemas-accounts.ts";
import * as apiKeysSchemas from "./schemas-api-keys.ts";
import * as appearanceSchemas from "./schemas-appearance.ts";
import * as auditSchemas from "./schemas-audit.ts";
import * as collectionsSchemas from "./schemas-collections.ts";
import * as compareSchemas from "./schemas-compare.ts";
import * as deletionsSchemas from "./schemas-deletions.ts";
import * as devicesSchemas from "./schemas-devices.ts";
import * as frontSchemas from "./schemas-front.ts";
import * as groupsSchemas from "./schemas-groups.ts";
import * as keysSchemas from "./schemas-keys.ts";
import * as logSchemas from "./schemas-log.ts";
import * as needsSchemas from "./schemas-needs.ts";
import * as notificationSchemas from "./schemas-notifications.ts";
import * as organisationRequestsSchemas from "./schemas-organisation-requests.ts";
import * as publishersSchemas from "./schemas-publishers.ts";
import * as ratingsSchemas from "./schemas-ratings.ts";
import * as reportsSchemas from "./schemas-reports.ts";
import * as revocationsSchemas from "./schemas-revocations.ts";
import * as setupSchemas from "./schemas-setup.ts";
import * as storageSchemas from "./schemas-storage.ts";
import * as storeKeysSchemas from "./schemas-store-keys.ts";
import * as storeListingSchemas from "./schemas-store-listing.ts";
import * as transfersSchemas from "./schemas-transfers.ts";
import * as visibilitySchemas from "./schemas-visibility.ts";
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

const MODULES = {
  "schemas-accounts.ts": accountsSchemas,
  "schemas-api-keys.ts": apiKeysSchemas,
  "schemas-appearance.ts": appearanceSchemas,
  "schemas-audit.ts": auditSchemas,
  "schemas-collections.ts": collectionsSchemas,
  "schemas-compare.ts": compareSchemas,
  "schemas-deletions.ts": deletionsSchemas,
  "schemas-devices.ts": devicesSchemas,
  "schemas-front.ts": frontSchemas,
  "schemas-groups.ts": groupsSchemas,
  "schemas-keys.ts": keysSchemas,
  "schemas-log.ts": logSchemas,
  "schemas-needs.ts": needsSchemas,
  "schemas-notifications.ts": notificationSchemas,
  "schemas-organisation-requests.ts": organisationRequestsSchemas,
  "schemas-publishers.ts": publishersSchemas,
  "schemas-ratings.ts": ratingsSchemas,
  "schemas-reports.ts": reportsSchemas,
  "schemas-revocations.ts": revocationsSchemas,
  "schemas-setup.ts": setupSchemas,
  "schemas-storage.ts": storageSchemas,
  "schemas-store-keys.ts": storeKeysSchemas,
  "schemas-store-listing.ts": storeListingSchemas,
  "schemas-transfers.ts": transfersSchemas,
  "schemas-visibility.ts": visibilitySchemas,
  "schemas.ts": baseSchemas,
};

test("no module of schemas is left out below", () => {
  const all = [...new Glob("schemas*.ts").scanSync(import.meta.dirname)];
  expect(all.filter((file) => !file.endsWith(".test.ts")).sort()).toEqual(Object.keys(MODULES).sort());
});

const schemas = Object.entries(MODULES).flatMap(([file, module]) =>
  Object.entries(module).map(([name, schema]) => [`${file} ${name}`, schema as unknown] as const),
);

for (const [name, schema] of schemas) {
  const id = typeof schema === "object" && schema !== null && "$id" in schema ? schema.$id : undefined;
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
    // Where an upload goes on says which state was seen: tus has no other way.
    if (route.tag === "Uploads in parts") continue;
    if (route.method === "PATCH" || route.method === "DELETE") expect(taken).toContain("IfMatch");
  }
});
