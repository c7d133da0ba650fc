/** A whole package: container, digests, manifest with its pictures, the developer's signature, the store's. */
import { isProblem } from "../../../src/errors.ts";
import { checkDigests, measureEntries, sha256Hex } from "../../../src/format/digests.ts";
import { extractEntries } from "../../../src/format/extract.ts";
import { FINDING_CODES, SECTIONS } from "../../../src/format/findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, META_FOLDER, STORE_NAME } from "../../../src/format/names.ts";
import { bytesSource } from "../../../src/format/source.ts";
import { verifyPackage } from "../../../src/format/verify.ts";
import { readEntryBytes } from "../../../src/format/zip/entry.ts";
import { openContainer } from "../../../src/format/zip/reader.ts";
import type { RawArchive } from "../../../src/format/zip/testing.ts";
import { packApp } from "../../../src/format/zip/writer.ts";
import { certificatesFromPem } from "../../../src/signing/certificates.ts";
import { sortAnchors, type TrustAnchors } from "../../../src/signing/chain.ts";
import { authorities } from "../../make/authorities.ts";
import { AT } from "../../make/case.ts";
import { DEVELOPER, RELEASE } from "../../make/certificates.ts";
import { PACKAGE_CASES } from "../../make/package-cases.ts";
import { type EnvelopePlan, makePackage } from "../../make/packages.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { otherCertificate, resignedCertificate } from "../mutate/certificate.ts";
import { mutateJson, mutateValue } from "../mutate/json.ts";
import {
  changeContent,
  changeStructure,
  contentOf,
  openRaw,
  repairDigests,
  sign,
  withContent,
  writeRaw,
} from "../mutate/zip.ts";
import type { Random } from "../random.ts";
import { ACCEPTED, accepted, type Made, type Outcome, pickFrom, placeOf, type Target } from "../target.ts";

const SEED_MOST_BYTES = 40_000;

export const PACKAGE: Target = {
  name: "package",
  layers: SECTIONS,
  keepBytes: 240_000,
  open: async () => {
    const anchors = sortAnchors(certificatesFromPem(authorities().get("ca") ?? ""));
    const valid = makePackage({});
    return {
      seeds: () => [valid, ...seeds()],
      make: (random, corpus) =>
        change(random, random.oneIn(3) ? valid : pickFrom(random, corpus), corpus, valid),
      judge: (bytes) => judge(bytes, anchors),
    };
  },
};

function seeds(): Uint8Array[] {
  return PACKAGE_CASES.filter((made) => made.sparseBytes === undefined)
    .map((made) => makePackage(made.plan))
    .filter((bytes) => bytes.length <= SEED_MOST_BYTES);
}

function change(random: Random, bytes: Uint8Array, corpus: readonly Uint8Array[], valid: Uint8Array): Made {
  const level = random.int(20);
  if (level < 2) return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
  const archive = openRaw(bytes) ?? openRaw(valid) ?? { entries: [] };
  if (level < 6) {
    for (let count = 1 + random.int(2); count > 0; count--) changeStructure(archive, random);
    return { bytes: writeRaw(archive), repaired: "offsets" };
  }
  if (level < 13) {
    changeEntries(archive, random);
    if (level < 8) return { bytes: writeRaw(archive), repaired: "checksums" };
    repairDigests(archive);
    if (level < 10) {
      if (random.oneIn(2))
        archive.entries = archive.entries.filter(
          ({ name }) => name !== DEVELOPER_NAME && name !== STORE_NAME,
        );
      return { bytes: writeRaw(archive), repaired: "digests" };
    }
    sign(archive);
    return { bytes: writeRaw(archive), repaired: "signatures" };
  }
  if (level === 13) return changeDigests(archive, random);
  const isStore = level > 16;
  sign(archive, { [isStore ? "store" : "developer"]: changedEnvelope(isStore, random) });
  return {
    bytes: writeRaw(archive),
    repaired: isStore ? "statement of the store" : "statement of the developer",
  };
}

function changeEntries(archive: RawArchive, random: Random): void {
  for (let count = 1 + random.int(2); count > 0; count--) {
    // The manifest says most, and gets most.
    const at = random.oneIn(2) ? 0 : random.int(archive.entries.length);
    const entry = archive.entries[at];
    if (entry !== undefined)
      archive.entries[at] = withContent(entry, changeContent(entry.name, contentOf(entry), random), random);
  }
}

/** digests.json changed, and signed as it is. */
function changeDigests(archive: RawArchive, random: Random): Made {
  const at = archive.entries.findIndex(({ name }) => name === DIGESTS_NAME);
  const entry = archive.entries[at];
  if (entry !== undefined)
    archive.entries[at] = withContent(entry, mutateJson(contentOf(entry), random).bytes, random);
  sign(archive);
  return { bytes: writeRaw(archive), repaired: "signatures" };
}

export function changedEnvelope(isStore: boolean, random: Random): EnvelopePlan {
  const certificate = isStore ? RELEASE : DEVELOPER;
  return random.pick<() => EnvelopePlan>([
    () => ({ statement: (statement) => mutateValue(statement, random) }),
    () => ({ statement: (statement) => mutateValue(statement, random) }),
    () => ({ payload: (payload) => mutateJson(payload, random).bytes }),
    () => ({ envelope: (envelope) => mutateValue(envelope, random) }),
    () => ({ bytes: (bytes) => mutateJson(bytes, random).bytes }),
    () => ({ signature: (right) => mutateBytes(right, random) }),
    () => ({ certificate: resignedCertificate(certificate, random) }),
    () => ({ certificate: otherCertificate(certificate, random) }),
  ])();
}

async function judge(bytes: Uint8Array, anchors: TrustAnchors): Promise<Outcome> {
  const verdict = await verifyPackage(bytesSource(bytes), { now: new Date(AT), ...anchors });
  if (verdict.ok) {
    await mustBeTheSameToOthers(bytes);
    return { ...accepted(bytes), place: `${verdict.kind} ${accepted(bytes).place}` };
  }
  const failed = verdict.sections.find((section) => section.verdict === "failed");
  const [first] = failed?.findings ?? [];
  if (failed === undefined || first === undefined || !Object.hasOwn(FINDING_CODES, first.code))
    throw new Error(`refused without a documented finding: ${JSON.stringify(verdict.sections)}`);
  return { ...ACCEPTED, code: first.code, layer: failed.section, place: placeOf(first) };
}

/** What is accepted: unzipper sees the same entries, and packing the files gives the same files and content digest. */
async function mustBeTheSameToOthers(bytes: Uint8Array): Promise<void> {
  const source = bytesSource(bytes);
  const container = await openContainer(source);
  const files = new Map<string, Uint8Array>();
  for (const entry of container.entries)
    files.set(entry.name, Uint8Array.from(await readEntryBytes(container, entry)));
  const seen: string[] = [];
  for await (const entry of extractEntries(source, container)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.stream) pieces.push(Uint8Array.from(piece));
    if (sha256Hex(Buffer.concat(pieces)) !== sha256Hex(files.get(entry.name) ?? new Uint8Array(0)))
      throw new Error(`unzipper reads other bytes of ${entry.name}`);
    seen.push(entry.name);
  }
  if (seen.join() !== [...files.keys()].join())
    throw new Error(`unzipper reads other entries: ${seen.join()}`);
  const app = new Map([...files].filter(([name]) => !name.startsWith(`${META_FOLDER}/`)));
  const again = await packApp(app).catch((error: unknown) => {
    // What a packer may not make: files that would deflate to less than a reader takes.
    if (isProblem(error)) return null;
    throw error;
  });
  if (again === null) return;
  const packed = await openContainer(bytesSource(again));
  const own = checkDigests(await measureEntries(packed), packed);
  const digests = files.get(DIGESTS_NAME) ?? new Uint8Array(0);
  if (own !== sha256Hex(digests)) throw new Error(`packing the files again gives the content ${own}`);
}
