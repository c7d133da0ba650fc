/** What QR codes hold: of an enrolment code and of an app, at the address under which whoever asks reached the store. */
import { rootSha256 } from "../catalog/tuf/repository.ts";
import type { Store } from "../context.ts";
import { formatAppLink } from "../format/app-link.ts";
import { formatLink } from "../format/enrolment/link.ts";
import type { AppId } from "../ids.ts";
import type { RequestInfo } from "./transport.ts";

export function enrolmentLink(store: Store, info: Pick<RequestInfo, "origin">, code: string): string {
  return formatLink({ storeUrl: info.origin, rootSha256: rootSha256(store), code });
}

export function appLink(store: Store, info: Pick<RequestInfo, "origin">, appId: AppId): string {
  return formatAppLink({ storeUrl: info.origin, rootSha256: rootSha256(store), appId });
}
