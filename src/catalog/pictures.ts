/** The pictures of versions: which of them everybody may see, and which stands for an app in the store front. */
import type { Actor } from "../accounts/actor.ts";
import { allows } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { EVERYBODY, isSha256, type Sha256, type VersionId } from "../ids.ts";
import * as pictures from "./pictures.records.ts";
import { isPictureFor } from "./visibility/files.records.ts";
import { audiencesOfActor } from "./visibility/viewers.ts";

/** Where one picture is used is looked at this often; the same bytes in more versions than that are a stock picture. */
const USES_MOST = 1000;

/** The name under which a picture is kept: its digest, and the ending of its format. */
export type PictureFile = `${Sha256}.${keyof typeof PICTURE_TYPES}`;

const PICTURE_TYPES = { png: "image/png", jpg: "image/jpeg", webp: "image/webp" } as const;

/** Null when nothing is ever kept under such a name. */
export function parsePictureFile(
  text: string,
): { file: PictureFile; sha256: Sha256; type: (typeof PICTURE_TYPES)[keyof typeof PICTURE_TYPES] } | null {
  const [sha256 = "", ending, ...rest] = text.split(".");
  if (!isSha256(sha256) || rest.length > 0) return null;
  if (ending !== "png" && ending !== "jpg" && ending !== "webp") return null;
  return { file: `${sha256}.${ending}`, sha256, type: PICTURE_TYPES[ending] };
}

/**
 * The blob key of a picture that this actor may see, and whether everybody may: what stands in a published version of a
 * public app is public; that of another app is for its audiences, and the rest for those who may read one of its versions.
 * @throws Problem `not_found`
 */
export function findPicture(
  store: Store,
  actor: Actor,
  file: PictureFile,
): { readonly key: string; readonly isPublic: boolean } {
  const key = `pictures/${file}`;
  const tx = store.db.orm;
  if (pictures.isPublicPicture(tx, key)) return { key, isPublic: true };
  const mayRead = pictures
    .appsWithPicture(tx, key, USES_MOST)
    .some((app) => allows(actor, "version.read", app));
  const isShown = audiencesOfActor(tx, actor)
    .filter((audience) => audience !== EVERYBODY)
    .some((audience) => isPictureFor(tx, audience, key, "pictures"));
  if (mayRead || isShown) return { key, isPublic: false };
  throw new Problem("not_found", "not_found", "There is nothing here, or nothing that you may see.");
}

/** Blob keys of the 128 px icons of these versions; a version without one is not in the map. */
export function iconKeys(store: Store, ids: readonly VersionId[]): Map<VersionId, string> {
  if (ids.length === 0) return new Map();
  return new Map(pictures.selectIconKeys(store.db.orm, ids).map((row) => [row.id, row.key]));
}
