/**
 * openssl beside our own code: certificates that it makes are judged as the package format says, and a developer's
 * signature is verified with it alone, by the commands that the docs give.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem } from "../errors.ts";
import { certificateFromPem } from "./certificates.ts";
import { judgeChain } from "./chain.ts";
import { type LeafKind, readLeaf } from "./leaf.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-openssl-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

function openssl(...words: readonly string[]): void {
  const run = Bun.spawnSync(["openssl", ...words], { cwd: folder, stderr: "pipe", stdout: "pipe" });
  if (run.exitCode !== 0) throw new Error(`openssl ${words.join(" ")}: ${run.stderr.toString()}`);
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  p256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  p384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  p521: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
  ed25519: ["-algorithm", "ED25519"],
  rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
};

type Issue = {
  readonly name: string;
  readonly key?: string;
  /** Name of the issuer; itself when absent. */
  readonly by?: string;
  readonly subject?: string;
  readonly extensions?: readonly string[];
  readonly more?: readonly string[];
};

function issue({ name, key = "p256", by, subject = `/CN=${name}`, extensions = [], more = [] }: Issue): void {
  openssl("genpkey", ...(KEYS[key] ?? []), "-out", `${name}.key`);
  writeFileSync(at(`${name}.cnf`), `[v3]\n${extensions.join("\n")}\n`);
  openssl("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  const signer = by === undefined ? ["-signkey", `${name}.key`] : ["-CA", `${by}.pem`, "-CAkey", `${by}.key`];
  const days = more.includes("-days") ? [] : ["-days", "30"];
  const form = extensions.length === 0 ? [] : ["-extfile", `${name}.cnf`, "-extensions", "v3"];
  const serial = more.includes("-set_serial") ? [] : ["-set_serial", "0x1234567890"];
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    ...signer,
    ...form,
    ...serial,
    ...days,
    ...more,
    "-out",
    `${name}.pem`,
  );
}

const CA = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"];
const ROOT = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
const leafWith = (
  change: Partial<Record<"bc" | "ku" | "eku" | "san", string>> = {},
  more: readonly string[] = [],
) => {
  const {
    bc = "critical,CA:FALSE",
    ku = "critical,digitalSignature",
    eku = "codeSigning",
    san = "URI:mosis:dev:acme",
  } = change;
  const parts = [
    ["basicConstraints", bc],
    ["keyUsage", ku],
    ["extendedKeyUsage", eku],
    ["subjectAltName", san],
  ];
  return [...parts.flatMap(([key, value]) => (value === "" ? [] : [`${key}=${value}`])), ...more];
};

beforeAll(() => {
  issue({ name: "root", extensions: ROOT, more: ["-days", "60"] });
  issue({ name: "ca", by: "root", extensions: CA, more: ["-days", "60"] });
});

const pem = (name: string) => certificateFromPem(readFileSync(at(`${name}.pem`), "utf8"));

async function judge(
  leaf: string,
  options: { root?: string; ca?: string; kind?: LeafKind; time?: Date } = {},
): Promise<string> {
  const { root = "root", ca = "ca", kind = "developer", time = new Date() } = options;
  try {
    const parsed = readLeaf(new Uint8Array(pem(leaf).rawData), kind);
    judgeChain(parsed, { roots: [pem(root)], developerCas: [pem(ca)] }, time);
    return "ok";
  } catch (error) {
    if (isProblem(error)) return error.code;
    throw error;
  }
}

/** A leaf of the ordinary Developer CA, but for what is said. */
const LEAVES: readonly (readonly [string, string, Partial<Issue>, LeafKind?])[] = [
  ["in order", "ok", { extensions: leafWith() }],
  ["with an Ed25519 key", "ok", { key: "ed25519", extensions: leafWith() }],
  ["without basic constraints", "ok", { extensions: leafWith({ bc: "" }) }],
  ["with codeSigning among others", "ok", { extensions: leafWith({ eku: "clientAuth,codeSigning" }) }],
  ["with nonRepudiation besides", "ok", { extensions: leafWith({ ku: "digitalSignature,nonRepudiation" }) }],
  ["with an unknown extension", "ok", { extensions: leafWith({}, ["1.2.3.4=DER:0500"]) }],
  ["signed with SHA-512", "ok", { extensions: leafWith(), more: ["-sha512"] }],
  [
    "with an unknown critical extension",
    "MPK-X005",
    { extensions: leafWith({}, ["1.2.3.4=critical,DER:0500"]) },
  ],
  [
    "with critical name constraints",
    "MPK-X005",
    { extensions: leafWith({}, ["nameConstraints=critical,permitted;DNS:example.org"]) },
  ],
  ["with cA", "MPK-X004", { extensions: leafWith({ bc: "critical,CA:TRUE" }) }],
  ["without key usage", "MPK-X004", { extensions: leafWith({ ku: "" }) }],
  ["for key agreement", "MPK-X004", { extensions: leafWith({ ku: "critical,keyAgreement" }) }],
  ["with keyCertSign", "MPK-X004", { extensions: leafWith({ ku: "digitalSignature,keyCertSign" }) }],
  ["without extended key usage", "MPK-X004", { extensions: leafWith({ eku: "" }) }],
  ["for any use", "MPK-X004", { extensions: leafWith({ eku: "anyExtendedKeyUsage" }) }],
  ["for TLS", "MPK-X004", { extensions: leafWith({ eku: "serverAuth" }) }],
  ["without a name", "MPK-X003", { extensions: leafWith({ san: "" }) }],
  ["with two URIs", "MPK-X003", { extensions: leafWith({ san: "URI:mosis:dev:acme,URI:mosis:dev:other" }) }],
  [
    "with a host name besides",
    "MPK-X003",
    { extensions: leafWith({ san: "URI:mosis:dev:acme,DNS:example.org" }) },
  ],
  ["with the name as a host", "MPK-X003", { extensions: leafWith({ san: "DNS:mosis:dev:acme" }) }],
  ["with capitals in its id", "MPK-X003", { extensions: leafWith({ san: "URI:mosis:dev:Acme" }) }],
  ["with an id of 65", "MPK-X003", { extensions: leafWith({ san: `URI:mosis:dev:${"a".repeat(65)}` }) }],
  ["without an id", "MPK-X003", { extensions: leafWith({ san: "URI:mosis:dev:" }) }],
  ["of a store", "MPK-X002", { extensions: leafWith({ san: "URI:mosis:store:main" }) }],
  ["that is to be a store's", "MPK-X002", { extensions: leafWith() }, "release"],
  [
    "of a store, issued by the Developer CA",
    "MPK-X006",
    { extensions: leafWith({ san: "URI:mosis:store:main" }) },
    "release",
  ],
  ["issued by the root", "MPK-X006", { by: "root", extensions: leafWith() }],
  ["with a P-384 key", "MPK-S008", { key: "p384", extensions: leafWith() }],
  ["with an RSA key", "MPK-S008", { key: "rsa", extensions: leafWith() }],
  ["signed with SHA-1", "MPK-X009", { extensions: leafWith(), more: ["-sha1"] }],
  ["of version 1", "MPK-X001", { extensions: [] }],
  ["with serial number 0", "MPK-X001", { extensions: leafWith(), more: ["-set_serial", "0"] }],
  ["with a negative serial number", "MPK-X001", { extensions: leafWith(), more: ["-set_serial", "-5"] }],
  [
    "with a serial number of 21 bytes",
    "MPK-X001",
    { extensions: leafWith(), more: ["-set_serial", `0x11${"22".repeat(20)}`] },
  ],
];

describe("a leaf that openssl made", () => {
  test.each(LEAVES)("%s: %s", async (...[, code, change, kind]) => {
    issue({ name: "leaf", by: "ca", ...change });
    expect(await judge("leaf", kind === undefined ? {} : { kind })).toBe(code);
  });

  test("of a store is issued by the root", async () => {
    issue({ name: "store", by: "root", extensions: leafWith({ san: "URI:mosis:store:main" }) });
    expect(await judge("store", { kind: "release" })).toBe("ok");
  });

  test("is valid from its first second to the end of its last", async () => {
    issue({ name: "times", by: "ca", extensions: leafWith() });
    const { notBefore, notAfter } = pem("times");
    const shifted = (time: Date, ms: number) => new Date(time.getTime() + ms);
    expect(await judge("times", { time: notBefore })).toBe(
      pem("ca").notBefore <= notBefore ? "ok" : "MPK-X007",
    );
    expect(await judge("times", { time: shifted(notBefore, -1) })).toBe("MPK-X007");
    expect(await judge("times", { time: shifted(notAfter, 1000) })).toBe("MPK-X007");
  });
});

/** Authorities; the leaf below is in order. */
const CHAINS: readonly (readonly [string, string, Partial<Issue>, Partial<Issue>])[] = [
  ["P-384 over SHA-256", "ok", { key: "p384" }, { key: "p384" }],
  ["P-384 over SHA-384", "ok", { key: "p384" }, { key: "p384", more: ["-sha384"] }],
  ["Ed25519", "ok", { key: "ed25519" }, { key: "ed25519" }],
  ["a root without key usages", "ok", { extensions: ["basicConstraints=critical,CA:TRUE"] }, {}],
  ["a root of path length 1", "ok", { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:1"] }, {}],
  [
    "a root of path length 0",
    "MPK-X008",
    { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0"] },
    {},
  ],
  ["a root that is no CA", "MPK-X008", { extensions: ["basicConstraints=critical,CA:FALSE"] }, {}],
  ["an RSA root", "MPK-X009", { key: "rsa" }, {}],
  ["a P-521 root", "MPK-X009", { key: "p521" }, {}],
  ["a Developer CA without path length", "MPK-X008", {}, { extensions: ROOT }],
  [
    "a Developer CA of path length 1",
    "MPK-X008",
    {},
    { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:1", "keyUsage=keyCertSign"] },
  ],
  [
    "a Developer CA without keyCertSign",
    "MPK-X008",
    {},
    { extensions: [CA[0] ?? "", "keyUsage=critical,cRLSign"] },
  ],
  ["a Developer CA without key usages", "MPK-X008", {}, { extensions: CA.slice(0, 1) }],
  [
    "a Developer CA that is no CA",
    "MPK-X008",
    {},
    { extensions: ["basicConstraints=critical,CA:FALSE", "keyUsage=keyCertSign"] },
  ],
  [
    "a Developer CA with an unknown critical extension",
    "MPK-X005",
    {},
    { extensions: [...CA, "1.2.3.4=critical,DER:0500"] },
  ],
  ["a Developer CA that is its own root", "MPK-X006", {}, { by: "" }],
];

describe("a chain that openssl made", () => {
  test.each(CHAINS)("%s: %s", async (...[, code, root, ca]) => {
    issue({ name: "root2", extensions: ROOT, ...root });
    const { by, ...change } = ca;
    issue({ name: "ca2", extensions: CA, ...(by === "" ? {} : { by: "root2" }), ...change });
    issue({ name: "leaf2", by: "ca2", extensions: leafWith() });
    expect(await judge("leaf2", { root: "root2", ca: "ca2" })).toBe(code);
  });

  test("another authority of the same name is none: MPK-X009", async () => {
    issue({ name: "twin", subject: "/CN=ca", by: "root", extensions: CA });
    issue({ name: "leaf3", by: "ca", extensions: leafWith() });
    expect(await judge("leaf3", { ca: "twin" })).toBe("MPK-X009");
    expect(await judge("leaf3", { ca: "ca" })).toBe("ok");
  });
});
