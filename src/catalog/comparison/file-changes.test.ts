import { expect, test } from "bun:test";
import fc from "fast-check";
import { fileChanges, fileTotals, type ListedFile } from "./file-changes.ts";

const files = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-d]{1,2}$/), fc.integer({ min: 0, max: 3 })), {
    selector: ([path]) => path,
    maxLength: 12,
  })
  .map((all) => all.map(([path, n]): ListedFile => ({ path, sizeBytes: n * 10, sha256: `${n}` })));

test("the changes lead from the one list to the other, and the totals count them", () => {
  fc.assert(
    fc.property(files, files, (before, after) => {
      const changes = fileChanges(before, after);
      const at = new Map(before.map((file) => [file.path, file.sha256]));
      for (const { path, change, movedFrom } of changes) {
        if (change === "removed") at.delete(path);
        if (movedFrom !== null) at.delete(movedFrom);
      }
      for (const { path, after: is } of changes) if (is !== null) at.set(path, is.sha256);
      expect([...at].sort()).toEqual(
        after.map(({ path, sha256 }): [string, string] => [path, sha256]).sort(),
      );
      const { added, removed, changed, moved, same } = fileTotals(before, after, changes);
      expect([added + changed + moved + same, removed + changed + moved + same]).toEqual([
        after.length,
        before.length,
      ]);
    }),
  );
});

test("the same bytes elsewhere were moved, and are gone from where they stood", () => {
  const file = (path: string, sha256: string): ListedFile => ({ path, sizeBytes: 5, sha256 });
  const changes = fileChanges([file("a", "1"), file("b", "2")], [file("b", "2"), file("c", "1")]);
  expect(changes.map(({ path, change, movedFrom }) => [path, change, movedFrom])).toEqual([
    ["c", "moved", "a"],
  ]);
});

test("20,000 files that all moved and are all alike are matched at once", () => {
  const named = (folder: string) =>
    Array.from({ length: 20_000 }, (_, at) => ({ path: `${folder}/${at}`, sizeBytes: 1, sha256: "same" }));
  const changes = fileChanges(named("a"), named("b"));
  expect(new Set(changes.map(({ movedFrom }) => movedFrom)).size).toBe(20_000);
});
