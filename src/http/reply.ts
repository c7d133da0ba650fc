/** Answers. Content-Length is always said, so that HEAD can repeat the headers of GET without its body. */
import { createHash } from "node:crypto";

export type ReplyOptions = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

function withBody(text: string, type: string, options: ReplyOptions): Response {
  const body = Buffer.from(text, "utf8");
  return new Response(body, {
    status: options.status ?? 200,
    headers: { "Content-Type": type, "Content-Length": String(body.byteLength), ...options.headers },
  });
}

/** With the ETag of exactly these bytes. */
export function json(value: unknown, options: ReplyOptions = {}): Response {
  const text = JSON.stringify(value);
  return withBody(text, "application/json", withTag(`"${tagOf(text)}"`, options));
}

/** RFC 9457. */
export function problemJson(value: unknown, options: ReplyOptions): Response {
  return withBody(JSON.stringify(value), "application/problem+json", options);
}

/** A page or a fragment of one; the text is markup that a view made. */
export function html(markup: string, options: ReplyOptions = {}): Response {
  return withBody(markup, "text/html; charset=utf-8", options);
}

/** 303: whatever the method was, the next request is a GET. */
export function redirect(location: string, options: ReplyOptions = {}): Response {
  return new Response(null, { status: 303, ...options, headers: { Location: location, ...options.headers } });
}

export function noContent(): Response {
  return new Response(null, { status: 204 });
}

/**
 * A single resource. Its entity tag (RFC 9110 §8.8.3) is `"<revision>-<digest>"`: the revision is what If-Match compares,
 * and the digest tells the bytes apart that the same revision may have, such as a place in a queue.
 */
export function resource(value: { readonly revision: number }, options: ReplyOptions = {}): Response {
  return revised(value, value.revision, options);
}

/** As `resource`, for a document about a thing that has the revision. */
export function revised(value: unknown, revision: number, options: ReplyOptions = {}): Response {
  const text = JSON.stringify(value);
  return withBody(text, "application/json", withTag(`"${revision}-${tagOf(text)}"`, options));
}

function withTag(etag: string, options: ReplyOptions): ReplyOptions {
  return { ...options, headers: { ETag: etag, ...options.headers } };
}

function tagOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** If-None-Match by weak comparison (RFC 9110 §13.1.2). */
export function matchesEtag(request: Request, etag: string): boolean {
  const header = request.headers.get("if-none-match");
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag.replace(/^W\//, ""));
}
