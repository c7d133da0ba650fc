/** What the QR code of an enrolment code holds, at the address under which whoever asks reached the store. */
import { rootSha256 } from "../catalog/tuf/repository.ts";
import type { Store } from "../context.ts";
import { formatLink } from "../format/enrolment/link.ts";
import type { RequestInfo } from "./transport.ts";

export function enrolmentLink(store: Store, info: Pick<RequestInfo, "origin">, code: string): string {
  return formatLink({ storeUrl: info.origin, rootSha256: rootSha256(store), code });
}
