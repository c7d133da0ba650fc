/** Where the operator's socket of a data folder is. */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { Problem } from "../errors.ts";

/** sockaddr_un.sun_path has 104 bytes on macOS and 108 on Linux, with the final zero. */
const PATH_MAX_BYTES = 100;

/**
 * In the data folder; for a folder whose path is too long for a socket, in a folder of this user's own among the
 * temporary files, named by the folder's digest.
 * @throws Problem `store.socket_folder` when somebody else made that folder.
 */
export function operatorSocketPath(dataDir: string): string {
  const folder = realFolder(dataDir);
  const inside = join(folder, "admin.sock");
  if (Buffer.byteLength(inside) <= PATH_MAX_BYTES) return inside;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const shared = join(tmpdir(), `mosis-${userInfo().uid}`);
  mkdirSync(shared, { recursive: true, mode: 0o700 });
  const info = lstatSync(shared);
  if (!info.isDirectory() || info.uid !== userInfo().uid || (info.mode & 0o077) !== 0) {
    throw new Problem(
      "unavailable",
      "store.socket_folder",
      `${shared} is not a folder of this user alone: remove it, or use a shorter data folder.`,
    );
  }
  return join(shared, `${name}.sock`);
}

function realFolder(dataDir: string): string {
  try {
    return realpathSync(dataDir);
  } catch {
    return resolve(dataDir);
  }
}
