/** By which address a request came, as its client knows it: what proxies said of it counts as far as they are ours. */
import type { CallBase } from "./route.ts";

/** Scheme and host, without a slash at the end. */
export function askedAddress({ request, info, url }: Pick<CallBase, "request" | "info" | "url">): string {
  const asked = `${info.https ? "https" : "http"}://${request.headers.get("host") ?? url.host}`;
  // A Host may have characters in it that no address has.
  return URL.canParse(asked) ? new URL(asked).origin : info.origin;
}
