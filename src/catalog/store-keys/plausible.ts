/**
 * What a machine that signs can hold a request to by itself, whatever the request says: its clock, and what it signed
 * before. A store that is in other hands could ask for a root that counts for a life, or for versions that no honest
 * metadata can follow. Pure.
 */
import { formatTime } from "../../signing/times.ts";
import { payloadOf, sha256 } from "../tuf/metadata.ts";
import type { RequestDocuments } from "./documents.ts";
import type { KnownStore } from "./known.ts";
import { type RequestRole, refuseRequest, type SigningRequest } from "./request.ts";

const DAY_MS = 86_400_000;
/**
 * How far the store's clock may be ahead of this machine's, which no network sets. Lifetimes count from the request's
 * time, so this is also the most that one can gain.
 */
export const CLOCK_SKEW_MS = DAY_MS;

export type Standing = {
  /** By this machine's clock, or as the person says that it is. */
  readonly now: Date;
  readonly known: KnownStore;
  /** Versions that the person says are the next: other machines signed those in between. */
  readonly versions: ReadonlyMap<RequestRole, number>;
};

/**
 * Gives what should make the person stop and ask.
 * @throws Problem `keys.request_refused`
 */
export function judgePlausible(
  request: SigningRequest,
  documents: RequestDocuments,
  { now, known, versions }: Standing,
): string[] {
  const at = formatTime(request.createdAt);
  if (request.createdAt.getTime() > now.getTime() + CLOCK_SKEW_MS)
    refuseRequest(
      `it was made at ${at}, and this machine's clock says ${formatTime(now)}. If that clock is wrong, set it, or say what time it is with --now`,
    );
  const unknown: string[] = [];
  const warnings: string[] = [];
  if (known.createdAt !== null && request.createdAt < known.createdAt)
    warnings.push(`it was made at ${at}, before one that was signed here (${formatTime(known.createdAt)})`);
  for (const { role, version } of request.metadata) {
    const last = known.documents.get(role);
    const said = versions.get(role);
    if (said !== undefined && said !== version)
      refuseRequest(`${role} would become version ${version}, and you said ${said}`);
    if (said !== undefined) continue;
    if (last === undefined) unknown.push(`${role} ${version}`);
    else if (version === last.version) {
      if (digestOf(documents, role) !== last.sha256)
        warnings.push(
          `${role}: another document of version ${version} was signed here: only one of the two can be meant, so ask what became of that request`,
        );
    } else if (version !== last.version + 1)
      refuseRequest(
        `${role} would become version ${version}, and this machine signed version ${last.version} last. If other machines signed those in between, compare with “mosis admin keys” and say so with --version-of ${role}=${version}`,
      );
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

function digestOf(documents: RequestDocuments, role: RequestRole): string | null {
  const built = documents.metadata.find(({ asked }) => asked.role === role);
  return built ? sha256(payloadOf(built.unsigned)) : null;
}
