/** Which files of a version are pictures that the store has decoded: those are shown, and no others. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { AppId } from "../../ids.ts";
import { picturesOf } from "../pictures.ts";
import { ICON_SOURCE_PX } from "../shown-pictures/sizes.ts";
import type { ShownPicture } from "../shown-pictures/views.ts";
import { findVersionFor, type VersionRef } from "../versions.ts";

/** By the name of the file in the package. @throws Problem `app.not_found`, `version.not_found` */
export function picturesByPath(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): ReadonlyMap<string, ShownPicture> {
  const tx = store.db.orm;
  const row = findVersionFor(tx, actor, "version.read", appId, ref);
  if (row.manifest === null) return new Map();
  const { icons, screenshots = [] } = JSON.parse(row.manifest) as Pictured;
  const icon = icons?.find(({ size }) => size === ICON_SOURCE_PX)?.src;
  return new Map(
    picturesOf(tx, row.id).flatMap((picture): [string, ShownPicture][] => {
      const path = picture.kind === "icon" ? icon : screenshots[picture.position]?.src;
      return path === undefined ? [] : [[path, picture]];
    }),
  );
}

/** Of a manifest that was checked: only then are there pictures of the version. */
type Pictured = {
  readonly icons?: readonly { readonly size: number; readonly src: string }[];
  readonly screenshots?: readonly { readonly src: string }[];
};
