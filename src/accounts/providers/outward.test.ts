/** Requests to a provider: in time, over TLS that somebody vouches for, and to nowhere else. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Provider, providers } from "../../config.providers.ts";
import { isProblem } from "../../errors.ts";
import { type Scratch, scratch } from "../../testing/scratch.ts";
import { makeTlsAuthority, type TlsAuthority } from "../../testing/tls-authority.ts";
import { askProvider, type Patience } from "./outward.ts";

let authority: TlsAuthority;
let other: TlsAuthority;
let here: Scratch;
let secure: ReturnType<typeof Bun.serve>;
let slow: ReturnType<typeof Bun.serve>;
const waiting = new Set<() => void>();

beforeAll(() => {
  here = scratch();
  authority = makeTlsAuthority();
  other = makeTlsAuthority();
  secure = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: authority.certify(["localhost"]),
    fetch: () => new Response("secure"),
  });
  slow = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const pause = () => new Promise<void>((resolve) => void waiting.add(resolve));
      if (new URL(request.url).pathname === "/never") await pause();
      const begun = new ReadableStream({
        async start(controller) {
          controller.enqueue("x");
          await pause();
          controller.close();
        },
      });
      return new Response(begun);
    },
  });
});
afterAll(async () => {
  for (const go of waiting) go();
  await secure.stop(true);
  await slow.stop(true);
  authority.remove();
  other.remove();
  here.remove();
});

function providerWith(ca?: string): Provider {
  const base = { kind: "oidc", issuer: "https://id.example.com", client_id: "mosis" };
  const [made] = providers(JSON.stringify({ sso: { ...base, ...(ca === undefined ? {} : { ca }) } }));
  if (made === undefined) throw new Error("it is there");
  return made;
}

async function outcomeOf(provider: Provider, url: string, patience?: Patience): Promise<string> {
  try {
    return await (await askProvider(provider, url, {}, patience)).text();
  } catch (error) {
    if (isProblem(error)) return error.code;
    throw error;
  }
}

test("a provider of a private authority is trusted with that authority alone, and by its name", async () => {
  const at = `https://localhost:${secure.port}/`;
  expect(await outcomeOf(providerWith(authority.caFile), at)).toBe("secure");
  expect(await outcomeOf(providerWith(), at)).toBe("provider.unreachable");
  expect(await outcomeOf(providerWith(other.caFile), at)).toBe("provider.unreachable");
  expect(await outcomeOf(providerWith(authority.caFile), `https://127.0.0.1:${secure.port}/`)).toBe(
    "provider.unreachable",
  );
  writeFileSync(join(here.folder, "none.pem"), "no certificate");
  expect(await outcomeOf(providerWith(here.path("none.pem")), at)).toBe("provider.file");
  expect(await outcomeOf(providerWith(here.path("missing.pem")), at)).toBe("provider.file");
});

test.each(["/never", "/dripping"])("one that is slow is given up in time: %s", async (path) => {
  const begun = performance.now();
  const patience = { answerMs: 150, answerBytes: 1000 };
  expect(await outcomeOf(providerWith(), `http://127.0.0.1:${slow.port}${path}`, patience)).toBe(
    "provider.unreachable",
  );
  expect(performance.now() - begun).toBeLessThan(5000);
});

test.each([
  "http://192.0.2.1/",
  "ftp://127.0.0.1/",
  "file:///etc/passwd",
  "no address",
  "https://a:b@id.example.com/x",
])("%s is not asked", async (url) => {
  expect(["provider.answer", "provider.unreachable"]).toContain(await outcomeOf(providerWith(), url));
});
