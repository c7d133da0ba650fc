/** Prints the OpenAPI document that the routes make, for the linter and for whoever wants it without a server. */
import { openApiDocument } from "../src/http/openapi.ts";
import { apiRoutes } from "../src/http/routes.ts";

/** Where `mosis serve` listens unless it is told otherwise. */
const ORIGIN = "http://127.0.0.1:8470";

process.stdout.write(`${JSON.stringify(openApiDocument(apiRoutes, ORIGIN), null, 2)}\n`);
