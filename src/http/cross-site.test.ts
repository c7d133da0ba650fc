/** Where a changing request of a page may come from: by Sec-Fetch-Site, by Origin, and by both, which may not contradict each other. */
import { describe, expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import { refuseCrossSite } from "./guard.ts";
import { pageRoutes } from "./portal/routes.ts";
import { assessRequest, trustedHops } from "./transport.ts";

const route = pageRoutes.find(({ path, method }) => path === "/theme" && method === "POST");
if (route === undefined) throw new Error("the page has a form for its theme");

const PUBLIC = "https://apps.example.org";

/** Whether it is taken, of a store that is reached at its public address through a proxy here, or at another of its own. */
function taken(headers: Record<string, string>, host: string): boolean {
  const request = new Request(`http://${host}/theme`, {
    method: "POST",
    headers: { Host: host, ...headers },
  });
  const network = { publicUrl: PUBLIC, trusts: trustedHops(["127.0.0.1"]) };
  const info = { id: "r", ...assessRequest(request, "127.0.0.1", { tls: false }, network) };
  try {
    refuseCrossSite(route as NonNullable<typeof route>, request, info);
    return true;
  } catch (error) {
    if (isProblem(error) && error.code === "request.cross_site") return false;
    throw error;
  }
}

const HERE = "apps.example.org";
const LOOPBACK = "127.0.0.1:8080";
const site = (value: string, origin?: string) => ({
  "Sec-Fetch-Site": value,
  ...(origin === undefined ? {} : { Origin: origin }),
});

test.each([
  ["apps.example.org", true],
  ["apps.example.org:443", true],
  ["APPS.example.org:443", true],
  ["apps.example.org:80", false],
  ["apps.example.org:8443", false],
  ["apps.example.org.evil.example:443", false],
])("through the proxy with TLS, Host: %s is the store's address: %p", (host, expected) => {
  const request = new Request("http://x/", { headers: { Host: host } });
  const network = { publicUrl: PUBLIC, trusts: trustedHops(["192.0.2.1"]) };
  expect(assessRequest(request, "192.0.2.1", { tls: false }, network).https).toBe(expected);
});

describe("is taken", () => {
  test.each([
    ["one that the browser says is of this site", site("same-origin"), HERE],
    ["one that says so in both ways", site("same-origin", PUBLIC), HERE],
    ["without the first, one from our address", { Origin: PUBLIC }, HERE],
    ["at another address of the store, from that", site("same-origin", `http://${LOOPBACK}`), LOOPBACK],
    ["through a proxy that gives another Host", site("same-origin", PUBLIC), LOOPBACK],
    [
      "with TLS before it, and not said to be public",
      site("same-origin", "https://intra.example"),
      "intra.example",
    ],
  ])("%s", (_, headers, host) => expect(taken(headers, host)).toBe(true));
});

describe("is refused", () => {
  const strangers = [
    "https://evil.example",
    "null",
    "",
    `${PUBLIC}.evil.example`,
    `${PUBLIC}:8443`,
    `${PUBLIC}/`,
    `${PUBLIC}, https://evil.example`,
    "https://user@apps.example.org",
    "apps.example.org",
    `ftp://${HERE}`,
  ];
  test.each(strangers)("one of this site from %j, and one from there alone", (origin) => {
    expect(taken(site("same-origin", origin), HERE)).toBe(false);
    expect(taken({ Origin: origin }, HERE)).toBe(false);
  });

  test.each(["cross-site", "same-site", "none", "", "same-origin, cross-site", "SAME-ORIGIN", "x"])(
    "one that the browser says is %j, wherever it is from",
    (value) => {
      for (const origin of [undefined, PUBLIC, "https://evil.example"])
        expect(taken(site(value, origin), HERE)).toBe(false);
    },
  );

  test("one that says nothing", () => expect(taken({}, HERE)).toBe(false));
});
