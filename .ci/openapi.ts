/** Prints the OpenAPI document that the routes make, for the linter and for whoever wants it without a server. */

// One after the other: what is imported beside @peculiar/x509 may be evaluated after it (src/signing/reflect.ts).
await import("../src/signing/reflect.ts");
const { openApiDocument } = await import("../src/http/openapi.ts");
const { apiRoutes } = await import("../src/http/routes.ts");

/** Where `mosis serve` listens unless it is told otherwise. */
const ORIGIN = "http://127.0.0.1:8470";

process.stdout.write(`${JSON.stringify(openApiDocument(apiRoutes, ORIGIN), null, 2)}\n`);

export {};
