/**
 * Uploads that go on after a cut connection, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): the core, and the
 * extensions creation, expiration and termination. The same for programs and for pages, which differ in how they show who they are.
 * Refusals are problem documents with the statuses that the protocol gives them.
 */
import { Type } from "@sinclair/typebox";
import {
  beginUpload,
  continueUpload,
  discardUpload,
  findOwn,
  type OpenUpload,
  readUpload,
} from "../catalog/partial-uploads/uploads.ts";
import { whileActing } from "../catalog/partial-uploads/while-acting.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import type { BodySpec } from "./body.ts";
import { declaredLength } from "./body-bytes.ts";
import { json, noContent } from "./reply.ts";
import type { Call, CallBase } from "./route.ts";
import { idOf } from "./schemas.ts";

export const TUS_VERSION = "1.0.0";
const EXTENSIONS = "creation,expiration,termination";
/** A name of 255 characters in Base64, and what other keys clients send. */
const METADATA_BYTES = 4096;

export const UPLOAD_PARAMS = Type.Object({ uploadId: idOf("upl", "an upload's") });
type OneUpload = Call<{ uploadId: OpenUpload["id"] }, unknown, unknown>;

/** A part of a file, as the protocol sends it. */
export const PART_BODY: BodySpec<AsyncIterable<Uint8Array>> = {
  kind: "stream",
  mediaTypes: ["application/offset+octet-stream"],
  required: true,
  maxBytes: (store) => store.config.maxUploadBytes,
  read: async (_, bytes) => bytes,
};

/** What OPTIONS says of a store's uploads. */
export function tusOptions(store: Store): Readonly<Record<string, string>> {
  return {
    "Tus-Resumable": TUS_VERSION,
    "Tus-Version": TUS_VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": String(store.config.maxUploadBytes),
  };
}

/** POST. @throws Problem `upload.protocol`, `request.invalid`, and as `beginUpload` */
export async function answerBegin(call: CallBase, path: string): Promise<Response> {
  const { request, store, actor } = call;
  refuseOtherProtocol(request, true);
  const file = {
    sizeBytes: wholeNumber(request, "Upload-Length"),
    fileName: fileNameIn(request.headers.get("upload-metadata") ?? ""),
  };
  const upload = await beginUpload(store, actor, file, call.idempotency);
  return json(upload, { status: 201, headers: { ...headersOf(upload), Location: `${path}/${upload.id}` } });
}

/** GET and HEAD. @throws Problem `upload.protocol`, and as `readUpload` */
export async function answerRead(call: OneUpload): Promise<Response> {
  refuseOtherProtocol(call.request, false);
  const upload = await readUpload(call.store, call.actor, call.params.uploadId);
  return json(upload, { headers: { ...headersOf(upload), "Cache-Control": "no-store" } });
}

/** PATCH. @throws Problem `upload.protocol`, `request.invalid`, and as `continueUpload` */
export async function answerPart(
  call: Call<{ uploadId: OpenUpload["id"] }, unknown, AsyncIterable<Uint8Array>>,
): Promise<Response> {
  const { request, store, actor, params } = call;
  // What is not one's own is not there, however it is asked for.
  findOwn(store, actor, params.uploadId);
  refuseOtherProtocol(request, true);
  const upload = await continueUpload(store, actor, params.uploadId, {
    offset: wholeNumber(request, "Upload-Offset"),
    bytes: whileActing(store, actor, call.body),
    length: declaredLength(request),
  });
  const answer = noContent();
  for (const [name, value] of Object.entries(headersOf(upload))) answer.headers.set(name, value);
  return answer;
}

/** DELETE. @throws Problem `upload.protocol`, and as `discardUpload` */
export async function answerDiscard(call: OneUpload): Promise<Response> {
  refuseOtherProtocol(call.request, false);
  await discardUpload(call.store, call.actor, call.params.uploadId);
  const answer = noContent();
  answer.headers.set("Tus-Resumable", TUS_VERSION);
  return answer;
}

function headersOf(upload: OpenUpload): Record<string, string> {
  return {
    "Tus-Resumable": TUS_VERSION,
    "Upload-Offset": String(upload.receivedBytes),
    "Upload-Length": String(upload.sizeBytes),
    "Upload-Expires": upload.expiresAt.toUTCString(),
  };
}

/** Who only asks or discards may be a program that knows nothing of the protocol. */
function refuseOtherProtocol(request: Request, isRequired: boolean): void {
  const version = request.headers.get("tus-resumable");
  if (version === TUS_VERSION || (version === null && !isRequired)) return;
  throw new Problem(
    "precondition_failed",
    "upload.protocol",
    say`This speaks version ${TUS_VERSION} of the tus protocol: send it as Tus-Resumable.`,
  );
}

function wholeNumber(request: Request, header: "Upload-Length" | "Upload-Offset"): number {
  const text = request.headers.get(header) ?? "";
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new Problem(
    "invalid",
    "request.invalid",
    say`The header ${header} is a whole number of bytes; found ${JSON.stringify(text.slice(0, 40))}.`,
  );
}

/** `filename` out of Upload-Metadata: pairs with commas between them, of a key and a value in Base64. */
function fileNameIn(metadata: string): string {
  if (metadata.length > METADATA_BYTES) return "";
  for (const pair of metadata.split(",")) {
    const [key, value = ""] = pair.trim().split(" ");
    if (key === "filename") return Buffer.from(value, "base64").toString("utf8");
  }
  return "";
}
