import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, statSync } from "node:fs";
import type { ExitCode } from "../errors.ts";
import { sampleFiles } from "../format/testing.ts";
import { newPublisher, openPublishing, type Publisher, type Publishing } from "../testing/publishing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { certify } from "../testing/scratch-keys.ts";

let here: Scratch;
let publishing: Publishing;
let publisher: Publisher;
let other: Publishing;
const keyids: Record<string, string> = {};

beforeAll(async () => {
  here = scratch();
  publishing = await openPublishing();
  other = await openPublishing();
  publisher = await newPublisher(publishing.store);
  for (const [name, bytes] of sampleFiles()) here.write(`app/${name}`, bytes);
  await here.run(["pack", "app", "-o", "unsigned.mosis"]);
  for (const [name, argv] of [
    ["p256", []],
    ["ed", ["--ed25519"]],
    ["bare", []],
  ] as const) {
    await here.run(["keys", "new", "-o", `${name}.pem`, ...argv]);
    if (name !== "bare") {
      keyids[name] = await certify(publishing.store, publisher.actor, here.path(`${name}.pem`));
    }
  }
  const made = await here.run(["keys", "new", "--json"]);
  const { file } = made.json as { file: string };
  keyids.default = await certify(publishing.store, publisher.actor, file);
  here.write("pass", "open sesame and so on\n", 0o600);
  await here.run(["keys", "new", "-o", "locked.pem", "--passphrase-file", "pass"]);
  keyids.locked = await certify(
    publishing.store,
    publisher.actor,
    here.path("locked.pem"),
    "open sesame and so on",
  );
  const ca = here.bytes("p256.ca.pem");
  here.write("marked.pem", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), ca]));
  here.write("large.pem", Buffer.concat([ca, new Uint8Array(2 ** 20)]));
  await here.run(["keys", "new", "-o", "stranger.pem"]);
  const stranger = await newPublisher(other.store);
  await certify(other.store, stranger.actor, here.path("stranger.pem"));
});

afterAll(async () => {
  await publishing.close();
  await other.close();
  here.remove();
});

const GOOD: readonly [key: string, argv: readonly string[]][] = [
  ["default", []],
  ["p256", ["--key", "p256.pem"]],
  ["p256", ["--key", "p256.pem", "--cert", "p256.cert.pem"]],
  ["ed", ["--key", "ed.pem"]],
  ["locked", ["--key", "locked.pem", "--passphrase-file", "pass"]],
];

for (const [key, argv] of GOOD) {
  test(`mosis sign ${argv.join(" ")}: signs with the key ${key}, and verify says so`, async () => {
    const before = here.bytes("unsigned.mosis");
    const signed = await here.run(["sign", "unsigned.mosis", "-o", "signed.mosis", ...argv, "--json"]);
    expect([signed.exitCode, signed.stderr]).toEqual([0, ""]);
    const bytes = here.bytes("signed.mosis");
    expect(signed.json).toEqual({
      file: here.path("signed.mosis"),
      id: "org.example.sample",
      version: "1.2.3",
      versionCode: 7,
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"),
      sizeBytes: bytes.length,
      keyid: keyids[key],
      developerId: publisher.organisationId,
      signedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    });
    expect(here.bytes("unsigned.mosis")).toEqual(before);
    const verified = await here.run(["verify", "signed.mosis", "--ca", "p256.ca.pem", "--json"]);
    expect([verified.exitCode, verified.json]).toMatchObject([
      0,
      {
        ok: true,
        kind: "signed",
        app: { id: "org.example.sample", version: "1.2.3", versionCode: 7 },
        developer: { developerId: publisher.organisationId, keyid: keyids[key], chain: "ok" },
        store: null,
      },
    ]);
  });
}

test("without -o the signed package takes the place of the file, with its mode", async () => {
  cpSync(here.path("unsigned.mosis"), here.path("place.mosis"));
  Bun.spawnSync(["chmod", "600", here.path("place.mosis")]);
  const { exitCode, stdout } = await here.run(["sign", "place.mosis"]);
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, `Signed ${here.path("place.mosis")}`]);
  expect(statSync(here.path("place.mosis")).mode & 0o777).toBe(0o600);
  const again = await here.run(["sign", "place.mosis", "--json"]);
  expect([again.exitCode, again.json]).toMatchObject([1, { error: { code: "MPK-C031" } }]);
});

const REFUSED: readonly [argv: readonly string[], exitCode: ExitCode, code: string][] = [
  [[], 2, "usage.missing_argument"],
  [["none.mosis"], 3, "file.enoent"],
  [["app"], 3, "file.not_a_file"],
  [["app/main.lua"], 1, "MPK-C002"],
  [["unsigned.mosis", "--key", "none.pem"], 3, "keys.missing"],
  [["unsigned.mosis", "--key", "bare.pem"], 3, "keys.not_enrolled"],
  [["unsigned.mosis", "--key", "bare.pem", "--cert", "p256.cert.pem"], 1, "keys.certificate_other"],
  [["unsigned.mosis", "--key", "p256.pem", "--cert", "p256.ca.pem"], 1, "MPK-X001"],
  [["unsigned.mosis", "--key", "p256.pem", "--cert", "pass"], 1, "MPK-X001"],
  [["unsigned.mosis", "--key", "locked.pem"], 2, "keys.passphrase_needed"],
  [["unsigned.mosis", "--key", "pass"], 1, "MPK-K001"],
  [["unsigned.mosis", "-o", "none/x.mosis"], 3, "file.enoent"],
  [["unsigned.mosis", "-o", "app"], 3, "file.not_a_file"],
  [["unsigned.mosis", "-o", ""], 2, "usage.empty_path"],
];

for (const [argv, exitCode, code] of REFUSED) {
  test(`mosis sign ${argv.join(" ")}: ${code}`, async () => {
    const before = here.list();
    const words = await here.run(["sign", ...argv]);
    expect(words.stderr).toContain(`[${code}]`);
    expect([words.exitCode, words.stdout]).toEqual([exitCode, ""]);
    const json = await here.run(["sign", ...argv, "--json"]);
    expect([json.exitCode, json.stderr, json.json]).toMatchObject([exitCode, "", { error: { code } }]);
    expect(here.list()).toEqual(before);
  });
}

test("a certificate that has ended signs nothing", async () => {
  const later = { clock: { now: () => new Date(Date.now() + 900 * 86_400_000) } };
  const { exitCode, json } = await here.run(["sign", "unsigned.mosis", "-o", "late.mosis", "--json"], later);
  expect([exitCode, json]).toMatchObject([1, { error: { code: "keys.certificate_expired" } }]);
  expect(here.list()).not.toContain("late.mosis");
});

type Verified = {
  ok: boolean;
  kind: string | null;
  issuers: string | null;
  sections: { section: string; verdict: string; findings: { code: string }[] }[];
};

const SECTIONS = ["container", "digests", "manifest", "developer-signature", "store-signature"];

/** What is done to a signed package, with the verdict of each section and the first finding's code. */
const TAMPERED: readonly [
  what: string,
  change: (bytes: Buffer) => Uint8Array,
  argv: readonly string[],
  verdicts: string,
  code: string | null,
][] = [
  ["nothing", (bytes) => bytes, ["--ca", "p256.ca.pem"], "ok ok ok ok absent", null],
  ["nothing, without --ca", (bytes) => bytes, [], "ok ok ok ok absent", null],
  [
    "nothing, with both authorities",
    (bytes) => bytes,
    ["--ca", "stranger.ca.pem", "--ca", "p256.ca.pem"],
    "ok ok ok ok absent",
    null,
  ],
  [
    "nothing, with a stranger's authority",
    (bytes) => bytes,
    ["--ca", "stranger.ca.pem"],
    "ok ok ok failed not-checked",
    "MPK-X006",
  ],
  [
    "a byte more",
    (bytes) => Buffer.concat([bytes, Buffer.from("x")]),
    [],
    "failed not-checked not-checked not-checked not-checked",
    "MPK-C002",
  ],
  [
    "a byte less",
    (bytes) => bytes.subarray(0, -1),
    [],
    "failed not-checked not-checked not-checked not-checked",
    "MPK-C002",
  ],
  [
    "nothing left",
    () => new Uint8Array(),
    [],
    "failed not-checked not-checked not-checked not-checked",
    "MPK-C002",
  ],
];

for (const [what, change, argv, verdicts, code] of TAMPERED) {
  test(`verify: ${what}`, async () => {
    await here.run(["sign", "unsigned.mosis", "-o", "tampered.mosis", "--key", "p256.pem"]);
    here.write("tampered.mosis", change(Buffer.from(here.bytes("tampered.mosis"))));
    const json = await here.run(["verify", "tampered.mosis", ...argv, "--json"]);
    const verified = json.json as Verified;
    expect(Object.keys(verified)).toEqual([
      "ok",
      "kind",
      "issuers",
      "contentDigest",
      "app",
      "sections",
      "findings",
      "developer",
      "store",
    ]);
    expect(verified.sections.map(({ section }) => section)).toEqual(SECTIONS);
    expect(verified.sections.map(({ verdict }) => verdict.replace(" ", "-")).join(" ")).toBe(verdicts);
    expect(verified.sections.flatMap(({ findings }) => findings)[0]?.code ?? null).toBe(code);
    expect([json.exitCode, json.stderr, verified.ok]).toEqual([code === null ? 0 : 1, "", code === null]);
    const words = await here.run(["verify", "tampered.mosis", ...argv]);
    expect([words.exitCode, words.stderr]).toEqual([json.exitCode, ""]);
    const isProved = argv.length > 0;
    expect(verified.issuers).toBe(code !== null ? null : isProved ? "ok" : "not checked");
    const last = words.stdout.trimEnd().split("\n").at(-1);
    expect(last).toMatch(
      code !== null ? /^Not valid\.$/ : isProved ? /^Valid: / : /^Whole, and each signature fits/,
    );
    // Without an authority nothing may read as if somebody had been recognised.
    if (code === null && !isProved) {
      expect(words.stdout).not.toMatch(/\bvalid\b/i);
      expect(words.stdout).toMatch(/^developer signature {2}ok, issuer not checked$/m);
      expect(words.stdout).toMatch(/^developer {2,}\S+ \(says its certificate\)$/m);
    } else expect(words.stdout).not.toMatch(/issuer not checked|says its certificate/);
    expect(words.stdout).not.toContain("\n\n\n");
  });
}

test("verify: every byte of the signed part counts", async () => {
  await here.run(["sign", "unsigned.mosis", "-o", "whole.mosis", "--key", "p256.pem"]);
  const whole = Buffer.from(here.bytes("whole.mosis"));
  for (let at = 0; at < whole.length; at += 37) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    here.write("changed.mosis", changed);
    const { exitCode, json } = await here.run(["verify", "changed.mosis", "--ca", "p256.ca.pem", "--json"]);
    expect([at, exitCode, (json as Verified).ok]).toEqual([at, 1, false]);
    const verdicts = (json as Verified).sections.map(({ verdict }) => verdict);
    const failed = verdicts.indexOf("failed");
    expect(verdicts.slice(0, failed).every((verdict) => verdict === "ok")).toBe(true);
    expect(verdicts.slice(failed + 1).every((verdict) => verdict === "not checked")).toBe(true);
  }
}, 30_000);

const WRONG: readonly [argv: readonly string[], exitCode: ExitCode, code: string][] = [
  [[], 2, "usage.missing_argument"],
  [["none.mosis"], 3, "file.enoent"],
  [["app"], 3, "file.not_a_file"],
  [["/dev/null"], 3, "file.not_a_file"],
  [["unsigned.mosis", "--ca", "none.pem"], 3, "file.enoent"],
  [["unsigned.mosis", "--ca", "pass"], 2, "verify.no_certificate"],
  [["unsigned.mosis", "--ca", "p256.cert.pem"], 2, "verify.no_root"],
  [["unsigned.mosis", "--ca", "p256.ca.pem", "--ca", "pass"], 2, "verify.no_certificate"],
  [["unsigned.mosis", "--ca", "large.pem"], 2, "verify.no_certificate"],
  [["unsigned.mosis", "--ca", "/dev/zero"], 3, "file.not_a_file"],
  [["unsigned.mosis", "--ca", "/dev/null"], 3, "file.not_a_file"],
  [["unsigned.mosis", "--ca", "marked.pem"], 2, "verify.no_certificate"],
  [["unsigned.mosis", "--ca", "app"], 3, "file.not_a_file"],
  [["unsigned.mosis", "--at", "yesterday"], 2, "usage.invalid_value"],
  [["unsigned.mosis", "--at", "2026-02-30"], 2, "usage.invalid_value"],
];

for (const [argv, exitCode, code] of WRONG) {
  test(`mosis verify ${argv.join(" ")}: ${code}`, async () => {
    const { json, ...ran } = await here.run(["verify", ...argv, "--json"]);
    expect([ran.exitCode, ran.stderr, json]).toMatchObject([exitCode, "", { error: { code } }]);
    if (code === "verify.no_certificate") {
      expect((json as { error: { message: string } }).error.message).toContain(
        " is not a file of certificates",
      );
    }
  });
}

test("verify --ca: what is wrong with the file has its place", async () => {
  const { json } = await here.run(["verify", "unsigned.mosis", "--ca", "marked.pem", "--json"]);
  expect(json).toMatchObject({
    error: {
      message: expect.stringMatching(/^[^ ]*marked\.pem is not a file of certificates/),
      details: [
        {
          code: "MPK-X001",
          offset: 3 + Buffer.from(here.bytes("p256.ca.pem")).indexOf("-----END"),
          found: "-----END CERTIFICATE-----",
          expected: "-----BEGIN CERTIFICATE-----",
        },
      ],
    },
  });
});

test("verify --ca: lines outside of blocks are in any encoding", async () => {
  await here.run(["sign", "unsigned.mosis", "-o", "latin.mosis", "--key", "p256.pem"]);
  here.write(
    "latin.pem",
    Buffer.concat([Buffer.from("CA of \xe9t\xe9\n", "latin1"), here.bytes("p256.ca.pem")]),
  );
  const verified = await here.run(["verify", "latin.mosis", "--ca", "latin.pem", "--json"]);
  expect(verified).toMatchObject({ exitCode: 0, json: { ok: true } });
});

test("an unsigned package is valid, and the next step is named", async () => {
  const { exitCode, stdout } = await here.run(["verify", "unsigned.mosis", "--unsigned"]);
  expect(exitCode).toBe(0);
  expect(stdout).toEndWith("Whole. Nobody has signed it yet: mosis sign FILE\n");
});

test("without --unsigned a package that nobody has signed is refused", async () => {
  const { exitCode, json } = await here.run(["verify", "unsigned.mosis", "--json"]);
  expect(exitCode).toBe(1);
  expect(json).toMatchObject({
    ok: false,
    kind: "unsigned",
    sections: [
      {
        section: "container",
        verdict: "failed",
        findings: [
          {
            code: "MPK-C031",
            entry: "META-MOSIS/digests.json",
            found: "unsigned",
            expected: "signed or released",
          },
        ],
      },
      { verdict: "not checked" },
      { verdict: "not checked" },
      { verdict: "not checked" },
      { verdict: "not checked" },
    ],
  });
});
