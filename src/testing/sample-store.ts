/** A store in the middle of its work: apps in every state that pages tell apart, and what goes wrong now and then. */
import { createApp } from "../catalog/apps.ts";
import { withdrawVersion } from "../catalog/versions.ts";
import type { VersionView } from "../catalog/views.ts";
import { write } from "../db/database.ts";
import { sampleFiles } from "../format/testing.ts";
import { packApp } from "../format/zip/writer.ts";
import type { AppId, JobId, OrganisationId, VersionId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { approve, reject } from "../review/decide.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  untilState,
} from "./portal.ts";
import { newSigner, signedApp, submitBytes } from "./publishing.ts";

export type SampleStore = {
  readonly organisation: OrganisationId;
  readonly people: Readonly<
    Record<"administrator" | "reviewer" | "support" | "auditor" | "developer" | "viewer" | "newcomer", Person>
  >;
  readonly apps: Readonly<Record<"published" | "waiting" | "failed" | "held" | "empty", AppId>>;
  readonly versions: Readonly<
    Record<"published" | "waiting" | "failed" | "held" | "draft" | "rejected" | "withdrawn", VersionId>
  >;
  readonly deadJob: JobId;
};

export async function fillStore({ store }: Portal): Promise<SampleStore> {
  const organisation = newOrganisation(store);
  const administrator = await newAdministrator(store);
  const reviewer = await newPerson(store, "Jonas Bauer", { storeRole: "reviewer" });
  const support = await newPerson(store, "Suri Pert", { storeRole: "support" });
  const auditor = await newPerson(store, "Anouk Visser", { storeRole: "auditor" });
  const developer = await newPerson(store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  const viewer = await newPerson(store, "Vera Holm", { organisations: [[organisation, "viewer"]] });
  const newcomer = await newPerson(store, "Nils New");
  const { actor } = developer;
  const signer = await newSigner(store, actor);

  const send = async (
    id: string,
    name: string,
    version: string,
    versionCode: number,
    settled: "in_review" | "draft" | "failed",
    options: Parameters<typeof submitBytes>[3] = {},
  ): Promise<VersionView> => {
    const manifest = {
      id,
      name: { en: name },
      version,
      versionCode,
      author: { name: "Northwind Field Services" },
      permissions: [{ name: "network.http", reason: { en: "Sends finished reports to the office." } }],
      network: { hosts: ["api.northwind.example", "*.tiles.example"] },
      category: "productivity",
    };
    const bytes =
      settled === "failed" ? await packApp(sampleFiles(manifest)) : await signedApp(store, signer, manifest);
    const sent = await submitBytes(store, actor, bytes, {
      notes: "Photos are attached to the finding they belong to.\nDrafts survive a restart.",
      ...options,
    });
    await untilState(store, sent.id, settled);
    return sent;
  };

  const first = await send("com.northwind.inspect", "Site Inspect", "2.3.0", 230, "in_review");
  approve(store, reviewer.actor, first.id, {});
  await untilState(store, first.id, "published");
  const next = await send("com.northwind.inspect", "Site Inspect", "2.4.0", 240, "in_review");

  const refused = await send("com.northwind.notes", "Field Notes", "0.9.0", 90, "in_review");
  reject(store, reviewer.actor, refused.id, {
    reason: "Say in the notes what the network is used for.\nThe second icon is blurred.",
  });
  const gone = await send("com.northwind.notes", "Field Notes", "0.9.1", 91, "in_review");
  withdrawVersion(store, actor, gone.appId, gone.id);
  const waiting = await send("com.northwind.notes", "Field Notes", "1.0.0", 100, "in_review");
  const failed = await send("com.northwind.keys", "Key Cabinet", "0.8.0-beta.2", 80, "failed");
  const held = await send("com.northwind.rota", "Rota", "3.0.0", 300, "in_review", { hold: true });
  approve(store, reviewer.actor, held.id, {});
  await untilState(store, held.id, "held");
  const draft = await send("com.northwind.tape", "Tape", "1.1.0", 11, "draft", { submit: false });
  const empty = createApp(store, actor, { id: "com.northwind.fresh", name: "Fresh Start" });

  const deadJob = write(store.db, (tx) =>
    enqueue(
      tx,
      { kind: "version.countersign", key: "com.northwind.lost", payload: { lost: true }, maxAttempts: 1 },
      store.clock.now(),
    ),
  );
  store.db.raw
    .query(
      "UPDATE jobs SET state = 'dead', attempts = 8, finished_at = created_at, last_error = ? WHERE id = ?",
    )
    .run("TimeoutError: the signing key did not answer within 10 s", deadJob);
  return {
    organisation,
    people: { administrator, reviewer, support, auditor, developer, viewer, newcomer },
    apps: {
      published: first.appId,
      waiting: waiting.appId,
      failed: failed.appId,
      held: held.appId,
      empty: empty.id,
    },
    versions: {
      published: first.id,
      waiting: next.id,
      failed: failed.id,
      held: held.id,
      draft: draft.id,
      rejected: refused.id,
      withdrawn: gone.id,
    },
    deadJob,
  };
}
