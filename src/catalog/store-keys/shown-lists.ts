/**
 * Lists of revoked certificates in a signing request, told to the person who is to sign them: what they revoke, and how
 * that differs from the list that was signed here last with the same key. Pure.
 */
import type { KeyId } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import type { CrlEntry } from "../../signing/crl.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formatTime } from "../../signing/times.ts";
import type { RequestDocuments } from "./documents.ts";
import type { KnownStore, SignedList } from "./known.ts";
import type { RequestList, SigningRequest } from "./request.ts";
import { authoritiesOf, heldAuthorities } from "./shown.ts";

type Shown = { readonly lines: readonly string[]; readonly warnings: readonly string[] };

/** A list whose key is on another machine has no marks, since nothing of it is signed here. */
export function shownLists(
  request: SigningRequest,
  documents: RequestDocuments,
  machine: { readonly known: KnownStore; readonly own: ReadonlySet<KeyId> },
): Shown {
  if (request.lists.length === 0) return { lines: [], warnings: [] };
  const inUse = certificatesInUse(request, documents, machine.known);
  const shown = request.lists.map((list): Shown => {
    const id = documents.rows.get(list.issuer)?.keyid;
    if (id === undefined || !machine.own.has(id))
      return { lines: [`${titleOf(list)} (not signed here)`, ...list.entries.map(lineOf)], warnings: [] };
    return compared(list, id, inUse, machine.known.lists.get(id));
  });
  return { lines: shown.flatMap(({ lines }) => lines), warnings: shown.flatMap(({ warnings }) => warnings) };
}

/**
 * Authorities that stay, all that the request brings, and what counts by this machine's memory: a request does not tell of
 * every certificate, and could leave one out. A store revokes an authority by taking it out of trust/ca.pem.
 */
function certificatesInUse(
  request: SigningRequest,
  documents: RequestDocuments,
  known: KnownStore,
): ReadonlyMap<string, CertificateKind> {
  const isReplaced = request.certificates.some(({ kind }) => kind === "release");
  const inUse = new Map<string, CertificateKind>([
    ...[...known.serials].flatMap(([kind, serials]) =>
      kind === "release" && isReplaced ? [] : [...serials].map((serial) => [serial, kind] as const),
    ),
    ...heldAuthorities(request, documents).map(({ serial, kind }) => [serial, kind] as const),
    ...request.certificates.map(({ serial, kind }) => [serial, kind] as const),
  ]);
  // What leaves does so by the file that this request has signed.
  for (const { serial, isDistrusted } of authoritiesOf(request, documents))
    if (isDistrusted) inUse.delete(serial);
  return inUse;
}

function compared(
  list: RequestList,
  id: KeyId,
  inUse: ReadonlyMap<string, CertificateKind>,
  last: SignedList | undefined,
): Shown {
  const before = new Map((last?.entries ?? []).map((entry) => [entry.serialNumber, entry]));
  const now = new Map(list.entries.map((entry) => [entry.serialNumber, entry]));
  const isSame = (one: CrlEntry | undefined, other: CrlEntry) =>
    one !== undefined && wordsOf(one) === wordsOf(other);
  const gone = [...before.values()].filter((entry) => !isSame(now.get(entry.serialNumber), entry));
  return {
    lines: [
      titleOf(list),
      `  ${fingerprintText(id)}  ${list.issuer} signs it${last === undefined ? " NEW" : ""} (here)`,
      ...list.entries.map(
        (entry) => `${lineOf(entry)}${isSame(before.get(entry.serialNumber), entry) ? "" : " NEW"}`,
      ),
      ...gone.map((entry) => `${lineOf(entry)} GONE`),
    ],
    warnings: [
      ...gone.map((entry) => {
        const what = `serial ${fingerprintText(entry.serialNumber)}`;
        const said = `the list of ${list.issuer} that was signed here last says ${wordsOf(entry)}`;
        return now.has(entry.serialNumber)
          ? `${what} would be revoked otherwise: ${said}`
          : `${what} would be good again for programs that know X.509: ${said}. ${entry.reason === "cACompromise" ? "No store takes such an entry out" : "A store takes it out only when that revocation was lifted"}`;
      }),
      ...list.entries.flatMap(({ serialNumber }) => {
        const kind = inUse.get(serialNumber);
        return kind === undefined
          ? []
          : [
              `serial ${fingerprintText(serialNumber)} is of a ${kind} certificate that is in use, and the list of ${list.issuer} revokes it: programs that know X.509 would refuse all that rests on it`,
            ];
      }),
    ],
  };
}

function titleOf({ issuer, number, nextUpdate, entries }: RequestList): string {
  const count = entries.length === 1 ? "1 certificate" : `${entries.length} certificates`;
  const until = formatTime(nextUpdate).slice(0, 10);
  return `list of ${issuer} of what it has revoked, number ${number}, until ${until}: ${count}`;
}

function lineOf(entry: CrlEntry): string {
  return `  serial ${fingerprintText(entry.serialNumber)}  ${wordsOf(entry)}`;
}

/** All that a list says of a certificate: two entries are the same when these words are. */
function wordsOf({ revokedAt, reason, invalidFrom }: CrlEntry): string {
  const from = invalidFrom === null ? "" : `, not to be trusted from ${formatTime(invalidFrom)} on`;
  return `revoked ${formatTime(revokedAt)}, ${reason}${from}`;
}
