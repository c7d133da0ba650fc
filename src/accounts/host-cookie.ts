/**
 * The Set-Cookie line of a cookie with a secret in it. Its name begins with `__Host-` (RFC 6265bis §4.1.3.2), which browsers
 * take only with these attributes: Secure, for this host alone, for every path.
 *
 * @param seconds How long it is kept; 0 takes it away
 */
export function hostCookie(name: `__Host-${string}`, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
}
