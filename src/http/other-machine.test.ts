/** What a server takes from another machine: over plain HTTP nothing that must stay secret, and whose word about TLS counts. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OtherMachine, otherMachine } from "../testing/http/other-machine.ts";
import { newToken, type ServeProcess, serveProcess } from "../testing/http/process.ts";

const REMEDIES = ["--tls-cert", "--tls-key", "--public-url"];
const YEARS = "max-age=63072000";

let other: OtherMachine;
beforeAll(async () => {
  other = await otherMachine();
});
afterAll(() => other.close());

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** The port that it listens on, whatever address it says. */
function portOf(server: ServeProcess): string {
  const lines = server.log().split("\n");
  const line = lines.find((one) => one.includes('"server.started"')) ?? "{}";
  return new URL((JSON.parse(line) as { address: string }).address).port;
}

async function serving<T>(args: readonly string[], work: (server: ServeProcess) => Promise<T>): Promise<T> {
  const server = await serveProcess({ args: ["--host", "0.0.0.0", ...args] });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

test("over plain HTTP keys and passwords are refused with the remedies, and devices are served", async () => {
  await serving([], async (server) => {
    const token = await newToken(server);
    const at = `http://${other.address}:${portOf(server)}`;

    const key = await other.ask(`${at}/api/v1/apps`, { headers: bearer(token) });
    const problem = JSON.parse(key.text) as { code: string; detail: string };
    expect([key.status, problem.code]).toEqual([403, "auth.insecure_transport"]);
    for (const remedy of REMEDIES) expect(problem.detail).toContain(remedy);
    // A wrong key is not told from a right one.
    const wrong = await other.ask(`${at}/api/v1/apps`, { headers: bearer(`${token}x`) });
    expect((JSON.parse(wrong.text) as { code: string }).code).toBe("auth.insecure_transport");

    const form = { email: "a@example.org", password: "copper otter meadow lantern" };
    for (const path of ["/sign-in", "/setup?token=x"]) {
      const page = await other.ask(`${at}${path}`);
      expect([path, page.status]).toEqual([path, 403]);
      for (const remedy of REMEDIES) expect(page.text).toContain(remedy);
      const sent = await other.ask(`${at}${path}`, { headers: { Origin: at }, form });
      expect([path, sent.status, sent.headers.getSetCookie()]).toEqual([path, 403, []]);
    }
    const session = await other.ask(`${at}/dashboard`, { headers: { Cookie: "__Host-mosis_session=x" } });
    expect([session.status, session.headers.getSetCookie()]).toEqual([403, []]);

    // A claim of TLS from a stranger counts for nothing, and neither does one to be this machine.
    for (const claim of [
      { "X-Forwarded-Proto": "https" },
      { Forwarded: "proto=https" },
      { Host: "apps.example.com", "X-Forwarded-Proto": "https" },
      { Host: "localhost" },
      { Host: "127.0.0.1", "X-Forwarded-For": "127.0.0.1" },
    ]) {
      const claimed = await other.ask(`${at}/api/v1/apps`, { headers: { ...bearer(token), ...claim } });
      expect([claim, claimed.status]).toEqual([claim, 403]);
    }

    for (const path of ["/store/v1/metadata/timestamp.json", "/healthz", "/readyz", "/", "/docs"])
      expect([path, (await other.ask(`${at}${path}`)).status]).toEqual([path, 200]);
    expect(server.log()).toContain(`"address":"${other.ownAddress}"`);

    // From this machine the key is taken, but not through a proxy that was not announced.
    const here = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${portOf(server)}/api/v1/apps`, { headers: { ...bearer(token), ...headers } });
    expect((await here({})).status).toBe(200);
    expect((await here({ "X-Forwarded-For": "192.0.2.1" })).status).toBe(403);
    expect(server.log()).not.toContain(token);
  });
}, 60_000);

test("behind a proxy the word of a trusted one counts, and of no other", async () => {
  await serving(["--public-url", "https://apps.example.com"], async (server) => {
    const token = await newToken(server);
    const headers = { ...bearer(token), Host: "apps.example.com" };
    const path = `:${portOf(server)}/api/v1/apps`;
    const here = (more: Record<string, string>) =>
      fetch(`http://127.0.0.1${path}`, { headers: { ...headers, ...more } });
    const through = await here({
      "X-Forwarded-Proto": "https",
      "X-Forwarded-For": "203.0.113.9, 127.0.0.1",
    });
    expect([through.status, through.headers.get("strict-transport-security")]).toEqual([200, YEARS]);
    expect(server.log()).toContain('"address":"203.0.113.9"');
    expect((await here({ "X-Forwarded-Proto": "http" })).status).toBe(403);
    expect((await here({ Host: "other.example.com", "X-Forwarded-Proto": "https" })).status).toBe(403);
    const direct = await other.ask(`http://${other.address}${path}`, {
      headers: { ...headers, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7" },
    });
    expect([direct.status, direct.headers.has("strict-transport-security")]).toEqual([403, false]);
    expect(server.log()).not.toContain("198.51.100.7");
  });
}, 60_000);

test("a proxy on another machine counts once its address is given", async () => {
  const args = ["--public-url", "https://apps.example.com", "--trusted-proxies", other.ownAddress];
  await serving(args, async (server) => {
    const token = await newToken(server);
    const ask = (headers: Record<string, string>) =>
      other.ask(`http://${other.address}:${portOf(server)}/api/v1/apps`, {
        headers: { ...bearer(token), Host: "apps.example.com", ...headers },
      });
    const through = await ask({ "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9" });
    expect([through.status, through.headers.get("strict-transport-security")]).toEqual([200, YEARS]);
    expect(server.log()).toContain('"address":"203.0.113.9"');
    expect((await ask({ "X-Forwarded-Proto": "http" })).status).toBe(403);
  });
}, 60_000);

test("with a certificate it is served", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-tls-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = `subjectAltName=IP:${other.address},IP:127.0.0.1`;
  await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=store -addext ${names}`.quiet();
  chmodSync(key, 0o600);
  try {
    await serving(["--tls-cert", cert, "--tls-key", key], async (server) => {
      const at = `https://${other.address}:${portOf(server)}`;
      const headers = bearer(await newToken(server));
      const answer = await other.ask(`${at}/api/v1/apps`, { headers, caFile: cert });
      expect([answer.status, answer.headers.get("strict-transport-security")]).toEqual([200, YEARS]);
      expect((await other.ask(`${at}/sign-in`, { caFile: cert })).status).toBe(200);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("a restricted store takes neither codes nor tokens over plain HTTP, and gives no file", async () => {
  await serving(["--restricted", "true"], async (server) => {
    const at = `http://${other.address}:${portOf(server)}`;
    const file = `${at}/store/v1/metadata/timestamp.json`;
    const codeOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { code: string }).code;
    const without = await other.ask(file);
    expect([without.status, codeOf(without)]).toEqual([401, "auth.device_required"]);
    for (const token of ["mosis_usr_x", "a.b.c"]) {
      const answer = await other.ask(file, { headers: bearer(token) });
      expect([token, answer.status, codeOf(answer)]).toEqual([token, 403, "auth.insecure_transport"]);
    }
    for (const path of ["enrol", "token"]) {
      const answer = await other.ask(`${at}/api/v1/devices/${path}`, { form: { code: "x" } });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 403, "auth.insecure_transport"]);
    }
  });
}, 30_000);
