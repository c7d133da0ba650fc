/** Developer's commands against a server of its own process: the whole way, and what happens when it breaks. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExitCode } from "../errors.ts";
import { sampleFiles } from "../format/testing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { type ServeProcess, startServe } from "../testing/scratch-server.ts";
import type { Io } from "./io.ts";

const MAIN = join(import.meta.dir, "../main.ts");
let here: Scratch;
let server: ServeProcess;
let token: string;

const environment = () => ({ MOSIS_STORE: server.url, MOSIS_TOKEN: token });
const run = (argv: readonly string[], io: Partial<Io> = {}) =>
  here.run([...argv, "--json"], { ...io, environment: { ...environment(), ...io.environment } });

async function signed(name: string, manifest: Record<string, unknown>, more: [string, Uint8Array][] = []) {
  for (const [file, bytes] of [...sampleFiles(manifest), ...more]) here.write(`${name}/${file}`, bytes);
  expect((await run(["pack", name, "-o", `${name}.mosis`])).exitCode).toBe(0);
  expect((await run(["sign", `${name}.mosis`, "--key", "key.pem"])).exitCode).toBe(0);
  return `${name}.mosis`;
}

beforeAll(async () => {
  here = scratch();
  server = await startServe(here, ["--data", here.path("data"), "--port", "0"]);
  await here.run(["admin", "organisation", "add", "Example", "--data", "data"]);
  const made = await here.run([
    "admin",
    "apikey",
    "add",
    "--name",
    "ci",
    "--organisation",
    "Example",
    "--data",
    "data",
    "--json",
  ]);
  ({ token } = made.json as { token: string });
  await run(["keys", "new", "-o", "key.pem"]);
  expect((await run(["keys", "enroll", "--key", "key.pem"])).json).toEqual({
    keyid: expect.stringMatching(/^[0-9a-f]{64}$/),
    fingerprint: expect.stringMatching(/^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}$/),
    developerId: expect.stringMatching(/^org-/),
    file: here.path("key.pem"),
    certFile: here.path("key.cert.pem"),
    caFile: here.path("key.ca.pem"),
    notBefore: expect.any(String),
    notAfter: expect.any(String),
  });
}, 30_000);

afterAll(async () => {
  await server.stop("SIGKILL");
  here.remove();
});

test("a first submission creates the app; the same again uploads nothing; --hold waits for publish", async () => {
  const file = await signed("first", { id: "org.example.first" });
  const first = await run(["submit", file, "--notes", "First.", "--hold"]);
  expect([first.exitCode, first.stderr]).toEqual([0, ""]);
  expect(Object.keys(first.json as object)).toEqual(["version", "uploaded", "findings"]);
  expect(first.json).toMatchObject({
    uploaded: true,
    findings: [],
    version: { state: "in_review", hold: true, notes: "First." },
  });
  expect((await run(["submit", file, "--notes", "First.", "--hold"])).json).toMatchObject({
    uploaded: false,
  });
  const status = await run(["status", "org.example.first"]);
  expect(Object.keys(status.json as object)).toEqual(["app", "versions"]);
  const withdrawn = await run(["withdraw", "org.example.first", "7"]);
  expect(withdrawn.json).toMatchObject({ changed: true, version: { state: "withdrawn" } });
  expect((await run(["withdraw", "org.example.first", "7"])).json).toMatchObject({ changed: false });
});

test("an app that was deleted before anything of it was published is made again by the same command", async () => {
  const file = await signed("twice-made", { id: "org.example.twice-made" });
  const submit = () => run(["submit", file, "--notes", "Again."]);
  expect((await submit()).json).toMatchObject({ uploaded: true });
  expect((await run(["withdraw", "org.example.twice-made", "7"])).json).toMatchObject({ changed: true });
  const admin = (...words: string[]) => here.run(["admin", ...words, "--data", "data", "--json"]);
  await admin("user", "add", "ada@example.com", "--name", "Ada");
  await admin("organisation", "member", "Example", "ada@example.com", "owner");
  const made = await admin("apikey", "add", "--name", "own", "--user", "ada@example.com");
  const headers = { Authorization: `Bearer ${(made.json as { token: string }).token}`, "If-Match": "*" };
  const deleted = await fetch(`${server.url}/api/v1/apps/org.example.twice-made`, {
    method: "DELETE",
    headers,
  });
  expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
  expect((await submit()).json).toMatchObject({ uploaded: true, version: { state: "in_review" } });
});

test("--hold and other notes for a package that is there already are kept, and approval does not publish", async () => {
  const file = await signed("late", { id: "org.example.late" });
  const start = await run(["submit", file, "--notes", "First."]);
  expect(start.json).toMatchObject({ uploaded: true, version: { state: "in_review", hold: false } });
  const words = await here.run(["submit", file, "--hold", "--notes", "hold it"], {
    environment: environment(),
  });
  expect([words.exitCode, words.stderr]).toEqual([0, ""]);
  expect(words.stdout).toContain("now has what you say of it");
  expect(words.stdout).toMatch(/on approval +held, until mosis publish/);
  const back = await run(["submit", file, "--notes", "First."]);
  expect(back.json).toMatchObject({ uploaded: false, version: { hold: true, notes: "First." } });
  await here.run(["admin", "review", "approve", "org.example.late", "7", "--data", "data"]);
  await waitFor("org.example.late", "held");
  const over = await run(["submit", file, "--notes", "Too late."]);
  expect([over.exitCode, over.json]).toMatchObject([1, { error: { code: "version.differs" } }]);
  expect((await run(["submit", file, "--notes", "First.", "--hold"])).exitCode).toBe(0);
}, 30_000);

test("what is new is said in several languages, from files too, and changed afterwards", async () => {
  const file = await signed("several", { id: "org.example.several" });
  writeFileSync(here.path("new.md"), "# New\n\n* One\n");
  writeFileSync(here.path("neu.md"), "* Eins\n\n");
  writeFileSync(here.path("latin.md"), Uint8Array.of(0x4e, 0xe4));
  const said = ["--notes-file", "new.md", "--notes-in-file", "de=neu.md", "--notes-in", "fr=Un"];
  const notes = { notes: "# New\n\n* One", translatedNotes: { de: "* Eins", fr: "Un" } };
  const sent = await run(["submit", file, ...said]);
  expect(sent.json).toMatchObject({ uploaded: true, version: { state: "in_review", ...notes } });
  expect((await run(["submit", file, ...said])).json).toMatchObject({ uploaded: false });
  const one = ["notes", "org.example.several", "7"];
  expect((await run(one)).json).toMatchObject(notes);
  const change = (...words: string[]) => run([...one, ...words]);
  const changed = { notes: "Two", translatedNotes: { de: "Zwei" } };
  const words = ["--notes", "Two", "--notes-in", "de=Zwei", "--notes-in", "fr="];
  expect((await change(...words)).json).toEqual({ ...changed, changed: true, version: expect.anything() });
  expect((await change(...words)).json).toMatchObject({ ...changed, changed: false });
  for (const [line, exitCode, code] of [
    [["--notes", "x", "--notes-file", "new.md"], 2, "notes.given_twice"],
    [["--notes-in", "de=x", "--notes-in-file", "de=neu.md"], 2, "notes.given_twice"],
    [["--notes-file", "latin.md"], 1, "notes.not_text"],
    [["--notes-in-file", "de=none.md"], 3, "file.enoent"],
    [["--notes-in", "Deutsch"], 2, "usage.invalid_value"],
    [["--notes-in", "DE=x"], 1, "upload.notes_invalid"],
    [["--notes-in", "en=x"], 1, "upload.notes_invalid"],
  ] as const) {
    const refused = await change(...line);
    expect([line, refused.exitCode, refused.json]).toMatchObject([line, exitCode, { error: { code } }]);
  }
  expect((await run(one)).json).toMatchObject(changed);
}, 30_000);

async function waitFor(app: string, state: string): Promise<void> {
  const states: string[] = [];
  for (let round = 0; round < 100; round += 1) {
    const { json } = await run(["status", app]);
    const [newest] = (json as { versions: { state: string }[] }).versions;
    if (newest?.state === state) return;
    states.push(newest?.state ?? "none");
    await Bun.sleep(100);
  }
  throw new Error(`${app} did not become ${state}: ${states.at(-1)}`);
}

test("notes with control characters are refused before anything is sent", async () => {
  const file = await signed("control", { id: "org.example.control" });
  for (const notes of ["a\u001b[31mb", "a\u202eb", "a\u2066b", "\ud800"]) {
    const sent = await run(["submit", file, "--notes", notes]);
    expect([sent.exitCode, sent.json]).toMatchObject([1, { error: { code: "upload.notes_invalid" } }]);
  }
}, 30_000);

test("notes of 10,000 characters of any script come whole, and one character more is refused", async () => {
  for (const [at, notes] of [
    "n".repeat(10_000),
    "\u6f22".repeat(10_000),
    "\u{1F4E6}".repeat(10_000),
  ].entries()) {
    const file = await signed(`noted${at}`, { id: `org.example.noted${at}` });
    const sent = await run(["submit", file, "--notes", notes]);
    expect([sent.exitCode, sent.json]).toMatchObject([0, { uploaded: true, version: { notes } }]);
    const over = await run(["submit", file, "--notes", `${notes}x`]);
    expect([over.exitCode, over.json]).toMatchObject([1, { error: { code: "upload.notes_too_long" } }]);
  }
}, 30_000);

test("findings are printed with code, place and docs, and the exit code is 1", async () => {
  const good = await signed("again", { id: "org.example.again", versionCode: 5, version: "1.0.0" });
  await run(["submit", good, "--notes", "x"]);
  await here.run(["admin", "review", "approve", "org.example.again", "5", "--data", "data"]);
  const bad = await signed("lower", { id: "org.example.again", versionCode: 4, version: "0.9.0" });
  const words = await here.run(["submit", bad, "--notes", "x"], { environment: environment() });
  expect(words.exitCode).toBe(1);
  expect(words.stdout).toBe(
    [
      "error    CHK-V001 manifest.json /versionCode: The version code does not rise. (found 4, expected more than 5, which is published)",
      `         ${server.url}/docs/errors#CHK-V001`,
      "The checks refused it.",
      "app    org.example.again 0.9.0 (4)",
      "state  failed",
      "",
      "Mend what was found; then pack, sign and submit again.",
      "",
    ].join("\n"),
  );
  const again = await run(["submit", bad, "--notes", "x", "--no-wait"]);
  expect([again.exitCode, again.json]).toMatchObject([0, { version: { state: "checking" }, findings: null }]);
});

const REFUSED: readonly [
  argv: readonly string[],
  environment: Record<string, string>,
  exitCode: ExitCode,
  code: string,
][] = [
  [["submit", "key.pem", "--notes", "x"], {}, 1, "MPK-C002"],
  [["submit", "none", "--notes", "x"], {}, 3, "file.enoent"],
  [["submit", "unsigned.mosis", "--notes", "x"], {}, 1, "submit.unsigned"],
  [["submit", "good.mosis"], {}, 2, "usage.missing_mandatory_option_value"],
  [["submit", "good.mosis", "--notes", "x".repeat(20_000)], {}, 1, "upload.notes_too_long"],
  [["submit", "good.mosis", "--notes", "x", "--timeout", "0"], {}, 2, "usage.invalid_value"],
  [["submit", "good.mosis", "--notes", "x"], { MOSIS_TOKEN: "mosis_org_nobody" }, 1, "auth.token_invalid"],
  [["submit", "good.mosis", "--notes", "x"], { MOSIS_TOKEN: "" }, 2, "client.token_missing"],
  [["submit", "good.mosis", "--notes", "x"], { MOSIS_STORE: "" }, 2, "client.store_missing"],
  [["submit", "good.mosis", "--notes", "x"], { MOSIS_STORE: "http://127.0.0.1:1" }, 3, "client.refused"],
  [
    ["submit", "good.mosis", "--notes", "x"],
    { MOSIS_STORE: "http://store.example" },
    1,
    "client.token_over_http",
  ],
  [["publish", "org.example.none", "1"], {}, 1, "app.not_found"],
  [["publish", "org.example.none", "0"], {}, 2, "usage.invalid_value"],
  [["publish", "none", "1"], {}, 2, "usage.invalid_value"],
  [["withdraw", "org.example.none", "1"], {}, 1, "app.not_found"],
  [["status", "org.example.none"], {}, 1, "app.not_found"],
  [["status", "org.example.none", "--limit", "0"], {}, 2, "usage.invalid_value"],
];

test("what is refused, by exit code and code, with the token in no word", async () => {
  const file = await signed("good", { id: "org.example.good" });
  expect(file).toBe("good.mosis");
  await run(["pack", "good", "-o", "unsigned.mosis"]);
  for (const [argv, given, exitCode, code] of REFUSED) {
    const io = { environment: given };
    const json = await run(argv, io);
    expect([argv, json.exitCode, json.stderr, json.json]).toMatchObject([
      argv,
      exitCode,
      "",
      { error: { code } },
    ]);
    const words = await here.run(argv, { environment: { ...environment(), ...given } });
    expect([words.exitCode, words.stdout]).toEqual([exitCode, ""]);
    expect(words.stderr).toContain(`[${code}]`);
    expect(words.stderr).not.toContain(token);
    expect(words.stderr).not.toContain("--token");
  }
}, 60_000);

test("the token comes from --token, MOSIS_TOKEN or MOSIS_TOKEN_FILE, and from one of the two variables only", async () => {
  const made = await run(["submit", await signed("tokens", { id: "org.example.tokens" }), "--notes", "x"]);
  expect(made.exitCode).toBe(0);
  const file = here.write("token", `${token}\n`, 0o600);
  const status = (argv: string[], given: Record<string, string>) =>
    run(["status", "org.example.tokens", ...argv], { environment: { MOSIS_TOKEN: "", ...given } });
  expect((await status(["--token", token], {})).exitCode).toBe(0);
  expect((await status([], { MOSIS_TOKEN_FILE: file })).exitCode).toBe(0);
  expect(
    (await status(["--store", server.url], { MOSIS_TOKEN: token, MOSIS_STORE: "http://127.0.0.1:1" }))
      .exitCode,
  ).toBe(0);
  const twice = await status([], { MOSIS_TOKEN: token, MOSIS_TOKEN_FILE: file });
  expect([twice.exitCode, twice.json]).toMatchObject([2, { error: { code: "config.secret_twice" } }]);
});

/** The server's bytes through a gate that lets so many of them pass, then breaks the connection as often as told. */
function gate(passBytes: number, breaks: number) {
  let left = breaks;
  const target = new URL(server.url);
  const broken = { count: 0 };
  const listener = Bun.listen<{ upstream: Promise<Bun.Socket<undefined>>; passed: number }>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(client) {
        const upstream = Bun.connect({
          hostname: target.hostname,
          port: Number(target.port),
          socket: {
            data: (_, bytes) => void client.write(bytes),
            close: () => void client.end(),
            error: () => void client.end(),
          },
        });
        client.data = { upstream, passed: 0 };
      },
      async data(client, bytes) {
        client.data.passed += bytes.length;
        const upstream = await client.data.upstream;
        if (left > 0 && client.data.passed > passBytes) {
          left -= 1;
          broken.count += 1;
          upstream.terminate();
          client.terminate();
          return;
        }
        upstream.write(bytes);
      },
      close: async (client) => void (await client.data.upstream).end(),
    },
  });
  return { url: `http://127.0.0.1:${listener.port}`, broken, stop: () => listener.stop(true) };
}

test("an upload that is cut off twice is sent again, and made once", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  const file = await signed("cut", { id: "org.example.cut" }, [["data/noise.png", noise]]);
  const between = gate(30_000, 2);
  try {
    const sent = await run(["submit", file, "--notes", "x"], { environment: { MOSIS_STORE: between.url } });
    expect(between.broken.count).toBe(2);
    expect([sent.exitCode, sent.json]).toMatchObject([
      0,
      { uploaded: true, version: { state: "in_review" } },
    ]);
  } finally {
    between.stop();
  }
  const { versions } = (await run(["status", "org.example.cut"])).json as { versions: unknown[] };
  expect(versions.length).toBe(1);
}, 30_000);

test("Ctrl-C while uploading ends at once with 130 and one line; the same command then does it all", async () => {
  const noise = Buffer.concat(
    Array.from({ length: 320 }, () => crypto.getRandomValues(new Uint8Array(65_536))),
  );
  const file = await signed("stop", { id: "org.example.stop" }, [["data/noise.png", noise]]);
  const slow = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const start = (store: string) =>
    Bun.spawn([process.execPath, MAIN, "submit", file, "--notes", "x"], {
      cwd: here.folder,
      env: { PATH: process.env.PATH, HOME: here.folder, MOSIS_STORE: store, MOSIS_TOKEN: token },
      stdout: "pipe",
      stderr: "pipe",
    });
  const child = start(`http://127.0.0.1:${slow.port}`);
  await Bun.sleep(1500);
  const before = Bun.nanoseconds();
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect((Bun.nanoseconds() - before) / 1e6).toBeLessThan(1000);
  expect(await new Response(child.stderr).text()).toBe(
    "error: Interrupted before it was done. [interrupted]\n",
  );
  slow.stop(true);
  const whole = start(server.url);
  expect(await whole.exited).toBe(0);
  expect(await new Response(whole.stdout).text()).toContain("in review");
}, 60_000);

test("a server that starts again under an upload: the command goes on with the new one", async () => {
  const port = new URL(server.url).port;
  const file = await signed("restart", { id: "org.example.restart" });
  await server.stop("SIGKILL");
  const submitting = run(["submit", file, "--notes", "x"]);
  server = await startServe(here, ["--data", here.path("data"), "--port", port]);
  const { exitCode, json } = await submitting;
  expect([exitCode, json]).toMatchObject([0, { uploaded: true, version: { state: "in_review" } }]);
}, 30_000);
