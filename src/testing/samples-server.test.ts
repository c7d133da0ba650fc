/** The gallery, as `bun run gallery` starts it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { SAMPLES } from "../../views/testing/samples.ts";
import { type SamplesServer, serveSamples } from "./samples-server.ts";

let server: SamplesServer;
beforeAll(async () => {
  server = await serveSamples();
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, server.url), { headers, redirect: "manual" });

test("lists each sample, and serves components and pages under the policy of the store", async () => {
  const index = await (await get("/")).text();
  expect(SAMPLES.filter(({ name }) => !index.includes(`href="/${name}"`))).toEqual([]);
  expect(index.indexOf('href="/gallery-forms"')).toBeLessThan(index.indexOf('href="/dashboard"'));
  for (const name of ["gallery", "gallery-forms", "dashboard"]) {
    const answer = await get(`/${name}`);
    expect([name, answer.status]).toEqual([name, 200]);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    const [, stylesheet = ""] = /href="(\/assets\/[^"]+\.css)"/.exec(await answer.text()) ?? [];
    expect((await get(stylesheet)).status).toBe(200);
  }
  // Where a page has a link to another one.
  expect((await get("/review")).status).toBe(200);
  expect((await get("/no-such-page")).status).toBe(404);
});

test("is in the language and theme that are asked for, or were chosen on a page", async () => {
  expect(await (await get("/dashboard?locale=ar&theme=dark")).text()).toMatch(
    /<html[^>]* lang="ar"[^>]* dir="rtl"[^>]* data-theme="dark"/,
  );
  const choice = await fetch(new URL("/language", server.url), {
    method: "POST",
    redirect: "manual",
    headers: { Referer: new URL("/catalog", server.url).href },
    body: new URLSearchParams({ language: "de" }),
  });
  expect([choice.status, choice.headers.get("location")]).toEqual([
    303,
    new URL("/catalog", server.url).href,
  ]);
  const [cookie = ""] = (choice.headers.get("set-cookie") ?? "").split(";");
  expect(await (await get("/dashboard", { Cookie: cookie })).text()).toContain('lang="de"');
});
