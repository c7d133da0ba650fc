/** Every parser that reads what somebody else wrote. */
import type { Target } from "./target.ts";
import { CATALOGUE } from "./targets/catalogue.ts";
import { CERTIFICATE, PEM, PRIVATE_KEY, REQUEST } from "./targets/certificates.ts";
import { DELTA } from "./targets/delta.ts";
import { DOCUMENTS } from "./targets/documents.ts";
import { LOG } from "./targets/log.ts";
import { PACKAGE } from "./targets/package.ts";
import { PICTURES } from "./targets/pictures.ts";
import { SIGNING_REQUEST } from "./targets/signing-request.ts";

export const TARGETS: readonly Target[] = [
  PACKAGE,
  ...PICTURES,
  DELTA,
  ...DOCUMENTS,
  CERTIFICATE,
  PEM,
  REQUEST,
  PRIVATE_KEY,
  ...LOG,
  CATALOGUE,
  SIGNING_REQUEST,
];
