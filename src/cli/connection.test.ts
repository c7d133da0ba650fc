import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestAuthorities } from "../format/testing.ts";
import { certificateToPem } from "../signing/certificates.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { chosenConnection } from "./connection.ts";

let here: Scratch;
let pem: string;

beforeAll(async () => {
  here = scratch();
  pem = certificateToPem((await createTestAuthorities()).root);
});
afterAll(() => here.remove());

const chosen = (storeCa: string) =>
  chosenConnection({ store: "https://store.example", token: "mosis_x", storeCa }, {}, here.path);

test("--store-ca: the blocks count, whatever stands beside them in whatever encoding", async () => {
  here.write("ca.pem", Buffer.concat([Buffer.from("CA of \xe9t\xe9\n", "latin1"), Buffer.from(pem)]));
  expect((await chosen("ca.pem")).tlsCa).toBe(pem.trimEnd());
});

const UNUSABLE: readonly (readonly [what: string, make: () => void])[] = [
  ["that is empty", () => here.write("ca.pem", "")],
  ["of other blocks", () => here.write("ca.pem", pem.replaceAll("CERTIFICATE", "PUBLIC KEY"))],
  ["with a broken block", () => here.write("ca.pem", pem + pem.replace(/\n.{20}/, "\n"))],
  ["of more than 1 MiB", () => here.write("ca.pem", pem + "x".repeat(2 ** 20))],
];
test.each(UNUSABLE)("--store-ca: a file %s is wrong usage", async (_what, make) => {
  make();
  expect(await chosen("ca.pem").catch((error: unknown) => error)).toMatchObject({
    kind: "usage",
    code: "client.store_ca_unusable",
  });
});

test("--store-ca: a file that is not there cannot be read", async () => {
  expect(await chosen("none.pem").catch((error: unknown) => error)).toMatchObject({
    kind: "unreachable",
    code: "file.enoent",
  });
});
