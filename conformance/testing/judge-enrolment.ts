/** What the program says of an example of enrolment, by the functions that a store and a device judge with. */
import { createHash } from "node:crypto";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  ENROLMENT_TYPE,
  isSignedBy,
  isTimely,
  readAssertion,
  readDeviceKey,
} from "../../src/format/enrolment/assertion.ts";
import { parseCode } from "../../src/format/enrolment/code.ts";
import { parseLink } from "../../src/format/enrolment/link.ts";
import type { EnrolmentVectors } from "../make/enrolment.ts";

type Assertion = EnrolmentVectors["assertions"][number];
type Key = EnrolmentVectors["keys"][number];

/** @throws Error when the key is none, or has another id than is said */
export function judgeAssertion(assertion: Assertion, key: Key | undefined): Assertion["verdict"] {
  const { kind, rootSha256, code, deviceId, nowSeconds, text } = assertion;
  const own = readDeviceKey(Buffer.from(key?.publicKey ?? "", "base64url"));
  if (own === null || own.keyid !== key?.keyid) throw new Error("it is the key");
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

/** In one text what is read of it; `refused` when nothing is. */
export function judgeText(kind: "code" | "link" | "key", text: string): string {
  const read =
    kind === "code"
      ? parseCode(text)
      : kind === "link"
        ? parseLink(text)
        : (readDeviceKey(Buffer.from(text, "base64url"))?.keyid ?? null);
  return read === null ? "refused" : JSON.stringify(read);
}
