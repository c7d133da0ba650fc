/** Certificates and requests changed inside of what is signed, and signed again by the key that should. */

import {
  basicConstraints,
  type CertificatePlan,
  DEVELOPER,
  DEVELOPER_CA,
  day,
  type Extension,
  extendedKeyUsage,
  keyUsage,
  makeCertificate,
  ROOT,
  uriNames,
} from "../../make/certificates.ts";
import { bits, sequence } from "../../make/der.ts";
import { type TestKey, testKey } from "../../make/keys.ts";
import type { Random } from "../random.ts";
import { mutateBytes } from "./bytes.ts";
import { mutateDer, partsOf } from "./der.ts";

/** The three parts of what X.509 signs, with the first one changed. */
export function resigned(der: Uint8Array, signer: TestKey, random: Random): Uint8Array {
  const [signed, algorithm] = partsOf(der);
  if (signed === undefined || algorithm === undefined) return mutateBytes(der, random);
  const changed = mutateDer(signed, random);
  return new Uint8Array(sequence(changed, algorithm, bits(signer.sign(changed))));
}

export function resignedCertificate(plan: CertificatePlan, random: Random): CertificatePlan {
  const der = makeCertificate(plan);
  const changed = random.oneIn(5) ? mutateDer(der, random) : resigned(der, plan.signer, random);
  return { ...plan, bytes: () => changed };
}

const DAYS = [
  "2020-01-01",
  "2026-02-28",
  "2026-03-01",
  "2026-03-02",
  "2049-12-31",
  "2050-01-01",
  "9999-12-31",
] as const;
const NAMES = [
  "mosis:dev:dev-1",
  "mosis:store:store-1",
  "mosis:dev:",
  "mosis:dev:A",
  "MOSIS:dev:dev-1",
  "https://example.org",
] as const;
const PURPOSES = ["1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"] as const;

function randomExtension(random: Random): Extension {
  const usages = ["digitalSignature", "keyCertSign", "cRLSign", "keyAgreement"] as const;
  const extension = random.pick<() => Extension>([
    () => basicConstraints(random.oneIn(2), random.oneIn(2) ? random.int(3) : undefined),
    () => keyUsage(...usages.filter(() => random.oneIn(2))),
    () => extendedKeyUsage(...PURPOSES.filter(() => random.oneIn(2))),
    () => uriNames(...NAMES.filter(() => random.oneIn(3))),
    () => ({ oid: random.pick(["2.5.29.14", "2.5.29.30", "1.2.3.4"]), value: random.bytes(random.int(6)) }),
  ])();
  return random.oneIn(4) ? { ...extension, critical: random.oneIn(2) } : extension;
}

/** A certificate in the right form that says something else than it should. */
export function otherCertificate(plan: CertificatePlan, random: Random): CertificatePlan {
  const changed = { ...plan, extensions: [...plan.extensions] };
  const keys = ["root", "developer-ca", "developer-1", "release-1", "stranger"] as const;
  for (let count = 1 + random.int(2); count > 0; count--) {
    const at = random.int(changed.extensions.length);
    random.pick<() => void>([
      () => {
        const extension = randomExtension(random);
        const same = changed.extensions.findIndex(({ oid }) => oid === extension.oid);
        changed.extensions.splice(same === -1 ? at : same, same === -1 ? 0 : 1, extension);
      },
      () => {
        changed.extensions.splice(at, 1);
      },
      () => Object.assign(changed, { notBefore: day(random.pick(DAYS)) }),
      () => Object.assign(changed, { notAfter: day(random.pick(DAYS)) }),
      () => Object.assign(changed, { issuer: random.pick([ROOT, DEVELOPER_CA, DEVELOPER]).subject }),
      () => Object.assign(changed, { signer: testKey(random.pick(keys)) }),
      () =>
        Object.assign(changed, {
          key: testKey(random.pick(keys), random.oneIn(3) ? "ed25519" : "ecdsa-p256"),
        }),
      () => Object.assign(changed, { serial: BigInt(random.int(2 ** 31)) }),
    ])();
  }
  return changed;
}
