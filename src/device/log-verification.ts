/** Whether a package at hand is what the store's log says that it approved and published (package format, section 7). */
import { Problem, type ProblemDetail } from "../errors.ts";
import { hashSource } from "../format/digests.ts";
import type { LogHead } from "../format/log/head.ts";
import type { Source } from "../format/source.ts";
import { type Verdict, verifyPackage } from "../format/verify.ts";
import type { Audience, Sha256 } from "../ids.ts";
import { type Catalogue, withCatalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { missingInLog } from "./log.ts";
import { findListed } from "./offers.ts";

export type LogVerdict = {
  /** `not checked`: the package itself is not valid. */
  readonly verdict: "ok" | "failed" | "not checked";
  /** What the proofs were made against. */
  readonly head: LogHead;
  /** Positions of the leaves; null while the store does not list the release. */
  readonly approval: number | null;
  readonly publication: number | null;
  readonly findings: readonly ProblemDetail[];
};

export type LoggedVerdict = { readonly verdict: Verdict; readonly log: LogVerdict };

/**
 * Follows the store's catalogue and log, judges the package by the catalogue's authorities, or by those of `policy`, and
 * proves that its approval and the publication of this very file are leaves of the log.
 *
 * @throws Problem `log.audience_not_shown`, `device.unreachable`, `device.catalogue_…`, `device.log_…`, `log.tile_malformed`, `catalogue.malformed`
 */
export async function verifyInLog(
  device: Device,
  source: Source,
  policy: Parameters<typeof verifyPackage>[1],
): Promise<LoggedVerdict> {
  return withCatalogue(device, async (catalogue) => {
    await mustShow(device, catalogue);
    const { roots, developerCas } = catalogue;
    const verdict = await verifyPackage(source, { roots, developerCas, ...policy });
    return { verdict, log: await judgeLogged(device, catalogue, verdict, source) };
  });
}

/** An audience that was asked for, and that the store does not show to whoever asks: without it nothing could be said. */
async function mustShow({ access, url }: Device, { parts }: Catalogue): Promise<void> {
  const shown = new Set<Audience>(parts.map(({ audience }) => audience));
  const lacking = (access?.named ?? []).find((audience) => !shown.has(audience));
  if (lacking === undefined) return;
  throw new Problem(
    "forbidden",
    "log.audience_not_shown",
    `${url} shows no catalogue of the audience ${lacking} to whose token this is: there is none, or they do not belong to it.`,
  );
}

async function judgeLogged(
  device: Device,
  catalogue: Catalogue,
  { ok, manifest, store, contentDigest }: Verdict,
  source: Source,
): Promise<LogVerdict> {
  const { log } = catalogue;
  const nothing = { head: log.head, approval: null, publication: null };
  if (!ok || manifest === undefined || contentDigest === undefined)
    return { ...nothing, verdict: "not checked", findings: [] };
  const failed = (finding: ProblemDetail): LogVerdict => ({
    ...nothing,
    verdict: "failed",
    findings: [finding],
  });
  if (store === undefined)
    return failed({
      code: "log.not_released",
      message: "The package has no signature of a store: no log can show its approval.",
    });
  if (store.storeId !== device.storeId)
    return failed({
      code: "device.other_store",
      message: "Another store released it, and its approvals are in that store's log.",
      found: store.storeId,
      expected: device.storeId,
    });
  const listed = await findListed(catalogue, manifest.id, contentDigest);
  if (listed === null)
    return failed({
      code: "log.not_listed",
      message:
        "The store's signed index does not list this release, so nobody can say where in the log it would be.",
      found: "no release of this content digest",
      expected: contentDigest,
    });
  const packageSha256 = (await hashSource(source)) as string as Sha256;
  const facts = { store, contentDigest: contentDigest as string as Sha256, packageSha256 };
  const findings = await missingInLog(log, facts, listed);
  return {
    verdict: findings.length === 0 ? "ok" : "failed",
    head: log.head,
    approval: listed.log.approval.position,
    publication: listed.log.publication.position,
    findings,
  };
}
