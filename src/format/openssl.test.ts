import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateToPem } from "../signing/certificates.ts";
import { createTestAuthorities, NOW, sampleFiles, signedPackage } from "./testing.ts";
import { compressEntry } from "./zip/compress.ts";
import { packApp } from "./zip/writer.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-tools-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const GUIDE = join(import.meta.dir, "../../assets/docs/guides/verify-with-openssl.md");

/** The shell commands of the guide, in order: what a reader copies is what is tested. */
function commandsOf(guide: string): string {
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((block) => block[1]).join("\n");
}

async function runGuide(more = ""): Promise<{ code: number; output: string }> {
  const commands = commandsOf(readFileSync(GUIDE, "utf8"));
  const script = `set -eu\n${commands.replace("openssl verify ", `openssl verify ${more} `)}`;
  const run = Bun.spawn(["sh", "-c", script], { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text()]);
  return { code: await run.exited, output: out + err };
}

test.each(["ecdsa-p256", "ed25519"] as const)(
  "openssl alone verifies a developer's signature: %s",
  async (leaf) => {
    const authorities = await createTestAuthorities({ leaf });
    const signed = await signedPackage(authorities);
    writeFileSync(at("app.mosis"), signed);
    writeFileSync(
      at("ca.pem"),
      certificateToPem(authorities.root) + certificateToPem(authorities.developerCa),
    );
    writeFileSync(at("time"), String(NOW.getTime() / 1000));
    const good = await runGuide();
    expect(good.output).toContain("Verified");
    expect(good.output).toContain("URI:mosis:dev:dev-1");
    expect(good.output).toContain("developer.pem: OK");
    expect(good.output).toContain("contents: OK");
    expect(good.code).toBe(0);
    expect((await runGuide("-x509_strict")).output).toContain("developer.pem: OK");

    // The same commands refuse an envelope that speaks of something else.
    const other = await signedPackage(authorities, sampleFiles({ version: "1.2.4" }));
    writeFileSync(at("app.mosis"), other);
    expect((await runGuide()).code).toBe(0);
    const stranger = await createTestAuthorities({ leaf });
    writeFileSync(at("ca.pem"), certificateToPem(stranger.root) + certificateToPem(stranger.developerCa));
    expect((await runGuide()).code).not.toBe(0);
  },
  30_000,
);

test("what is packed can be read by unzip and Python, and comes out as it went in", async () => {
  const files = sampleFiles();
  writeFileSync(at("plain.mosis"), await packApp(files));
  const unzip = Bun.spawnSync(["unzip", "-t", at("plain.mosis")]);
  expect(unzip.stdout.toString()).toContain("No errors detected");
  const script = `import zipfile,sys,hashlib
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for i in z.infolist(): print(hashlib.sha256(z.read(i)).hexdigest(), i.filename)`;
  const python = Bun.spawnSync(["python3", "-c", script, at("plain.mosis")]);
  const listed = new Map(
    python.stdout
      .toString()
      .trim()
      .split("\n")
      .map((line): [string, string] => [line.slice(65), line.slice(0, 64)]),
  );
  expect([...listed.keys()].slice(0, 1)).toEqual(["manifest.json"]);
  for (const [name, bytes] of files) {
    if (name === "manifest.json") continue;
    expect(listed.get(name)).toBe(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
  }
});

test("deflated data is zlib 1.2.13's, byte for byte, and the same each time", async () => {
  const version = Bun.spawnSync(["python3", "-c", "import zlib; print(zlib.ZLIB_RUNTIME_VERSION)"])
    .stdout.toString()
    .trim();
  const inputs = [1, 100, 5000, 70_000, 300_000].map((length) =>
    Uint8Array.from({ length }, (_, index) => ((index * 7) ^ (index >> 5) ^ ((index * index) >> 11)) & 0x3f),
  );
  const script = `import zlib,sys
data=open(sys.argv[1],'rb').read()
c=zlib.compressobj(9,zlib.DEFLATED,-15,8,zlib.Z_DEFAULT_STRATEGY)
sys.stdout.buffer.write(c.compress(data)+c.flush())`;
  for (const input of inputs) {
    const { fields, data } = compressEntry("x.lua", input);
    expect(compressEntry("x.lua", Uint8Array.from(input)).data).toEqual(data);
    if (fields.method === 0) continue;
    writeFileSync(at("input"), input);
    const zlib = Bun.spawnSync(["python3", "-c", script, at("input")]).stdout;
    // Another zlib makes other bytes: then there is nothing to compare with on this machine.
    if (version === "1.2.13") expect(Buffer.from(data).equals(zlib)).toBe(true);
  }
});
