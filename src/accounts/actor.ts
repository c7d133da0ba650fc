/** Who acts: established once at the edge (cookie, token, socket) and handed to every acting function. */
import type { AuditAuthor } from "../audit/entry.ts";
import type { AccountId, ApiKeyId, AppId, DeviceId, OrganisationId, PublisherId } from "../ids.ts";
import type { OrganisationRole, StoreRole } from "../roles.ts";
import { say, type Words } from "../say.ts";
import type { PublisherRun } from "./trusted-publishing/run.ts";

/** What somebody is in which organisations. */
export type Roles = ReadonlyMap<OrganisationId, OrganisationRole> & {
  /** The apps that the role in this organisation is narrowed to; null: it is of the whole organisation. Without it all are. */
  readonly appsOf?: (id: OrganisationId) => ReadonlySet<AppId> | null;
  /** Whether any is one of these: what is read from the database says it more cheaply than all of them together. */
  readonly hasAny?: (roles: readonly OrganisationRole[], how: RoleKind) => boolean;
};

/** `whole`: of a whole organisation; `any`: also one that is narrowed to at least one app. */
export type RoleKind = "whole" | "any";

/** The roles that somebody has in one organisation or another. */
export type RolesAnywhere = {
  readonly whole: ReadonlySet<OrganisationRole>;
  readonly narrowed: ReadonlySet<OrganisationRole>;
};

/** Where a request came from, for the audit log. */
export type Origin = {
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string;
  /** What its asker reads, as they chose here, or as their browser asks for: a letter of it is in that. */
  readonly language?: string;
};

/** What an API key is narrowed to, within what its owner may: named actions of the table of rights, named apps. null: all. */
export type Narrowing = {
  readonly actions: ReadonlySet<string> | null;
  readonly apps: ReadonlySet<AppId> | null;
};

/** A person, by a browser session or by a token of theirs. */
export type AccountActor = {
  readonly kind: "account";
  readonly from?: Origin;
  readonly accountId: AccountId;
  readonly email: string;
  readonly name: string;
  /** That the person chose for pages; left out: as the browser asks for. */
  readonly language?: string;
  /** In which times are told to them, as they chose (IANA); left out: the store's. */
  readonly timeZone?: string;
  /** As far as it counts. */
  readonly storeRole: StoreRole | null;
  /** The role in the store that counts for nothing until the person has a second factor. */
  readonly withheldRole?: StoreRole;
  readonly organisations: Roles;
  readonly via:
    | { readonly type: "session"; readonly sessionId: string }
    | { readonly type: "api-key"; readonly keyId: ApiKeyId };
  readonly narrowed?: Narrowing;
};

/** A run of a build job that an app trusts, for the minutes of its token: uploads and submits versions of that app. */
export type PublisherActor = {
  readonly kind: "publisher";
  readonly from?: Origin;
  readonly publisherId: PublisherId;
  readonly organisationId: OrganisationId;
  readonly appId: AppId;
  /** `jti` of its token, and of which epoch of the publisher it is. */
  readonly tokenId: string;
  readonly epoch: number;
  readonly run: PublisherRun;
  readonly narrowed: Narrowing;
};

/** A device, by an access token that it proved its key for. */
export type DeviceActor = {
  readonly kind: "device";
  readonly from?: Origin;
  readonly deviceId: DeviceId;
  /** When it was last seen, as far as that was written down before now; null: never. */
  readonly lastSeenAt?: Date | null;
};

export type Actor =
  | { readonly kind: "anonymous"; readonly from?: Origin }
  | AccountActor
  /** A machine: acts as a developer of its organisation. */
  | {
      readonly kind: "organisation-key";
      readonly from?: Origin;
      readonly organisationId: OrganisationId;
      readonly keyId: ApiKeyId;
      readonly narrowed?: Narrowing;
    }
  | PublisherActor
  | DeviceActor
  /** Who may open the data folder on the store's machine: the command line, over the socket or the lock. */
  | { readonly kind: "operator" };

/** Who asks for a token of their own, as what they bring shows. */
export type Shown =
  | Extract<Actor, { readonly kind: "device" }>
  | Pick<PublisherActor, "kind" | "publisherId" | "organisationId">;

/** Called once that is shown, and in the transaction that keeps anything of it: what it throws ends all of it. */
export type OnShown = (who: Shown) => void;

export const ANONYMOUS = { kind: "anonymous" } as const satisfies Actor;
export const OPERATOR: Actor = { kind: "operator" };

/** What stands in the `actor`, `created_by` and `reviewer` columns for work that the store does by itself. */
export const SYSTEM_LABEL = "system";

/**
 * What is stored as the author of a change: `account:acc-…`, `key:key-…`, `publisher:pub-…`, `device:dev-…`, `operator`;
 * `anonymous` in logs only.
 */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case "anonymous":
      return "anonymous";
    case "account":
      return accountLabel(actor.accountId);
    case "organisation-key":
      return `key:${actor.keyId}`;
    case "publisher":
      return `publisher:${actor.publisherId}`;
    case "device":
      return `device:${actor.deviceId}`;
    case "operator":
      return "operator";
  }
}

/** The API key by which a person acts; null: another acts, or by a session. */
export function ownKeyOf(actor: Actor): ApiKeyId | null {
  return actor.kind === "account" && actor.via.type === "api-key" ? actor.via.keyId : null;
}

/** The label of a person. */
export function accountLabel(id: AccountId): string {
  return `account:${id}`;
}

/** What whoever acts reads, for letters that they ask for; undefined: nothing says it. */
export function readsOf(actor: Actor): string | undefined {
  if (actor.kind === "operator") return undefined;
  return (actor.kind === "account" ? actor.language : undefined) ?? actor.from?.language;
}

/** Who stands in the audit log. */
export function auditAuthor(actor: Actor): AuditAuthor {
  const from = actor.kind === "operator" ? undefined : actor.from;
  return {
    actor: actorLabel(actor),
    via: viaOf(actor),
    requestId: from?.requestId ?? null,
    address: from?.address ?? null,
    userAgent: from?.userAgent ?? null,
  };
}

function viaOf(actor: Actor): string | null {
  if (actor.kind === "organisation-key") return actor.keyId;
  if (actor.kind === "publisher") return actor.tokenId;
  if (actor.kind !== "account") return null;
  return actor.via.type === "session" ? actor.via.sessionId : actor.via.keyId;
}

/** What stands in the store's log: the id alone. */
export function actorId(actor: Actor): string {
  return actorLabel(actor).replace(/^[a-z]+:/, "");
}

/** Who it was, in words for the people concerned: where a sentence begins, and within it. A person's name stays as they write it. */
export type By = { readonly start: Words; readonly within: Words };

export function byOf(actor: Actor): By {
  switch (actor.kind) {
    case "anonymous":
      return { start: say`Somebody`, within: say`somebody` };
    case "account": {
      const name = `${actor.name} <${actor.email}>`;
      return { start: name, within: name };
    }
    case "organisation-key":
      return { start: say`The API key ${actor.keyId}`, within: say`the API key ${actor.keyId}` };
    case "publisher": {
      const { repository, subject, issuerName } = actor.run;
      const run = repository ?? subject;
      return {
        start: say`A build job of ${run} at ${issuerName}`,
        within: say`a build job of ${run} at ${issuerName}`,
      };
    }
    case "device":
      return { start: say`The device ${actor.deviceId}`, within: say`the device ${actor.deviceId}` };
    case "operator":
      return { start: say`The store's operator`, within: say`the store's operator` };
  }
}

/** The same in English, for what is kept. */
export function nameOf(actor: Actor): string {
  return String(byOf(actor).within);
}
