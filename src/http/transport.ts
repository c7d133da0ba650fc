/** How a request came: from where, over what, and under which name of the store. Decided once, from the socket and configuration. */
import { Problem } from "../errors.ts";

export type Listener = { readonly tls: boolean };

export type RequestInfo = {
  /** Shown to people, sent as X-Request-Id, written to the log. */
  readonly id: string;
  /** Scheme and host of the store as this client knows it, without a slash at the end. */
  readonly origin: string;
  /** True when passwords, cookies and tokens may travel this way. */
  readonly confidential: boolean;
  /** True when the client speaks https, to us or to the proxy before us. */
  readonly https: boolean;
  /** The client's address, for the log and for the list of sessions. */
  readonly address: string;
  /** True for HEAD: headers as for GET, and nothing should be opened for a body. */
  readonly head: boolean;
};

const HOST_PATTERN = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

function isLoopback(address: string): boolean {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** Headers that only a proxy adds: with one of them the peer is not the client. */
function isForwarded(headers: Headers): boolean {
  return headers.has("x-forwarded-for") || headers.has("x-forwarded-proto") || headers.has("forwarded");
}

/**
 * Proxy headers are believed for nothing but the address in the log, and that only from a proxy on this machine when
 * a public URL says that there is one. Whether TLS stands before us is the operator's word (`--public-url https://…`),
 * and the request must name that host, as a proxy passes it on and a direct visitor of our port does not.
 */
export function assessRequest(
  request: Request,
  peer: string | null,
  listener: Listener,
  publicUrl: string | null,
): Omit<RequestInfo, "id"> {
  const sent = (request.headers.get("host") ?? "").toLowerCase();
  const host = HOST_PATTERN.test(sent) ? sent : "localhost";
  const loopback = peer !== null && isLoopback(peer);
  const viaProxy = publicUrl !== null && host === new URL(publicUrl).host;
  const https = listener.tls || (viaProxy && publicUrl.startsWith("https://"));
  const direct = !isForwarded(request.headers);
  return {
    origin: publicUrl ?? `${listener.tls ? "https" : "http"}://${host}`,
    confidential: https || (loopback && direct),
    https,
    address: clientAddress(request, peer, loopback && publicUrl !== null),
    head: request.method === "HEAD",
  };
}

function clientAddress(request: Request, peer: string | null, trusted: boolean): string {
  // The last entry is the one that our own proxy added; those before it are the client's claim.
  const forwarded = trusted ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  return forwarded !== undefined && /^[0-9a-fA-F.:]{2,45}$/.test(forwarded) ? forwarded : (peer ?? "local");
}

/** @throws Problem `auth.insecure_transport` */
export function requireConfidential(info: RequestInfo): void {
  if (info.confidential) return;
  throw new Problem(
    "forbidden",
    "auth.insecure_transport",
    "Passwords, sessions and API keys are not taken over plain HTTP from another machine. Give the server certificate files (--tls-cert and --tls-key), or put a proxy with TLS before it and say so with --public-url https://…",
  );
}
