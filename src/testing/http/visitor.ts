/** A browser as far as redirects and cookies go: enough to sign in with a provider, and to do it wrongly. */

export type Seen = {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
};

export type Visitor = {
  /** By host and name. */
  readonly cookies: Map<string, Map<string, string>>;
  /** One request, no redirect followed. */
  ask(url: string, init?: RequestInit): Promise<Seen & { readonly location: string | null }>;
  /** Follows redirects until a page comes, or an address that `until` is true of, which is not asked for. */
  go(url: string, until?: (url: string) => boolean): Promise<Seen>;
  /** Sends a form of a page of that site, and follows. */
  send(url: string, fields: Readonly<Record<string, string>>): Promise<Seen>;
};

const MOST_REDIRECTS = 12;

export function newVisitor(): Visitor {
  const cookies = new Map<string, Map<string, string>>();
  const ask: Visitor["ask"] = async (url, init = {}) => {
    const { host } = new URL(url);
    const own = cookies.get(host) ?? new Map<string, string>();
    cookies.set(host, own);
    const headers = new Headers(init.headers);
    if (own.size > 0) headers.set("Cookie", [...own].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /Max-Age=0(?:;|$)/.test(line)) own.delete(name);
      else own.set(name, value);
    }
    const location = response.headers.get("location");
    return {
      url,
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: location === null ? null : new URL(location, url).href,
    };
  };
  const follow = async (
    first: Awaited<ReturnType<typeof ask>>,
    until: (url: string) => boolean,
  ): Promise<Seen> => {
    let seen = first;
    for (let redirects = 0; seen.location !== null; redirects += 1) {
      if (redirects >= MOST_REDIRECTS) throw new Error(`too many redirects, the last to ${seen.location}`);
      if (until(seen.location)) return { ...seen, url: seen.location };
      seen = await ask(seen.location);
    }
    return seen;
  };
  return {
    cookies,
    ask,
    go: async (url, until = () => false) =>
      until(url) ? { url, status: 0, body: "", headers: new Headers() } : follow(await ask(url), until),
    send: async (url, fields) =>
      follow(
        await ask(url, {
          method: "POST",
          body: new URLSearchParams(fields),
          headers: { "Sec-Fetch-Site": "same-origin" },
        }),
        () => false,
      ),
  };
}
