/** Certificates and requests changed inside of what is signed, and signed again by the key that should. */

import { type CertificatePlan, makeCertificate } from "../../make/certificates.ts";
import { bits, sequence } from "../../make/der.ts";
import type { TestKey } from "../../make/keys.ts";
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
