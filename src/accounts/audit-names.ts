/** The names of whom and what entries of the audit log tell of. They hold ids alone, so that people can be forgotten. */
import type { AuditRow } from "../audit/entry.ts";
import type { Store } from "../context.ts";
import type {
  AccountId,
  ApiKeyId,
  AppId,
  DeviceId,
  EnrolmentCodeId,
  GroupId,
  OrganisationId,
  PublisherId,
  VersionId,
} from "../ids.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { appNamed, versionNamed } from "./audit-names.records.ts";
import { codeById } from "./devices/codes.records.ts";
import { deviceById } from "./devices/records.ts";
import { groupById } from "./groups/records.ts";
import { organisationById } from "./organisations.records.ts";
import { accountById } from "./records.ts";
import { publisherName } from "./trusted-publishing/conditions.ts";
import { publisherById } from "./trusted-publishing/records.ts";

/** What is known today; null: nothing any more, or it never had a name. */
export type AuditNames = {
  readonly actor: string | null;
  readonly subject: string | null;
  readonly organisation: string | null;
};

/**
 * Looks up each name once.
 * @param everywhere Whether apps are named also where they are another organisation's by now
 */
export function namer(store: Pick<Store, "db">, everywhere: boolean): (row: AuditRow) => AuditNames {
  const known = new Map<string, string | null>();
  const lookUp = (type: string, id: string, of: OrganisationId | null): string | null => {
    const label = `${type}:${of ?? ""}:${id}`;
    const found = known.get(label);
    if (found !== undefined) return found;
    const name = find(store, type, id, everywhere ? null : of);
    known.set(label, name);
    return name;
  };
  return ({ actor, subjectType, subject, organisationId }) => {
    const [type, id] = actor.split(/:(.*)/s);
    return {
      actor: id === undefined ? null : lookUp(type === "key" ? "apikey" : (type ?? ""), id, organisationId),
      subject: lookUp(subjectType, subject, organisationId),
      organisation: organisationId === null ? null : lookUp("organisation", organisationId, organisationId),
    };
  };
}

function find(
  store: Pick<Store, "db">,
  type: string,
  id: string,
  only: OrganisationId | null,
): string | null {
  const tx = store.db.orm;
  switch (type) {
    case "account":
      return accountById(tx, id as AccountId)?.name ?? null;
    case "apikey":
      return apiKeyById(tx, id as ApiKeyId)?.name ?? null;
    case "group":
      return groupById(tx, id as GroupId)?.name ?? null;
    case "enrolment":
      return codeById(tx, id as EnrolmentCodeId)?.label ?? null;
    case "device":
      return deviceById(tx, id as DeviceId)?.name ?? null;
    case "publisher": {
      const publisher = publisherById(tx, id as PublisherId);
      return publisher === undefined ? null : publisherName(publisher);
    }
    case "organisation":
      return organisationById(tx, id as OrganisationId)?.name ?? null;
    case "app": {
      const app = appNamed(tx, id as AppId);
      return app === undefined || (only !== null && app.organisationId !== only) ? null : app.name;
    }
    case "version": {
      const version = versionNamed(tx, id as VersionId);
      if (version === undefined || (only !== null && version.organisationId !== only)) return null;
      return `${version.appId} ${version.version}`;
    }
    default:
      return null;
  }
}
