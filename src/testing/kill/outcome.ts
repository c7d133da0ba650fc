import type { AccountActor, Actor } from "../../accounts/actor.ts";
import type {
  ApiKeyId,
  AppId,
  GroupId,
  KeyId,
  OrganisationId,
  RecoveryId,
  Sha256,
  TransferId,
  VersionId,
} from "../../ids.ts";

/** What is not as it should be, or not done: nothing, when all is well. */
export type Settled = {
  readonly discrepancies: readonly string[];
  readonly unfinishedJobs: readonly string[];
};

/** What kill.test.ts leaves in the data folder for the child. */
export type Prepared = { readonly actor: Actor };

/** What the child found when it was done. */
export type Outcome = Settled & {
  /** The kinds of the path's durable writes. */
  readonly steps: readonly string[];
  readonly versions: readonly string[];
};

/** What lineage.test.ts leaves in the data folder for its child. */
export type PreparedLineage = {
  readonly appId: AppId;
  readonly actor: Actor;
  /** The envelope of an addition, as it is sent. */
  readonly addition: string;
  /** A recovery that has waited. */
  readonly recoveryId: RecoveryId;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type LineageOutcome = Settled & {
  readonly steps: readonly string[];
  /** How each key came into the lineage. */
  readonly keys: readonly string[];
  readonly recovery: string;
  /** The kinds of all messages to owners, newest first. */
  readonly messages: readonly string[];
  /** What a new device pins of each key. */
  readonly onDevice: readonly string[];
};

/** What revocation.test.ts leaves in the data folder for its child. */
export type PreparedRevocation = {
  readonly appId: AppId;
  readonly organisationId: OrganisationId;
  /** A version in review. */
  readonly waiting: VersionId;
  /** The Developer CA's key, whose list of revoked certificates is read. */
  readonly issuerKeyid: KeyId;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type RevocationOutcome = Settled & {
  readonly steps: readonly string[];
  /** By the tables, as `<action> <id>`. */
  readonly inForce: readonly string[];
  /** What was done, the newest first. */
  readonly acts: readonly string[];
  /** By the signed list. */
  readonly signed: readonly string[];
  /** The actions in the log, in its order. */
  readonly logged: readonly string[];
  /** Certificates in the published list of the Developer CA. */
  readonly crl: number;
  /** Releases in the app's index. */
  readonly offered: number;
  /** Apps on the landing page. */
  readonly onFront: number;
  readonly waiting: string;
  /** The kinds of all messages to owners, newest first. */
  readonly messages: readonly string[];
  /** What a device did that came then, or the code of its refusal. */
  readonly onDevice: string;
};

/** What sign-again.test.ts leaves in the data folder for its child. */
export type PreparedSignAgain = {
  readonly appId: AppId;
  /** The time of the store, ISO 8601. */
  readonly now: string;
  /** How many the log has before anything is signed again. */
  readonly leaves: number;
};

/** What its child found when it was done. */
export type SignAgainOutcome = Settled & {
  readonly steps: readonly string[];
  /** The types of the leaves since, and of those about developers' keys their changes. */
  readonly leaves: readonly string[];
  /** What a new device does with the app, and its version code. */
  readonly onDevice: string;
};

/** What the child of mail.test.ts found when it was done. */
export type MailOutcome = {
  readonly steps: readonly string[];
  /** Of each message, the newest first. */
  readonly isSent: readonly boolean[];
  readonly unfinishedJobs: readonly string[];
};

/** What api-keys.test.ts leaves in the data folder for its child. */
export type PreparedKeys = {
  readonly revoked: ApiKeyId;
  readonly leaked: ApiKeyId;
  readonly leakedToken: string;
  /** Ends within a week. */
  readonly ending: ApiKeyId;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What deletion.test.ts leaves in the data folder for its child. */
export type PreparedDeletion = {
  /** Whose account it is; the roles are read anew. */
  readonly actor: Omit<AccountActor, "organisations">;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What visibility.test.ts leaves in the data folder for its child. */
export type PreparedVisibility = {
  readonly appId: AppId;
  /** Another app, which names it in its place. */
  readonly pointing: AppId;
  readonly group: GroupId;
  /** The package's digest. */
  readonly releasedSha256: Sha256;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type VisibilityOutcome = Settled & {
  readonly steps: readonly string[];
  /** By the tables. */
  readonly visibility: string;
  /** Releases in the app's index and entries in its shard, in everybody's catalogue and in the group's. */
  readonly everybody: string;
  readonly group: string;
  /** What everybody's catalogue says that takes the place of the app that points to it. */
  readonly instead: string | null;
  /** Files that named it to everybody once it was not for everybody, right after the start. */
  readonly named: readonly string[];
  /** Apps on the landing page. */
  readonly onFront: number;
  readonly audited: number;
  /** What a device that is in no group did that came then, or the code of its refusal. */
  readonly onDevice: string;
  /** Whether everybody may download the package: at once, and whether it still lies there a day later. */
  readonly isServed: boolean;
  readonly isPackagePublic: boolean;
};

/** What transfer.test.ts leaves in the data folder for its child. */
export type PreparedTransfer = {
  readonly appId: AppId;
  readonly transferId: TransferId;
  /** An owner of the organisation that it is offered to, whose role there is added. */
  readonly actor: Omit<AccountActor, "organisations">;
  readonly giverId: OrganisationId;
  readonly takerId: OrganisationId;
  /** A key of the giver's that is for this app. */
  readonly keyId: ApiKeyId;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type TransferOutcome = Settled & {
  readonly steps: readonly string[];
  /** Whose it is by the tables, and by the signed index with whose it was before. */
  readonly owner: string;
  readonly signed: readonly string[];
  readonly offer: string;
  /** Of the version that waits for a review. */
  readonly waiting: string;
  /** How many apps the giver's key is for. */
  readonly keyApps: number;
  /** The kinds of all messages, the newest first. */
  readonly messages: readonly string[];
  /** What was done with the offer, by the audit log of both. */
  readonly told: readonly string[];
  /** What a new device pins of the app's developer. */
  readonly onDevice: string;
};

/** What groups.test.ts leaves in the data folder for its child. */
export type PreparedGroups = {
  /** The setting, as JSON. */
  readonly providers: string;
  readonly publicUrl: string;
};

/** An organisation with published apps, for the process that renames it. */
export type PreparedRenaming = {
  readonly apps: readonly AppId[];
  readonly organisationId: OrganisationId;
  /** How it will be called. */
  readonly name: string;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type RenamingOutcome = Settled & {
  readonly steps: readonly string[];
  readonly name: string;
  /** How the signed catalogue calls it, by app. */
  readonly signed: readonly string[];
  /** The kinds of all messages, newest first. */
  readonly messages: readonly string[];
};

/** What taking-back.test.ts leaves in the data folder for its child. */
export type PreparedTakingBack = {
  readonly appId: AppId;
  /** Who acts: the app's publisher. */
  readonly actor: Actor;
  /** The time of the store, ISO 8601. */
  readonly now: string;
};

/** What its child found when it was done. */
export type TakingBackOutcome = Settled & {
  readonly steps: readonly string[];
  /** Codes in the channels of the app's index, and that its shard names; null: there is no index. */
  readonly offered: string | null;
  /** What people are told of versions. */
  readonly notices: readonly string[];
  /** Actions in the audit log about it, in their order. */
  readonly audited: readonly string[];
  /** The kinds of messages about it, the newest first. */
  readonly messages: readonly string[];
  /** On the landing page. */
  readonly onFront: number;
  /** What a device did that came then, or the code of its refusal. */
  readonly onDevice: string;
};

/** What `app-deletion-child.ts` is given beside its data folder. */
export type PreparedAppDeletion = {
  readonly appId: AppId;
  readonly releasedSha256: Sha256;
  readonly now: string;
};

/** What `app-deletion-child.ts` found. */
export type AppDeletionOutcome = {
  readonly steps: readonly string[];
  readonly standing: "shown" | "resting" | "gone";
  /** Whether the app's index is in everybody's catalogue, and in the one that nobody reads. */
  readonly everybody: boolean;
  readonly nobody: boolean;
  readonly onFront: number;
  readonly versions: number;
  readonly removed: number;
  /** What the audit log tells of apps. */
  readonly audited: readonly string[];
  readonly isServed: boolean;
  readonly onDevice: string;
  readonly unfinishedJobs: readonly string[];
  /** Whether the file is there after the next sweep. */
  readonly isKept: boolean;
  readonly discrepancies: readonly unknown[];
};
