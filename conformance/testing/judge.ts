/** Judges a case in this process, as `mosis verify FILE --ca PEM --at TIME` does in its own. */
import { bytesSource, type Source } from "../../src/format/source.ts";
import { verifyPackage } from "../../src/format/verify.ts";
import { certificatesFromPem } from "../../src/signing/certificates.ts";
import { sortAnchors } from "../../src/signing/chain.ts";
import type { PackageCase } from "../make/case.ts";

/** The code of the first finding; null when the package is accepted. */
export async function judgeInProcess(
  made: Pick<PackageCase, "at" | "sparseBytes">,
  bytes: Uint8Array,
  pem: string,
): Promise<{ readonly code: string | null }> {
  const verdict = await verifyPackage(sparseSource(bytes, made.sparseBytes), {
    now: new Date(made.at),
    expect: ["signed", "released"],
    ...sortAnchors(certificatesFromPem(pem)),
  });
  const [first] = verdict.sections.flatMap(({ findings }) => findings);
  if (verdict.ok !== (first === undefined)) throw new Error("a verdict that its findings do not bear out");
  return { code: first?.code ?? null };
}

/** The bytes with zeros after them. */
export function sparseSource(bytes: Uint8Array, sparseBytes: number | undefined): Source {
  if (sparseBytes === undefined) return bytesSource(bytes);
  return {
    sizeBytes: sparseBytes,
    read: async (offset, length) => {
      const piece = new Uint8Array(length);
      if (offset < bytes.length) piece.set(bytes.subarray(offset, offset + length));
      return piece;
    },
  };
}
