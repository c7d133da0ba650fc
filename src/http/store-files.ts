/**
 * /store/v1/*: what devices read. Static, signed, the same for everyone: any cache or CDN may keep and serve it, and
 * plain HTTP is enough, since every byte of it is judged by signature or digest. In a restricted store it is for enrolled
 * devices: no cache but their own keeps it.
 */
import { Type } from "@sinclair/typebox";
import { countFetch, type SentPart } from "../catalog/installs/count.ts";
import { noteHolder } from "../catalog/ratings/holders.ts";
import { releaseFileOf } from "../catalog/release-keys.ts";
import { findAudienceFile } from "../catalog/visibility/files.ts";
import { isKeptBack } from "../catalog/visibility/hidden-names.ts";
import type { Store } from "../context.ts";
import type { AudienceId } from "../ids.ts";
import type { BlobInfo } from "../storage/blobs.ts";
import { type BlobFile, serveBlob } from "./blob-reply.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "./route.ts";

const IMMUTABLE = "max-age=31536000, immutable";
const ALWAYS_ASK = "no-cache";

const TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  pem: "application/x-pem-file",
  mosis: "application/vnd.mosis.package",
  mosisd: "application/vnd.mosis.delta",
  png: "image/png",
  crl: "application/pkix-crl",
};

/** How the file of a key is served; null for a name that nothing has. */
function describeFile(key: string, facts: { sizeBytes: number; modifiedAt: Date }): BlobFile {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  // Names with a digest or a version never get other content (TUF §6.2, consistent snapshots).
  const named =
    /^([0-9a-f]{64})\./.exec(name)?.[1] ?? /^(\d+\.[a-z0-9-]+)\.json$/.exec(name)?.[1] ?? tileOf(key);
  return named !== undefined
    ? { key, type, etag: `"${named}"`, caching: IMMUTABLE }
    : {
        key,
        type,
        etag: `"${facts.modifiedAt.getTime().toString(16)}-${facts.sizeBytes.toString(16)}"`,
        caching: ALWAYS_ASK,
      };
}

/** Tiles of the log: one of another width has another name. */
function tileOf(key: string): string | undefined {
  return /^store\/v1\/log\/tile\/(.+)$/.exec(key)?.[1]?.replaceAll("/", "-");
}

/** Parts of a path as a key of blobs has them; everything else names nothing. */
const KEY_REST = /^[a-zA-Z0-9][a-zA-Z0-9._-]*(?:\/[a-zA-Z0-9][a-zA-Z0-9._-]*)*$/;

/** What is still there of an app that may not be seen any more is not served, and neither is what names it. */
async function findServed(store: Store, key: string): Promise<BlobInfo | null> {
  return (await isKeptBack(store, key)) ? null : store.blobs.head(key);
}

/**
 * Of a release each device that has its last byte counts: once, however many ranges it took. The answer stays as it is, a file
 * that the listener sends by itself; whom it is cut off from does not count after all.
 */
function counted(
  { store, actor, request, info }: Pick<CallBase, "store" | "actor" | "request" | "info">,
  { key, sizeBytes }: Pick<BlobInfo, "key" | "sizeBytes">,
  answer: Response,
): Response {
  const part = info.head || releaseFileOf(key) === null ? null : sentPart(answer, sizeBytes);
  if (part === null) return answer;
  if (isMostOf(part)) noteHolder(store, actor, key);
  const takeBack = countFetch(store, key, part);
  request.signal.addEventListener("abort", takeBack, { once: true });
  return answer;
}

/** Whether it ends the file and has half of it at least: who asks for a last byte alone has not got the app by that. */
export function isMostOf({ sizeBytes, sentBytes, hasEnd }: SentPart): boolean {
  return hasEnd && 2 * sentBytes >= sizeBytes;
}

/** What the answer has of the file: the whole of it, or a range; null: nothing. */
export function sentPart({ status, headers }: Response, sizeBytes: number): SentPart | null {
  if (status === 200) return { sizeBytes, sentBytes: sizeBytes, hasEnd: true };
  const [, first, last] = /^bytes (\d+)-(\d+)\/\d+$/.exec(headers.get("Content-Range") ?? "") ?? [];
  if (status !== 206 || first === undefined || last === undefined) return null;
  const sentBytes = Number(last) + 1 - Number(first);
  return { sizeBytes, sentBytes, hasEnd: Number(last) + 1 === sizeBytes };
}

function blobRoute(prefix: string, name: string, summary: string): Route {
  return defineRoute({
    area: "file",
    method: "GET",
    path: `/${prefix}*`,
    access: "public",
    forDevices: true,
    name,
    summary,
    params: Type.Object({ "*": Type.String({ maxLength: 300 }) }),
    async handle(call) {
      const { store, request, info, params } = call;
      const rest = params["*"];
      if (!KEY_REST.test(rest)) throw nothingHere();
      const key = prefix + rest;
      const facts = await findServed(store, key);
      if (!facts) throw nothingHere();
      const file = describeFile(key, facts);
      const caching = `${store.config.restricted ? "private" : "public"}, ${file.caching}`;
      const answer = await serveBlob(store, request, info, { ...file, caching });
      return counted(call, facts, answer);
    },
  });
}

const AUDIENCE_ID = Type.Unsafe<AudienceId>(
  Type.String({ pattern: "^(?:signed-in|grp-[0-9a-f]{32})$", description: "a group's id, or signed-in" }),
);

/** What is only for an audience has its own addresses; who does not belong to it gets the answer for one that is not there. */
const audienceRoute = defineRoute({
  area: "file",
  method: "GET",
  path: "/store/v1/audiences/:audienceId/*",
  access: "public",
  forAudience: true,
  name: "readAudienceFile",
  summary: "The signed catalogue and the packages of an audience, for who belongs to it",
  params: Type.Object({ audienceId: AUDIENCE_ID, "*": Type.String({ maxLength: 300 }) }),
  async handle(call) {
    const { store, actor, request, info, params } = call;
    const address = params["*"];
    const key = KEY_REST.test(address) ? findAudienceFile(store, actor, params.audienceId, address) : null;
    const facts = key === null ? null : await findServed(store, key);
    if (key === null || facts === null) throw nothingHere();
    const file = describeFile(key, facts);
    const answer = await serveBlob(store, request, info, { ...file, caching: `private, ${file.caching}` });
    return counted(call, facts, answer);
  },
});

export const storeFileRoutes: readonly Route[] = [
  audienceRoute,
  blobRoute("store/v1/", "readStoreFile", "The signed catalogue and the packages, for devices"),
];
