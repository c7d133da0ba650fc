/** All cases of packages, in the order of what a reader looks at. */
import type { PackageCase } from "./case.ts";
import { CERTIFICATE_FORMS } from "./cases/certificate-forms.ts";
import { CERTIFICATES } from "./cases/certificates.ts";
import { CONTAINER } from "./cases/container.ts";
import { DIGESTS } from "./cases/digests.ts";
import { ENVELOPES } from "./cases/envelopes.ts";
import { MANIFEST_CASES } from "./cases/manifest.ts";
import { PICTURES } from "./cases/pictures.ts";
import { TWO_FAULTS_OF_PACKAGES } from "./cases/two-faults-of-packages.ts";
import { VALID } from "./cases/valid.ts";
import { WINDOWS } from "./cases/windows.ts";

export const PACKAGE_CASES: readonly PackageCase[] = [
  ...VALID,
  ...CONTAINER,
  ...DIGESTS,
  ...MANIFEST_CASES,
  ...PICTURES,
  ...WINDOWS,
  ...ENVELOPES,
  ...CERTIFICATES,
  ...CERTIFICATE_FORMS,
  ...TWO_FAULTS_OF_PACKAGES,
];
