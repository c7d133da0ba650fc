/**
 * As many authorities as a file may have, made so that each is tried before the right ones: with a package, and with a
 * catalogue of many apps whose key lineages are judged by them. Within the bounds of a hostile file, by the built executable.
 */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AT } from "../../../conformance/make/case.ts";
import { makeCatalogue } from "../../../conformance/make/catalogue.ts";
import { ca } from "../../../conformance/make/catalogue-case.ts";
import { DEVELOPER_CA, makeCertificate, pemOf, ROOT } from "../../../conformance/make/certificates.ts";
import { addition, INDEX } from "../../../conformance/make/content.ts";
import { testKey } from "../../../conformance/make/keys.ts";
import { makePackage } from "../../../conformance/make/packages.ts";
import { canonicalize } from "../../signing/json.ts";
import { workspace } from "../binary.ts";
import { expectBounded, measured } from "./bounded.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

/** Keys of the slowest kind. */
const key = (name: string) => testKey(name, "ecdsa-p384");

/** 31 roots that signed nothing, and 31 Developer CAs with the key that did, which no root signed; then the store's own two. */
const WORST = pemOf(
  ...many(31, (index) =>
    makeCertificate({
      ...ROOT,
      key: key(`root-${index}`),
      signer: key(`root-${index}`),
      serial: BigInt(100 + index),
    }),
  ),
  ...many(31, (index) =>
    makeCertificate({ ...DEVELOPER_CA, signer: key("nobody"), serial: BigInt(200 + index) }),
  ),
  makeCertificate(ROOT),
  makeCertificate(DEVELOPER_CA),
);

test("a package", async () => {
  const [authorities, file] = [join(folder, "worst.pem"), join(folder, "released.mosis")];
  writeFileSync(authorities, WORST);
  writeFileSync(file, makePackage({}));
  const ran = await measured([binary, "verify", file, "--ca", authorities, "--at", AT, "--json"], folder);
  expect([ran.exitCode, ran.stderr]).toEqual([0, ""]);
  expectBounded("verify with 64 authorities", ran);
}, 300_000);

test("a file of 1 MiB of certificates", async () => {
  const [authorities, file] = [join(folder, "large.pem"), join(folder, "released.mosis")];
  writeFileSync(authorities, WORST.repeat(Math.floor(2 ** 20 / WORST.length)));
  writeFileSync(file, makePackage({}));
  const ran = await measured([binary, "verify", file, "--ca", authorities, "--at", AT, "--json"], folder);
  expect(ran.exitCode).toBe(2);
  expectBounded("verify with 1 MiB of authorities", ran);
}, 300_000);

/** An app with a key that another one added, by statements of its own. */
function indexOf(appId: string): Uint8Array {
  const own = { predicate: { appId }, subject: { name: appId } };
  const [first] = INDEX.lineage;
  const added = addition({ addition: own, acceptance: own });
  return canonicalize({ ...INDEX, appId, lineage: [first, added], channels: {} });
}

test("a catalogue of 200 apps with a lineage each", async () => {
  const copy = join(folder, "catalogue");
  const files = makeCatalogue({
    leaves: null,
    targets: {
      ...ca(new TextEncoder().encode(WORST)).targets,
      ...Object.fromEntries(
        many(200, (index) => {
          const appId = `org.example.a${index}`;
          return [`apps/${appId}/index.json`, { bytes: indexOf(appId) }];
        }),
      ),
    },
  });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), bytes);
  }
  const root = join(folder, "1.root.json");
  writeFileSync(root, files.get("metadata/1.root.json") ?? "");
  const ran = await measured([binary, "verify-catalog", copy, "--root", root, "--at", AT, "--json"], folder);
  expect([ran.exitCode, ran.stderr, JSON.parse(ran.stdout)]).toEqual([
    0,
    "",
    expect.objectContaining({ ok: true }),
  ]);
  expectBounded("verify-catalog with 64 authorities", ran);
}, 300_000);
