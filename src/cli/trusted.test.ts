/** `mosis submit` in a build job, against a server of its own process and a CI server: how it finds the job's identity, and what goes wrong. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { systemClock } from "../clock.ts";
import type { ExitCode } from "../errors.ts";
import { sampleFiles } from "../format/testing.ts";
import { type CiServer, startCiServer } from "../testing/ci-server.ts";
import { freePort } from "../testing/free-port.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { type ServeProcess, startServe } from "../testing/scratch-server.ts";
import { makeTlsAuthority } from "../testing/tls-authority.ts";

const APP = "org.example.notes";
const NOTES = ["--notes", "From the build."];
let here: Scratch;
let server: ServeProcess;
let ci: CiServer;
let owner: string;
let code = 1;

type Environment = Readonly<Record<string, string>>;
const run = (argv: readonly string[], environment: Environment = {}) =>
  here.run([...argv, "--json"], { environment: { MOSIS_STORE: server.url, ...environment } });
const asOwner = (argv: readonly string[]) => run(argv, { MOSIS_TOKEN: owner });

/** The next version of the app, packed and signed. */
async function nextVersion(): Promise<string> {
  code += 1;
  const name = `notes-${code}`;
  for (const [file, bytes] of sampleFiles({ id: APP, versionCode: code, version: `0.${code}.0` }))
    here.write(`${name}/${file}`, bytes);
  expect((await run(["pack", name, "-o", `${name}.mosis`])).exitCode).toBe(0);
  expect((await run(["sign", `${name}.mosis`, "--key", "key.pem"])).exitCode).toBe(0);
  return `${name}.mosis`;
}

const submit = async (environment: Environment, ...more: string[]) =>
  run(["submit", await nextVersion(), ...NOTES, ...more], environment);
type Ran = Awaited<ReturnType<typeof submit>>;
const codeIn = ({ json }: Ran) => (json as { error?: { code: string } }).error?.code ?? "no error";
const expectRefusal = (ran: Ran, error: string, exitCode: ExitCode) =>
  expect([codeIn(ran), ran.exitCode]).toEqual([error, exitCode]);

beforeAll(async () => {
  here = scratch();
  const port = await freePort();
  ci = await startCiServer(() => systemClock.now(), `http://127.0.0.1:${port}`);
  const issuers = JSON.stringify({ forge: { kind: "github", name: "Forge", issuer: ci.issuer } });
  server = await startServe(here, [
    "--data",
    here.path("data"),
    "--port",
    String(port),
    "--trusted-issuers",
    issuers,
  ]);
  const admin = (...argv: string[]) => here.run(["admin", ...argv, "--data", "data", "--json"]);
  await admin("organisation", "add", "Example");
  await admin("user", "add", "ada@example.com", "--name", "Ada");
  await admin("organisation", "member", "Example", "ada@example.com", "owner");
  const made = await admin("apikey", "add", "--name", "owner", "--user", "ada@example.com");
  owner = (made.json as { token: string }).token;
  await run(["keys", "new", "-o", "key.pem"]);
  await asOwner(["keys", "enroll", "--key", "key.pem"]);
  expect((await asOwner(["submit", await nextVersion(), ...NOTES])).exitCode).toBe(0);
  const added = await asOwner([
    ...["publisher", "add", APP, "--issuer", "forge", "--repository", "example/notes"],
    ...["--workflow", "release.yml", "--claim", "ref_type=tag"],
  ]);
  expect(added.json).toMatchObject({
    claims: { ref_type: "tag", repository: "example/notes", workflow_file: "release.yml" },
  });
}, 60_000);
afterAll(async () => {
  await server.stop("SIGKILL");
  await ci.stop();
  here.remove();
});
beforeEach(() => ci.reset());
afterEach(() => ci.asked.splice(0));

describe("a build job submits", () => {
  test("by what GitHub, Gitea and Forgejo put into its environment, and without being asked to", async () => {
    for (const more of [[], ["--trusted"]]) {
      const ran = await submit(ci.environment, ...more);
      expect([ran.exitCode, ran.stderr]).toEqual([0, ""]);
      expect(ran.json).toMatchObject({
        uploaded: true,
        version: {
          uploadedBy: expect.stringMatching(/^publisher:pub-/),
          publishedFrom: { issuerName: "Forge" },
        },
      });
    }
    expect(ci.asked.filter((path) => path === "/_apis/token")).toHaveLength(2);
  });

  test("by a variable, as GitLab fills it, and by a file", async () => {
    expect((await submit({ MOSIS_ID_TOKEN: await ci.sign() })).exitCode).toBe(0);
    here.write("id-token", Buffer.from(`${await ci.sign()}\n`));
    expect((await submit({ MOSIS_ID_TOKEN_FILE: here.path("id-token") })).exitCode).toBe(0);
    // What was given goes before what could be asked for.
    expect((await submit({ ...ci.environment, MOSIS_ID_TOKEN: await ci.sign() })).exitCode).toBe(0);
    expect(ci.asked.filter((path) => path === "/_apis/token")).toEqual([]);
  });

  test("again, with the same package, which is there", async () => {
    const file = await nextVersion();
    const first = await run(["submit", file, ...NOTES], ci.environment);
    const second = await run(["submit", file, ...NOTES], ci.environment);
    expect(first.json).toMatchObject({ uploaded: true });
    expect([second.exitCode, second.json]).toMatchObject([0, { uploaded: false }]);
  });

  test("while nobody else may", async () => {
    expect((await asOwner(["publisher", "only", APP, "on"])).json).toMatchObject({ trustedOnly: true });
    try {
      expectRefusal(await asOwner(["submit", await nextVersion(), ...NOTES]), "version.trusted_only", 1);
      expect((await submit(ci.environment)).exitCode).toBe(0);
    } finally {
      expect((await asOwner(["publisher", "only", APP, "off"])).json).toMatchObject({ trustedOnly: false });
    }
  });

  test("with its API key where it has one, unless it is told otherwise", async () => {
    const withKey = { ...ci.environment, MOSIS_TOKEN: owner };
    expect((await submit(withKey)).json).toMatchObject({ version: { publishedFrom: null } });
    expect((await submit(withKey, "--trusted")).json).toMatchObject({
      version: { publishedFrom: { repository: "example/notes" } },
    });
    expectRefusal(await submit(ci.environment, "--trusted", "--token", owner), "client.trusted_and_token", 2);
  });
});

describe("a build job is told", () => {
  test("that it has no identity", async () => {
    expectRefusal(await submit({}, "--trusted"), "client.identity_missing", 2);
    expectRefusal(await submit({}), "client.token_missing", 2);
    const half = { ACTIONS_ID_TOKEN_REQUEST_URL: ci.environment.ACTIONS_ID_TOKEN_REQUEST_URL };
    expectRefusal(await submit(half, "--trusted"), "client.identity_missing", 2);
  });

  test("that its CI server gives it none", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url } = ci.environment;
    expectRefusal(
      await submit({ ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "wrong" }),
      "client.identity_refused",
      1,
    );
    for (const instead of [
      () => Response.redirect("http://127.0.0.1:1/", 302),
      () => Response.json({ count: 0 }),
      () => new Response("<html>"),
    ]) {
      ci.instead.set("/_apis/token", instead);
      expectRefusal(await submit(ci.environment), "client.identity_refused", 1);
    }
    ci.instead.set("/_apis/token", () => new Response("x".repeat(100_000)));
    expectRefusal(await submit(ci.environment), "client.identity_unreachable", 3);
    const elsewhere = { ...ci.environment, ACTIONS_ID_TOKEN_REQUEST_URL: "http://192.0.2.1/token" };
    expectRefusal(await submit(elsewhere), "client.identity_refused", 1);
    const nobody = { ...ci.environment, ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:1/token" };
    expectRefusal(await submit(nobody), "client.identity_unreachable", 3);
  });

  test("that it does not know who vouches for its CI server, until the company's CA is named", async () => {
    const [company, another] = [makeTlsAuthority(), makeTlsAuthority()];
    const front = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: company.certify(["127.0.0.1"]),
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        const { headers } = request;
        return fetch(`${ci.issuer}${pathname}${search}`, { headers });
      },
    });
    try {
      const at = `https://127.0.0.1:${front.port}/_apis/token?api-version=2.0`;
      const behindTls = { ...ci.environment, ACTIONS_ID_TOKEN_REQUEST_URL: at };
      for (const more of [{}, { MOSIS_STORE_CA: company.caFile }, { MOSIS_ID_TOKEN_CA: another.caFile }]) {
        const ran = await submit({ ...behindTls, ...more });
        expectRefusal(ran, "client.identity_unreachable", 3);
        expect(ran.stdout).toContain("name its CA: MOSIS_ID_TOKEN_CA=PEM");
      }
      expect(ci.asked).toEqual([]);
      here.write("no.pem", Buffer.from("nothing"));
      const nothing = { ...behindTls, MOSIS_ID_TOKEN_CA: "no.pem" };
      expectRefusal(await submit(nothing), "client.store_ca_unusable", 2);
      const named = await submit({ ...behindTls, MOSIS_ID_TOKEN_CA: company.caFile });
      expect([named.exitCode, codeIn(named)]).toEqual([0, "no error"]);
    } finally {
      await front.stop(true);
      for (const authority of [company, another]) authority.remove();
    }
  });

  test("why the store does not take what it says", async () => {
    const say = async (claims: Record<string, unknown>) => submit({ MOSIS_ID_TOKEN: await ci.sign(claims) });
    expectRefusal(await say({ repository: "eve/notes" }), "trusted.no_publisher", 1);
    expectRefusal(await say({ aud: "https://elsewhere.example" }), "trusted.audience", 1);
    expectRefusal(await submit({ MOSIS_ID_TOKEN: "x" }), "trusted.token_invalid", 1);
    const once = { MOSIS_ID_TOKEN: await ci.sign() };
    expect((await submit(once)).exitCode).toBe(0);
    expectRefusal(await submit(once), "trusted.replayed", 1);
    // Of an app that is another's, or of nobody, it hears the same.
    here.write("other/manifest.json", Buffer.from(""));
    for (const [file, bytes] of sampleFiles({ id: "org.example.absent", versionCode: 1, version: "1.0.0" }))
      here.write(`absent/${file}`, bytes);
    await run(["pack", "absent", "-o", "absent.mosis"]);
    await run(["sign", "absent.mosis", "--key", "key.pem"]);
    expectRefusal(await run(["submit", "absent.mosis", ...NOTES], ci.environment), "trusted.no_publisher", 1);
  });

  test("that the package is wrong before it shows who it is", async () => {
    here.write("bad.mosis", Buffer.from("no package"));
    const ran = await run(["submit", "bad.mosis", ...NOTES, "--trusted"], ci.environment);
    expect(ran.exitCode).toBe(1);
    expect(ci.asked).toEqual([]);
  });

  test("by what it typed, whatever a server calls itself: the audience is the address of --store", async () => {
    const seen: string[] = [];
    const impostor = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        if (new URL(request.url).pathname !== "/api/v1/trusted-publishing/token")
          return Response.json({ publicUrl: server.url, maxUploadBytes: 1e9 });
        const { identityToken } = (await request.json()) as { identityToken: string };
        seen.push(JSON.parse(Buffer.from(identityToken.split(".")[1] ?? "", "base64url").toString()).aud);
        return Response.json({ code: "x" }, { status: 403 });
      },
    });
    try {
      const url = `http://127.0.0.1:${impostor.port}`;
      expect((await submit(ci.environment, "--store", url)).exitCode).not.toBe(0);
      expect(seen).toEqual([url]);
    } finally {
      await impostor.stop(true);
    }
  });
});

test("a store has a key for its tokens from its first start on", async () => {
  const { keys } = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as { keys: unknown[] };
  expect(keys).toHaveLength(1);
});

test("publishers are listed and removed, and what is wrong with one is said", async () => {
  const listed = await run(["publisher", "list", APP], { MOSIS_TOKEN: owner });
  expect(listed.json).toMatchObject({
    trustedOnly: false,
    items: [{ claims: { repository: "example/notes" }, leftBehind: false }],
  });
  const add = (...more: string[]) => asOwner(["publisher", "add", APP, "--issuer", "forge", ...more]);
  expectRefusal(await add("--environment", "release"), "publisher.invalid", 1);
  expectRefusal(await add("--repository", "a/b", "--claim", "ref_type"), "usage.invalid_value", 2);
  expectRefusal(await add("--repository", "a/b", "--claim", "__proto__=x"), "publisher.invalid", 1);
  expectRefusal(await add("--repository", "a/b", "--claim", "repository=c/d"), "usage.invalid_value", 2);
  expectRefusal(
    await add("--repository", "a/b", "--claim", "ref_type=tag", "--claim", "ref_type=branch"),
    "usage.invalid_value",
    2,
  );
  const { json } = await add("--repository", "a/b");
  const { id } = json as { id: string };
  expect((await asOwner(["publisher", "remove", APP, id])).exitCode).toBe(0);
  expectRefusal(
    await asOwner(["publisher", "remove", APP, `pub-${"0".repeat(32)}`]),
    "publisher.not_found",
    1,
  );
  expectRefusal(await asOwner(["publisher", "only", APP, "maybe"]), "usage.invalid_value", 2);
});

test("publishers whose owner went are told apart in the list", async () => {
  const admin = (...argv: string[]) => here.run(["admin", ...argv, "--data", "data", "--json"]);
  await admin("user", "add", "bo@example.com", "--name", "Bo");
  await admin("organisation", "member", "Example", "bo@example.com", "owner");
  const made = await admin("apikey", "add", "--name", "bo", "--user", "bo@example.com");
  const { token } = made.json as { token: string };
  const added = await run(["publisher", "add", APP, "--issuer", "forge", "--repository", "bo/notes"], {
    MOSIS_TOKEN: token,
  });
  const { id } = added.json as { id: string };
  const list = async () =>
    (
      await here.run(["publisher", "list", APP], {
        environment: { MOSIS_STORE: server.url, MOSIS_TOKEN: owner },
      })
    ).stdout;
  expect(await list()).not.toContain("may choose none any more");
  await admin("organisation", "member", "Example", "bo@example.com", "developer");
  expect(await list()).toContain(`Who chose ${id} may choose none any more: is it a job of yours?`);
  await asOwner(["publisher", "remove", APP, id]);
});
