/** The package of a version that somebody may see in the store: from its page, and by the API. */
import { noteHolder } from "../catalog/ratings/holders.ts";
import { visiblePackage } from "../catalog/visibility/visible-versions.ts";
import type { AppId, VersionCode } from "../ids.ts";
import { serveBlob } from "./blob-reply.ts";
import type { CallBase } from "./route.ts";
import { isMostOf, sentPart } from "./store-files.ts";

export const PACKAGE_TYPE = "application/vnd.mosis.package";

type PackageCall = CallBase & {
  readonly params: { readonly appId: AppId; readonly versionCode: VersionCode };
};

/** Kept by nobody but who asked, and asked for again: who may see the app can change. @throws Problem as `visiblePackage` */
export async function servePackage({ store, actor, params, request, info }: PackageCall): Promise<Response> {
  const { key, sha256, sizeBytes, fileName } = visiblePackage(store, actor, params.appId, params.versionCode);
  const answer = await serveBlob(store, request, info, {
    key,
    etag: `"${sha256}"`,
    type: PACKAGE_TYPE,
    caching: "private, no-cache",
    fileName,
  });
  const part = info.head ? null : sentPart(answer, sizeBytes);
  if (part !== null && isMostOf(part)) noteHolder(store, actor, key);
  return answer;
}
