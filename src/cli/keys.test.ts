import { afterEach, beforeEach, expect, test } from "bun:test";
import { createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Scratch, scratch } from "../testing/scratch.ts";

let here: Scratch;
beforeEach(() => {
  here = scratch({ XDG_CONFIG_HOME: "" });
});
afterEach(() => here.remove());

const KINDS: readonly [argv: readonly string[], algorithm: string, type: string][] = [
  [[], "ecdsa-p256", "ec"],
  [["--ed25519"], "ed25519", "ed25519"],
];

for (const [argv, algorithm, type] of KINDS) {
  test(`keys new ${argv.join(" ")}: a PKCS #8 key that others can read with OpenSSL's rules, 0600`, async () => {
    const made = await here.run(["keys", "new", "-o", "k.pem", ...argv, "--json"]);
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    expect(made.json).toEqual({
      file: here.path("k.pem"),
      keyid: expect.stringMatching(/^[0-9a-f]{64}$/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{4}( [0-9a-f]{4}){15}$/),
      algorithm,
      encrypted: false,
    });
    expect(statSync(here.path("k.pem")).mode & 0o777).toBe(0o600);
    expect(here.list()).toEqual(["k.pem"]);
    const key = createPrivateKey(Buffer.from(here.bytes("k.pem")));
    expect(key.asymmetricKeyType).toBe(type as "ec");
    if (type === "ec") expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    const shown = await here.run(["keys", "show", "--key", "k.pem", "--json"]);
    expect(shown.json).toEqual({
      file: here.path("k.pem"),
      keyid: (made.json as { keyid: string }).keyid,
      fingerprint: (made.json as { fingerprint: string }).fingerprint,
      algorithm,
      certificate: null,
    });
  });
}

test("without a name the key goes into the configuration folder, for its owner only", async () => {
  const made = await here.run(["keys", "new", "--json"]);
  const { file } = made.json as { file: string };
  expect(file).toEndWith("/.config/mosis/keys/developer.pem");
  expect([file, dirname(file)].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
  expect((await here.run(["keys", "show", "--json"])).json).toMatchObject({ file });
  const xdg = await here.run(["keys", "new", "--json"], {
    environment: { XDG_CONFIG_HOME: here.path("xdg") },
  });
  expect(xdg.json).toMatchObject({ file: here.path("xdg/mosis/keys/developer.pem") });
});

test("the umask takes nothing from 0600 and adds nothing", async () => {
  for (const umask of [0o000, 0o022, 0o777]) {
    const before = process.umask(umask);
    try {
      const { exitCode } = await here.run(["keys", "new", "-o", `u${umask}.pem`]);
      expect(exitCode).toBe(0);
    } finally {
      process.umask(before);
    }
    expect(statSync(here.path(`u${umask}.pem`)).mode & 0o777).toBe(0o600);
  }
});

test("what is there is never overwritten: a file, a folder, a link that leads nowhere", async () => {
  here.write("k.pem", "precious");
  mkdirSync(here.path("folder"));
  symlinkSync("nowhere", here.path("link.pem"));
  for (const name of ["k.pem", "folder", "link.pem"]) {
    const { exitCode, json } = await here.run(["keys", "new", "-o", name, "--json"]);
    expect([exitCode, json]).toMatchObject([3, { error: { code: "file.eexist" } }]);
  }
  expect(Buffer.from(here.bytes("k.pem")).toString()).toBe("precious");
  expect(here.list()).toEqual(["folder", "k.pem", "link.pem"]);
});

test("two at once make one key", async () => {
  const both = await Promise.all([1, 2, 3, 4].map(() => here.run(["keys", "new", "-o", "k.pem", "--json"])));
  expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3, 3, 3]);
  const made = both.find(({ exitCode }) => exitCode === 0)?.json as { keyid: string };
  expect((await here.run(["keys", "show", "--key", "k.pem", "--json"])).json).toMatchObject({
    keyid: made.keyid,
  });
  expect(here.list()).toEqual(["k.pem"]);
});

const PASSPHRASE = " Grüße aus 日本 🔑 ";

/** Where a passphrase may come from, all the same one. */
const SOURCES: readonly [name: string, argv: readonly string[], environment: Record<string, string>][] = [
  ["--passphrase-file", ["--passphrase-file", "pass"], {}],
  ["MOSIS_KEY_PASSPHRASE", [], { MOSIS_KEY_PASSPHRASE: PASSPHRASE }],
  ["MOSIS_KEY_PASSPHRASE_FILE", [], { MOSIS_KEY_PASSPHRASE_FILE: "PATH" }],
];

for (const [from, newArgv, newEnvironment] of SOURCES) {
  test(`a passphrase from ${from} opens with each of the others, and nothing opens without`, async () => {
    const pass = here.write("pass", `${PASSPHRASE}\n`, 0o600);
    const withPath = (environment: Record<string, string>) =>
      Object.fromEntries(Object.entries(environment).map(([k, v]) => [k, v === "PATH" ? pass : v]));
    const made = await here.run(["keys", "new", "-o", "k.pem", ...newArgv, "--json"], {
      environment: withPath(newEnvironment),
    });
    expect(made.json).toMatchObject({ encrypted: true });
    expect(Buffer.from(here.bytes("k.pem")).toString()).toStartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    for (const [, argv, environment] of SOURCES) {
      const shown = await here.run(["keys", "show", "--key", "k.pem", ...argv, "--json"], {
        environment: withPath(environment),
      });
      expect(shown.json).toMatchObject({ keyid: (made.json as { keyid: string }).keyid });
    }
    const asked: string[] = [];
    const typed = await here.run(["keys", "show", "--key", "k.pem", "--json"], {
      askSecret: async (question) => {
        asked.push(question);
        return PASSPHRASE;
      },
    });
    expect([typed.exitCode, asked]).toEqual([0, [`Passphrase of ${here.path("k.pem")}: `]]);
    const none = await here.run(["keys", "show", "--key", "k.pem", "--json"]);
    expect([none.exitCode, none.json]).toMatchObject([2, { error: { code: "keys.passphrase_needed" } }]);
    const wrong = await here.run(["keys", "show", "--key", "k.pem", "--json"], {
      environment: { MOSIS_KEY_PASSPHRASE: PASSPHRASE.trim() },
    });
    expect([wrong.exitCode, wrong.json]).toMatchObject([1, { error: { code: "MPK-K002" } }]);
  });
}

test("--passphrase asks twice at a terminal, and takes no difference and no emptiness", async () => {
  const answers = (...given: string[]) => ({ askSecret: async () => given.shift() ?? "" });
  const cases: readonly [given: string[], exitCode: number, code: string | null][] = [
    [["secret words", "secret words"], 0, null],
    [["secret words", "Secret words"], 1, "passphrase.differs"],
    [["secret word", "secret word"], 1, "passphrase.short"],
    [["", ""], 1, "passphrase.empty"],
  ];
  for (const [index, [given, exitCode, code]] of cases.entries()) {
    const ran = await here.run(
      ["keys", "new", "--passphrase", "-o", `${index}.pem`, "--json"],
      answers(...given),
    );
    expect([ran.exitCode, (ran.json as { error?: { code: string } }).error?.code ?? null]).toEqual([
      exitCode as 0,
      code,
    ]);
  }
  expect(here.list()).toEqual(["0.pem"]);
});

const REFUSED: readonly [
  argv: readonly string[],
  environment: Record<string, string>,
  exitCode: number,
  code: string,
][] = [
  [["new", "-o", "none/k.pem"], {}, 3, "file.enoent"],
  [["new", "-o", "file/k.pem"], {}, 3, "file.enotdir"],
  [["new", "-o", ""], {}, 2, "usage.empty_path"],
  [["new", "-o", "k.pem", "--passphrase"], {}, 2, "keys.passphrase_needed"],
  [["new", "-o", "k.pem", "--passphrase-file", "empty"], {}, 1, "passphrase.empty"],
  [["new", "-o", "k.pem"], { MOSIS_KEY_PASSPHRASE_FILE: "EMPTY" }, 1, "passphrase.empty"],
  [["new", "-o", "k.pem", "--passphrase-file", "short"], {}, 1, "passphrase.short"],
  [["new", "-o", "k.pem"], { MOSIS_KEY_PASSPHRASE: "eleven char" }, 1, "passphrase.short"],
  [["new", "-o", "k.pem", "--passphrase-file", "exposed"], {}, 1, "passphrase.exposed"],
  [["new", "-o", "k.pem", "--passphrase-file", "none"], {}, 3, "file.enoent"],
  [["new", "-o", "k.pem", "--passphrase-file", "."], {}, 3, "file.not_a_file"],
  [["new", "-o", "k.pem", "--passphrase-file", "binary"], {}, 1, "file.not_text"],
  [["new"], { HOME: "" }, 2, "keys.no_home"],
  [["new", "extra"], {}, 2, "usage.excess_arguments"],
  [["show"], {}, 3, "keys.missing"],
  [["show", "--key", "none.pem"], {}, 3, "keys.missing"],
  [["show", "--key", "file"], {}, 1, "MPK-K001"],
  [["show", "--key", "public.pem"], {}, 1, "MPK-K001"],
  [["show", "--key", "rsa.pem"], {}, 1, "MPK-K001"],
  [["show", "--key", "."], {}, 3, "file.not_a_file"],
  [["enroll", "--key", "good.pem"], {}, 2, "client.store_missing"],
  [["enroll", "--key", "good.pem", "--store", "store.example"], {}, 2, "client.store_malformed"],
  [["enroll", "--key", "good.pem", "--store", "https://a:b@store.example"], {}, 2, "client.store_malformed"],
  [["enroll", "--key", "good.pem", "--store", "https://store.example/x"], {}, 2, "client.store_malformed"],
  [["enroll", "--key", "good.pem", "--store", "https://store.example"], {}, 2, "client.token_missing"],
  [
    ["enroll", "--key", "good.pem", "--store", "http://store.example", "--token", "x"],
    {},
    1,
    "client.token_over_http",
  ],
  [
    ["enroll", "--key", "good.pem", "--store", "http://127.0.0.1:1", "--token", "a b"],
    {},
    2,
    "client.token_malformed",
  ],
  [["enroll", "--store", "https://store.example", "--token", "x"], {}, 3, "keys.missing"],
];

for (const [argv, environment, exitCode, code] of REFUSED) {
  test(`keys ${argv.join(" ")} ${Object.keys(environment).join(" ")}: ${code}`, async () => {
    here.write("file", "no key");
    here.write("empty", "\n", 0o600);
    here.write("short", "eleven char\n", 0o600);
    here.write("exposed", "the words of a passphrase\n", 0o644);
    here.write("binary", Uint8Array.of(0xff, 0xfe), 0o600);
    const { generateKeyPairSync } = await import("node:crypto");
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    here.write("rsa.pem", rsa.privateKey.export({ type: "pkcs8", format: "pem" }));
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
    here.write("good.pem", ec.privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
    here.write("public.pem", ec.publicKey.export({ type: "spki", format: "pem" }));
    const before = here.list();
    const given = Object.fromEntries(
      Object.entries(environment).map(([k, v]) => [k, v === "EMPTY" ? here.path("empty") : v]),
    );
    const words = await here.run(["keys", ...argv], { environment: given });
    expect([words.exitCode, words.stdout]).toEqual([exitCode as 1, ""]);
    expect(words.stderr).toContain(`[${code}]`);
    const json = await here.run(["keys", ...argv, "--json"], { environment: given });
    expect([json.exitCode, json.stderr, json.json]).toMatchObject([exitCode, "", { error: { code } }]);
    expect(here.list()).toEqual(before);
  });
}

test("a key that others can read is used, with a warning", async () => {
  await here.run(["keys", "new", "-o", "k.pem"]);
  chmodSync(here.path("k.pem"), 0o644);
  const { exitCode, stderr } = await here.run(["keys", "show", "--key", "k.pem"]);
  expect([exitCode, stderr]).toEqual([
    0,
    `warning: others on this machine can read ${join(here.folder, "k.pem")} (mode 644). Run: chmod 600 ${join(here.folder, "k.pem")}\n`,
  ]);
});

test("keys object says what a recovery's id looks like, before it asks any store", async () => {
  const refused = await here.run(["keys", "object", "rcv-x", "--reason", "It is here."]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain("rcv- and 32 hexadecimal digits");
});
