/** Which files one package has otherwise than another, by the digests of their contents. Pure. */

export type ListedFile = { readonly path: string; readonly sizeBytes: number; readonly sha256: string };

export type FileFacts = Omit<ListedFile, "path">;

export type FileChange = {
  readonly path: string;
  /** `moved`: the same bytes stood elsewhere, and do not stand there any more. */
  readonly change: "added" | "removed" | "changed" | "moved";
  /** Where it was, of one that was moved. */
  readonly movedFrom: string | null;
  readonly before: FileFacts | null;
  readonly after: FileFacts | null;
};

export type FileTotals = {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly moved: number;
  readonly same: number;
  /** Of all files as they are in the package, before they are compressed. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
};

const factsOf = ({ sizeBytes, sha256 }: ListedFile): FileFacts => ({ sizeBytes, sha256 });

/** In the order of paths. */
export function fileChanges(before: readonly ListedFile[], after: readonly ListedFile[]): FileChange[] {
  const gone = new Map(before.map((file) => [file.path, file]));
  const fresh: ListedFile[] = [];
  const changes: FileChange[] = [];
  for (const is of after) {
    const was = gone.get(is.path);
    gone.delete(is.path);
    if (was === undefined) fresh.push(is);
    else if (was.sha256 !== is.sha256)
      changes.push({
        ...{ path: is.path, change: "changed", movedFrom: null },
        ...{ before: factsOf(was), after: factsOf(is) },
      });
  }
  const goneBytes = byDigest([...gone.values()].reverse());
  for (const is of fresh) {
    // Where the same bytes stood more than once, in the order of paths: which of them moved, nobody can tell.
    const was = is.sizeBytes === 0 ? undefined : goneBytes.get(is.sha256)?.pop();
    if (was !== undefined) gone.delete(was.path);
    changes.push({
      path: is.path,
      change: was === undefined ? "added" : "moved",
      movedFrom: was?.path ?? null,
      before: was === undefined ? null : factsOf(was),
      after: factsOf(is),
    });
  }
  for (const was of gone.values())
    changes.push({
      ...{ path: was.path, change: "removed", movedFrom: null },
      ...{ before: factsOf(was), after: null },
    });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function byDigest(files: Iterable<ListedFile>): Map<string, ListedFile[]> {
  const found = new Map<string, ListedFile[]>();
  for (const file of files) {
    const same = found.get(file.sha256);
    if (same === undefined) found.set(file.sha256, [file]);
    else same.push(file);
  }
  return found;
}

export function fileTotals(
  before: readonly ListedFile[],
  after: readonly ListedFile[],
  changes: readonly FileChange[],
): FileTotals {
  const count = (kind: FileChange["change"]) => changes.filter(({ change }) => change === kind).length;
  const bytes = (files: readonly ListedFile[]) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const [added, changed, moved] = [count("added"), count("changed"), count("moved")];
  return {
    ...{ added, removed: count("removed"), changed, moved, same: after.length - added - changed - moved },
    ...{ bytesBefore: bytes(before), bytesAfter: bytes(after) },
  };
}
