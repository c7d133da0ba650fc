/** X.509: leaves and authorities in DER, files of authorities in PEM, certificate requests, private keys. */
import { X509Certificate } from "node:crypto";
import { isProblem } from "../../../src/errors.ts";
import { readCertificateForm } from "../../../src/signing/certificate-form.ts";
import { certificatesFromPem, readCertificateRequest } from "../../../src/signing/certificates.ts";
import { judgeChain, sortAnchors } from "../../../src/signing/chain.ts";
import { privateKeyFromPem } from "../../../src/signing/keys.ts";
import { parseCertificate, readLeaf } from "../../../src/signing/leaf.ts";
import { authorities } from "../../make/authorities.ts";
import { AT } from "../../make/case.ts";
import {
  DEVELOPER,
  DEVELOPER_CA,
  makeCertificate,
  nameOf,
  pemOf,
  RELEASE,
  ROOT,
} from "../../make/certificates.ts";
import { bits, element, integer, sequence } from "../../make/der.ts";
import { type TestKey, testKey } from "../../make/keys.ts";
import { PACKAGE_CASES } from "../../make/package-cases.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { otherCertificate, resigned } from "../mutate/certificate.ts";
import { mutateDer } from "../mutate/der.ts";
import type { Random } from "../random.ts";
import { accepted, type Made, type Outcome, pickFrom, refusedBy, type Target } from "../target.ts";

const PLANS = [DEVELOPER, RELEASE, DEVELOPER, RELEASE, DEVELOPER_CA, ROOT] as const;
const ISSUERS: readonly [TestKey, TestKey] = [testKey("root"), testKey("developer-ca")];

function changeDer(random: Random, corpus: readonly Uint8Array[], signer: TestKey): Made {
  const bytes = pickFrom(random, corpus);
  const level = random.int(10);
  if (level === 0) return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
  if (level < 4) return { bytes: mutateDer(bytes, random), repaired: "lengths" };
  return { bytes: resigned(bytes, signer, random), repaired: "signature" };
}

function ownCertificates(): Uint8Array[] {
  const plans = PACKAGE_CASES.flatMap(({ plan }) => [plan.developer?.certificate, plan.store?.certificate]);
  const own = plans.flatMap((plan) => (plan === undefined ? [] : [makeCertificate(plan)]));
  return [ROOT, DEVELOPER_CA, DEVELOPER, RELEASE].map(makeCertificate).concat(own);
}

const layerOf = (code: string): string =>
  ["MPK-X001", "MPK-X005"].includes(code) ? "form" : /^MPK-X00[6-9]|^MPK-X01/.test(code) ? "chain" : "leaf";

export const CERTIFICATE: Target = {
  name: "certificate",
  layers: ["form", "leaf", "chain"],
  open: async () => {
    const anchors = sortAnchors(certificatesFromPem(authorities().get("ca") ?? ""));
    return {
      seeds: ownCertificates,
      make: (random, corpus) =>
        random.oneIn(2)
          ? { bytes: makeCertificate(otherCertificate(random.pick(PLANS), random)), repaired: "form" }
          : changeDer(random, corpus, random.pick(ISSUERS)),
      judge: async (bytes) => {
        try {
          parseCertificate(bytes);
          mustBeTheSameToOpenssl(bytes);
          const leaf = leafOf(bytes);
          await judgeChain(leaf, anchors, new Date(AT));
          return accepted(bytes);
        } catch (error) {
          return refusedBy(error, layerOf);
        }
      },
    };
  },
};

function leafOf(bytes: Uint8Array) {
  try {
    return readLeaf(bytes, "developer");
  } catch (error) {
    if (!isProblem(error) || error.code !== "MPK-X002") throw error;
    return readLeaf(bytes, "release");
  }
}

/** What our reader takes for a certificate, the runtime's own reads too, and with the same key. */
function mustBeTheSameToOpenssl(bytes: Uint8Array): void {
  let other: X509Certificate;
  try {
    other = new X509Certificate(Buffer.from(bytes));
  } catch (error) {
    throw new Error("the runtime's own X.509 reader refuses the certificate", { cause: error });
  }
  if (!Buffer.from(other.raw).equals(bytes)) throw new Error("the runtime reads another certificate");
  let key: Buffer;
  try {
    key = other.publicKey.export({ format: "der", type: "spki" });
  } catch {
    // A key of a kind or on a curve that it does not know is judged where the key is used.
    return;
  }
  const { spki } = readCertificateForm(bytes);
  if (key.length === spki.length && !key.equals(spki)) throw new Error("the runtime reads another key");
}

export const PEM: Target = {
  name: "pem",
  layers: ["form", "authority"],
  open: async () => ({
    seeds: () => [...authorities().values()].map((pem) => Buffer.from(pem)),
    make: (random, corpus) => {
      const bytes = pickFrom(random, corpus);
      if (random.oneIn(2))
        return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
      const ders = Buffer.from(bytes)
        .toString("latin1")
        .split(/-----[A-Z ]+-----/)
        .map((block) => Buffer.from(block, "base64"))
        .filter((der) => der.length > 0);
      const at = random.int(ders.length);
      const der = ders[at];
      if (der !== undefined)
        ders[at] = Buffer.from(
          random.oneIn(2) ? mutateDer(der, random) : resigned(der, testKey("root"), random),
        );
      return { bytes: Buffer.from(pemOf(...ders)), repaired: "base64" };
    },
    judge: (bytes) => {
      try {
        const { roots, developerCas } = sortAnchors(certificatesFromPem(new TextDecoder().decode(bytes)));
        return {
          ...accepted(bytes),
          place: `${Math.min(3, roots.length)} ${Math.min(3, developerCas.length)}`,
        };
      } catch (error) {
        return refusedBy(error, (code) => (code === "MPK-X001" ? "form" : "authority"));
      }
    },
  }),
};

export function requestOf(key: TestKey): Uint8Array {
  const info = sequence(integer(0n), nameOf("developer"), key.spki, element(0xa0));
  const algorithm = {
    "ecdsa-p256": "300a06082a8648ce3d040302",
    "ecdsa-p384": "300a06082a8648ce3d040303",
    ed25519: "300506032b6570",
  };
  return new Uint8Array(sequence(info, Buffer.from(algorithm[key.algorithm], "hex"), bits(key.sign(info))));
}

export const REQUEST: Target = {
  name: "certificate-request",
  layers: ["form", "structure", "proof"],
  open: async () => {
    const keys = [
      testKey("developer-1"),
      testKey("developer-1", "ed25519"),
      testKey("developer-1", "ecdsa-p384"),
    ] as const;
    return {
      seeds: () => keys.map(requestOf),
      make: (random, corpus) => changeDer(random, corpus, random.pick([keys[0], keys[0], keys[1]])),
      judge: async (bytes): Promise<Outcome> => {
        try {
          const { spki } = await readCertificateRequest(bytes);
          if (!Buffer.from(bytes).includes(spki)) throw new Error("the key is not the request's");
          await mustRead(bytes);
          return accepted(bytes);
        } catch (error) {
          const outcome = refusedBy(error, () => "form");
          const found = isProblem(error) ? (error.details[0]?.found ?? "") : "";
          const layer = found.includes("not signed")
            ? "proof"
            : found.includes("structure")
              ? "structure"
              : "form";
          return { ...outcome, layer };
        }
      },
    };
  },
};

/** The same as PEM text. */
async function mustRead(bytes: Uint8Array): Promise<void> {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  await readCertificateRequest(
    `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`,
  );
}

export const PRIVATE_KEY: Target = {
  name: "private-key",
  layers: ["form"],
  open: async () => ({
    seeds: () =>
      (["ecdsa-p256", "ecdsa-p384", "ed25519"] as const).map((algorithm) =>
        keyPem(testKey("developer-1", algorithm).pkcs8),
      ),
    make: (random, corpus) => {
      const bytes = pickFrom(random, corpus);
      if (random.oneIn(3))
        return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
      const body =
        Buffer.from(bytes)
          .toString("latin1")
          .split(/-----[A-Z ]+-----/)[1] ?? "";
      return { bytes: keyPem(mutateDer(Buffer.from(body, "base64"), random)), repaired: "base64" };
    },
    judge: (bytes) => {
      try {
        privateKeyFromPem(new TextDecoder().decode(bytes));
        return accepted(bytes);
      } catch (error) {
        return refusedBy(error, () => "form");
      }
    },
  }),
};

function keyPem(der: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`);
}
