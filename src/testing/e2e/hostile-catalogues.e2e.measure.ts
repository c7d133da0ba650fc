/**
 * A copy of a catalogue that is made to cost a reader much is refused by verify-catalog within the bounds of a hostile
 * file: what a mirror may send without any key, and documents at their limits that a store's own keys have signed.
 */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AT } from "../../../conformance/make/case.ts";
import {
  type CataloguePlan,
  type Files,
  makeCatalogue,
  type Target,
} from "../../../conformance/make/catalogue.ts";
import { edit, target } from "../../../conformance/make/catalogue-case.ts";
import { BASE_LEAVES, headOf, INDEX, PATHS, REVOCATIONS } from "../../../conformance/make/content.ts";
import { testKey } from "../../../conformance/make/keys.ts";
import { buildLeaf } from "../../format/log/leaves.ts";
import type { AppId, Sha256, VersionCode } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { workspace } from "../binary.ts";
import { noise } from "../noise.ts";
import { expectBounded, measured } from "./bounded.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

const MIB = 2 ** 20;
const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const ascii = (text: string) => new TextEncoder().encode(text);
const replaced = (name: RegExp, bytes: Uint8Array): CataloguePlan => ({
  files: (files: Files) => {
    for (const path of [...files.keys()]) if (name.test(path)) files.set(path, bytes);
  },
});
const signatures = (count: number) =>
  many(count, (index) => ({ keyid: index.toString(16).padStart(64, "0"), sig: "00".repeat(64) }));
const hex = (index: number) => index.toString(16).padStart(64, "0");

type Hostile = { readonly what: string; readonly plan: CataloguePlan };

/** Apps of one release each, in the log one after the other, and in the catalogue in the order of their names. */
function manyApps(count: number): CataloguePlan {
  const [first] = INDEX.lineage;
  const [release] = INDEX.channels.stable;
  const publishedAt = new Date(release.publishedAt);
  const leaves = [...BASE_LEAVES];
  const targets = many(count, (index): [string, Target] => {
    const about = {
      appId: `org.example.a${String(index).padStart(4, "0")}` as AppId,
      versionCode: release.versionCode as VersionCode,
      contentDigest: release.contentDigest as Sha256,
    };
    const { keyId: developerKeyId } = first;
    leaves.push(
      buildLeaf(
        { ...about, type: "approval", upload: hex(index) as Sha256, developerKeyId, reviewId: "review-1" },
        publishedAt,
        null,
      ),
      buildLeaf({ ...about, type: "publication", package: release.package.sha256 }, publishedAt, null),
    );
    const publication = leaves.length - (index === count - 1 ? 2 : 1);
    const log = {
      approval: { position: leaves.length - 2, salt: null },
      publication: { position: publication, salt: null },
    };
    const { appId } = about;
    const document = { ...INDEX, appId, lineage: [first], channels: { stable: [{ ...release, log }] } };
    return [`apps/${appId}/index.json`, { bytes: canonicalize(document) }];
  });
  const head = { bytes: canonicalize(headOf(leaves)) };
  return {
    binBits: 8,
    leaves,
    targets: { ...Object.fromEntries(targets), [PATHS.log]: head, [PATHS.index]: null },
  };
}

const HOSTILE: readonly Hostile[] = [
  {
    what: "a timestamp that is nested as deep as it is long",
    plan: replaced(/timestamp/, ascii("[".repeat(MIB))),
  },
  { what: "a timestamp of noise without an end", plan: replaced(/timestamp/, noise("timestamp", 64 * MIB)) },
  {
    what: "a timestamp of 100,000 signatures",
    plan: { roles: { timestamp: { file: (m) => ({ ...m, signatures: signatures(100_000) }) } } },
  },
  {
    what: "a root of 2,000 signatures by nobody",
    plan: { roots: 2, roles: { "2.root": { file: (m) => ({ ...m, signatures: signatures(2000) }) } } },
  },
  {
    what: "256 roots, and then none that signs",
    plan: { roots: 256, roles: { "256.root": { signers: [testKey("nobody", "ed25519")] } } },
  },
  {
    what: "a root of 1,000 keys",
    plan: edit("1.root", (s) => ({
      ...s,
      keys: {
        ...s.keys,
        ...Object.fromEntries(
          many(1000, (index) => [
            hex(index),
            { keytype: "ed25519", keyval: { public: hex(index) }, scheme: "ed25519" },
          ]),
        ),
      },
    })),
  },
  {
    what: "a snapshot of 50,000 names",
    plan: edit("snapshot", (s) => ({
      ...s,
      meta: {
        ...s.meta,
        ...Object.fromEntries(many(50_000, (index) => [`x-${index}.json`, { version: 1 }])),
      },
    })),
  },
  {
    what: "a bin of 20,000 targets that are not there",
    plan: {
      targets: Object.fromEntries(
        many(20_000, (index) => [`apps/org.example.a${index}/index.json`, { bytes: ascii("{}") }]),
      ),
    },
  },
  {
    what: "20,000 delegations by nobody",
    plan: {
      roles: {
        targets: {
          signed: (signed) => {
            const role = { ...signed.delegations.roles[0], terminating: false };
            signed.delegations.roles = many(20_000, (index) => ({ ...role, name: `x-${index}` }));
          },
          signers: [testKey("nobody", "ed25519")],
        },
      },
    },
  },
  {
    what: "a pattern of thirty stars, and a path that nearly has it",
    plan: {
      more: [{ name: "more", delegation: { paths: [`trust/${"*a".repeat(30)}*b`] } }],
      targets: { [`trust/${"a".repeat(60)}`]: { bytes: ascii("x"), role: "more" } },
    },
  },
  {
    what: "250,000 patterns",
    plan: { more: [{ name: "more", delegation: { paths: many(250_000, (index) => `x/${index}`) } }] },
  },
  {
    what: "as many patterns as there may be, each for every one of 1,000 targets, the last of which is not there",
    plan: {
      more: [
        {
          name: "more",
          delegation: { paths: many(490, () => `apps/${"a".repeat(60)}*/${"b".repeat(60)}*`) },
        },
        {
          name: "inner",
          by: "more",
          delegation: { paths: many(500, () => `apps/${"a".repeat(60)}*/${"b".repeat(60)}*`) },
        },
      ],
      targets: Object.fromEntries(
        many(1000, (index) => [
          `apps/${"a".repeat(60)}/${"b".repeat(60)}${index}`,
          { bytes: ascii("x"), role: "inner" },
        ]),
      ),
      files: (files: Files) => {
        for (const path of [...files.keys()]) if (/b{60}999$/.test(path)) files.delete(path);
      },
    },
  },
  {
    what: "an index of 50,000 releases of nothing",
    plan: target(PATHS.index, ascii(`{"releases":[${many(50_000, () => "{}").join(",")}]}`)),
  },
  {
    what: "an index that is nested a million deep",
    plan: target(PATHS.index, ascii("[".repeat(MIB))),
  },
  {
    // The store's own list at nine tenths of its limit: what a device has to bear, and not what a stranger can send.
    what: "80,000 revocations, the last of which stands twice",
    plan: target(PATHS.revocations, {
      ...REVOCATIONS,
      entries: [...many(80_000, (index) => index), 79_999].map((index) => ({
        action: "block",
        approvalsUntil: null,
        id: hex(index),
        reason: "x",
        revokedAt: "2026-02-01T00:00:00Z",
        subject: "package",
      })),
    }),
  },
  {
    what: "authorities of 5,000 blocks of noise",
    plan: {
      targets: {
        [PATHS.ca]: {
          role: "targets",
          bytes: ascii(
            many(
              5000,
              (index) =>
                `-----BEGIN CERTIFICATE-----\n${Buffer.from(noise(`ca ${index}`, 96)).toString("base64")}\n-----END CERTIFICATE-----\n`,
            ).join(""),
          ),
          entry: (entry) => ({ ...entry, custom: { storeId: "store-1" } }),
        },
      },
    },
  },
  { what: "4,000 apps, whose releases are all in the log but the last", plan: manyApps(4000) },
  { what: "tiles of the log that do not end", plan: replaced(/^log\//, noise("tile", 64 * MIB)) },
];

for (const { what, plan } of HOSTILE) {
  test(what, async () => {
    const copy = join(folder, "copy");
    rmSync(copy, { recursive: true, force: true });
    const files = makeCatalogue(plan);
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), bytes);
    }
    const root = join(folder, "1.root.json");
    writeFileSync(root, files.get("metadata/1.root.json") ?? "");
    const ran = await measured(
      [binary, "verify-catalog", copy, "--root", root, "--at", AT, "--json"],
      folder,
    );
    expect([ran.exitCode, ran.stderr]).toEqual([1, ""]);
    const { findings } = JSON.parse(ran.stdout) as { findings: Record<string, unknown>[] };
    expect(findings.length).toBeGreaterThan(0);
    for (const { code, found, expected, entry, offset, pointer } of findings) {
      expect([code, found, expected]).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
      expect(entry ?? offset ?? pointer).toBeDefined();
    }
    expectBounded(`verify-catalog ${what}: ${findings[0]?.code}`, ran);
  }, 300_000);
}
