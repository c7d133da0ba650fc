import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { extractEntries } from "../format/extract.ts";
import { bytesSource } from "../format/source.ts";
import { sampleFiles } from "../format/testing.ts";
import { openContainer } from "../format/zip/reader.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { LEFT_OUT, NEVER_PACKED } from "./app-folder.ts";

let here: Scratch;
beforeEach(() => {
  here = scratch();
});
afterEach(() => here.remove());

function writeApp(folder: string, more: Iterable<readonly [string, Uint8Array | string]> = []): void {
  for (const [name, bytes] of [...sampleFiles(), ...more]) here.write(join(folder, name), bytes);
}

async function unpack(name: string): Promise<Map<string, Uint8Array>> {
  const source = bytesSource(here.bytes(name));
  const files = new Map<string, Uint8Array>();
  for await (const entry of extractEntries(source, await openContainer(source))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.stream) pieces.push(piece);
    files.set(entry.name, new Uint8Array(Buffer.concat(pieces)));
  }
  return files;
}

const pack = (folder: string, output: string, ...more: string[]) =>
  here.run(["pack", folder, "-o", output, ...more, "--json"]);

test("the answer: names, sizes and digests that hold", async () => {
  writeApp("app", [
    [".gitignore", "x"],
    ["notes.md~", "x"],
  ]);
  const { exitCode, stderr, json } = await pack("app", "app.mosis");
  const bytes = here.bytes("app.mosis");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(json).toEqual({
    file: here.path("app.mosis"),
    id: "org.example.sample",
    version: expect.any(String),
    versionCode: expect.any(Number),
    contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    files: sampleFiles().size,
    ignored: [".gitignore", "notes.md~"],
  });
  const words = await here.run(["pack", "app", "-o", "app.mosis"]);
  expect(words.stdout).toStartWith("Packed app.mosis\napp             org.example.sample ");
  expect(words.stdout).toContain("left out        .gitignore, notes.md~\n");
});

test("the same files give the same bytes: other times, modes, umask, order on the disk, spelling of the manifest", async () => {
  writeApp("one", [
    ["z/a.lua", "-- a"],
    ["a/z.lua", "-- z"],
  ]);
  await pack("one", "one.mosis");
  const names = [...sampleFiles().keys(), "z/a.lua", "a/z.lua"].reverse();
  const umask = process.umask(0o077);
  try {
    for (const name of names) {
      const path = here.write(join("two", name), here.bytes(join("one", name)));
      utimesSync(path, new Date("2001-02-03"), new Date("1999-01-01"));
      chmodSync(path, 0o755);
    }
    const manifest = JSON.parse(Buffer.from(here.bytes("two/manifest.json")).toString());
    const turned = Object.fromEntries(Object.entries(manifest).reverse());
    here.write("two/manifest.json", `${JSON.stringify(turned, null, "\t")}\r\n`);
    await pack("two", "two.mosis");
  } finally {
    process.umask(umask);
  }
  expect(here.bytes("two.mosis")).toEqual(here.bytes("one.mosis"));
  // Also in another process, with another locale and time zone.
  const child = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, "../main.ts"), "pack", "two", "-o", "three.mosis"],
    { cwd: here.folder, env: { ...process.env, TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" } },
  );
  expect(child.exitCode).toBe(0);
  expect(here.bytes("three.mosis")).toEqual(here.bytes("one.mosis"));
});

test("property: a random tree packs, verifies, and comes out byte for byte", async () => {
  const segment = fc
    .stringMatching(/^[a-z0-9_-]{1,8}$/)
    .filter((word) => !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(word));
  const file = fc.tuple(
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `data/${parts.join("/")}.bin`),
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(70_000).map((size) => new Uint8Array(size)),
    ),
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { maxLength: 8, selector: ([name]) => name }), async (files) => {
      round += 1;
      const folder = `tree${round}`;
      writeApp(folder, files);
      const packed = await pack(folder, "tree.mosis");
      expect(packed.exitCode).toBe(0);
      const verified = await here.run(["verify", "tree.mosis", "--unsigned", "--json"]);
      expect(verified.json).toMatchObject({ ok: true, kind: "unsigned" });
      const out = await unpack("tree.mosis");
      for (const [name, bytes] of files) expect(out.get(name)).toEqual(bytes);
      rmSync(here.path(folder), { recursive: true });
    }),
    { numRuns: 25 },
  );
}, 30_000);

test(".mosisignore leaves out, takes back, and is left out itself", async () => {
  writeApp("app", [
    [".mosisignore", "# notes\n*.psd\n/drafts/\n!keep.mosis\nsub/*\n!sub/kept.lua\n"],
    ["art/a.psd", "x"],
    ["drafts/b.lua", "x"],
    ["other/drafts/c.lua", "x"],
    ["keep.mosis", "x"],
    ["gone.mosis", "x"],
    ["sub/gone.lua", "x"],
    ["sub/kept.lua", "x"],
    [".git/config", "x"],
    ["node_modules/x/y.js", "x"],
    [".gone.mosis.0123456789ab.tmp", "x"],
  ]);
  const { exitCode, json } = await pack("app", "app/app.mosis");
  expect(exitCode).toBe(0);
  expect((json as { ignored: string[] }).ignored).toEqual([
    ".git/",
    ".gone.mosis.0123456789ab.tmp",
    ".mosisignore",
    "art/a.psd",
    "drafts/",
    "gone.mosis",
    "node_modules/",
    "sub/gone.lua",
  ]);
  const again = await pack("app", "app/app.mosis");
  expect((again.json as { sha256: string }).sha256).toBe((json as { sha256: string }).sha256);
});

test("rules that no folder needs are refused, and no expression is made of them", async () => {
  const refused: readonly [string, string][] = [
    [`*.psd\n${"(a+)+$|".repeat(140_000)}\n`, "Line 2 of"],
    ["a\n".repeat(10_000), "10001 lines"],
  ];
  for (const [rules, words] of refused) {
    writeApp("app", [[".mosisignore", rules]]);
    const { exitCode, stderr } = await here.run(["pack", "app", "-o", "p.mosis"]);
    expect([exitCode, stderr.includes("[pack.ignore_too_long]"), stderr.includes(words)]).toEqual([
      1,
      true,
      true,
    ]);
  }
  writeApp("app", [[".mosisignore", `${"a".repeat(4096)}\n${"b\n".repeat(9998)}`]]);
  expect((await pack("app", "p.mosis")).exitCode).toBe(0);
});

test("no rule takes back what no package can hold, and the guide names all that is left out", async () => {
  for (const rules of ["!*", "!***", "!.git\n!.git/**\n!sub/.git", "*.lua\n!**/*\n!.hg\n!/.svn/"]) {
    writeApp("app", [
      [".mosisignore", `${rules}\n!main.lua\n`],
      [".git/HEAD", "ref: refs/heads/main\n"],
      [".hg/store", "x"],
      [".svn/entries", "x"],
      ["sub/.git", "gitdir: ../.git/modules/sub\n"],
      [".notes.mosis.0123456789ab.tmp", "x"],
      [".luarc.json", "{}"],
      ["sub/Thumbs.db", "x"],
    ]);
    const { exitCode, json } = await here.run(["pack", "app", "-o", "p.mosis", "--json"]);
    expect([rules, exitCode]).toEqual([rules, 0]);
    expect((await unpack("p.mosis")).has("sub/Thumbs.db")).toBe(rules !== "!.git\n!.git/**\n!sub/.git");
    const never = [".git/", ".hg/", ".notes.mosis.0123456789ab.tmp", ".svn/", "sub/.git", ".luarc.json"];
    expect((json as { ignored: string[] }).ignored).toEqual(expect.arrayContaining(never));
  }
  const guide = readFileSync(join(import.meta.dirname, "../../assets/docs/guides/developer.md"), "utf8");
  const line = guide.split("\n").find((each) => each.startsWith("Never packed, whatever a rule says")) ?? "";
  const [never = "", back = ""] = line.split("Left out unless a rule");
  for (const pattern of LEFT_OUT) expect(back).toContain(`\`${pattern}\``);
  for (const pattern of NEVER_PACKED) expect(never).toContain(`\`${pattern}\``);
});

test(".mosisignore counts as git counts .gitignore: by case, and what it names is left out whatever it is called", async () => {
  const rules = "CASE.TXT\n/Data/\n*.Bak\nvendor/**/.mosisignore\n*.old\n";
  writeApp("app", [
    [".mosisignore", rules],
    ["case.txt", "x"],
    ["CASE.TXT/x", "x"],
    ["data/a.lua", "x"],
    ["sub/a.bak", "x"],
    ["sub/a.Bak", "x"],
    ["vendor/lib/.mosisignore", "*"],
    ["vendor/lib/lib.lua", "x"],
  ]);
  writeFileSync(Buffer.concat([Buffer.from(here.path("app/a")), Buffer.of(0xff), Buffer.from(".old")]), "");
  const { exitCode, json } = await pack("app", "app.mosis");
  expect(exitCode).toBe(0);
  const ignored = [".mosisignore", "CASE.TXT/", "a\ufffd.old", "sub/a.Bak", "vendor/lib/.mosisignore"];
  expect((json as { ignored: string[] }).ignored).toEqual(ignored);
  const packed = [...(await unpack("app.mosis")).keys()];
  expect(packed).toEqual(
    expect.arrayContaining(["case.txt", "data/a.lua", "sub/a.bak", "vendor/lib/lib.lua"]),
  );
  // Git says the same of what it was asked; that of bytes that are no text it asks back as bytes.
  if (Bun.which("git") === null) return;
  here.write("app/.gitignore", rules);
  Bun.spawnSync(["git", "init", "-q"], { cwd: here.path("app") });
  const names = ["case.txt", "CASE.TXT/x", "data/a.lua", "sub/a.bak", "sub/a.Bak", "vendor/lib/.mosisignore"];
  const git = Bun.spawnSync(["git", "-c", "core.ignoreCase=false", "check-ignore", ...names], {
    cwd: here.path("app"),
  });
  expect(git.stdout.toString().trim().split("\n")).toEqual([
    "CASE.TXT/x",
    "sub/a.Bak",
    "vendor/lib/.mosisignore",
  ]);
});

type Refusal = readonly [what: string, prepare: () => void, exitCode: number, code: string, words: RegExp];

const key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2";
const pem = (label: string) => `-----BEGIN ${label}-----\n${key}\n-----END ${label}-----\n`;

const REFUSED: readonly Refusal[] = [
  [
    "a link",
    () => symlinkSync("main.lua", here.path("app/link.lua")),
    1,
    "pack.not_a_file",
    /link\.lua.*symbolic link/s,
  ],
  [
    "a link out of the folder",
    () => symlinkSync("/etc", here.path("app/etc")),
    1,
    "pack.not_a_file",
    /symbolic link/,
  ],
  [
    "a link for .mosisignore",
    () => {
      here.write("rules", "*.psd\n");
      symlinkSync("../rules", here.path("app/.mosisignore"));
    },
    1,
    "pack.not_a_file",
    /\.mosisignore.*symbolic link/s,
  ],
  [
    "a folder for .mosisignore",
    () => void here.write("app/.mosisignore/a", ""),
    1,
    "pack.not_a_file",
    /\.mosisignore.*Only files/s,
  ],
  [
    "a .mosisignore in a folder of the app",
    () => void here.write("app/sub/.mosisignore", "*.psd\n"),
    1,
    "pack.nested_ignore",
    /sub\/\.mosisignore.*beside manifest\.json/s,
  ],
  [
    "a name that is no UTF-8",
    () => writeFileSync(Buffer.concat([Buffer.from(here.path("app/data/a")), Buffer.of(0xff)]), ""),
    1,
    "MPK-C013",
    /data\/a\ufffd.*no text in UTF-8.*61ff/s,
  ],
  [
    "a link for a manifest",
    () => {
      rmSync(here.path("app/manifest.json"));
      symlinkSync("../manifest.json", here.path("app/manifest.json"));
    },
    1,
    "pack.not_a_file",
    /manifest\.json/,
  ],
  [
    "a named pipe",
    () => void Bun.spawnSync(["mkfifo", here.path("app/pipe")]),
    1,
    "pack.not_a_file",
    /pipe.*Only files/s,
  ],
  [
    "a folder META-MOSIS",
    () => void here.write("app/META-MOSIS/digests.json", "{}"),
    1,
    "pack.reserved",
    /META-MOSIS/,
  ],
  ["a file meta-mosis", () => void here.write("app/meta-mosis", ""), 1, "pack.reserved", /meta-mosis/],
  ["no manifest", () => rmSync(here.path("app/manifest.json")), 1, "pack.no_manifest", /mosis new NAME/],
  [
    "an ignored manifest",
    () => void here.write("app/.mosisignore", "manifest.json"),
    1,
    "pack.no_manifest",
    /manifest/,
  ],
  ["a manifest that is no JSON", () => void here.write("app/manifest.json", "{"), 1, "MPK-J004", /JSON/],
  [
    "a manifest with a key twice",
    () => void here.write("app/manifest.json", '{"a":1,"a":2}'),
    1,
    "MPK-J006",
    /twice|“a”/i,
  ],
  [
    "a permission for the network, and no hosts",
    () => {
      const permissions = [{ name: "network.http", reason: { en: "It fetches the weather." } }];
      for (const [name, bytes] of sampleFiles({ permissions, network: undefined }))
        here.write(`app/${name}`, bytes);
    },
    1,
    "MPK-M023",
    /At “\/network” the manifest needs the hosts that the permission network\.http is for, and has nothing\./,
  ],
  ["a missing entry file", () => rmSync(here.path("app/main.lua")), 1, "MPK-M019", /main\.lua/],
  ["a name with a space", () => void here.write("app/a b.lua", ""), 1, "MPK-C013", /a b\.lua/],
  ["a name that is not ASCII", () => void here.write("app/ü.lua", ""), 1, "MPK-C013", /lua/],
  ["a hidden file", () => void here.write("app/.hidden", ""), 1, "MPK-C013", /\.hidden/],
  ["a Windows device", () => void here.write("app/con.lua", ""), 1, "MPK-C014", /con\.lua/],
  [
    "names that differ in case",
    () => {
      here.write("app/Data/a.lua", "");
      here.write("app/data/b.lua", "");
    },
    1,
    "MPK-C016",
    /ata/,
  ],
  [".env", () => void here.write("app/.env", "A=1"), 1, "pack.secret", /\.env.*environment/s],
  [".env.local", () => void here.write("app/sub/.ENV.local", "A=1"), 1, "pack.secret", /environment/],
  [
    "a private key by its content",
    () => void here.write("app/data/x.txt", `local k = [[${pem("PRIVATE KEY")}]]`),
    1,
    "pack.secret",
    /data\/x\.txt.*at byte/s,
  ],
  [
    "an encrypted private key",
    () => void here.write("app/data/x.pem", pem("ENCRYPTED PRIVATE KEY")),
    1,
    "pack.secret",
    /private key/,
  ],
  [
    "an SSH key",
    () => void here.write("app/data/x", pem("OPENSSH PRIVATE KEY")),
    1,
    "pack.secret",
    /private key/,
  ],
  ["an SSH key by its name", () => void here.write("app/id_ed25519", "x"), 1, "pack.secret", /SSH/],
  ["a PKCS #12 file", () => void here.write("app/cert.P12", "x"), 1, "pack.secret", /PKCS #12/],
  [
    "a token of a store",
    () => void here.write("app/ci.lua", `t = "mosis_org_${"0".repeat(32)}_${"A".repeat(43)}"`),
    1,
    "pack.secret",
    /API key/,
  ],
];

for (const [what, prepare, exitCode, code, words] of REFUSED) {
  test(`refused: ${what}`, async () => {
    writeApp("app", [["data/b", ""]]);
    prepare();
    const before = here.list();
    here.write("old.mosis", "the package before");
    const said = await here.run(["pack", "app", "-o", "old.mosis"]);
    expect(said.stderr).toContain(`[${code}]`);
    expect([said.exitCode, said.stdout]).toEqual([exitCode as 1, ""]);
    expect(said.stderr).toMatch(words);
    expect(said.stderr).not.toContain(key);
    const json = await pack("app", "old.mosis");
    expect([json.exitCode, json.stderr, json.json]).toMatchObject([exitCode, "", { error: { code } }]);
    expect(Buffer.from(here.bytes("old.mosis")).toString()).toBe("the package before");
    expect(here.list()).toEqual([...before, "old.mosis"].sort());
  });
}

test("a public certificate is no secret, and --allow-secrets packs one that is", async () => {
  writeApp("app", [
    ["data/ca.pem", pem("CERTIFICATE")],
    ["data/public.pem", pem("PUBLIC KEY")],
    ["lib/reader.lua", 'if text:find("-----BEGIN PRIVATE KEY-----") then return nil end -- short'],
  ]);
  expect((await pack("app", "a.mosis")).exitCode).toBe(0);
  here.write("app/data/key.pem", pem("PRIVATE KEY"));
  expect((await pack("app", "a.mosis")).exitCode).toBe(1);
  expect((await pack("app", "a.mosis", "--allow-secrets")).exitCode).toBe(0);
});

const WRONG: readonly [argv: readonly string[], exitCode: number, code: string][] = [
  [["app"], 2, "usage.missing_mandatory_option_value"],
  [["-o", "x"], 2, "usage.missing_argument"],
  [["", "-o", "x"], 2, "usage.empty_path"],
  [["app", "-o", ""], 2, "usage.empty_path"],
  [["none", "-o", "x"], 3, "file.enoent"],
  [["file", "-o", "x"], 3, "file.not_a_folder"],
  [["app", "-o", "app"], 3, "file.not_a_file"],
  [["app", "-o", "/dev/null"], 3, "file.not_a_file"],
  [["app", "-o", "own.pem"], 3, "file.private_key"],
  [["app", "-o", "none/x"], 3, "file.enoent"],
  [["app", "-o", "file/x"], 3, "file.enotdir"],
  [["app", "-o", "/proc/x"], 3, "file.enoent"],
];

for (const [argv, exitCode, code] of WRONG) {
  test(`mosis pack ${argv.join(" ")}: ${code}`, async () => {
    writeApp("app");
    here.write("file", "");
    here.write("own.pem", "-----BEGIN EC PRIVATE KEY-----\n");
    const { json, ...ran } = await here.run(["pack", ...argv, "--json"]);
    expect([ran.exitCode, json]).toMatchObject([exitCode, { error: { code } }]);
    expect(here.list()).toEqual(["app", "file", "own.pem"]);
  });
}

test("an output through a link replaces what the link names, with its mode", async () => {
  writeApp("app");
  here.write("real.mosis", "old");
  chmodSync(here.path("real.mosis"), 0o640);
  symlinkSync("real.mosis", here.path("link.mosis"));
  const umask = process.umask(0o077);
  try {
    expect((await pack("app", "link.mosis")).exitCode).toBe(0);
  } finally {
    process.umask(umask);
  }
  const [link, real] = ["link.mosis", "real.mosis"].map((name) =>
    readdirSync(here.folder, { withFileTypes: true }).find((entry) => entry.name === name),
  );
  expect([link?.isSymbolicLink(), real?.isFile()]).toEqual([true, true]);
  expect(Bun.file(here.path("real.mosis")).size).toBeGreaterThan(100);
  expect(Bun.spawnSync(["stat", "-c", "%a", here.path("real.mosis")]).stdout.toString()).toBe("640\n");
});

test("a file that changes while it is packed: either the package of one moment, or pack.changed", async () => {
  writeApp("app", [["data/busy.bin", new Uint8Array(300_000)]]);
  for (let index = 0; index < 40; index++)
    here.write(`app/data/${index}.bin`, new Uint8Array(20_000).fill(index));
  const busy = here.path("app/data/busy.bin");
  let stop = false;
  const writer = (async () => {
    for (let round = 0; !stop; round++) {
      if (round % 2 === 0) writeFileSync(busy, new Uint8Array(300_000).fill(round % 256));
      else appendFileSync(busy, "x");
      await Bun.sleep(1);
    }
  })();
  const codes = new Set<string>();
  for (let round = 0; round < 30; round++) {
    const { exitCode, json } = await pack("app", "busy.mosis");
    codes.add(exitCode === 0 ? "packed" : (json as { error: { code: string } }).error.code);
    if (exitCode === 0) {
      const bytes = (await unpack("busy.mosis")).get("data/busy.bin") ?? new Uint8Array();
      // One write of the writer, whole: every byte the same, but for the one that was added.
      expect(new Set(bytes.subarray(0, 300_000)).size).toBe(1);
    }
  }
  stop = true;
  await writer;
  codes.delete("packed");
  expect([...codes].every((code) => code === "pack.changed")).toBe(true);
}, 30_000);

test("memory does not grow with the size of a file", async () => {
  writeApp("small");
  writeApp("large");
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  // Of each kind: stored by its name, stored since it does not deflate, deflated.
  here.write("large/data/a.ogg", Buffer.concat(Array.from({ length: 384 }, () => noise)));
  here.write("large/data/b.bin", Buffer.concat(Array.from({ length: 16 }, () => noise)));
  here.write("large/data/c.txt", Buffer.concat(Array.from({ length: 16 }, () => noise)).toString("base64"));
  const main = join(import.meta.dir, "../main.ts");
  const peakMiB = async (folder: string) => {
    const child = Bun.spawn([process.execPath, main, "pack", folder, "-o", `${folder}.mosis`], {
      cwd: here.folder,
      stdout: "ignore",
    });
    expect(await child.exited).toBe(0);
    return (child.resourceUsage()?.maxRSS ?? 0) / 2 ** 20;
  };
  const [small, large] = [await peakMiB("small"), await peakMiB("large")];
  // 26 MiB more are packed; in memory they were there three times.
  expect(large - small).toBeLessThan(36);
}, 120_000);

test("a folder that cannot be read is named", async () => {
  // A store that another test of this process opened leaves 077.
  const umask = process.umask(0o022);
  writeApp("shut");
  process.umask(umask);
  mkdirSync(here.path("shut/closed"), { mode: 0o000 });
  const main = join(import.meta.dir, "../main.ts");
  // As somebody for whom modes count, where this runs as root.
  const user = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
  chmodSync(here.folder, 0o777);
  const { exitCode, stdout } = Bun.spawnSync(
    [...user, process.execPath, main, "pack", "shut", "-o", "x", "--json"],
    {
      cwd: here.folder,
    },
  );
  chmodSync(here.path("shut/closed"), 0o755);
  expect([exitCode, JSON.parse(stdout.toString())]).toMatchObject([
    3,
    { error: { code: "file.eacces", message: `Could not read ${here.path("shut/closed/")}: you may not.` } },
  ]);
});
