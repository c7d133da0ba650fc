/**
 * What a machine that signs can hold a request to by itself, whatever the request says: its clock, and what it signed
 * before. A store that is in other hands could ask for a root that counts for a life, or for versions that no honest
 * metadata can follow. Pure.
 */
import type { KeyId } from "../../ids.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formatTime } from "../../signing/times.ts";
import { DAY_MS } from "../../time.ts";
import { payloadOf, sha256 } from "../tuf/metadata.ts";
import type { RequestDocuments } from "./documents.ts";
import type { KnownStore } from "./known.ts";
import { type RequestList, type RequestRole, refuseRequest, type SigningRequest } from "./request.ts";
import { rootForm } from "./requested-certificates.ts";

/**
 * How far the store's clock may be ahead of this machine's, which no network sets. Lifetimes count from the request's
 * time, so this is also the most that one can gain.
 */
export const CLOCK_SKEW_MS = DAY_MS;

export type Standing = {
  /** By this machine's clock, or as the person says that it is. */
  readonly now: Date;
  readonly known: KnownStore;
  /** The keys that are here. */
  readonly own: ReadonlySet<KeyId>;
  /**
   * Versions that the person says are the next, since other machines signed those in between: of a role, and by the name
   * of its key the number of a root's list of revoked certificates.
   */
  readonly versions: ReadonlyMap<string, number>;
};

/**
 * Before anything else is looked at: whatever the request asks for counts from its time.
 * @throws Problem `keys.request_refused`
 */
export function judgeTime({ createdAt }: SigningRequest, now: Date): void {
  if (createdAt.getTime() > now.getTime() + CLOCK_SKEW_MS)
    refuseRequest(
      `it was made at ${formatTime(createdAt)}, and this machine's clock says ${formatTime(now)}. If that clock is wrong, set it, or say what time it is with --now`,
    );
}

/**
 * Gives what should make the person stop and ask.
 * @throws Problem `keys.request_refused`
 */
export function judgePlausible(
  request: SigningRequest,
  documents: RequestDocuments,
  { known, own, versions }: Standing,
): string[] {
  const at = formatTime(request.createdAt);
  const unknown: string[] = [];
  const warnings: string[] = [];
  if (known.createdAt !== null && request.createdAt < known.createdAt)
    warnings.push(`it was made at ${at}, before one that was signed here (${formatTime(known.createdAt)})`);
  const judge = (next: Numbered): void => {
    const { name, number, last, words } = next;
    const said = versions.get(name);
    if (said !== undefined && said !== number)
      refuseRequest(`${words.becomes} ${number}, and you said ${said}`);
    if (said !== undefined) return;
    if (last === null) unknown.push(`${words.unknown} ${number}`);
    else if (number === last.number) {
      if (next.sha256 !== last.sha256)
        warnings.push(
          `${words.another} ${number} was signed here: only one of the two can be meant, so ask what became of that request`,
        );
    } else if (number !== last.number + 1)
      refuseRequest(
        `${words.becomes} ${number}, and this machine signed ${words.counted} ${last.number} last. If other machines signed those in between, compare with “mosis admin keys” and say so with --version-of ${name}=${number}`,
      );
  };
  for (const { asked, tbs } of documents.certificates) {
    const id = documents.rows.get(asked.issuer)?.keyid;
    const before = known.certificates.get(asked.serial);
    if (id !== undefined && own.has(id) && before !== undefined && before.sha256 !== sha256(tbs))
      refuseRequest(
        `another ${asked.kind} certificate with the serial number ${fingerprintText(asked.serial)} was signed here`,
      );
  }
  for (const { role, version } of request.metadata) {
    // Of metadata that this machine cannot sign it does not know which were before, as of such a list.
    const keys = [...(documents.after.get(role)?.keys ?? []), ...(documents.before.get(role)?.keys ?? [])];
    if (!keys.some(({ keyid }) => own.has(keyid))) continue;
    const last = known.documents.get(role);
    judge({
      name: role,
      number: version,
      sha256: digestOf(documents, role),
      last: last ? { number: last.version, sha256: last.sha256 } : null,
      words: {
        becomes: `${role} would become version`,
        counted: "version",
        another: `${role}: another document of version`,
        unknown: role,
      },
    });
  }
  // Of a list that this machine cannot sign it does not know which were before.
  for (const { asked, tbs } of documents.lists) {
    const id = documents.rows.get(asked.issuer)?.keyid;
    if (id === undefined || !own.has(id)) continue;
    const list = `the list of revoked certificates of ${asked.issuer}`;
    const last = known.lists.get(id) ?? null;
    if (last === null && beginsWith(request, asked)) continue;
    judge({
      name: asked.issuer,
      number: asked.number,
      sha256: sha256(tbs),
      last,
      words: {
        becomes: `${list} would have the number`,
        counted: "number",
        another: `${asked.issuer}: another list of revoked certificates of number`,
        unknown: `list of ${asked.issuer}`,
      },
    });
  }
  return [
    ...(unknown.length === 0
      ? []
      : [
          `this machine does not know which versions were before ${unknown.join(", ")}: each must be one more than “mosis admin keys” shows`,
        ]),
    ...warnings,
  ];
}

/** Something that is to be signed, whose number is one more than that of the one before. */
type Numbered = {
  readonly name: string;
  readonly number: number;
  readonly sha256: string | null;
  readonly last: { readonly number: number; readonly sha256: string } | null;
  readonly words: {
    readonly becomes: string;
    readonly counted: string;
    readonly another: string;
    readonly unknown: string;
  };
};

/** The first list of a root that comes in by the request: nothing was before it. */
function beginsWith(request: SigningRequest, { issuer, number }: RequestList): boolean {
  const spki = request.keys.find(({ name }) => name === issuer)?.spki;
  const isThere = request.roots.some((der) => Buffer.from(rootForm(der).spki).equals(spki ?? Buffer.of()));
  return number === 1 && !isThere;
}

function digestOf(documents: RequestDocuments, role: RequestRole): string | null {
  const built = documents.metadata.find(({ asked }) => asked.role === role);
  return built ? sha256(payloadOf(built.unsigned)) : null;
}
