/** This machine itself, to which nothing needs to be encrypted. */

/** @param hostname As an address has it, with or without the brackets of IPv6 */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    /^\[?::1\]?$/.test(hostname) ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/**
 * Before a request: what goes to this machine over http goes there, and to no proxy of the environment, which would read it.
 * `fetch` has no option for that; it reads NO_PROXY at each request.
 */
export function keepFromProxy(url: string | URL): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" || !isLoopback(hostname)) return;
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const before = process.env[name] ?? "";
    if (before.split(",").includes(hostname)) continue;
    process.env[name] = before === "" ? hostname : `${before},${hostname}`;
  }
}
