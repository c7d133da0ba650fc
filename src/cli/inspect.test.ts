import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  createTestAuthorities,
  releasedPackage,
  sampleFiles,
  signedPackage,
  utf8,
} from "../format/testing.ts";
import { packApp } from "../format/zip/writer.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";

let here: Scratch;

const ASKS = {
  permissions: [
    { name: "network.http" },
    {
      name: "camera",
      optional: true,
      reason: { en: "To scan a receipt.", "de-AT": "Um Belege zu scannen." },
    },
    { name: "wallet" },
  ],
  network: { hosts: ["api.example.org"] },
};

beforeAll(async () => {
  here = scratch();
  const authorities = await createTestAuthorities();
  const other = await createTestAuthorities();
  const write = async (name: string, bytes: Uint8Array | Promise<Uint8Array>) =>
    here.write(name, await bytes);
  const signed = await signedPackage(authorities, sampleFiles(ASKS));
  await write("unsigned.mosis", packApp(sampleFiles(ASKS)));
  await write("signed.mosis", signed);
  await write("released.mosis", releasedPackage(authorities, signed));
  await write("other-key.mosis", signedPackage(other, sampleFiles(ASKS)));
  const update = sampleFiles({
    version: "1.3.0",
    versionCode: 8,
    permissions: [
      { name: "network.http" },
      { name: "camera", reason: ASKS.permissions[1]?.reason },
      { name: "location.precise", reason: { en: "To find the office.", "de-AT": "Um das Büro zu finden." } },
    ],
    network: { hosts: ["api.example.org", "maps.example.org"] },
  });
  update.delete("data/empty");
  update.set("lib/new.lua", utf8("return 1\n"));
  update.set("main.lua", utf8("-- A sample.\nreturn function() return 'goodbye' end\n"));
  update.set("data/large.txt", utf8("x\n".repeat(50_000)));
  await write("update.mosis", signedPackage(authorities, update));
  const changed = Uint8Array.from(signed);
  const at = Buffer.from(changed).indexOf("META-MOSIS/developer.dsse") + 40;
  changed[at] = (changed[at] ?? 0) ^ 1;
  await write("changed.mosis", changed);
  await write("cut.mosis", signed.subarray(0, signed.length - 5));
  await write("no-manifest.mosis", packApp(sampleFiles({ id: "mosis.own", permissions: "all" })));
});
afterAll(() => here.remove());

const inspect = async (name: string, ...more: string[]) => here.run(["inspect", name, "--json", ...more]);

test("a released package: all that is known of it", async () => {
  const { exitCode, json } = await inspect("released.mosis");
  const bytes = here.bytes("released.mosis");
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({
    ok: true,
    state: "released",
    file: { sizeBytes: bytes.length, sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex") },
    contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    manifest: { id: "org.example.sample", version: "1.2.3", name: { en: "Sample", "de-AT": "Muster" } },
    permissions: [
      {
        name: "camera",
        title: "Use the camera",
        danger: "dangerous",
        optional: true,
        reason: { en: "To scan a receipt." },
      },
      { name: "network.http", danger: "normal", optional: false, reason: null },
      { name: "wallet", title: null, danger: "unknown" },
    ],
    contents: { count: sampleFiles().size + 3, ratio: expect.any(Number) },
    developer: {
      verdict: "ok",
      id: "dev-1",
      keyid: expect.stringMatching(/^[0-9a-f]{64}$/),
      algorithm: "ecdsa-p256",
      at: "2026-02-27T09:00:00.000Z",
      certificate: {
        subject: expect.stringContaining("Developer One"),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        notAfter: expect.any(String),
      },
    },
    store: { verdict: "ok", id: "store-1", at: "2026-02-28T10:00:00.000Z" },
    findings: [],
  });
  const { contents } = json as { contents: { files: Record<string, unknown>[]; sizeBytes: number } };
  expect(contents.files.find(({ name }) => name === "icons/64.png")).toMatchObject({
    method: "stored",
    ratio: 1,
    sha256: new Bun.CryptoHasher("sha256").update(sampleFiles().get("icons/64.png") ?? "").digest("hex"),
  });
  expect(contents.files.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0)).toBe(contents.sizeBytes);
});

test("in words", async () => {
  const { stdout, exitCode } = await here.run(["inspect", "signed.mosis"]);
  expect(exitCode).toBe(0);
  for (const line of [
    /^app +org\.example\.sample 1\.2\.3 \(7\)$/m,
    /^name \(de-AT\) +Muster$/m,
    /^hosts +api\.example\.org$/m,
    /^state +signed$/m,
    /^developer +dev-1, signed 2026-02-27 09:00 UTC, signature good$/m,
    /^contents +9 files, .* packed .* \(\d+ %\)$/m,
    /^ {2}camera {2}dangerous, optional\n {4}Use the camera\. .*\n {4}“To scan a receipt\.”$/m,
    /^ {2}wallet {2}unknown$/m,
    /^main\.lua +\d+ bytes +\d+ bytes +\d+ %$/m,
  ])
    expect(stdout).toMatch(line);
});

describe("what is not valid is shown as far as it can be read", () => {
  test("unsigned", async () => {
    const { exitCode, json } = await inspect("unsigned.mosis");
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ ok: true, state: "unsigned", developer: null, store: null });
  });
  test("a changed envelope: contents and manifest are there, the signer is not", async () => {
    const { exitCode, json } = await inspect("changed.mosis");
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      ok: false,
      state: "signed",
      manifest: { id: "org.example.sample" },
      contents: { count: sampleFiles().size + 2 },
      developer: null,
      findings: [
        { entry: "META-MOSIS/developer.dsse", found: expect.any(String), expected: expect.any(String) },
      ],
    });
  });
  test("a manifest that is not right: what it says all the same", async () => {
    const { exitCode, json } = await inspect("no-manifest.mosis");
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      state: "unsigned",
      manifest: { id: "mosis.own" },
      permissions: [],
      findings: [{ code: "MPK-M001", pointer: "/permissions" }],
    });
    const words = await here.run(["inspect", "no-manifest.mosis"]);
    expect(words.stdout).toContain("Not valid:\n  MPK-M001");
  });
  test("a file that is cut off: its size and digest, and nothing that its structure does not vouch for", async () => {
    const { exitCode, json } = await inspect("cut.mosis");
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      state: null,
      contents: null,
      manifest: null,
      developer: null,
      file: { sizeBytes: here.bytes("cut.mosis").length },
      findings: [{ code: "MPK-C002" }],
    });
    expect((await here.run(["inspect", "cut.mosis"])).stdout).toContain(
      "unknown: the container is not sound",
    );
  });
  test("no file", async () => {
    expect(await inspect("missing.mosis")).toMatchObject({
      exitCode: 3,
      json: { error: { code: "file.enoent" } },
    });
  });
});

describe("mosis diff", () => {
  const diff = (a: string, b: string, ...more: string[]) => here.run(["diff", a, b, "--json", ...more]);

  test("of a package with itself", async () => {
    const ran = await diff("signed.mosis", "signed.mosis");
    expect(ran).toMatchObject({
      exitCode: 0,
      json: { same: true, files: [], manifest: [], permissions: [] },
    });
    expect((await here.run(["diff", "signed.mosis", "signed.mosis"])).stdout).toBe("Nothing differs.\n");
  });

  test("of a version with the next", async () => {
    const { exitCode, json } = await diff("signed.mosis", "update.mosis");
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      same: false,
      sameContent: false,
      kind: null,
      signers: [],
      permissions: [
        {
          name: "camera",
          change: "raised",
          before: { danger: "dangerous", optional: true },
          after: { danger: "dangerous", optional: false },
        },
        { name: "location.precise", change: "added", before: null, after: { danger: "dangerous" } },
        { name: "wallet", change: "removed", before: { danger: "unknown" }, after: null },
      ],
      hosts: { added: ["maps.example.org"], removed: [] },
      manifest: expect.arrayContaining([
        { pointer: "/versionCode", before: 7, after: 8 },
        { pointer: "/network/hosts/1", after: "maps.example.org" },
        { pointer: "/permissions/1/optional", before: true },
      ]),
    });
    const { files } = json as { files: { path: string; change: string }[] };
    expect(files.map(({ path, change }) => `${change} ${path}`)).toEqual([
      "removed data/empty",
      "added data/large.txt",
      "added lib/new.lua",
      "changed main.lua",
      "changed manifest.json",
    ]);
  });

  test("texts line by line, but not large ones", async () => {
    const { json } = await diff("signed.mosis", "update.mosis", "--text");
    const { files } = json as { files: { path: string; lines: string | null }[] };
    const lines = Object.fromEntries(files.map((file) => [file.path, file.lines]));
    expect(lines["lib/new.lua"]).toContain("+return 1\n");
    expect(lines["main.lua"]).toContain("+return function() return 'goodbye' end\n");
    expect(lines["data/large.txt"]).toBeNull();
    const { stdout } = await here.run(["diff", "signed.mosis", "update.mosis", "--text"]);
    expect(stdout).toContain("↑ camera (dangerous, optional → dangerous) Use the camera.");
    expect(stdout).toContain("+ location.precise (dangerous)");
    expect(stdout).toContain("      +return 1");
  });

  test("of an upload with its release, and with the same signed by another key", async () => {
    expect(await diff("signed.mosis", "released.mosis")).toMatchObject({
      exitCode: 1,
      json: {
        same: false,
        sameContent: true,
        kind: { before: "signed", after: "released" },
        files: [],
        signers: [{ signer: "store", before: null, after: { id: "store-1" } }],
      },
    });
    const { json } = await diff("signed.mosis", "other-key.mosis");
    expect(json).toMatchObject({ sameContent: true, signers: [{ signer: "developer" }] });
    const words = await here.run(["diff", "signed.mosis", "other-key.mosis"]);
    expect(words.stdout).toContain("Signers\n  developer: dev-1, key ");
    expect(words.stdout).toEndWith("The contents are the same.\n");
  });

  test.each([
    ["cut.mosis", "diff.not_a_package"],
    ["no-manifest.mosis", "diff.not_a_package"],
    ["missing.mosis", "file.enoent"],
  ])("with %s: %s", async (name, code) => {
    for (const pair of [
      ["signed.mosis", name],
      [name, "signed.mosis"],
    ] as const) {
      const ran = await diff(pair[0], pair[1]);
      expect(ran).toMatchObject({ exitCode: 3, json: { error: { code } } });
    }
  });
});
