/** The files of an audience's catalogue, for who belongs to it: by their address below it. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { AudienceId, Sha256 } from "../../ids.ts";
import { containerKey, releaseKey } from "../release-keys.ts";
import { servedKey } from "../tuf/roles.ts";
import { isContainerFor, isPackageFor, isPictureFor } from "./files.records.ts";
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
  const tx = store.db.orm;
  if (/^(?:metadata|targets)\//.test(address)) return servedKey(audience, address);
  const [, folder, sha256, ending] =
    /^(packages|deltas|pictures)\/([0-9a-f]{64})\.([a-z]+)$/.exec(address) ?? [];
  const digest = sha256 as Sha256;
  if (folder === "packages" && ending === "mosis" && isPackageFor(tx, audience, digest))
    return releaseKey(digest);
  if (folder === "deltas" && ending === "mosisd" && isContainerFor(tx, audience, digest))
    return containerKey(digest);
  if (folder === "pictures" && isPictureFor(tx, audience, address, "icons")) return address;
  return null;
}
