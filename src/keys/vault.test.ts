import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Log } from "../log.ts";
import { OTHER_THINGS } from "../testing/other-things.ts";
import { codeOfSync } from "../testing/problems.ts";
import { silentLog } from "../testing/store.ts";
import { openVault } from "./vault.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-vault-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const folder = () => mkdtempSync(join(top, "data-"));
const open = (dataDir: string, options: { file?: string; mayCreate?: boolean; log?: Log } = {}) =>
  openVault({
    file: options.file ?? null,
    dataDir,
    mayCreate: options.mayCreate ?? false,
    log: options.log ?? silentLog,
  });

describe("the master key", () => {
  test("is made once, for its owner alone, with a warning", () => {
    const dataDir = folder();
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (event) => void warnings.push(event) };
    const sealed = open(dataDir, { mayCreate: true, log }).seal("a", Buffer.from("x"));
    expect(warnings).toEqual(["keys.master_made"]);
    expect(statSync(join(dataDir, "master.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(["master.key"]);
    const again = open(dataDir, { mayCreate: true, log });
    expect(Buffer.from(again.unseal("a", sealed)).toString()).toBe("x");
    expect(warnings).toHaveLength(1);
  });

  test.each(OTHER_THINGS)("is a plain file, and %s is refused at once", (_, put) => {
    const dataDir = folder();
    const file = join(dataDir, "mounted.key");
    put(file);
    expect(["keys.master_malformed", "keys.master_missing"]).toContain(
      codeOfSync(() => open(dataDir, { file })),
    );
  });

  test("that is a long file is refused without being read", () => {
    const dataDir = folder();
    const file = join(dataDir, "long.key");
    writeFileSync(file, "A".repeat(1025), { mode: 0o600 });
    expect(codeOfSync(() => open(dataDir, { file }))).toBe("keys.master_malformed");
  });

  test("that a group may read is taken with a warning, and one for its owner without", () => {
    const dataDir = folder();
    open(dataDir, { mayCreate: true });
    const warned = () => {
      const events: string[] = [];
      open(dataDir, { log: { ...silentLog, warn: (event) => void events.push(event) } });
      return events;
    };
    expect(warned()).toEqual([]);
    chmodSync(join(dataDir, "master.key"), 0o640);
    expect(warned()).toEqual(["keys.master_group_readable"]);
  });

  test("that a kill left half written is no key: the next start makes one", () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, "master.key.new"), "half", { mode: 0o600 });
    open(dataDir, { mayCreate: true });
    expect(readdirSync(dataDir)).toEqual(["master.key"]);
  });

  test("is never made anew beside a store that has one somewhere", () => {
    const dataDir = folder();
    expect(codeOfSync(() => open(dataDir))).toBe("keys.master_missing");
    expect(codeOfSync(() => open(dataDir, { file: join(dataDir, "elsewhere"), mayCreate: true }))).toBe(
      "keys.master_missing",
    );
    expect(existsSync(join(dataDir, "elsewhere"))).toBe(false);
  });

  test.each([
    ["nothing", ""],
    ["too few bytes", Buffer.alloc(31).toString("base64")],
    ["too many bytes", Buffer.alloc(33).toString("base64")],
    ["base64url", `${"-".repeat(43)}=`],
    ["two lines", `${Buffer.alloc(32).toString("base64")}\n${Buffer.alloc(32).toString("base64")}`],
    ["bits that are not zero at the end", `${"A".repeat(42)}B=`],
  ])("of %s is refused", (_name, text) => {
    const dataDir = folder();
    writeFileSync(join(dataDir, "master.key"), text, { mode: 0o600 });
    expect(codeOfSync(() => open(dataDir, { mayCreate: true }))).toBe("keys.master_malformed");
    expect(readFileSync(join(dataDir, "master.key"), "utf8")).toBe(text);
  });

  test.each([0o604, 0o644, 0o666, 0o602])("that others may touch (%o) is refused", (mode) => {
    const dataDir = folder();
    open(dataDir, { mayCreate: true });
    chmodSync(join(dataDir, "master.key"), mode);
    expect(codeOfSync(() => open(dataDir))).toBe("keys.master_open");
    chmodSync(join(dataDir, "master.key"), 0o640);
    expect(codeOfSync(() => open(dataDir))).toBe("no problem");
  });
});

describe("what is sealed", () => {
  const vault = open(folder(), { mayCreate: true });

  test("opens under its own name alone, and every time with the same content", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uint8Array(), (name, other, plain) => {
        const sealed = vault.seal(name, plain);
        expect(new Uint8Array(vault.unseal(name, sealed))).toEqual(plain);
        if (other !== name) expect(codeOfSync(() => vault.unseal(other, sealed))).toBe("keys.unsealable");
      }),
    );
  });

  test("does not open with any byte changed, cut off or added, nor with another master key", () => {
    const sealed = vault.seal("name", Buffer.from("a secret of some length"));
    for (let at = 0; at < sealed.byteLength; at += 1) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(codeOfSync(() => vault.unseal("name", changed))).toBe("keys.unsealable");
      expect(codeOfSync(() => vault.unseal("name", sealed.subarray(0, at)))).toBe("keys.unsealable");
    }
    expect(codeOfSync(() => vault.unseal("name", Buffer.concat([sealed, new Uint8Array(1)])))).toBe(
      "keys.unsealable",
    );
    expect(codeOfSync(() => open(folder(), { mayCreate: true }).unseal("name", sealed))).toBe(
      "keys.unsealable",
    );
  });

  test("is never the same twice and does not show what it holds", () => {
    const plain = Buffer.from("-----BEGIN PRIVATE KEY-----");
    const [one, two] = [vault.seal("name", plain), vault.seal("name", plain)];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(one).includes(plain)).toBe(false);
  });
});
