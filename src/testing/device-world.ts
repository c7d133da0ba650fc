/**
 * A store whose catalogue is served over loopback, with a developer, for tests of devices. Releases go straight into the
 * signed catalogue, so that a test may publish what no review would let pass.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogPlan } from "../catalog/log/plan.ts";
import { type LogReference, recordInLog } from "../catalog/log/record.ts";
import {
  type AppRelease,
  buildAppIndex,
  buildShard,
  indexPath,
  shardLine,
  shardOf,
} from "../catalog/tuf/app-index.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { sha256 } from "../catalog/tuf/metadata.ts";
import { publishTargets, rootSha256 } from "../catalog/tuf/repository.ts";
import { write } from "../db/database.ts";
import { unpackedFiles, unpackedRelease } from "../format/delta/unpacked.ts";
import { writeDelta } from "../format/delta/write.ts";
import { contentDigest } from "../format/digests.ts";
import type { LineageEntry } from "../format/lineage.ts";
import type { Manifest } from "../format/manifest.ts";
import { signDeveloper, signStore } from "../format/sign.ts";
import { bytesSource } from "../format/source.ts";
import { sampleFiles, withEnvelope } from "../format/testing.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import { packApp } from "../format/zip/writer.ts";
import { type AppId, type KeyId, newId, type OrganisationId, type Sha256, type VersionCode } from "../ids.ts";
import { issueDeveloperCertificate, releaseSigner } from "../keys/authority.ts";
import { canonicalize } from "../signing/json.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { openTrusted } from "./begun.ts";
import { type CatalogueServer, serveCatalogue } from "./catalogue-server.ts";
import type { TestStore, TestStoreOptions } from "./store.ts";

export const APP_ID = "org.example.sample";

export type Developer = { readonly id: OrganisationId; readonly signer: Signer };

export type ReleaseOptions = {
  readonly manifest?: Record<string, unknown>;
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Who signs; the world's developer unless told. */
  readonly signer?: Signer;
  /** What the index says is the lineage; the world's developer's key unless told. */
  readonly lineage?: readonly LineageEntry[];
  /** Whose the index says that the app is, and was; the world's developer's unless told. */
  readonly owned?: { readonly by: string; readonly before?: readonly string[] };
  /** Without the store's envelope. */
  readonly unreleased?: boolean;
  /** Signed by another store's release key. */
  readonly storeSigner?: Signer;
  /** Changes the package after everything about it was signed. */
  readonly tamper?: (bytes: Uint8Array) => Uint8Array;
  /** Serves and names containers of it: deltas from these versions of the world, and the compact full form. */
  readonly containers?: { readonly from?: readonly number[]; readonly compact?: boolean };
  /** Gives what is served, and named with its true digest, in a container's place. */
  readonly forge?: (container: Uint8Array, kind: "delta" | "compact") => Promise<Uint8Array> | Uint8Array;
  /** The index lists it beside the newest of each version code of before. */
  readonly beside?: boolean;
  /** But for these. */
  readonly without?: readonly number[];
  /** Changes each release of the signed index. */
  readonly indexed?: Record<string, unknown>;
};

export type World = {
  readonly store: TestStore;
  readonly server: CatalogueServer;
  readonly developer: Developer;
  readonly rootSha256: string;
  /** Files of the newest release, as packed. */
  release(versionCode: number, options?: ReleaseOptions): Promise<ReadonlyMap<string, Uint8Array>>;
  /** A folder that goes with the world. */
  folder(): string;
  close(): Promise<void>;
};

/** @param known Who publishes in the store that is opened; somebody new unless told */
export async function openWorld(options: TestStoreOptions = {}, known?: Developer): Promise<World> {
  const store = await openTrusted(options);
  await exportCatalogue(store);
  const server = serveCatalogue(store.blobs);
  const developer = known ?? (await newDeveloper(store));
  const folders: string[] = [];
  const before: Before = { packages: new Map(), listed: new Map() };
  return {
    store,
    server,
    developer,
    rootSha256: rootSha256(store),
    release: (versionCode, release = {}) => publishRelease(store, developer, versionCode, release, before),
    folder() {
      const folder = mkdtempSync(join(tmpdir(), "mosis-device-"));
      folders.push(folder);
      return folder;
    },
    async close() {
      await server.stop();
      store.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The lineage of an app that was signed with one key only. */
export function firstKey(keyId: string): readonly LineageEntry[] {
  return [{ kind: "first", keyId }];
}

/** A developer with a key that this store has certified. */
export async function newDeveloper(store: TestStore): Promise<Developer> {
  const id = newId("org");
  const keys = generateKeyPair();
  const issued = await issueDeveloperCertificate(store, {
    csr: await createCsr(keys),
    organisationId: id,
    organisationName: "Example",
    now: store.clock.now(),
  });
  return { id, signer: localSigner(keys.privateKey, issued.der) };
}

type Before = {
  readonly packages: Map<number, Uint8Array>;
  readonly listed: Map<number, AppRelease>;
};

async function publishRelease(
  store: TestStore,
  developer: Developer,
  versionCode: number,
  options: ReleaseOptions,
  before: Before,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const manifestKeys = { versionCode, version: `${versionCode}.0.0`, ...options.manifest };
  const files = new Map([...sampleFiles(manifestKeys), ...(options.files ?? [])]);
  const packed = await packApp(files);
  const signed = await withEnvelope(
    packed,
    "META-MOSIS/developer.dsse",
    await signDeveloper(bytesSource(packed), options.signer ?? developer.signer, store.clock.now()),
  );
  const facts = {
    approvedAt: store.clock.now(),
    review: { reviewId: "review-1", policy: 1, people: 1, checks: [{ name: "digests", version: "1" }] },
  };
  const released = options.unreleased
    ? signed
    : await withEnvelope(
        signed,
        "META-MOSIS/store.dsse",
        await signStore(bytesSource(signed), options.storeSigner ?? releaseSigner(store), facts),
      );
  const served = options.tamper ? options.tamper(released) : released;

  const container = await openContainer(bytesSource(packed));
  const entry = container.byName.get("META-MOSIS/digests.json");
  const manifestEntry = container.byName.get("manifest.json");
  if (!entry || !manifestEntry) throw new Error("a packed app has digests and a manifest");
  const manifest = JSON.parse(
    new TextDecoder().decode(await readEntryBytes(container, manifestEntry)),
  ) as Manifest;
  const digest = sha256(served);
  await store.blobs.put(`store/v1/packages/${digest}.mosis`, served);

  const content = contentDigest(await readEntryBytes(container, entry)) as string as Sha256;
  const act = { appId: APP_ID as AppId, versionCode: versionCode as VersionCode, contentDigest: content };
  const approval = write(store.db, (tx) =>
    recordInLog(
      tx,
      store.vault,
      {
        ...act,
        type: "approval",
        upload: sha256(signed),
        developerKeyId: (options.signer ?? developer.signer).keyid as KeyId,
        reviewId: facts.review.reviewId,
      },
      facts.approvedAt,
    ),
  );
  before.packages.set(versionCode, released);
  const containers = await serveContainers(store, released, options, before.packages);

  const release = (publication: LogReference) => ({
    ...containers,
    manifest,
    contentDigest: content,
    packageSha256: digest,
    packageSizeBytes: served.byteLength,
    publishedAt: store.clock.now(),
    notes: "",
    log: { approval, publication },
  });
  const shard = buildShard(shardOf(APP_ID), [
    shardLine({
      appId: APP_ID,
      publisher: "Example",
      manifest,
      publishedAt: store.clock.now(),
      iconSha256: null,
    }),
  ]);
  const planned = (log: LogPlan) => {
    const entry = { ...act, type: "publication", package: digest } as const;
    const publication = log.append(entry, store.clock.now());
    before.listed.set(versionCode, release(publication));
    for (const code of options.without ?? []) before.listed.delete(code);
    const index = buildAppIndex({
      appId: APP_ID,
      developerId: options.owned?.by ?? developer.id,
      formerDevelopers: options.owned?.before ?? [],
      lineage: options.lineage ?? firstKey(developer.signer.keyid),
      releases: options.beside ? [...before.listed.values()] : [release(publication)],
    });
    const body = options.indexed ? withIndexed(index.body, options.indexed) : index.body;
    return { upserts: [{ path: indexPath(APP_ID), body }, shard], removes: [] };
  };
  await publishTargets(store, planned, () => {});
  await exportCatalogue(store);
  return new Map([...files, ["manifest.json", canonicalize(manifest)]]);
}

/** Makes, serves and names what a store would after the publication. */
async function serveContainers(
  store: TestStore,
  released: Uint8Array,
  { containers, forge = (bytes) => bytes }: ReleaseOptions,
  before: ReadonlyMap<number, Uint8Array>,
): Promise<Pick<AppRelease, "deltas" | "compact">> {
  const serve = async (base: Uint8Array | null) => {
    const made = await containerBytes(released, base);
    const bytes = await forge(made, base === null ? "compact" : "delta");
    const digest = sha256(bytes);
    await store.blobs.put(`store/v1/deltas/${digest}.mosisd`, bytes);
    return { sha256: digest, sizeBytes: bytes.byteLength };
  };
  const deltas = new Map<string, { sha256: string; sizeBytes: number }>();
  for (const code of containers?.from ?? []) {
    const base = before.get(code);
    if (!base) throw new Error(`there is no version ${code}`);
    deltas.set((await unpacked(base)).contentDigest, await serve(base));
  }
  return { deltas, compact: containers?.compact ? await serve(null) : null };
}

/** The container of a package as the store makes it; with null as base, the compact full one. */
async function containerBytes(target: Uint8Array, base: Uint8Array | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const from = base === null ? null : await unpacked(base);
  for await (const part of writeDelta(await unpacked(target), from)) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}

async function unpacked(bytes: Uint8Array) {
  const container = await openContainer(bytesSource(bytes));
  const parts: Uint8Array[] = [];
  for await (const part of unpackedFiles(container)) parts.push(Uint8Array.from(part));
  return unpackedRelease(container, bytesSource(new Uint8Array(Buffer.concat(parts))));
}

function withIndexed(body: Uint8Array, changes: Record<string, unknown>): Uint8Array {
  const index = JSON.parse(new TextDecoder().decode(body)) as { channels: { stable: object[] } };
  index.channels.stable = index.channels.stable.map((release) => ({ ...release, ...changes }));
  return canonicalize(index);
}
