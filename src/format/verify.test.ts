import { beforeAll, describe, expect, test } from "bun:test";
import { canonicalize } from "../signing/json.ts";
import { extractEntries } from "./extract.ts";
import { bytesSource } from "./source.ts";
import {
  APPROVAL,
  createTestAuthorities,
  NOW,
  releasedPackage,
  sampleFiles,
  sampleManifest,
  signedPackage,
  type TestAuthorities,
} from "./testing.ts";
import { type Policy, verifyPackage } from "./verify.ts";
import { openContainer } from "./zip/reader.ts";
import { rawArchive, writeRaw } from "./zip/testing.ts";
import { packApp } from "./zip/writer.ts";

let authorities: TestAuthorities;
let policy: Policy;
let signed: Uint8Array;
let released: Uint8Array;

beforeAll(async () => {
  authorities = await createTestAuthorities();
  policy = { now: NOW, roots: [authorities.root], developerCas: [authorities.developerCa] };
  signed = await signedPackage(authorities);
  released = await releasedPackage(authorities, signed);
});

const judge = (bytes: Uint8Array, more: Partial<Policy> = {}) =>
  verifyPackage(bytesSource(bytes), { ...policy, ...more });

describe("a package that keeps every rule", () => {
  test("unsigned", async () => {
    const verdict = await judge(await packApp(sampleFiles()));
    expect(verdict.ok).toBe(true);
    expect(verdict.sections.map(({ verdict }) => verdict)).toEqual(["ok", "ok", "ok", "absent", "absent"]);
  });
  test("released", async () => {
    const verdict = await judge(released);
    expect(verdict.sections.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, kind: "released" });
    expect(verdict.developer).toMatchObject({ developerId: "dev-1", chain: "ok", algorithm: "ecdsa-p256" });
    expect(verdict.store).toMatchObject({ storeId: "store-1", approvedAt: APPROVAL.approvedAt, chain: "ok" });
  });
});

test("a manifest that names many files that are not there has a finding for fifty of them", async () => {
  const missing = Array.from({ length: 2000 }, (_, index) => `ui/${index}.rml`);
  const manifest = canonicalize({ ...sampleManifest(), ui: missing, entry: "missing.lua" });
  const files = sampleFiles().set("manifest.json", manifest);
  const { sections } = await judge(writeRaw(rawArchive(files)));
  const found = sections.flatMap(({ findings }) => findings);
  expect(found.map(({ code }) => code)).toEqual(Array<"MPK-M019">(50).fill("MPK-M019"));
  expect(found.slice(0, 2).map(({ pointer }) => pointer)).toEqual(["/entry", "/ui/0"]);
});

test("what is extracted is what was packed", async () => {
  const source = bytesSource(released);
  const container = await openContainer(source);
  const files = new Map<string, string>();
  for await (const { name, stream } of extractEntries(source, container)) {
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    files.set(name, Buffer.concat(parts).toString("hex"));
  }
  expect([...files.keys()]).toEqual(container.entries.map(({ name }) => name));
  for (const [name, bytes] of sampleFiles()) {
    if (name !== "manifest.json") expect(files.get(name)).toBe(Buffer.from(bytes).toString("hex"));
  }
});
