/** The OpenAPI 3.1 document of the API, made from the same table that the router is made from. */
import type { TSchema } from "@sinclair/typebox";
import { version } from "../../package.json" with { type: "json" };
import { RIGHTS } from "../accounts/rights.ts";
import { headerRefs, LIMITS, problemExamples, problemResponses } from "./openapi-errors.ts";
import { HEADERS, INTRODUCTION, PARAMETERS, TAGS } from "./openapi-parts.ts";
import { type Components, type Json, plain } from "./openapi-schema.ts";
import { isCounted, isForVisitors, type ReplySpec, type Route } from "./route.ts";
import { PROBLEM } from "./schemas.ts";

const BYTES = { type: "string", contentMediaType: "application/octet-stream" };

function parameter(place: "path" | "query", name: string, schema: Json, required: boolean): Json {
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

function takesRanges(route: Route): boolean {
  return (route.replies ?? []).some((reply) => reply.status === 206);
}

/** Whether its answer has an ETag that a caller may ask with again. */
function isTagged(route: Route): boolean {
  return route.method === "GET" && (route.replies ?? []).every(({ streamed }) => !streamed);
}

function parametersOf(route: Route, components: Components): Json[] {
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
  const headers = [
    ...(route.takes ?? []),
    ...(route.creates ? ["IdempotencyKey"] : []),
    ...(route.changes ? ["IfMatch"] : []),
    ...(isTagged(route) ? ["IfNoneMatch"] : []),
    ...(takesRanges(route) ? ["Range", "IfRange"] : []),
  ];
  return [...list, ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` }))];
}

function requestBody(route: Route, components: Components): Json | undefined {
  if (!route.body) return undefined;
  const { mediaTypes, schema, formSchema, required } = route.body;
  const formOf = (type: string): TSchema | undefined =>
    type === "multipart/form-data" ? (formSchema ?? schema) : schema;
  const content = (type: string): Json => {
    const form = formOf(type);
    return { schema: form ? plain(form, components) : BYTES };
  };
  return { required, content: Object.fromEntries(mediaTypes.map((type) => [type, content(type)])) };
}

function headersOf(route: Route, reply: ReplySpec): readonly string[] {
  return [
    "X-Request-Id",
    ...(isCounted(route) ? LIMITS : []),
    ...(reply.status === 204 || reply.streamed ? [] : ["ETag"]),
    ...(reply.location ? ["Location"] : []),
    ...(route.creates ? ["Idempotency-Replayed"] : []),
    ...(takesRanges(route) ? ["Accept-Ranges"] : []),
    ...(reply.status === 206 ? ["Content-Range"] : []),
    ...(reply.headers ?? []),
  ];
}

function responsesOf(route: Route, components: Components): Json {
  const responses: Record<string, Json> = {};
  for (const reply of route.replies ?? []) {
    const type = reply.mediaType ?? (reply.schema ? "application/json" : undefined);
    const schema = reply.schema ? plain(reply.schema, components) : (reply.plainSchema ?? BYTES);
    const { content = {} } = (responses[reply.status] ?? {}) as { content?: Json };
    responses[reply.status] = {
      description: reply.description,
      headers: headerRefs(headersOf(route, reply)),
      ...(type === undefined ? {} : { content: { ...content, [type]: { schema } } }),
    };
  }
  if (isTagged(route)) {
    responses[304] = {
      description: "What If-None-Match names is still right.",
      headers: headerRefs(["X-Request-Id", ...LIMITS, "ETag"]),
    };
  }
  return { ...responses, ...problemResponses(route) };
}

function rightOf(route: Route): string {
  if (route.access === "public") return "";
  const right = `the right \`${route.access}\`: ${RIGHTS[route.access].meaning}`;
  if (!isForVisitors(route)) return `Needs ${right}`;
  return `Without a key the answer is what a visitor of the store’s pages sees. A key needs ${right}`;
}

/** An empty requirement beside another says that either will do. */
function securityOf(route: Route): Json[] {
  if (route.byDevice) return [{ deviceToken: [] }];
  if (route.access === "public") return [];
  return isForVisitors(route) ? [{}, { apiKey: [] }] : [{ apiKey: [] }];
}

function operationOf(route: Route, components: Components): Json {
  const description = [route.description ?? "", rightOf(route)].filter((text) => text !== "").join("\n\n");
  const body = requestBody(route, components);
  const parameters = parametersOf(route, components);
  return {
    operationId: route.name,
    summary: route.summary,
    ...(description === "" ? {} : { description }),
    tags: [route.tag ?? "Store"],
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(route, components),
  };
}

/** The document for the store at `origin`. */
export function openApiDocument(routes: readonly Route[], origin: string): Json {
  const own = routes.filter((route) => route.area === "api");
  const components: Components = new Map();
  plain(PROBLEM, components);
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of own) {
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Mosis",
      version,
      summary: "The API of a private app store.",
      description: INTRODUCTION,
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
        deviceToken: {
          type: "http",
          scheme: "bearer",
          description: "An access token that an enrolled device was given for its files.",
        },
      },
      parameters: PARAMETERS,
      headers: HEADERS,
      examples: problemExamples(own, origin),
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
