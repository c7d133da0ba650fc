/** How a request came: from where, over what, and under which name of the store. Decided once, from the socket and configuration. */
import { BlockList, isIP } from "node:net";
import { Problem } from "../errors.ts";
import { isLoopbackAddress } from "../loopback.ts";
import { say } from "../say.ts";

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

/** Without the dress that IPv4 addresses have on an IPv6 socket. */
function plainAddress(address: string): string {
  return /^::ffff:(?=\d+\.)/i.test(address) ? address.slice("::ffff:".length) : address;
}

const PROXY_HEADERS = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];

/** Headers that only a proxy adds: with one of them the peer is not the client. */
function isForwarded(headers: Headers): boolean {
  return PROXY_HEADERS.some((name) => headers.has(name));
}

/** Which peers are proxies of ours. Given addresses and ranges that the configuration has checked. */
export function trustedHops(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? "ipv6" : "ipv4");
  };
}

export type Network = {
  readonly publicUrl: string | null;
  /** True for the address of a proxy of ours. */
  readonly trusts: (address: string) => boolean;
};

/**
 * Whether TLS stands before us is the operator's word (`--public-url https://…`), and it counts for requests that come
 * from a trusted proxy, name that host, and are not said by the proxy to have come in over http. What anybody else
 * writes into proxy headers is believed for nothing.
 */
export function assessRequest(
  request: Request,
  peer: string | null,
  listener: Listener,
  { publicUrl, trusts }: Network,
): Omit<RequestInfo, "id"> {
  const sent = (request.headers.get("host") ?? "").toLowerCase();
  const host = HOST_PATTERN.test(sent) ? sent : "localhost";
  const loopback = peer !== null && isLoopbackAddress(plainAddress(peer));
  const trusted = publicUrl !== null && peer !== null && trusts(peer);
  const viaProxy = trusted && isHostOf(publicUrl, host) && !cameOverHttp(request.headers);
  const https = listener.tls || (viaProxy && publicUrl.startsWith("https://"));
  const direct = !isForwarded(request.headers);
  return {
    origin: publicUrl ?? `${listener.tls ? "https" : "http"}://${host}`,
    confidential: https || (loopback && direct),
    https,
    address: trusted ? clientAddress(request, peer, trusts) : (peer ?? "local"),
    head: request.method === "HEAD",
  };
}

/** Whether a Host means that address: its scheme's own port may be said or left out (RFC 9110 §4.2.3). */
function isHostOf(publicUrl: string, host: string): boolean {
  const expected = new URL(publicUrl).host;
  return host === expected || host === `${expected}:${publicUrl.startsWith("https:") ? 443 : 80}`;
}

/** True when the proxy says that its client used http. Of several entries the last is our proxy's own. */
function cameOverHttp(headers: Headers): boolean {
  const last = (name: string): string => headers.get(name)?.split(",").at(-1)?.trim().toLowerCase() ?? "";
  return last("x-forwarded-proto") === "http" || /(?:^|;)\s*proto="?http"?\s*(?:;|$)/.test(last("forwarded"));
}

/** The nearest address that is no proxy of ours; what stands before it is the client's own claim. */
function clientAddress(request: Request, peer: string, trusts: (address: string) => boolean): string {
  const hops = (request.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  let nearest = peer;
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) break;
    nearest = hop;
    if (!trusts(hop)) break;
  }
  return nearest;
}

/** @throws Problem `auth.insecure_transport` */
export function requireConfidential(info: RequestInfo): void {
  if (info.confidential) return;
  throw new Problem(
    "forbidden",
    "auth.insecure_transport",
    say`Passwords, sessions and API keys are not taken over plain HTTP from another machine. Give the server certificate files (--tls-cert and --tls-key), or put a proxy with TLS before it and say so with --public-url https://… (and, when the proxy is on another machine, --trusted-proxies with its address).`,
  );
}
