/**
 * reference/api.md and a page for each of its tags, made from the OpenAPI document, which is made from the routes. One page of
 * all calls had thirty thousand elements, on which a browser worked for seconds.
 */

import { headingId } from "../../src/docs/render.ts";
import { openApiDocument } from "../../src/http/openapi.ts";
import { CREDENTIAL_CODES } from "../../src/http/openapi-errors.ts";
import { apiRoutes, fileRoutes } from "../../src/http/routes.ts";
import { allCodes } from "./errors.ts";
import { code, fence, MADE, page, sentence, table } from "./markdown.ts";

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly contentMediaType?: string;
};
type Parameter = {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
};
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
};
type Document = {
  readonly info: { readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
};

const EXAMPLE = "https://apps.example.com";

/** A description as a sentence of its own; an identifier at its beginning keeps its spelling, as code. */
function asSentence(text: string): string {
  if (text === "") return "";
  const [first = ""] = /^[^\s:,;.]+/.exec(text) ?? [];
  const isName = /^[a-z]+[A-Z]/.test(first) || first === "true" || first === "false";
  if (isName) return sentence(code(first) + text.slice(first.length));
  return sentence(text.charAt(0).toUpperCase() + text.slice(1));
}

/** From a page of a tag, and from that of the types itself. */
function linkTo(name: string): string {
  return `[${name}](types.md#${name.toLowerCase()})`;
}

function typeOf(schema: Schema | undefined): string {
  if (!schema) return "any";
  if (schema.$ref) return linkTo(schema.$ref.split("/").at(-1) ?? "");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.map((one) => code(String(one))).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  if (schema.contentMediaType) return "bytes";
  if (schema.type === "string" && schema.format === "date-time") return "time";
  const range =
    schema.minimum === undefined
      ? ""
      : ` from ${schema.minimum}${schema.maximum === undefined ? "" : ` to ${schema.maximum}`}`;
  return `${schema.type ?? "any"}${range}`;
}

function membersOf(schema: Schema, path = ""): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = `${path}${name}`;
    const object = member.anyOf?.find((one) => one.properties) ?? member;
    const inner = object.properties ? object : object.items?.properties ? object.items : null;
    const meaning = member.description ?? "";
    return [
      [
        code(at),
        typeOf(member),
        schema.required?.includes(name) ? "always" : "optional",
        asSentence(meaning),
      ],
      ...(inner ? membersOf(inner, `${at}${member.items ? "[]" : ""}.`) : []),
    ];
  });
}

function parametersOf(operation: Operation, document: Document): string[][] {
  return (operation.parameters ?? []).map((given) => {
    const name = given.$ref?.split("/").at(-1);
    const parameter = name === undefined ? given : (document.components.parameters[name] ?? given);
    const meaning = parameter.description ?? parameter.schema?.description ?? "";
    const fallback = parameter.schema?.default;
    return [
      code(parameter.name ?? ""),
      parameter.in ?? "",
      parameter.required ? "required" : "optional",
      [
        asSentence(meaning),
        fallback === undefined ? "" : `Without it ${fallback === "" ? "empty" : code(String(fallback))}.`,
      ]
        .filter(Boolean)
        .join(" "),
    ];
  });
}

function bodyOf(operation: Operation): string[] {
  const body = operation.requestBody;
  if (!body) return [];
  return Object.entries(body.content).flatMap(([mediaType, { schema }]) => {
    const members = membersOf(schema);
    const words = `Body${body.required ? "" : " (optional)"}: ${code(mediaType)}${members.length === 0 ? ", the file's bytes." : "."}`;
    return members.length === 0
      ? [words]
      : [
          words,
          table(
            ["Member", "Type", "Presence", "Meaning"],
            members.map(([name = "", type = "", presence, meaning = ""]) => [
              name,
              type,
              presence === "always" ? "required" : "optional",
              meaning,
            ]),
          ),
        ];
  });
}

/** What any call with a key may be answered; said once instead of with every call. */
const COMMON: readonly (readonly [status: string, codes: readonly string[]])[] = [
  ["401", CREDENTIAL_CODES],
  ["403", ["auth.insecure_transport", "rights.forbidden"]],
  ["500", ["internal"]],
];
const COMMON_CODES = new Set(COMMON.flatMap(([, codes]) => codes));

const DOCUMENTED = new Set(allCodes());

/** `MPK-…` stands for all codes of that kind. */
function codeLink(name: string, up = "../../"): string {
  if (DOCUMENTED.has(name)) return `[${name}](${up}errors.md#${name})`;
  return `[${name}](${up}errors.md)`;
}

function answersOf(operation: Operation): string {
  const rows = Object.entries(operation.responses).flatMap(([status, { description, content }]) => {
    const [mediaType, body] = Object.entries(content ?? {})[0] ?? [];
    if (mediaType === "application/problem+json") {
      const codes = [...description.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
      // Between backticks stand settings as well.
      const own = codes.filter(
        (name) => (DOCUMENTED.has(name) || name.includes("…")) && !COMMON_CODES.has(name),
      );
      return own.length === 0 ? [] : [[status, own.map((name) => codeLink(name)).join(", ")]];
    }
    const form = body ? ` ${typeOf(body.schema)}` : "";
    return [[status, `${sentence(description)}${form === " object" || form === " bytes" ? "" : form}`]];
  });
  return table(["Status", "Answer"], rows);
}

/** What the menu leaves out. */
const API_TITLE = "API: ";

const slugOf = (tag: string): string => tag.toLowerCase().replace(/[^a-z0-9]+/g, "-");

type Call = { readonly path: string; readonly method: string; readonly operation: Operation };

function callOf({ path, method, operation }: Call, document: Document): string[] {
  const parameters = parametersOf(operation, document);
  return [
    `## ${operation.summary}`,
    fence(`${method} ${path}`, "http"),
    operation.description ?? "",
    parameters.length === 0 ? "" : table(["Parameter", "In", "Presence", "Meaning"], parameters),
    ...bodyOf(operation),
    answersOf(operation),
  ];
}
/** Files below assets/docs with what stands in them: one about all calls, one for each tag, and one for the types. */
export function apiPages(): readonly (readonly [file: string, markdown: string])[] {
  const document = openApiDocument(apiRoutes, EXAMPLE) as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = document.tags.map(({ name, description }) => ({
    name,
    description,
    file: `api/${slugOf(name)}.md`,
    calls: operations.filter(({ operation }) => operation.tags[0] === name),
  }));
  return [
    ["reference/api.md", overviewPage(tags)],
    ...tags.map(({ name, description, file, calls }): readonly [string, string] => [
      `reference/${file}`,
      page(
        `# ${API_TITLE}${name}`,
        description,
        `What every call has in common stands on the [page of the API](../api.md). ${MADE}`,
        ...calls.map((call) => callOf(call, document)),
      ),
    ]),
    ["reference/api/types.md", typesPage(document)],
  ];
}

function typesPage(document: Document): string {
  return page(
    `# ${API_TITLE}Types`,
    "What calls answer with, member by member.",
    MADE,
    ...Object.entries(document.components.schemas).flatMap(([name, schema]) => [
      `## ${name}`,
      schema.description ? sentence(schema.description) : "",
      schema.properties
        ? table(["Member", "Type", "Presence", "Meaning"], membersOf(schema))
        : typeOf(schema),
    ]),
  );
}

type Tag = {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  readonly calls: readonly Call[];
};

function overviewPage(tags: readonly Tag[]): string {
  return page(
    "# API",
    "Every call under `/api/v1`: what it takes, what it answers, and which errors it documents.",
    `The machine-readable form is the OpenAPI 3.1 document at \`/api/v1/openapi.json\`. ${MADE}`,
    "## How every call works",
    "**Who calls.** What a visitor may look at in the store front is answered without a key, too. All else takes an API key as `Authorization: Bearer mosis_…`. Make one with `mosis admin apikey add`, or have your administrator make it. Over plain HTTP from another machine a key is refused ([auth.insecure_transport](../errors.md#auth.insecure_transport)).",
    fence(`curl -H "Authorization: Bearer $MOSIS_TOKEN" ${EXAMPLE}/api/v1/apps?limit=20`, "shell"),
    "**Errors** are problem documents (RFC 9457): `type` is the address of the code in these docs, `code` is what to build on, `detail` says what was expected, what was found and what to do, `errors` has one entry for each part that is wrong, with a JSON pointer.",
    fence(
      JSON.stringify(
        {
          type: `${EXAMPLE}/docs/errors#app.id_taken`,
          title: "It conflicts with what is there",
          status: 409,
          detail:
            "The id com.example.notes is not available in this store: choose another one, under a domain of yours.",
          code: "app.id_taken",
          instance: "urn:mosis:request:0d4f7a52-6a0e-4f5d-9a9d-0a8f4a8b6f11",
          errors: [],
        },
        null,
        2,
      ),
      "json",
    ),
    "Any call that needs a key may be answered so; the tables of the calls name only what each adds.",
    table(
      ["Status", "Codes"],
      COMMON.map(([status, codes]) => [status, codes.map((name) => codeLink(name, "../")).join(", ")]),
    ),
    "**Lists** are paged: `limit` (1 to 100) and `cursor`. `nextCursor` of a page is the `cursor` of the next; null ends the list. A cursor belongs to its list.",
    "**Creating calls** take an `Idempotency-Key`: the same key with the same request gives the resource that the first one made, with `Idempotency-Replayed: true`; with another request it is refused ([idempotency.key_reused](../errors.md#idempotency.key_reused)). So a call may be repeated after a broken connection without doing anything twice.",
    "**Changing calls** need `If-Match` with the `ETag` of the state that you have seen, so that nobody undoes what they have not looked at; `*` takes any state. Without it the answer is 428, with an old one 412.",
    "**Unknown members** of a body and unknown query parameters are refused, so that a slip does not pass for success.",
    "## Calls",
    "[Types](api/types.md) are what they answer with.",
    ...tags.flatMap(({ name, description, file, calls }) => [
      `### ${name}`,
      description,
      table(
        ["Call", "What it does"],
        calls.map(({ method, path, operation: { summary } }) => [
          code(`${method} ${path}`),
          `[${summary}](${file}#${headingId(summary)})`,
        ]),
      ),
    ]),
    "## Outside of the API",
    "These need no key.",
    table(
      ["Address", "What it is"],
      fileRoutes.map(({ path, summary }) => [code(`GET ${path}`), sentence(summary)]),
    ),
  );
}
