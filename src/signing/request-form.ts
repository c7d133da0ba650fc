/** The form of a PKCS #10 request (RFC 2986 §4), element by element: the X.509 library reads more generously than others do. */
import { childrenOf, isAlgorithmIdentifier, isName, isOid, sliceOf } from "./certificate-parts.ts";
import { type DerNode, readChildren, readDer, TAG_BIT_STRING, TAG_SEQUENCE, TAG_SET } from "./der.ts";

const VERSION_1 = "020100";
const TAG_ATTRIBUTES = 0xa0;

/** The SubjectPublicKeyInfo as it stands in the request; undefined for bytes, known to be strict DER, that are no request. */
export function requestSpki(der: Uint8Array): Uint8Array | undefined {
  const [info, algorithm, signature, ...more] = childrenOf(der, readDer(der, 0, der.length));
  if (!isAlgorithmIdentifier(der, algorithm) || signature?.tag !== TAG_BIT_STRING || more.length > 0)
    return undefined;
  const [version, subject, spki, attributes, ...rest] = childrenOf(der, info);
  if (info?.tag !== TAG_SEQUENCE || version === undefined || rest.length > 0) return undefined;
  if (Buffer.from(sliceOf(der, version)).toString("hex") !== VERSION_1) return undefined;
  if (!isName(der, subject) || spki?.tag !== TAG_SEQUENCE) return undefined;
  // Some programs leave the empty list out.
  return attributes === undefined || areAttributes(der, attributes) ? sliceOf(der, spki) : undefined;
}

/** Each an object identifier and a set of values. */
function areAttributes(der: Uint8Array, list: DerNode): boolean {
  if (list.tag !== TAG_ATTRIBUTES) return false;
  const attributes = readChildren(der, list);
  return (
    attributes?.every((attribute) => {
      const [type, values, ...more] = childrenOf(der, attribute);
      return (
        attribute.tag === TAG_SEQUENCE && isOid(der, type) && values?.tag === TAG_SET && more.length === 0
      );
    }) ?? false
  );
}
