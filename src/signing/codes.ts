/**
 * Every code that the JSON, signature and certificate rules can answer with. `format/findings.ts` adds those of the
 * container and the manifest; the published list of errors is made from the two.
 */
export type CodeText = { readonly title: string; readonly explanation: string };

export const SIGNING_CODES = {
  "MPK-J001": {
    title: "JSON document too large",
    explanation:
      "A manifest may have 1 MiB, digests.json 6 MiB and an envelope 1 MiB. Nothing of a larger document is read.",
  },
  "MPK-J002": {
    title: "JSON document is not UTF-8",
    explanation: "The bytes are not well-formed UTF-8.",
  },
  "MPK-J003": {
    title: "JSON document starts with a byte order mark",
    explanation: "The first three bytes are EF BB BF, a byte order mark; the document begins with its JSON.",
  },
  "MPK-J004": {
    title: "JSON syntax error",
    explanation:
      "The document is not JSON (RFC 8259) at the offset that is given; comments and trailing commas are not JSON.",
  },
  "MPK-J005": {
    title: "JSON nested too deeply",
    explanation:
      "Values may be nested 16 deep, where the outermost value is 1 and each value inside counts one more.",
  },
  "MPK-J006": {
    title: "JSON key given twice",
    explanation:
      "An object has the same key twice; readers would differ on which one counts. Keys are compared after their escapes are resolved.",
  },
  "MPK-J007": {
    title: "JSON text with a character that is none",
    explanation: "A string or key holds a lone surrogate or a Unicode noncharacter (I-JSON, RFC 7493 §2.1).",
  },
  "MPK-J008": {
    title: "JSON number that readers would not agree on",
    explanation:
      "Negative zero, numbers beyond the range of a double, and whole numbers beyond ±(2⁵³ − 1) that are written without fraction and exponent are refused (I-JSON, RFC 7493 §2.2).",
  },
  "MPK-J009": {
    title: "JSON document is not canonical",
    explanation:
      "In a package every JSON document is written as RFC 8785 says: keys sorted, no white space, one way to write each value. `mosis pack` does this.",
  },
  "MPK-S001": {
    title: "Envelope has the wrong shape",
    explanation:
      "A DSSE envelope here has exactly payload, payloadType and signatures; a signature has exactly cert, keyid and sig.",
  },
  "MPK-S002": {
    title: "Envelope has another payload type",
    explanation: "payloadType is application/vnd.in-toto+json.",
  },
  "MPK-S003": {
    title: "Envelope has not exactly one signature",
    explanation: "One envelope carries one signature.",
  },
  "MPK-S004": {
    title: "Base64 is not strict",
    explanation:
      "Base64 is the standard alphabet (RFC 4648 §4), padded, without white space, with the unused bits zero.",
  },
  "MPK-S005": {
    title: "Key id does not match the certificate",
    explanation:
      "keyid is the SHA-256 of the certificate's SubjectPublicKeyInfo, as it is encoded in the certificate.",
  },
  "MPK-S006": {
    title: "Signature is malformed",
    explanation:
      "An ECDSA signature is strict DER (SEQUENCE of two minimal positive integers below the group order, nothing after); an Ed25519 one is 64 bytes with S below the group order.",
  },
  "MPK-S007": {
    title: "Signature does not match",
    explanation:
      "The signature was not made over these bytes with the certificate's key: the package was changed, or another key signed it.",
  },
  "MPK-S008": {
    title: "Signing key of a kind that is not taken",
    explanation: "Signatures are ECDSA P-256 with SHA-256 or Ed25519; the public point is uncompressed.",
  },
  "MPK-A001": {
    title: "Statement has the wrong shape",
    explanation:
      "An in-toto Statement v1 here has exactly _type, predicate, predicateType and one subject, each as the reference lists them.",
  },
  "MPK-A002": {
    title: "Statement is of another type",
    explanation:
      "developer.dsse holds a developer-release/v1 statement and store.dsse a store-approval/v1 one; in a key lineage addition is a key-addition/v1, acceptance a key-acceptance/v1 and recovery a key-recovery/v1 statement.",
  },
  "MPK-A003": {
    title: "Statement is about another package",
    explanation: "The statement's content digest is not the one of this package's digests.json.",
  },
  "MPK-A004": {
    title: "Statement and manifest disagree",
    explanation: "The app's id, version and version code in a statement are those of the manifest.",
  },
  "MPK-A005": {
    title: "A time is malformed",
    explanation: "Times are written YYYY-MM-DDTHH:MM:SSZ, 20 bytes, and exist in the calendar.",
  },
  "MPK-A006": {
    title: "Store approved another developer envelope",
    explanation:
      "developerEnvelope in the store's statement is the SHA-256 of this package's developer.dsse.",
  },
  "MPK-A007": {
    title: "Store approved another developer",
    explanation:
      "developerId and developerKeyId in the store's statement are those of the developer's certificate.",
  },
  "MPK-A008": {
    title: "Store approved another upload",
    explanation:
      "The file without the store's envelope is rebuilt; its SHA-256 is not `upload` in the store's statement, so something was changed after approval.",
  },
  "MPK-A009": {
    title: "Store id does not match the certificate",
    explanation: "storeId in the store's statement is the one in the release certificate.",
  },
  "MPK-A010": {
    title: "Approved in the future",
    explanation: "approvedAt is more than 24 hours after this reader's clock.",
  },
  "MPK-A011": {
    title: "Signed long after the approval",
    explanation: "signedAt is more than 24 hours after approvedAt.",
  },
  "MPK-X001": {
    title: "Certificate cannot be read",
    explanation:
      "The bytes are not one X.509 v3 certificate in strict DER with nothing after it: positive serial number of at most 20 bytes, times in their one form, no extension twice. Or a file of certificates has more than 64, or is not in the strict form of RFC 7468; the offset is where the line or block begins.",
  },
  "MPK-X002": {
    title: "Certificate of another kind",
    explanation:
      "developer.dsse is signed with a developer certificate (mosis:dev:…), store.dsse with a release certificate (mosis:store:…).",
  },
  "MPK-X003": {
    title: "Certificate names nobody, or more than one",
    explanation:
      "A leaf has exactly one subject alternative name: the URI mosis:dev:<developerId> or mosis:store:<storeId>, where the id has 1 to 64 of a–z, 0–9 and -.",
  },
  "MPK-X004": {
    title: "Certificate may not sign packages",
    explanation:
      "A leaf says cA false, key usage digitalSignature and extended key usage codeSigning; anyExtendedKeyUsage does not count.",
  },
  "MPK-X005": {
    title: "Certificate has an unknown critical extension",
    explanation:
      "An extension that is marked critical and that this reader does not know must be refused (RFC 5280 §4.2).",
  },
  "MPK-X006": {
    title: "Certificate was not issued by this store",
    explanation: "No authority of the store that is given has issued this certificate.",
  },
  "MPK-X007": {
    title: "Certificate was not valid at that time",
    explanation:
      "Each certificate of a chain is valid at the time that is judged: approvedAt, or now for a package without a store signature. Both bounds are inclusive.",
  },
  "MPK-X008": {
    title: "Authority may not issue this certificate",
    explanation:
      "A CA says cA true and keyCertSign (a root may say no key usages); a Developer CA has path length 0, and the path length of a root leaves room for it.",
  },
  "MPK-X009": {
    title: "Certificate's signature does not match",
    explanation:
      "The issuer that is named did not sign this certificate. A root names itself, and is signed by itself.",
  },
  "MPK-X010": {
    title: "Certificate request refused",
    explanation:
      "The request is not one PKCS #10 request, its key is of a kind that is not taken, or it does not prove possession of the key.",
  },
  "MPK-X011": {
    title: "Key or certificate is revoked",
    explanation:
      "The signing key or its certificate was revoked, or a release key approved this after the time its revocation names.",
  },
  "MPK-L001": {
    title: "Key lineage has the wrong shape",
    explanation:
      "A lineage is a list of 1 to 64 entries. The first has exactly keyId; each other has exactly keyId, addition and acceptance, or exactly keyId and recovery. No key is named twice.",
  },
  "MPK-L002": {
    title: "Statement is about another key, app or developer",
    explanation:
      "The subject of a statement in a lineage is the entry's key id and the app's id; its appId, keyId and developerId are the entry's, the app's and the owner's.",
  },
  "MPK-L003": {
    title: "Statement is for another place in the lineage",
    explanation: "position is the entry's place in the list, the first one being 0.",
  },
  "MPK-L004": {
    title: "Addition is not signed with a key of the lineage",
    explanation:
      "A key is added by one that stands before it in the lineage and that no recovery before it names as lost.",
  },
  "MPK-L005": {
    title: "Store accepted another addition",
    explanation:
      "addition in the store's statement is the SHA-256 of the canonical bytes of the entry's addition, and signerKeyId the key that signed it.",
  },
  "MPK-L006": {
    title: "Times of a key's addition do not fit",
    explanation:
      "addedAt is at most 24 hours after acceptedAt; neither acceptedAt nor approvedAt is more than 24 hours after this reader's clock.",
  },
  "MPK-L007": {
    title: "Recovery did not wait",
    explanation:
      "waitingUntil is at least 24 hours after requestedAt, and approvedAt is not before waitingUntil; at least one person approved and at least one owner was told.",
  },
  "MPK-L008": {
    title: "Recovery names other keys as lost",
    explanation:
      "lostKeyIds are exactly the keys that stand before it in the lineage and that no earlier recovery names, in the lineage's order.",
  },
  "MPK-L009": {
    title: "Key lineage is not what was pinned",
    explanation:
      "A lineage only grows: its keys begin with those that this reader has seen before, in the same order.",
  },
  "MPK-L010": {
    title: "App changed hands without saying so",
    explanation:
      "The developerId of an app's index is the one that this reader has pinned, or the index names that one among its formerDevelopers.",
  },
  "MPK-K001": {
    title: "Private key cannot be read",
    explanation:
      "A private key is one PKCS #8 PEM block with a P-256, P-384 (authorities only) or Ed25519 key.",
  },
  "MPK-K002": {
    title: "Passphrase missing or wrong",
    explanation: "The private key is encrypted and the passphrase does not open it, or none was given.",
  },
  "MPK-K003": {
    title: "Private key and certificate do not belong together",
    explanation: "The certificate holds another public key than the one of this private key.",
  },
} as const satisfies Readonly<Record<string, CodeText>>;

export type SigningCode = keyof typeof SIGNING_CODES;
