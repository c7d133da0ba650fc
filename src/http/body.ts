/** Request bodies: counted as they come, and read in the one way that the route declares. */
import type { Static, TSchema } from "@sinclair/typebox";
import type { Store } from "../context.ts";
import { isProblem, Problem } from "../errors.ts";
import { say } from "../say.ts";
import { parseStrictJson } from "../signing/json.ts";
import { saidSize } from "../sizes.ts";
import { type Arrival, bodyBytes, declaredLength } from "./body-bytes.ts";
import { type MultipartPart, multipartBoundary, readMultipart } from "./multipart.ts";
import { parseJsonValue } from "./validate.ts";

export type BodySpec<T> = {
  readonly kind: "json" | "form" | "stream" | "multipart";
  /** Taken media types, without parameters. */
  readonly mediaTypes: readonly string[];
  /** For the OpenAPI document. */
  readonly schema?: TSchema;
  /** For the OpenAPI document, of the fields when it may be multipart/form-data too. */
  readonly formSchema?: TSchema;
  readonly required: boolean;
  /** Declared length beyond this is refused before anything is read, and so is one byte more on the way. */
  readonly maxBytes: (store: Store, request: Request) => number;
  readonly read: (request: Request, bytes: AsyncIterable<Uint8Array>) => Promise<T>;
};

const JSON_BYTES = 256 * 1024;
const FORM_BYTES = 64 * 1024;
/** Of a form with long texts in several languages: each of their characters may be four bytes, written as twelve. */
const LONG_FORM_BYTES = 1024 * 1024;
/** What the parts of a multipart form cost beside the file. */
export const MULTIPART_OVERHEAD_BYTES = 256 * 1024;
/** Room for release notes in every language, each character of four bytes. */
const FIELD_BYTES = 192 * 1024;

/** A JSON body (RFC 8259). @throws on reading: Problem `request.malformed`, `request.invalid` */
export function jsonBody<T extends TSchema>(schema: T): BodySpec<Static<T>> {
  return {
    kind: "json",
    mediaTypes: ["application/json"],
    schema,
    required: true,
    maxBytes: () => JSON_BYTES,
    async read(_, bytes) {
      return parseJsonValue(schema, parseJson(await collect(bytes)));
    },
  };
}

/** As `jsonBody`, and may be left out: then it is an empty object. */
export function optionalJsonBody<T extends TSchema>(schema: T): BodySpec<Static<T>> {
  return {
    ...jsonBody(schema),
    required: false,
    async read(_, bytes) {
      const text = await collect(bytes);
      return parseJsonValue(schema, text.byteLength === 0 ? {} : parseJson(text));
    },
  };
}

/** By the rules that packages have: a key that stands twice, or half of a character, means what each reader makes of it. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: JSON_BYTES });
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(
      "invalid",
      "request.malformed",
      say`The body is not JSON as it is taken here. ${error.message}`,
    );
  }
}

/**
 * A form as browsers send it. Every field is text; one that was not sent is "". What the texts must be is for the
 * acting function to say, so that the page can show its words beside the field and keep what was typed.
 */
export function formBody<const F extends string>(
  fields: readonly F[],
  /** For the OpenAPI document. */
  schema?: TSchema,
): BodySpec<Readonly<Record<F, string>>> {
  const form = encodedForm((sent) => pick(fields, (name) => sent.get(name) ?? ""));
  return schema === undefined ? form : { ...form, schema, required: true };
}

/** The same of OAuth, where no parameter may come twice (RFC 6749 §3.1 and §3.2); whether one did is for the route to say. */
export function oauthForm<const F extends string>(
  fields: readonly F[],
  schema: TSchema,
): BodySpec<{ readonly sent: Readonly<Record<F, string>>; readonly isRepeated: boolean }> {
  const form = encodedForm((all) => ({
    sent: pick(fields, (name) => all.get(name) ?? ""),
    isRepeated: new Set(all.keys()).size < [...all.keys()].length,
  }));
  return { ...form, schema, required: true };
}

/** The same form, for signed-in people alone, with texts that are longer than other forms take. */
export const longForm = <T>(form: BodySpec<T>): BodySpec<T> => ({
  ...form,
  maxBytes: () => LONG_FORM_BYTES,
});

/** A form as it was sent, whichever fields it has, in their order. */
export function formPairs(): BodySpec<readonly (readonly [name: string, value: string])[]> {
  return encodedForm((form) => [...form]);
}

/** Before the names of what the page that shows what was saved meanwhile adds to a form: no route is given it. */
export const MEANWHILE = "meanwhile.";

type SentPairs = readonly (readonly [name: string, value: string])[];
const sentBy = new WeakMap<Request, SentPairs>();

/** The fields of a form that was read already, those before its file too; none of what is no form. */
export function fieldsSentBy(request: Request): SentPairs {
  return sentBy.get(request) ?? [];
}

/** Keeps them for who has to show them again. @returns those for the route */
function keepSent<P extends readonly [name: string, value: string]>(request: Request, pairs: P[]): P[] {
  sentBy.set(request, pairs);
  return pairs.filter(([name]) => !name.startsWith(MEANWHILE));
}

function encodedForm<T>(read: (form: URLSearchParams) => T): BodySpec<T> {
  return {
    kind: "form",
    mediaTypes: ["application/x-www-form-urlencoded"],
    required: false,
    maxBytes: () => FORM_BYTES,
    async read(request, bytes) {
      const sent = new URLSearchParams(new TextDecoder().decode(await collect(bytes)));
      return read(new URLSearchParams(keepSent(request, [...sent])));
    },
  };
}

export type UploadForm<F extends string> = {
  readonly fields: Readonly<Record<F, string>>;
  /** All of them as they were sent, in their order. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** The name that the file has on the person's machine; "" when none was chosen. */
  readonly fileName: string;
  /** Must be read to its end, once, before the answer. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/**
 * A form with one file, streamed. The file's input must be the form's last one: fields that come after it would only
 * be known once the file was read, and are refused.
 * @throws on reading: Problem `multipart.malformed`, `multipart.unexpected`
 */
export function uploadForm<const F extends string>(
  fields: readonly F[],
  file: string,
): BodySpec<UploadForm<F>> {
  return {
    kind: "multipart",
    mediaTypes: [MULTIPART],
    required: true,
    maxBytes: (store) => store.config.maxUploadBytes + MULTIPART_OVERHEAD_BYTES,
    async read(request, bytes) {
      const form = await readForm(request, bytes, file);
      const values = new Map(form.fields);
      return {
        fields: pick(fields, (name) => values.get(name) ?? ""),
        pairs: form.fields,
        fileName: form.fileName,
        bytes: form.bytes,
      };
    },
  };
}

type StreamedForm = Pick<UploadForm<never>, "fileName" | "bytes"> & {
  /** As they were sent, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
};

/** Reads as far as the file. */
async function readForm(
  request: Request,
  bytes: AsyncIterable<Uint8Array>,
  file: string,
): Promise<StreamedForm> {
  const parts = readMultipart(bytes, multipartBoundary(request.headers.get("content-type") ?? ""));
  const fields: [string, string][] = [];
  for (;;) {
    const next = await parts.next();
    if (next.done) throw unexpected(`the file field ${file} is missing`);
    const part = next.value;
    if (part.name === file)
      return {
        fields: keepSent(request, fields),
        fileName: part.fileName ?? "",
        bytes: lastPart(part, parts),
      };
    if (part.fileName !== null) throw unexpected(`the file must be in the field ${file}`);
    fields.push([part.name, utf8(await collect(limited(part.bytes, FIELD_BYTES)))]);
  }
}

/**
 * What stands before the files of a form that nothing is done with.
 * @throws Problem `multipart.malformed`, `multipart.unexpected`, `request.too_large`
 */
export async function fieldsBeforeFile(request: Request, arrival: Arrival): Promise<StreamedForm["fields"]> {
  const bytes = bodyBytes(request, {
    declared: declaredLength(request),
    maxBytes: Number.MAX_SAFE_INTEGER,
    tooMany: () => bodyTooLarge(MULTIPART_OVERHEAD_BYTES),
    arrival,
    oneAtATime: true,
  });
  const parts = readMultipart(bytes, multipartBoundary(request.headers.get("content-type") ?? ""));
  const fields: [string, string][] = [];
  for (;;) {
    const next = await parts.next();
    if (next.done || next.value.fileName !== null) return fields;
    fields.push([next.value.name, utf8(await collect(limited(next.value.bytes, FIELD_BYTES)))]);
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unexpected("a field is not in UTF-8");
  }
}

async function* lastPart(
  part: MultipartPart,
  parts: AsyncGenerator<MultipartPart>,
): AsyncGenerator<Uint8Array> {
  yield* part.bytes;
  // Reaching the closing boundary is what tells a whole upload from one that was cut off.
  const next = await parts.next();
  if (!next.done) throw unexpected(`the field ${next.value.name} comes after the file`);
}

function unexpected(why: string): Problem {
  return new Problem("invalid", "multipart.unexpected", say`This form is not as it is taken here: ${why}.`);
}

const MULTIPART = "multipart/form-data";

/** A file by itself, or as the last part of a form. */
export type StreamedFile = {
  /** null when it came by itself. */
  readonly fields: StreamedForm["fields"] | null;
  /** Must be read to its end, once, before the answer. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/**
 * A file as it comes, for uploads by programs: the body by itself, or a form whose last part it is, for those who have
 * more to say than fits into an address.
 * @param formSchema Of the form, for the OpenAPI document; its fields are for the route to judge.
 * @throws on reading: Problem `multipart.malformed`, `multipart.unexpected`
 */
export function fileBody(mediaType: string, file: string, formSchema: TSchema): BodySpec<StreamedFile> {
  return {
    kind: "stream",
    mediaTypes: [mediaType, "application/octet-stream", MULTIPART],
    formSchema,
    required: true,
    maxBytes: (store, request) =>
      store.config.maxUploadBytes + (isForm(request) ? MULTIPART_OVERHEAD_BYTES : 0),
    read: async (request, bytes) =>
      isForm(request) ? readForm(request, bytes, file) : { fields: null, bytes },
  };
}

/** As `fileBody`, of a picture. What is not taken for how large it is, or is of another format, is for its reader to say. */
export function pictureBody(file: string, formSchema: TSchema): BodySpec<StreamedFile> {
  return {
    ...fileBody("image/png", file, formSchema),
    mediaTypes: ["image/png", "image/jpeg", "image/webp", "application/octet-stream", MULTIPART],
    maxBytes: () => Number.MAX_SAFE_INTEGER,
  };
}

function isForm(request: Request): boolean {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase() === MULTIPART;
}

/**
 * Reads a body by its declaration, after its type and length were looked at.
 * @throws Problem `request.media_type`, `request.too_large`, `upload.too_large`, and what the body's kind throws
 */
export async function readBody<T>(
  spec: BodySpec<T>,
  request: Request,
  store: Store,
  arrival: Arrival,
): Promise<T> {
  refuseMediaType(spec, request.headers);
  const maxBytes = spec.maxBytes(store, request);
  const declared = declaredLength(request);
  const isUpload = spec.kind === "stream" || spec.kind === "multipart";
  const tooMany = (): Problem =>
    isUpload ? uploadTooLarge(store.config.maxUploadBytes) : bodyTooLarge(maxBytes);
  if (declared !== null && declared > maxBytes) throw tooMany();
  const counted = bodyBytes(request, { declared, maxBytes, tooMany, arrival, oneAtATime: isUpload });
  if (isUpload) return spec.read(request, counted);
  return withinTime(spec.read(request, counted), arrival.patience.smallBodyMs);
}

/** @throws Problem `request.media_type` for another type, character set or encoding than is taken */
function refuseMediaType(spec: Pick<BodySpec<unknown>, "mediaTypes" | "required">, headers: Headers): void {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const refused = (expected: string, found: string): Problem =>
    new Problem(
      "unsupported_media_type",
      "request.media_type",
      say`The body must be ${expected}, found ${found}.`,
    );
  if (!spec.mediaTypes.includes(type) && (spec.required || type !== "")) {
    const found = type === "" ? "no Content-Type" : JSON.stringify(type.slice(0, 80));
    throw refused(spec.mediaTypes.join(" or "), found);
  }
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) {
    throw refused("in UTF-8", JSON.stringify(charset.slice(0, 40)));
  }
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    throw refused("sent as it is", `Content-Encoding ${JSON.stringify(encoding.slice(0, 40))}`);
  }
}

function bodyTooLarge(maxBytes: number): Problem {
  return new Problem(
    "too_large",
    "request.too_large",
    say`The body is larger than the ${saidSize(maxBytes)} that are taken here.`,
  );
}

export function uploadTooLarge(maxBytes: number): Problem {
  return new Problem(
    "too_large",
    "upload.too_large",
    say`The file is larger than the ${saidSize(maxBytes)} that are taken here.`,
  );
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Problem(
            "invalid",
            "request.too_slow",
            say`The body did not arrive within ${ms / 1000} seconds.`,
          ),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function* limited(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of bytes) {
    received += chunk.byteLength;
    if (received > maxBytes) throw bodyTooLarge(maxBytes);
    yield chunk;
  }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function pick<F extends string>(fields: readonly F[], value: (name: F) => string): Record<F, string> {
  return Object.fromEntries(fields.map((name) => [name, value(name)])) as Record<F, string>;
}
