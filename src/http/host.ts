/** Requests that do not say for which host they are, or not in words that can be one (RFC 9112 §3.2): they have no whole address. */
import { Problem } from "../errors.ts";
import { say } from "../say.ts";

/** RFC 9110 §7.2, RFC 3986 §3.2.2. With two of the header there is a comma and a blank in it. */
const HOST = /^(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?$/;

/** Asked for by load balancers that speak HTTP/1.0, where the header is not a must; what they answer depends on no host. */
const PROBES = /^\/(?:healthz|readyz)(?:\?|$)/;

/**
 * The same request with an address that can be read, and the Problem `request.host` when it is to be refused. What is given
 * for one without a whole address has no body and is a GET; that of a probe is to be answered.
 */
export function withAddress(request: Request): { readonly request: Request; readonly fault: Problem | null } {
  const host = request.headers.get("host");
  if (URL.canParse(request.url) && (host === null || HOST.test(host))) return { request, fault: null };
  const path = /^(?:[a-z]+:\/\/[^/]*)?(\/.*)$/i.exec(request.url)?.[1] ?? "/";
  const readable = new Request(`http://localhost${path}`, { headers: request.headers });
  const isProbe = (host ?? "") === "" && PROBES.test(path) && /^(?:GET|HEAD)$/.test(request.method);
  return { request: readable, fault: isProbe ? null : hostProblem(host) };
}

function hostProblem(host: string | null): Problem {
  const message =
    (host ?? "") === ""
      ? say`The request does not say for which host it is: its header Host is missing or empty.`
      : say`The header Host is not the name or the address of a host, with or without a port.`;
  return new Problem("invalid", "request.host", message);
}
