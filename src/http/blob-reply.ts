/** A blob as an answer: ETag and 304, single ranges, HEAD without opening it. */
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { problemResponse } from "./errors.ts";
import { parseRange, rangeAllowed } from "./range.ts";
import { matchesEtag } from "./reply.ts";
import type { RequestInfo } from "./transport.ts";

export type BlobFile = {
  readonly key: string;
  /** In quotes. */
  readonly etag: string;
  readonly type: string;
  readonly caching: string;
  /** Makes it a download under this name. */
  readonly fileName?: string;
};

/** @throws Problem `not_found` */
export async function serveBlob(
  store: Store,
  request: Request,
  info: RequestInfo,
  file: BlobFile,
): Promise<Response> {
  const blob = await store.blobs.head(file.key);
  if (!blob) throw new Problem("not_found", "not_found", say`There is nothing at this address.`);
  const headers: Record<string, string> = {
    ETag: file.etag,
    "Cache-Control": file.caching,
    "Accept-Ranges": "bytes",
  };
  if (matchesEtag(request, file.etag)) return new Response(null, { status: 304, headers });
  headers["Content-Type"] = file.type;
  if (file.fileName !== undefined) {
    headers["Content-Disposition"] =
      `attachment; filename="${file.fileName.replace(/[^A-Za-z0-9._-]/g, "_")}"`;
  }
  const { sizeBytes } = blob;
  const range = rangeAllowed(request.headers.get("if-range"), file.etag)
    ? parseRange(request.headers.get("range"), sizeBytes)
    : null;
  if (range === "unsatisfiable") {
    const problem = new Problem(
      "range_not_satisfiable",
      "range.unsatisfiable",
      say`The file has ${sizeBytes} bytes; the range that was asked for begins after them.`,
    );
    const response = problemResponse(problem, info);
    response.headers.set("Content-Range", `bytes */${sizeBytes}`);
    return response;
  }
  headers["Content-Length"] = String(range ? range.endExclusive - range.start : sizeBytes);
  if (range) headers["Content-Range"] = `bytes ${range.start}-${range.endExclusive - 1}/${sizeBytes}`;
  const body = info.head ? null : await store.blobs.stream(file.key, range ?? undefined);
  return new Response(body, { status: range ? 206 : 200, headers });
}
