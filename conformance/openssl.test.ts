/** The guide that verifies a developer's signature with openssl alone, over packages of the kit with certificates of many kinds. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesSource } from "../src/format/source.ts";
import { verifyPackage } from "../src/format/verify.ts";
import { scratch } from "../src/testing/scratch.ts";
import { authorities } from "./make/authorities.ts";
import { PACKAGE_CASES } from "./make/package-cases.ts";
import { makePackage } from "./make/packages.ts";

const GUIDE = readFileSync(join(import.meta.dirname, "../assets/docs/guides/verify-with-openssl.md"), "utf8");
const SCRIPT = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((block) => block[1]).join("\n");

test.each([
  ["valid/released", 0, "OK"],
  ["valid/signed", 0, "OK"],
  ["valid/ed25519", 0, "OK"],
  ["valid/p384-authorities", 0, "OK"],
  ["valid/two-generations", 0, "OK"],
  ["valid/certificate-developer-extension-nested", 0, "OK"],
  ["valid/signed-in-last-second", 1, "certificate has expired"],
  ["valid/certificate-developer-extensions-not-looked-into", 1, "invalid certificate"],
])("%s", async (id, code, says) => {
  const made = PACKAGE_CASES.find((each) => each.id === id);
  if (made === undefined) throw new Error(`the kit has no ${id}`);
  const here = scratch();
  try {
    const bytes = makePackage(made.plan);
    const { store } = await verifyPackage(bytesSource(bytes), { now: new Date(made.at) });
    here.write("app.mosis", bytes);
    here.write("ca.pem", authorities().get(made.ca) ?? "");
    here.write("time", String((store?.approvedAt ?? new Date(made.at)).getTime() / 1000));
    const ran = Bun.spawnSync(["sh", "-c", `set -eu\n${SCRIPT}`], { cwd: here.folder });
    const output = `${ran.stdout}${ran.stderr}`;
    expect([output.includes(says) ? says : output, ran.exitCode]).toEqual([says, code]);
  } finally {
    here.remove();
  }
});
