/**
 * Every route of the table, from the router's own list: asked without a key, with the wrong one, for what belongs to others,
 * and with nonsense. Nothing is ever answered with 500, in other words than ours, or with what is another's.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { allows, grantOf } from "../accounts/rights.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import {
  addressAbout,
  type Belongings,
  belongingOf,
  makeBelongings,
  parametersOf,
} from "../testing/belongings.ts";
import { read, routeOf, undocumented } from "../testing/http/conformance.ts";
import { contentsOf } from "../testing/http/contents.ts";
import { bytesOf } from "../testing/http/events.ts";
import { type Caller, makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";
import { newOwner } from "../testing/publishing.ts";
import { pageRoutes } from "./portal/routes.ts";
import { isForVisitors, type Route } from "./route.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
  ours = await withBelongings("Ours", "org.example.ours", world.organisationId);
  theirs = await withBelongings(MARK, "net.stranger.theirs", world.strangerId);
  await world.drain();
  // The first use of each key is noted; with a clock that stands still no other one is.
  for (const token of Object.values(world.tokens))
    await fetch(`${world.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
});
/** In the names of all that is somebody else's. */
const MARK = "Stranger";

/** An owner of the organisation with one of everything. */
async function withBelongings(mark: string, appId: string, organisationId: OrganisationId) {
  const person = await newOwner(world.store, organisationId, `${mark.toLowerCase()}-owner@example.com`);
  return makeBelongings(world.store, { mark, appId: appId as AppId, organisationId, person });
}

afterAll(async () => {
  await world.close();
  template.remove();
});

/** What is of the sample's owner and organisation, and what is of somebody else's: one of everything. */
let ours: Belongings;
let theirs: Belongings;

/** An address of the route that is about the sample's own things. */
function addressOf(route: Route, others: Readonly<Record<string, string>> = {}): string {
  const sample = { appId: world.app, versionCode: "7", versionId: world.versions.in_review.id };
  // Of files, which are public: none of these is there.
  const files = { audienceId: "none", build: "none", file: "none" };
  return addressAbout(route, ours, { ...sample, ...files, ...others });
}

async function ask(route: Route, path: string, caller: Caller | null, init: RequestInit = {}) {
  const headers = new Headers(init.headers);
  if (caller) headers.set("Authorization", `Bearer ${world.tokens[caller]}`);
  const from = world.log.length;
  const answer = await read(
    await fetch(`${world.url}${path}`, { ...init, method: route.method, headers, redirect: "manual" }),
  );
  return { ...answer, lines: world.log.slice(from) };
}

/** What must hold of every refusal. */
function expectProblem(route: Route, answer: Awaited<ReturnType<typeof ask>>): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).not.toBe(500);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { instance, code } = answer.json as { instance: string; code: string };
  const line = answer.lines.find(({ event }) => event === "http.request");
  expect(instance).toBe(`urn:mosis:request:${line?.id}`);
  expect(answer.headers.get("x-request-id")).toBe(line?.id as string);
  expect(code).toMatch(/^[a-zA-Z_.-]+[a-z0-9_]*$/);
  if (route.area === "api") expect(undocumented(route, answer)).toEqual([]);
}

/** A code names nothing without its app. */
const namesByItself = (name: string) => name !== "versionCode";

/** Where an empty object is refused before the thing that it is about is looked for. */
const BODIES: Readonly<Record<string, string>> = {
  createCategory: '{"id":"x","names":{"en":"x"}}',
  moveCategory: '{"place":1}',
  mergeCategory: '{"into":"tools"}',
  createCollection: '{"id":"x","names":{"en":"x"}}',
  moveCollection: '{"place":1}',
  chooseCategory: '{"category":null}',
  offerApp: '{"to":"Nobody"}',
  addLineageKey: '{"addition":"e30="}',
  createApiKey: '{"name":"x","actions":null,"apps":null}',
  createOwnApiKey: '{"name":"","actions":null,"apps":null}',
  addTrustedPublisher: '{"issuer":"github","claims":{"repository":"a/b"}}',
  setTrustedOnly: '{"trustedOnly":true}',
  rotateApiKey: '{"overlapHours":0}',
  rotateOwnApiKey: '{"overlapHours":0}',
  renameOrganisation: '{"name":"x"}',
  changeMemberRole: '{"role":"owner"}',
  createEnrolmentCode: '{"label":"x"}',
  renameDevice: '{"name":"x"}',
  revokeDevice: '{"reason":"x"}',
  createGroup: '{"name":"x"}',
  previewKeyRevocation: '{"action":"block","reason":"x"}',
  revokeDeveloperKey: `{"action":"block","reason":"x","scope":"${"0".repeat(64)}"}`,
  objectToRecovery: '{"reason":"x"}',
  previewVisibility: '{"visibility":"signed-in"}',
  changeVisibility: '{"visibility":"signed-in"}',
  changeReleaseNotes: '{"notes":"x"}',
  changeStoreListing: '{"tags":["notes"]}',
  restoreStoreListing: '{"to":0}',
  changeListingPicture: '{"place":1}',
  inviteMember: '{"email":"eve@example.org","role":"owner"}',
  setStoreRole: '{"storeRole":"administrator"}',
  deleteAccount: '{"confirm":"x@example.org"}',
  deleteOwnAccount: '{"confirm":"x@example.org"}',
  deprecateApp: '{"text":"x"}',
  askToDeleteApp: '{"confirm":"x","reason":"x"}',
  yankVersion: '{"reason":"x"}',
  rateApp: '{"stars":5}',
  reportApp: '{"reason":"broken"}',
  reportRating: '{"reason":"spam"}',
  closeReport: '{"outcome":"dismissed"}',
  refuseOrganisationRequest: '{"reason":"x"}',
  hideRating: '{"reason":"x"}',
  answerRating: '{"text":"x"}',
  takeOverOrganisation: '{"owner":"owner@example.com","reason":"x"}',
};

const changing = (route: Route): RequestInit =>
  route.body
    ? {
        headers: { "Content-Type": route.body.mediaTypes[0] ?? "", "If-Match": "*" },
        body: BODIES[route.name] ?? "{}",
      }
    : { headers: { "If-Match": "*" } };

const closedRoutes = apiRoutes.filter(({ access }) => access !== "public");

test("of every parameter of a route there is something of somebody else's", () => {
  for (const route of closedRoutes) {
    for (const name of parametersOf(route))
      if (namesByItself(name))
        expect(belongingOf(theirs, route, name).id).not.toBe(belongingOf(ours, route, name).id);
  }
  const unknown = { ...(closedRoutes[0] as Route), path: "/api/v1/things/:thingId" };
  expect(() => belongingOf(theirs, unknown, "thingId")).toThrow();
});

describe("without the right", () => {
  for (const route of closedRoutes) {
    test(`${route.name}: nobody, and keys that count no more`, async () => {
      const before = contentsOf(world.store);
      for (const caller of [null, "expired", "revoked", "leaked", "disabled"] as const) {
        if (caller === null && isForVisitors(route)) continue;
        const answer = await ask(route, addressOf(route), caller, changing(route));
        expect(answer.status).toBe(401);
        expectProblem(route, answer);
        expect(answer.text).not.toContain(world.app);
      }
      expect(contentsOf(world.store)).toEqual(before);
    });

    const { access } = route;
    if (access === "public" || access === "self.read") continue;
    test(`${route.name}: keys that are narrowed to something else`, async () => {
      const before = contentsOf(world.store);
      for (const caller of ["reader", "forEmptyApp", "ownerForEmptyApp"] as const) {
        const answer = await ask(route, addressOf(route), caller, changing(route));
        const mayAsk = caller === "reader" ? access === "app.read" : grantOf(access).ofApp === true;
        if (!mayAsk) {
          // Not even what is sent is looked at, so nothing can be learnt from how it is refused.
          expect([caller, answer.status]).toEqual([caller, 403]);
          expectProblem(route, answer);
        } else if (caller === "reader") {
          expect([caller, answer.status]).toEqual([caller, 200]);
        } else {
          // A list is without what is not for the key; any other app is not there for it.
          expect(answer.text.includes(world.app) && answer.status === 200).toBe(false);
          if (route.path.includes(":appId")) expect([403, 404]).toContain(answer.status);
        }
      }
      expect(contentsOf(world.store)).toEqual(before);
    });

    if (!grantOf(access).everyone) {
      test(`${route.name}: somebody whose role is for another app`, async () => {
        const before = contentsOf(world.store);
        const answer = await ask(route, addressOf(route), "narrowed", changing(route));
        if (!grantOf(access).ofApp) {
          expect(answer.status).toBe(403);
          expectProblem(route, answer);
        } else if (route.path.includes(":appId") || route.path.includes(":versionId")) {
          expect([403, 404]).toContain(answer.status);
        } else {
          expect(answer.text).not.toContain(world.app);
        }
        expect(contentsOf(world.store)).toEqual(before);
      });
    }

    const parameters = parametersOf(route).filter(namesByItself);
    if (parameters.length > 0) {
      test(`${route.name}: what belongs to others, in each parameter and in all`, async () => {
        const before = contentsOf(world.store);
        const each = parameters.map((name) => ({ [name]: belongingOf(theirs, route, name).id }));
        const paths = [...each.map((others) => addressOf(route, others)), addressAbout(route, theirs)];
        for (const path of paths) {
          for (const caller of [
            ...(["owner", "organisation", "developer", "narrowed", "forEmptyApp"] as const),
            ...(isForVisitors(route) ? [null] : []),
          ]) {
            const answer = await ask(route, path, caller, changing(route));
            expect(answer.text).not.toContain(MARK);
            // A session or browser that is over is not there, nor is another's: that is no error, and says nothing of either.
            if (["endOwnSession", "forgetOwnBrowser"].includes(route.name) && answer.status === 204) continue;
            expect([path, caller, [403, 404].includes(answer.status)]).toEqual([path, caller, true]);
            expectProblem(route, answer);
          }
        }
        expect(contentsOf(world.store)).toEqual(before);
      });
    }

    if (grantOf(access).everyone) continue;
    test(`${route.name}: whoever belongs to nothing`, async () => {
      const before = contentsOf(world.store);
      const answer = await ask(route, addressOf(route), "nowhere", changing(route));
      expect([403, 404]).toContain(answer.status);
      expectProblem(route, answer);
      expect(contentsOf(world.store)).toEqual(before);
    });

    test(`${route.name}: auditors and support change nothing`, async () => {
      const before = contentsOf(world.store);
      for (const caller of ["auditor", "support"] as const) {
        const answer = await ask(route, addressOf(route), caller, changing(route));
        if (route.method !== "GET") expect([caller, answer.status]).toEqual([caller, 403]);
        if (answer.status >= 400) expectProblem(route, answer);
      }
      expect(contentsOf(world.store)).toEqual(before);
    });

    if (!route.path.includes(":appId") && !route.path.includes(":versionId")) continue;
    test(`${route.name}: another organisation's key learns nothing`, async () => {
      const before = contentsOf(world.store);
      const answer = await ask(route, addressOf(route), "stranger", changing(route));
      const mayAsk = allows(
        { kind: "organisation-key", organisationId: world.strangerId, keyId: "key-" as never },
        access,
      );
      expect(answer.status).toBe(mayAsk ? 404 : 403);
      expectProblem(route, answer);
      // The same words as for an app that is not there.
      if (route.path.includes(":appId")) {
        const missing = await ask(
          route,
          addressOf(route).replace(world.app, "org.example.absent"),
          "stranger",
          changing(route),
        );
        expect(missing.status).toBe(answer.status);
        const words = ({ json }: typeof answer) =>
          (json as { detail: string }).detail.replace(/org\.example\.\w+/, "");
        expect(words(missing)).toBe(words(answer));
      }
      expect(contentsOf(world.store)).toEqual(before);
    });
  }
});

test("without a key the catalogue answers, and nothing else that a right is for: what everybody may see, kept by no cache for others", async () => {
  const open = closedRoutes.filter(isForVisitors);
  expect(open.map(({ name }) => name).sort()).toEqual([
    "downloadCatalogPackage",
    "listCatalog",
    "listCatalogCategories",
    "listCatalogCollectionApps",
    "listCatalogCollections",
    "listCatalogPublisherApps",
    "listCatalogRatings",
    "listCatalogVersions",
    "readCatalogApp",
    "readCatalogCollection",
    "readCatalogFront",
    "readCatalogPublisher",
    "readRatingSummary",
  ]);
  const before = contentsOf(world.store);
  for (const route of open) {
    expect(route.method).toBe("GET");
    const answer = await ask(route, addressOf(route), null);
    expect([route.name, [200, 404].includes(answer.status)]).toEqual([route.name, true]);
    expect(answer.headers.get("cache-control")).toMatch(/^(?:private, no-cache|no-store)$/);
    expect(answer.headers.get("vary")).toContain("Authorization");
    expect(answer.headers.get("ratelimit")).toStartWith('"address"');
    if (answer.status === 404) expectProblem(route, answer);
  }
  expect(contentsOf(world.store)).toEqual(before);
});

test("what is changed is seen by the comparison above", async () => {
  const before = contentsOf(world.store);
  const answer = await fetch(`${world.url}/api/v1/me/api-keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${world.tokens.owner}`, "Content-Type": "application/json" },
    body: '{"name":"x","actions":null,"apps":null}',
  });
  expect(answer.status).toBe(201);
  expect(contentsOf(world.store).changes).toBeGreaterThan(before.changes);
});

test("no route that changes something is opened by an action that only reads", () => {
  const changes = [...apiRoutes, ...pageRoutes].filter(({ method }) => method !== "GET");
  expect(changes.filter(({ access }) => access.endsWith(".read")).map(({ name }) => name)).toEqual([]);
});

describe("with nonsense", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "..",
      "%2e%2e%2f",
      "%00",
      "%ff",
      "a/../b",
      "%2F..%2F",
      "\u202e",
      "' OR 1=1 --",
      "x".repeat(5000),
    ),
  );
  const sent = fc.record({
    parts: fc.array(text, { minLength: 3, maxLength: 3 }),
    query: fc.dictionary(
      fc.oneof(fc.constantFrom("limit", "cursor", "state", "notes", "hold", "organisationId"), text),
      text,
      { maxKeys: 3 },
    ),
    body: fc.oneof(
      fc.json().map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          "[".repeat(100_000),
          '{"a":'.repeat(20_000),
          '{"id":1,"id":2}',
          '{"__proto__":{"x":1}}',
          '"\\ud800"',
          "\ufeff{}",
        )
        .map((one) => Buffer.from(one)),
    ),
    type: fc.constantFrom(
      "application/json",
      "application/json; charset=latin1",
      "text/plain",
      "application/vnd.mosis.package",
      "multipart/form-data",
      "",
    ),
    ifMatch: fc.constantFrom("*", '"1"', '"x"', "1", '"1", "2"'),
    key: fc.constantFrom("", "k", "k".repeat(300), "a b"),
    encoded: fc.boolean(),
  });

  /** Those that take none give the same answer each time, and the conformance kit is one of many megabytes. */
  const takesWords = (route: Route) =>
    route.path.includes(":") ||
    route.path.endsWith("*") ||
    route.method !== "GET" ||
    Object.keys(route.query.properties).length > 0;

  for (const route of [...apiRoutes, ...fileRoutes]) {
    test(`${route.name} refuses, and says what`, async () => {
      const callers: (Caller | null)[] = ["owner", "administrator", null];
      await fc.assert(
        fc.asyncProperty(
          sent,
          fc.constantFrom(...callers),
          async ({ parts, query, body, type, ifMatch, key, encoded }, caller) => {
            let next = 0;
            const part = () => {
              const value = parts[next++] ?? "";
              return encoded
                ? encodeURIComponent(value.toWellFormed()) || "-"
                : value.replace(/[?#\s\\]/g, "_") || "-";
            };
            const path = route.path.replace(/:[A-Za-z]+|\*$/g, part);
            const search = new URLSearchParams(
              Object.entries(query).map(([name, value]): [string, string] => [
                name.toWellFormed(),
                value.toWellFormed(),
              ]),
            );
            if (!URL.canParse(`${world.url}${path}`)) return;
            const headers: Record<string, string> = { "If-Match": ifMatch };
            if (type !== "") headers["Content-Type"] = type;
            if (key !== "") headers["Idempotency-Key"] = key;
            const answer = await ask(route, `${path}?${search}`, caller, {
              headers,
              ...(route.method === "GET" ? {} : { body }),
            });
            expect(answer.lines.filter(({ event }) => event === "http.failed")).toEqual([]);
            // An address of more than 16 KiB does not come as far as us.
            if (answer.status === 431) return;
            const { pathname } = new URL(`${world.url}${path}`);
            // Dots may have led elsewhere: to a page, which answers as a page.
            if (answer.status < 400 || !/^\/(?:api|store|assets|pictures)\//.test(pathname)) {
              expect(answer.status).toBeLessThan(500);
              return;
            }
            const problem = answer.json as { code: string };
            const known =
              problem.code !== "not_found" && problem.code !== "method.not_allowed" && route.area === "api";
            expectProblem(known ? routeOf(route.method, pathname) : { ...route, area: "file" }, answer);
          },
        ),
        { numRuns: takesWords(route) ? 150 : 10 },
      );
    });
  }
});

describe("methods", () => {
  for (const route of [...apiRoutes, ...fileRoutes]) {
    test(`${route.method} ${route.path}: OPTIONS and the others`, async () => {
      const path = addressOf(route).replace(/\*$/, "x.json");
      const options = await fetch(`${world.url}${path}`, { method: "OPTIONS" });
      const allowed = (options.headers.get("allow") ?? "").split(", ");
      expect(options.status).toBe(204);
      expect(allowed).toContain(route.method);
      expect(allowed).toContain("OPTIONS");
      expect(allowed.includes("HEAD")).toBe(allowed.includes("GET"));
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
        if (allowed.includes(method)) continue;
        const refused = await fetch(`${world.url}${path}`, { method });
        expect([method, refused.status]).toEqual([method, 405]);
        expect(refused.headers.get("allow")).toBe(allowed.join(", "));
      }
    });

    if (route.method !== "GET") continue;
    test(`${route.path}: HEAD is GET without its body`, async () => {
      const headers = {
        // In gzip the length would be another one than that of what is read here.
        "Accept-Encoding": "identity",
        Authorization: `Bearer ${world.tokens[route.access.toString().startsWith("jobs") ? "administrator" : route.access.toString().startsWith("review") ? "reviewer" : "owner"]}`,
      };
      const path = addressOf(route);
      const get = await fetch(`${world.url}${path}`, { headers });
      const body = await bytesOf(get);
      const head = await fetch(`${world.url}${path}`, { method: "HEAD", headers });
      expect(head.status).toBe(get.status);
      expect(await head.text()).toBe("");
      if (!route.stream) expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
      if (get.status === 200 && !route.stream)
        expect(get.headers.get("content-length")).toBe(String(body.byteLength));
      for (const name of ["etag", "content-type", "cache-control", "vary"]) {
        // A problem document has its own id and so its own bytes, and no tag.
        if (path !== "/readyz" || name !== "etag")
          expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
      }
    });
  }
});

test("every answer has the security headers", async () => {
  for (const path of [
    "/api/v1/store",
    "/api/v1/me",
    "/healthz",
    "/store/v1/metadata/timestamp.json",
    "/nothing",
    "/store/v1/../x",
    "/",
  ]) {
    for (const method of ["GET", "HEAD", "OPTIONS", "TRACE", "DELETE"]) {
      if (method === "TRACE") continue;
      const { headers } = await fetch(`${world.url}${path}`, { method, redirect: "manual" });
      const csp = headers.get("content-security-policy") ?? "";
      expect(csp).toContain("default-src 'self'");
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).not.toContain("unsafe-");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.has("strict-transport-security")).toBe(false);
    }
  }
});
