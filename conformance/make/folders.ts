/** Names of files that need very many folders. */

/** Folders in which one name can be. */
const DEEPEST = 15;

/** Names that need exactly so many folders, which nothing else is in. */
export function namesInFolders(folders: number): readonly string[] {
  const names: string[] = [];
  for (let left = folders; left > 0; left -= DEEPEST) {
    const first = `f${String(names.length).padStart(4, "0")}`;
    names.push([first, ..."x".repeat(Math.min(left, DEEPEST) - 1), "a"].join("/"));
  }
  return names;
}

/** Files in as many folders; of the sample's own there are data, icons, ui and META-MOSIS. */
export function inFolders(folders: number): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(namesInFolders(folders - 4).map((name) => [name, new Uint8Array(0)]));
}
