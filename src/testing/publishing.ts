/** A store with its authority and jobs, and developers who pack, sign and submit: the whole path without HTTP. */
import { type AccountActor, type Actor, OPERATOR } from "../accounts/actor.ts";
import { addMember, createOrganisation } from "../accounts/organisations.ts";
import { createAccount } from "../accounts/people.ts";
import { CRON, HANDLERS_HERE } from "../boot/handlers.ts";
import { type DeveloperKeyView, enrollKey } from "../catalog/developer-keys.ts";
import { type KeyRevocation, previewKeyRevocation, revokeDeveloperKey } from "../catalog/revoke-key.ts";
import { type Upload, uploadVersion } from "../catalog/upload.ts";
import type { VersionView } from "../catalog/views.ts";
import type { Store } from "../context.ts";
import { signDeveloper } from "../format/sign.ts";
import { bytesSource } from "../format/source.ts";
import { sampleFiles, withEnvelope } from "../format/testing.ts";
import { packApp } from "../format/zip/writer.ts";
import type { AccountId, ApiKeyId, KeyId, OrganisationId } from "../ids.ts";
import { type Scheduler, startScheduler } from "../jobs/scheduler.ts";
import { approve } from "../review/decide.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { openTrusted } from "./begun.ts";
import { signedInNow } from "./signed-in.ts";
import type { TestStore, TestStoreOptions } from "./store.ts";

export type Publishing = {
  readonly store: TestStore;
  readonly scheduler: Scheduler;
  close(): Promise<void>;
};

export type Publisher = {
  readonly organisationId: OrganisationId;
  readonly actor: Actor;
  readonly signer: Signer;
};

/** Jobs run only while the scheduler drains. */
export async function openPublishing(options: TestStoreOptions = {}): Promise<Publishing> {
  const store = await openTrusted(options);
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: CRON, ticking: false });
  await scheduler.drain();
  return {
    store,
    scheduler,
    async close() {
      await scheduler.stop(1000);
      store.close();
    },
  };
}

/** An organisation with one enrolled key, acting through an API key. */
export async function newPublisher(store: Store, name = "Example"): Promise<Publisher> {
  const organisationId = createOrganisation(store, OPERATOR, { name }).id;
  const actor: Actor = {
    kind: "organisation-key",
    organisationId,
    keyId: `key-${"0".repeat(32)}` as ApiKeyId,
  };
  return { organisationId, actor, signer: await newSigner(store, actor) };
}

export async function newSigner(store: Store, actor: Actor): Promise<Signer> {
  const keys = generateKeyPair();
  const enrolled = await enrollKey(store, actor, { csr: await createCsr(keys) });
  return localSigner(keys.privateKey, enrolled.certificatePem);
}

/** A person who owns an organisation, signed in; with roles that are looked up in no store, so that a copy of it does for them. */
export async function newOwner(
  store: Store,
  organisationId: OrganisationId,
  email = "owner@example.com",
): Promise<AccountActor> {
  const { id } = await createAccount(store, OPERATOR, { email, name: email });
  addMember(store, OPERATOR, organisationId, id, "owner");
  const owner = await signedInNow(store, id);
  return { ...owner, organisations: new Map([[organisationId, "owner"]]) };
}

export function reviewer(): AccountActor {
  return {
    kind: "account",
    accountId: `acc-${"1".repeat(32)}` as AccountId,
    email: "reviewer@example.com",
    name: "Reviewer",
    storeRole: "reviewer",
    organisations: new Map(),
    via: { type: "session", sessionId: "none" },
  };
}

/** The sample app with these changes of its manifest, packed and signed. */
export async function signedApp(
  store: Store,
  signer: Signer,
  manifest: Record<string, unknown> = {},
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Uint8Array> {
  const packed = await packApp(new Map([...sampleFiles(manifest), ...files]));
  return withEnvelope(
    packed,
    "META-MOSIS/developer.dsse",
    await signDeveloper(bytesSource(packed), signer, store.clock.now()),
  );
}

export async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Uploads and submits; the app is made when its id is free, also where tests of several organisations call theirs alike. */
export async function submitBytes(
  store: Store,
  actor: Actor,
  bytes: Uint8Array,
  options: Partial<Omit<Upload, "bytes">> = {},
): Promise<VersionView> {
  const { version } = await uploadVersion(store, actor, {
    bytes: oneChunk(bytes),
    createApp: true,
    confirmAlike: true,
    notes: "",
    hold: false,
    submit: true,
    ...options,
  });
  return version;
}

type Running = { readonly store: Store } & Pick<Publishing, "scheduler">;

/** Sends the sample app with these changes of its manifest, and lets the store check it. */
export async function sendApp(
  { store, scheduler }: Running,
  { actor, signer }: Publisher,
  manifest: Record<string, unknown>,
): Promise<VersionView> {
  const sent = await submitBytes(store, actor, await signedApp(store, signer, manifest));
  await scheduler.drain();
  return sent;
}

/** The same, and it is approved and published. */
export async function publishApp(
  world: Running,
  publisher: Publisher,
  manifest: Record<string, unknown>,
): Promise<void> {
  const { id } = await sendApp(world, publisher, manifest);
  approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
}

/** As an owner does it: what it concerns is looked at, and that is confirmed. */
export async function revokeKey(
  store: Store,
  actor: Actor,
  keyid: KeyId,
  input: KeyRevocation,
): Promise<DeveloperKeyView> {
  const { scope } = await previewKeyRevocation(store, actor, keyid, input, { limit: 1 });
  return revokeDeveloperKey(store, actor, keyid, input, scope);
}
