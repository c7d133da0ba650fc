/** Holds answers to the OpenAPI document: the status, the media type, the body's form, the code and the headers. */
import Ajv2020 from "ajv/dist/2020";
import { openApiDocument } from "../../http/openapi.ts";
import type { Route } from "../../http/route.ts";
import { apiRoutes } from "../../http/routes.ts";
import { bodyOf } from "./events.ts";

const document = JSON.parse(JSON.stringify(openApiDocument(apiRoutes, "http://localhost")));
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(document, "openapi");

/** What is known of an answer once its body was read. */
export type Read = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
};

export async function read(response: Response): Promise<Read> {
  const text = await bodyOf(response);
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: /^application\/(?:problem\+)?json/.test(type) ? JSON.parse(text) : undefined,
  };
}

const escaped = (text: string): string => text.replaceAll("~", "~0").replaceAll("/", "~1");

/** What of an answer the document does not allow; empty when all of it is as documented. */
export function undocumented(route: Route, answer: Read): string[] {
  const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
  const responses = document.paths[path]?.[route.method.toLowerCase()]?.responses ?? {};
  const response = responses[answer.status];
  if (response === undefined)
    return [`${route.name}: the status ${answer.status} is not documented: ${answer.text}`];
  const faults: string[] = [];
  for (const name of Object.keys(response.headers ?? {})) {
    if (name !== "Idempotency-Replayed" && !answer.headers.has(name))
      faults.push(`${route.name}: no ${name} on ${answer.status}`);
  }
  const type = answer.headers.get("content-type");
  const types = Object.keys(response.content ?? {});
  if (types.length === 0) {
    if (answer.text !== "") faults.push(`${route.name}: ${answer.status} has a body`);
  } else if (type === null || !types.includes(type)) {
    faults.push(`${route.name}: ${answer.status} is ${type}, documented is ${types.join(", ")}`);
  } else if (/[/+]json$/.test(type)) {
    const pointer = `openapi#/paths/${escaped(path)}/${route.method.toLowerCase()}/responses/${answer.status}/content/${escaped(type)}/schema`;
    const validate = ajv.getSchema(pointer) ?? ajv.compile({ $ref: pointer });
    if (!validate(answer.json))
      faults.push(`${route.name} ${answer.status}: ${ajv.errorsText(validate.errors)}: ${answer.text}`);
  }
  return faults;
}

/** The route that a method and path belong to. */
export function routeOf(method: string, pathname: string): Route {
  const found = apiRoutes.find((route) => {
    const pattern = route.path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/:[A-Za-z]+/g, "[^/]*");
    return route.method === method && new RegExp(`^${pattern}/?$`).test(pathname);
  });
  if (!found) throw new Error(`no route for ${method} ${pathname}`);
  return found;
}
