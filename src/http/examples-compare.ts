/** Examples of what the API tells of files in versions, and of what two versions have otherwise. */

const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const LATER = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
const FILE_CHANGE = {
  path: "scripts/main.lua",
  change: "changed",
  movedFrom: null,
  before: { sizeBytes: 1300, sha256: DIGEST },
  after: { sizeBytes: 1352, sha256: LATER },
};

export function compareExamples(
  version: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const from = { version: { ...version, versionCode: 6, version: "1.1.0" }, contents: "there" };
  const to = { version, contents: "there" };
  return {
    PackageFile: { path: FILE_CHANGE.path, ...FILE_CHANGE.after },
    VersionFile: {
      contents: "there",
      file: { path: "scripts/main.lua", sizeBytes: 18, kind: "text", text: "mosis.app.ready()\n" },
    },
    FileChange: FILE_CHANGE,
    Comparison: {
      ...{ from, to },
      changes: [{ what: "hosts_added", locale: null, before: [], after: ["api.example.org"] }],
      permissions: [
        {
          name: "network.http",
          title: "Use the network",
          change: "added",
          before: null,
          after: { danger: "normal", optional: false },
        },
      ],
      manifest: [{ pointer: "/network", after: { hosts: ["api.example.org"] } }],
      totals: {
        ...{ added: 0, removed: 0, changed: 1, moved: 0, same: 12 },
        ...{ bytesBefore: 48_100, bytesAfter: 48_152 },
      },
      files: [FILE_CHANGE],
      nextCursor: null,
    },
    FileComparison: {
      ...{ from, to },
      file: {
        path: "scripts/main.lua",
        before: { sizeBytes: 18, kind: "text" },
        after: { sizeBytes: 22, kind: "text" },
        isLaidOut: false,
        lines: {
          ...{ added: 1, removed: 1, isCoarse: false },
          hunks: [
            {
              rows: [
                { kind: "removed", before: 1, after: null, text: "mosis.app.ready()\n" },
                { kind: "added", before: null, after: 1, text: "mosis.app.ready(true)\n" },
              ],
            },
          ],
        },
      },
    },
  };
}
