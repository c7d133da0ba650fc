/**
 * `developers/<developerId>/log.json`, documented in assets/docs/reference/catalogue.md: what the log's leaves about a
 * developer's keys hid while nothing of the developer was public.
 */
import { type DeveloperKeyEntry, LOG_FIELDS } from "../../format/log/entries.ts";
import type { OrganisationId } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import type { CatalogueFile } from "./app-index.ts";
import { document, type Reader } from "./reader.ts";

export const DEVELOPER_LEAVES_MAX_BYTES = 4 * 2 ** 20;
/** As many as certainly fit. */
export const DEVELOPER_LEAVES_MAX = 10_000;

export type OpenedLeaf = {
  readonly position: number;
  readonly at: Date;
  readonly salt: Uint8Array;
  readonly entry: DeveloperKeyEntry;
};

export type DeveloperLeaves = {
  readonly developerId: OrganisationId;
  /** By rising position. */
  readonly leaves: readonly OpenedLeaf[];
};

export function developerLeavesPath(developerId: string): string {
  return `developers/${developerId}/log.json`;
}

export function buildDeveloperLeaves({ developerId, leaves }: DeveloperLeaves): CatalogueFile {
  const body = canonicalize({ developerId, leaves: leaves.map(leafJson), v: 1 });
  return { path: developerLeavesPath(developerId), body };
}

function leafJson({ position, at, salt, entry }: OpenedLeaf) {
  const { authorisedBy, change, keyId } = entry;
  return {
    at: formatTime(at),
    authorisedBy,
    change,
    keyId,
    position,
    salt: Buffer.from(salt).toString("hex"),
  };
}

/** @throws Problem `catalogue.malformed` */
export function parseDeveloperLeaves(bytes: Uint8Array): DeveloperLeaves {
  const root = document(bytes, DEVELOPER_LEAVES_MAX_BYTES, "log.json of a developer");
  root.exactly("developerId", "leaves", "v");
  root.get("v").literal(1);
  const isDeveloperId = (text: string): text is OrganisationId => /^[a-z0-9-]{1,64}$/.test(text);
  const developerId = root.get("developerId").match(isDeveloperId, "a developer id");
  let next = 0;
  const leaves = root.get("leaves").list((leaf) => {
    const opened = parseLeaf(leaf, developerId, next);
    next = opened.position + 1;
    return opened;
  }, 1);
  return { developerId, leaves };
}

function parseLeaf(leaf: Reader, developerId: OrganisationId, least: number): OpenedLeaf {
  leaf.exactly("at", "authorisedBy", "change", "keyId", "position", "salt");
  const { authorisedBy, change } = LOG_FIELDS["developer-key"];
  const by = leaf.get("authorisedBy");
  return {
    position: leaf.get("position").integer(least),
    at: new Date(leaf.get("at").match(isTime, "YYYY-MM-DDTHH:MM:SSZ")),
    // A salt has as many bytes as a SHA-256.
    salt: new Uint8Array(Buffer.from(leaf.get("salt").sha256(), "hex")),
    entry: {
      type: "developer-key",
      change: leaf
        .get("change")
        .match((text): text is DeveloperKeyEntry["change"] => change.allows(text), change.expected),
      keyId: leaf.get("keyId").sha256() as string as DeveloperKeyEntry["keyId"],
      developerId,
      appId: null,
      authorisedBy: by.isNull()
        ? null
        : by.match((text): text is string => authorisedBy.allows(text), authorisedBy.expected),
    },
  };
}
