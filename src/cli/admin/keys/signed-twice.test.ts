/** A request that is signed twice on the other machine, since its answer was lost or never written. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRequest, parseRequest, type SigningRequest } from "../../../catalog/store-keys/request.ts";
import { initialiseTrust } from "../../../catalog/tuf/repository.ts";
import { openTestStore } from "../../../testing/store.ts";
import { DAY_MS } from "../../../time.ts";
import { runCommand } from "../../test-io.ts";

setDefaultTimeout(120_000);

const top = mkdtempSync(join(tmpdir(), "mosis-twice-"));
let cwd: string;
let round = 0;
const mosis = (line: string) => runCommand(["admin", "keys", ...line.split(" ")], { cwd });
const done = async (line: string) => {
  const ran = await mosis(line);
  expect([line, ran.exitCode, ran.stderr]).toEqual([line, 0, ""]);
  return ran.stdout;
};
const read = (name: string) => parseRequest(readFileSync(join(cwd, name)));
const certificatesOf = (request: SigningRequest) =>
  request.certificates.map(({ serial, signature }) => [serial, Buffer.from(signature ?? []).toString("hex")]);

beforeAll(async () => {
  cwd = join(top, "first");
  mkdirSync(join(cwd, "store"), { recursive: true });
  const store = await openTestStore({ dataDir: join(cwd, "store") });
  await initialiseTrust(store);
  store.close();
  await done("init --offline keys");
  await done("export-request --offline-keys keys/public-keys.json --out r.json --data store");
});
beforeEach(() => {
  const copy = join(top, String(round++));
  cpSync(join(top, "first"), copy, { recursive: true });
  cwd = copy;
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** The next request after the one that was imported: of nothing in it does the machine warn. */
async function expectNothingNew(): Promise<void> {
  await done("renew apps --data store");
  await done("renew targets --data store");
  await done("export-request --out next.json --data store");
  const shown = await done("sign-request next.json --offline keys");
  expect(shown).toContain("Everything in it was signed here before.");
  expect(shown).not.toMatch(/NEW|AGAIN|GONE|ATTENTION/);
}

test("both answers have the same certificates, and whichever is imported, the next request shows nothing as NEW", async () => {
  await done("sign-request r.json --offline keys --yes --out s1.json");
  const shown = await done("sign-request r.json --offline keys");
  expect(shown).toContain("Everything in it was signed here before.");
  expect(shown).not.toMatch(/NEW|AGAIN|GONE|ATTENTION/);
  await done("sign-request r.json --offline keys --yes --out s2.json");
  const [first, second] = [certificatesOf(read("s1.json")), certificatesOf(read("s2.json"))];
  expect(first.length).toBeGreaterThan(1);
  expect(first.every(([, signature]) => signature !== "")).toBe(true);
  expect(second).toEqual(first);
  await done("import s1.json --data store");
  await expectNothingNew();
});

test("what was remembered when the machine went off before the answer was written is given again", async () => {
  await done("sign-request r.json --offline keys --yes --out s1.json");
  const lost = certificatesOf(read("s1.json"));
  rmSync(join(cwd, "s1.json"));
  await done("sign-request r.json --offline keys --yes --out s1.json");
  expect(certificatesOf(read("s1.json"))).toEqual(lost);
  await done("import s1.json --data store");
  await expectNothingNew();
});

test("a machine that has the authorities' root alone gives its answer again", async () => {
  mkdirSync(join(cwd, "root-only"));
  cpSync(join(cwd, "keys/ca-root.pem"), join(cwd, "root-only/ca-root.pem"));
  await done("sign-request r.json --offline root-only --yes --out s1.json");
  await done("sign-request r.json --offline root-only --yes --out s2.json");
  expect(certificatesOf(read("s2.json"))).toEqual(certificatesOf(read("s1.json")));
  // Where it has nothing to sign, it says so.
  expect((await mosis("sign-request s2.json --offline root-only --yes --out s3.json")).stderr).toContain(
    "[keys.nothing_to_sign]",
  );
});

test("another certificate with the same serial number is refused", async () => {
  await done("sign-request r.json --offline keys --yes --out s1.json");
  const asked = read("r.json");
  const changed = {
    ...asked,
    certificates: asked.certificates.map((one) =>
      one.kind === "release" ? { ...one, notAfter: new Date(one.notAfter.getTime() - DAY_MS) } : one,
    ),
  };
  writeFileSync(join(cwd, "changed.json"), buildRequest(changed));
  const refused = await mosis("sign-request changed.json --offline keys");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("another release certificate with the serial number");
  expect(refused.stderr).toContain("[keys.request_refused]");
  // With a number of its own it is what any request is, of versions that were signed here with other words.
  const other = {
    ...changed,
    certificates: changed.certificates.map((one) =>
      one.kind === "release" ? { ...one, serial: `4f${one.serial.slice(2, -2)}01` } : one,
    ),
  };
  writeFileSync(join(cwd, "other.json"), buildRequest(other));
  expect((await mosis("sign-request other.json --offline keys")).exitCode).toBe(0);
  const version = {
    ...asked,
    metadata: asked.metadata.map((one) =>
      one.role === "apps" ? { ...one, expiresAt: new Date(one.expiresAt.getTime() - DAY_MS) } : one,
    ),
  };
  writeFileSync(join(cwd, "version.json"), buildRequest(version));
  expect(await done("sign-request version.json --offline keys")).toContain(
    "ATTENTION apps: another document of version",
  );
});

test("signatures that were kept and do not count are made anew, and a folder of the version before is read", async () => {
  await done("sign-request r.json --offline keys --yes --out s1.json");
  const file = join(cwd, "keys/signed-before.json");
  const text = readFileSync(file, "utf8");
  type Kept = { stores: Record<string, { certificates?: Record<string, { signature: string }> }>; v: number };
  const damaged = JSON.parse(text) as Kept;
  for (const { certificates = {} } of Object.values(damaged.stores))
    for (const one of Object.values(certificates)) one.signature = "AAAA";
  writeFileSync(file, JSON.stringify(damaged));
  await done("sign-request r.json --offline keys --yes --out s2.json");
  await done("import s2.json --data store");

  const before = JSON.parse(text) as Kept;
  for (const store of Object.values(before.stores)) delete store.certificates;
  writeFileSync(file, JSON.stringify({ ...before, v: 3 }));
  expect(await done("sign-request s1.json --offline keys")).toContain(
    "Everything in it was signed here before.",
  );
});
