/** The program judges the examples of enrolment as the file says, and says it of every member of the format. */
import { expect, test } from "bun:test";
import { createPrivateKey } from "node:crypto";
import { DEVICE_TYPE, readAssertion, signAssertion } from "../src/format/enrolment/assertion.ts";
import { makeCode } from "../src/format/enrolment/code.ts";
import vectors from "./enrolment.json" with { type: "json" };
import { type EnrolmentVectors, enrolmentVectors } from "./make/enrolment.ts";
import { judgeAssertion, judgeText } from "./testing/judge-enrolment.ts";

const known = vectors as EnrolmentVectors;

test("codes and links", () => {
  for (const { bytes, code } of known.codes.made) expect(makeCode(Buffer.from(bytes, "hex"))).toBe(code);
  const said = (read: unknown) => (read === null ? "refused" : JSON.stringify(read));
  for (const { text, code } of known.codes.typed)
    expect([text, judgeText("code", text)]).toEqual([text, said(code)]);
  for (const { text, link } of known.links)
    expect([text, judgeText("link", text)]).toEqual([text, said(link)]);
});

test("keys that no device may have", () => {
  for (const { why, publicKey } of known.otherKeys)
    expect([why, judgeText("key", publicKey)]).toEqual([why, "refused"]);
});

test("what devices sign", () => {
  for (const assertion of known.assertions)
    expect([assertion.why, assertion.key, judgeAssertion(assertion, known.keys[assertion.key])]).toEqual([
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
  const plain = ({ codes, links, otherKeys, assertions }: EnrolmentVectors) => ({
    codes,
    links,
    otherKeys: otherKeys.map(({ why }) => why),
    assertions: assertions.map(({ text: _, ...rest }) => rest),
  });
  expect(plain(known)).toEqual(plain(enrolmentVectors()));
});
