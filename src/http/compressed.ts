/**
 * Answers in fewer bytes for who takes them so (RFC 9110 §8.4, §12.5.3). Only what repeats nothing that came with the request: of what
 * does, its length would tell who can listen and ask what else is in it.
 */
import { promisify } from "node:util";
import { gzip, gzipSync } from "node:zlib";

const gzipLater = promisify(gzip);

/** Less fits into one packet of the network either way. */
const FEWEST_BYTES = 1400;

/** Whether the client takes gzip: by its name, or by `*`, and not with a weight of 0. */
export function takesGzip(request: Request): boolean {
  const weights = new Map(
    (request.headers.get("accept-encoding") ?? "").split(",").map((each): [string, number] => {
      const [coding = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return [coding, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  return (weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0) > 0;
}

const kept = new Map<string, Uint8Array<ArrayBuffer>>();

/** The same bytes in gzip, made once. @param key Says which bytes they are, for as long as the program runs. */
export function gzipOnce(key: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = new Uint8Array(gzipSync(bytes, { level: 9 }));
  kept.set(key, made);
  return made;
}

/** Whether an answer with this body differs by what codings the client takes, and says so, also where it is not sent again (RFC 9110 §15.4.5). */
export function variesByCoding(body: Uint8Array): boolean {
  return body.byteLength >= FEWEST_BYTES;
}

/** An answer with this body, in gzip where the client takes it. Its entity tag has to be a weak one. */
export async function inFewerBytes(
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  response: Response,
): Promise<Response> {
  if (!variesByCoding(body)) return new Response(body, response);
  const headers = new Headers(response.headers);
  headers.append("Vary", "Accept-Encoding");
  if (!takesGzip(request)) return new Response(body, { status: response.status, headers });
  const shorter = new Uint8Array(await gzipLater(body));
  headers.set("Content-Encoding", "gzip");
  headers.set("Content-Length", String(shorter.byteLength));
  return new Response(shorter, { status: response.status, headers });
}
