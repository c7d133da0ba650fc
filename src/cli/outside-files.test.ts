/** What a command is given to read: only plain files, and what the caller hands over. Nothing is waited for. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createTestAuthorities, releasedPackage, sampleFiles, signedPackage } from "../format/testing.ts";
import { certificateToPem } from "../signing/certificates.ts";
import { OTHER_THINGS } from "../testing/other-things.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";

let here: Scratch;

beforeAll(async () => {
  here = scratch();
  const authorities = await createTestAuthorities();
  const signed = await signedPackage(authorities, sampleFiles());
  here.write("released.mosis", await releasedPackage(authorities, signed));
  here.write("signed.mosis", signed);
  here.write("pass", "open sesame and so on\n", 0o600);
  here.write("manifest.json", "{}");
  here.write("ca.pem", [authorities.root, authorities.developerCa].map(certificateToPem).join(""));
  await here.run(["keys", "new", "-o", "key.pem"]);
  expect(await here.run(["make-delta", "-", "released.mosis", "full.mosisd"])).toMatchObject({ exitCode: 0 });
});
afterAll(() => here.remove());

test("files of certificates count together", async () => {
  const [root = "", developerCa = ""] = new TextDecoder()
    .decode(here.bytes("ca.pem"))
    .split(/(?<=END CERTIFICATE-----\n)/);
  here.write("roots.pem", root.repeat(63));
  here.write("cas.pem", developerCa);
  const verify = (...files: string[]) =>
    here.run(["verify", "released.mosis", ...files.flatMap((file) => ["--ca", file]), "--json"]);
  expect(await verify("roots.pem", "cas.pem")).toMatchObject({ exitCode: 0 });
  const more = await verify("roots.pem", "cas.pem", "cas.pem");
  expect([more.exitCode, more.stdout + more.stderr]).toEqual([
    2,
    expect.stringContaining("verify.many_certificates"),
  ]);
  here.write("more.pem", root.repeat(65));
  const one = await verify("more.pem");
  expect([one.exitCode, one.stdout + one.stderr]).toEqual([
    2,
    expect.stringContaining("verify.no_certificate"),
  ]);
});

/** `thing` is the name of what is there in the place of a file. */
const COMMANDS: readonly string[] = [
  "verify thing",
  "verify released.mosis --ca thing",
  "inspect thing",
  "diff thing released.mosis",
  "sign signed.mosis --key thing",
  "sign signed.mosis --key key.pem --cert thing",
  "keys new -o other.pem --passphrase-file thing",
  "keys show --key thing",
  "verify-catalog . --root thing",
  "apply-delta - thing out",
  "apply-delta released.mosis thing out",
  "make-delta - thing out",
  "make-delta thing released.mosis out",
];

describe.each(OTHER_THINGS)("%s", (what, put) => {
  test("is refused at once in the place of a file, and the place is named", async () => {
    const path = here.path("thing");
    put(path);
    const wrong: unknown[] = [];
    // A folder may be an unpacked base.
    const isFolder = what.endsWith("folder");
    for (const command of COMMANDS.filter((line) => !(isFolder && line.startsWith("make-delta thing")))) {
      const { exitCode, json, stderr } = await here.run([...command.split(" "), "--json"]);
      const { error } = json as { error?: { code: string; message: string } };
      // A loop of links has the system's own word.
      const code = what === "a loop of links" ? "file.eloop" : "file.not_a_file";
      const isTold = error?.code === code && error.message.includes(path) && stderr === "";
      if (exitCode !== 3 || !isTold) wrong.push([command, exitCode, json]);
    }
    expect(wrong).toEqual([]);
    expect(here.list()).not.toContain("out");
  }, 20_000);
});

/** A real shell, whose `<(…)` is a pipe that it names /dev/fd/N. */
function shell(line: string, stdin: string | null = null) {
  const ran = Bun.spawnSync(["bash", "-c", `"$BUN" "$MAIN" ${line} --json`], {
    cwd: here.folder,
    env: {
      ...process.env,
      HOME: here.folder,
      // It would keep what it has parsed of the sources at home, among the files that are compared.
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
      BUN: process.execPath,
      MAIN: join(import.meta.dirname, "../main.ts"),
    },
    stdin: stdin === null ? "ignore" : new TextEncoder().encode(stdin),
  });
  return { exitCode: ran.exitCode, json: JSON.parse(ran.stdout.toString()) as unknown };
}

test("what a shell hands over is read until its end, and to its limit", async () => {
  expect(shell("verify released.mosis --ca <(cat ca.pem)")).toMatchObject({
    exitCode: 0,
    json: { ok: true },
  });
  expect(shell("verify released.mosis --ca /dev/stdin < ca.pem")).toMatchObject({ exitCode: 0 });
  expect(shell("keys show --key <(sleep 0.3; cat key.pem)")).toMatchObject({
    exitCode: 0,
    json: { keyid: ((await here.run(["keys", "show", "--key", "key.pem", "--json"])).json as Key).keyid },
  });
  expect(shell("keys new -o locked.pem --passphrase-file <(echo open sesame and so on)")).toMatchObject({
    exitCode: 0,
  });
  const opened = await here.run([
    "keys",
    "show",
    "--key",
    "locked.pem",
    "--passphrase-file",
    "pass",
    "--json",
  ]);
  expect(opened).toMatchObject({ exitCode: 0 });
  expect(shell("keys show --key /dev/stdin < /dev/zero")).toMatchObject({
    exitCode: 1,
    json: { error: { code: "file.too_large" } },
  });
}, 60_000);

test("a name that is not UTF-8 is refused, and no other file is written or read in its place", async () => {
  const before = here.list();
  for (const line of [
    'keys new -o "$(printf "bad\\377.pem")"',
    'make-delta - released.mosis "$(printf "bad\\377.mosisd")"',
    'apply-delta - full.mosisd "$(printf "out\\377")"',
    'inspect "$(printf "bad\\377.mosis")"',
  ])
    expect([line, shell(line)]).toMatchObject([
      line,
      { exitCode: 2, json: { error: { code: "usage.name_not_text" } } },
    ]);
  expect(here.list()).toEqual(before);
  expect(await here.run(["keys", "new", "-o", "grüße-日本.pem"])).toMatchObject({ exitCode: 0 });
  expect(here.list()).toContain("grüße-日本.pem");
}, 60_000);

type Key = { readonly keyid: string };
