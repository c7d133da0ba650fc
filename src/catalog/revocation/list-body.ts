/** A list of what is revoked as its file, no longer than devices take. */
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { REVOCATIONS_MAX_BYTES } from "../tuf/documents.ts";
import { buildRevocations, type Revocations } from "../tuf/revocations.ts";

/** @throws Problem `revocation.list_full`: no device would take a longer one */
export function listBody(revocations: Revocations): Uint8Array {
  const body = buildRevocations(revocations);
  if (body.byteLength <= REVOCATIONS_MAX_BYTES) return body;
  throw new Problem(
    "unprocessable",
    "revocation.list_full",
    say`The signed list of revocations would have ${body.byteLength} bytes, and devices take ${REVOCATIONS_MAX_BYTES}: lift what is not needed any more, or revoke a developer or app in place of many packages.`,
  );
}
