/** The forms of what the API tells of the files in versions, and of what two versions have otherwise. */
import { Type } from "@sinclair/typebox";
import { CONTENTS_STATES } from "../catalog/comparison/contents.ts";
import { CHANGE_KINDS } from "../catalog/comparison/manifest-changes.ts";
import type { VersionRef } from "../catalog/versions.ts";
import { HIGHEST_VERSION_CODE, ID_DIGITS, isVersionCode } from "../ids.ts";
import { oneOf, orNull, record, SHA256, VERSION } from "./schemas.ts";

/** In a query, where everything is text. */
export const VERSION_REF = Type.String({
  pattern: `^(?:[1-9][0-9]{0,9}|ver-${ID_DIGITS})$`,
  description: `a version code from 1 to ${HIGHEST_VERSION_CODE}, of which the newest upload is meant, or a version's id`,
  examples: ["7"],
});

export function refOf(text: string): VersionRef {
  const code = Number(text);
  return isVersionCode(code) ? code : (text as VersionRef);
}

export const FILE_PATH = Type.String({
  minLength: 1,
  maxLength: 200,
  // As the format has names: what else stands in an address is none that a page should repeat.
  pattern: "^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$",
  description: "the name of a file in the package, with its folders",
  examples: ["scripts/main.lua"],
});

export const CONTENTS = {
  ...oneOf(...CONTENTS_STATES),
  description:
    "`there`: the package's files can be read. `unread`: no check has found it to be a whole package, or none has looked yet. `gone`: it is not stored any more. `damaged`: what is stored is not what the checks read.",
};

const FACTS = record({
  sizeBytes: Type.Integer({ minimum: 0, description: "Before it is compressed." }),
  sha256: SHA256,
});

const FILE_KIND = {
  ...oneOf("text", "binary", "large"),
  description: "`large`: it is larger than what is shown as text: 512 KiB, or 20,000 lines.",
};

export const PACKAGE_FILE = record({ path: FILE_PATH, ...FACTS.properties }, "PackageFile");

export const VERSION_FILE = record(
  {
    contents: CONTENTS,
    file: orNull(
      record({
        path: FILE_PATH,
        sizeBytes: Type.Integer({ minimum: 0 }),
        kind: FILE_KIND,
        text: orNull(Type.String({ description: "Null of what is no text in UTF-8, or is large." })),
      }),
    ),
  },
  "VersionFile",
);

const COMPARED = record({ version: VERSION, contents: CONTENTS });

const PERMISSION = orNull(
  record({ danger: oneOf("normal", "dangerous", "unknown"), optional: Type.Boolean() }),
);

export const FILE_CHANGE = record(
  {
    path: FILE_PATH,
    change: {
      ...oneOf("added", "removed", "changed", "moved"),
      description: "`moved`: the same bytes stood elsewhere.",
    },
    movedFrom: orNull(FILE_PATH),
    before: orNull(FACTS),
    after: orNull(FACTS),
  },
  "FileChange",
);

const COUNT = Type.Integer({ minimum: 0 });

export const COMPARISON = record(
  {
    from: COMPARED,
    to: COMPARED,
    changes: Type.Array(
      record({
        what: oneOf(...CHANGE_KINDS),
        locale: orNull(Type.String({ description: "Of texts: the locale in which they differ." })),
        before: Type.Array(Type.String()),
        after: Type.Array(Type.String()),
      }),
      { description: "In words, of the manifests and the keys that signed." },
    ),
    permissions: Type.Array(
      record({
        name: Type.String(),
        title: orNull(Type.String({ description: "What it is for, in English." })),
        change: {
          ...oneOf("added", "removed", "raised", "lowered"),
          description:
            "`raised`: it was optional and is not any more, or is dangerous in the platform API asked for now.",
        },
        before: PERMISSION,
        after: PERMISSION,
      }),
    ),
    manifest: Type.Array(
      record({
        pointer: Type.String({ description: "JSON pointer into the manifest (RFC 6901)." }),
        before: Type.Optional(Type.Unknown({ description: "Missing where it is new." })),
        after: Type.Optional(Type.Unknown({ description: "Missing where it is gone." })),
      }),
      { description: "Every value that differs." },
    ),
    totals: orNull(
      record({
        ...{ added: COUNT, removed: COUNT, changed: COUNT, moved: COUNT, same: COUNT },
        ...{ bytesBefore: COUNT, bytesAfter: COUNT },
      }),
    ),
    files: Type.Array(FILE_CHANGE, {
      description: "A page of the files that are not the same, in the order of their names.",
    }),
    nextCursor: orNull(Type.String({ description: "For the next page of files; null on the last one." })),
  },
  "Comparison",
);

const SIDE = orNull(record({ sizeBytes: COUNT, kind: FILE_KIND }));
const LINE = orNull(Type.Integer({ minimum: 1 }));

export const FILE_COMPARISON = record(
  {
    from: COMPARED,
    to: COMPARED,
    file: orNull(
      record({
        path: FILE_PATH,
        before: SIDE,
        after: SIDE,
        isLaidOut: Type.Boolean({
          description: "It is JSON on one line, laid out in many so that one sees what changed.",
        }),
        lines: orNull(
          record({
            added: COUNT,
            removed: COUNT,
            isCoarse: Type.Boolean({
              description:
                "The two have too little in common to be matched: the old stands whole before the new.",
            }),
            hunks: Type.Array(
              record({
                rows: Type.Array(
                  record({
                    kind: oneOf("same", "removed", "added"),
                    before: { ...LINE, description: "Its number in the first; null where it is new." },
                    after: { ...LINE, description: "Its number in the second; null where it is gone." },
                    text: Type.String({ description: "With its line break." }),
                  }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
  },
  "FileComparison",
);
