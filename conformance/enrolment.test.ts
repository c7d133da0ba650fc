/** The program judges the examples of enrolment as the file says, and says it of every member of the format. */
import { expect, test } from "bun:test";
import { createHash, createPrivateKey } from "node:crypto";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  ENROLMENT_TYPE,
  isSignedBy,
  isTimely,
  readAssertion,
  readDeviceKey,
  signAssertion,
} from "../src/format/enrolment/assertion.ts";
import { makeCode, parseCode } from "../src/format/enrolment/code.ts";
import { parseLink } from "../src/format/enrolment/link.ts";
import vectors from "./enrolment.json" with { type: "json" };
import { type EnrolmentVectors, enrolmentVectors } from "./make/enrolment.ts";

const known = vectors as EnrolmentVectors;
type Assertion = EnrolmentVectors["assertions"][number];

test("codes and links", () => {
  for (const { bytes, code } of known.codes.made) expect(makeCode(Buffer.from(bytes, "hex"))).toBe(code);
  for (const { text, code } of known.codes.typed) expect([text, parseCode(text)]).toEqual([text, code]);
  for (const { text, link } of known.links)
    expect([text, parseLink(text)] as unknown[]).toEqual([text, link]);
});

function verdictOf({
  kind,
  key,
  rootSha256,
  code,
  deviceId,
  nowSeconds,
  text,
}: Assertion): Assertion["verdict"] {
  const pair = known.keys[key];
  const own = readDeviceKey(Buffer.from(pair?.publicKey ?? "", "base64url"));
  if (own === null) throw new Error("it is a key");
  expect(own.keyid).toBe(pair?.keyid ?? "");
  if (kind === "enrolment") {
    const read = readAssertion(text, ENROLMENT_TYPE);
    if (read === null || !isSignedBy(own, read)) return "refused";
    const { aud, iss, code_sha256 } = read.claims;
    const hash = createHash("sha256")
      .update(code ?? "")
      .digest("hex");
    if (aud !== audienceOfRoot(rootSha256) || iss !== own.keyid || code_sha256 !== hash) return "refused";
    return isTimely(read.claims, nowSeconds) ? "taken" : "stale";
  }
  const read = readAssertion(text, DEVICE_TYPE);
  if (read === null || !isSignedBy(own, read)) return "refused";
  const { aud, iss, sub } = read.claims;
  if (aud !== audienceOfRoot(rootSha256) || iss !== deviceId || sub !== deviceId) return "refused";
  return isTimely(read.claims, nowSeconds) ? "taken" : "stale";
}

test("what devices sign", () => {
  for (const assertion of known.assertions)
    expect([assertion.why, assertion.key, verdictOf(assertion)]).toEqual([
      assertion.why,
      assertion.key,
      assertion.verdict,
    ]);
});

test("what is signed again with the key of Ed25519 is the same text", () => {
  const [text = "", key] = [
    known.assertions.find(({ key: of, kind, why }) => of === 1 && kind === "device" && why === "whole")?.text,
    known.keys[1],
  ];
  const claims = readAssertion(text, DEVICE_TYPE)?.claims;
  if (claims === undefined || key === undefined) throw new Error("it is there");
  const der = Buffer.from(key.privateKey, "hex");
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  expect(signAssertion({ algorithm: "ed25519", privateKey }, DEVICE_TYPE, claims)).toBe(text);
});

test("the file has what the maker makes, but for keys and what they sign", () => {
  const plain = ({ codes, links, assertions }: EnrolmentVectors) => ({
    codes,
    links,
    assertions: assertions.map(({ text: _, ...rest }) => rest),
  });
  expect(plain(known)).toEqual(plain(enrolmentVectors()));
});
