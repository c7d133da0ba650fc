/** This machine itself, to which nothing needs to be encrypted. */

/** Of an IP address, without brackets. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** @param host A name, or an address with or without the brackets of IPv6 */
export function isLoopback(host: string): boolean {
  return host === "localhost" || isLoopbackAddress(host.replace(/^\[(.*)\]$/, "$1"));
}

/** Also by a name below localhost (RFC 6761 §6.3), which people give to what they try out. */
export function isThisMachine(host: string): boolean {
  return isLoopback(host) || host.endsWith(".localhost");
}

/**
 * Before a request: what goes to this machine over http goes there, and to no proxy of the environment, which would read it.
 * `fetch` has no option for that; it reads NO_PROXY at each request.
 */
export function keepFromProxy(url: string | URL): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" || !isThisMachine(hostname)) return;
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const before = process.env[name] ?? "";
    if (before.split(",").includes(hostname)) continue;
    process.env[name] = before === "" ? hostname : `${before},${hostname}`;
  }
}
