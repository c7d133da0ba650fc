/** The files of an audience's catalogue, for who belongs to it: by their address below it. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { AudienceId } from "../../ids.ts";
import { servedKey } from "../tuf/roles.ts";
import { findOfferedFile } from "./files.records.ts";
import { mayReadCatalogue } from "./viewers.ts";

/**
 * Where the file lies; null when there is none, or none for this actor. Packages, containers and icons lie there once for
 * all audiences that have the app, so it is asked whether this one has it now.
 */
export function findAudienceFile(
  store: Pick<Store, "db">,
  actor: Actor,
  audience: AudienceId,
  address: string,
): string | null {
  if (!mayReadCatalogue(store, actor, audience)) return null;
  if (/^(?:metadata|targets)\//.test(address)) return servedKey(audience, address);
  return findOfferedFile(store.db.orm, audience, address);
}
