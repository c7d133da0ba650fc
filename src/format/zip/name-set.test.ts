/** The tree of names says of every list what plain maps of texts say of it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { FormatError } from "../findings.ts";
import { createNameSet } from "./name-set.ts";

type Said = readonly [code: string, found: string | undefined] | "fine";

/** What the tree says of each name in turn, up to the first that it refuses. */
function said(names: readonly string[], mostFolders = names.length * 5): Said[] {
  const check = createNameSet(names.length, mostFolders);
  const all: Said[] = [];
  for (const [index, name] of names.entries()) {
    try {
      check(name, index);
      all.push("fine");
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const [finding] = error.findings;
      expect([finding.entry, finding.offset]).toEqual([name, index]);
      all.push([finding.code, finding.found]);
      break;
    }
  }
  return all;
}

/** The rule as it is written: a text for each name and each folder, in small letters. */
function byTheRule(names: readonly string[], mostFolders = names.length * 5): Said[] {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const all: Said[] = [];
  for (const name of names) {
    const tooMany = (): Said | undefined =>
      folders.size > mostFolders ? ["MPK-C032", `${folders.size} folders`] : undefined;
    const refusal = refusalOf(name, files, folders) ?? tooMany();
    all.push(refusal ?? "fine");
    if (refusal !== undefined) break;
  }
  return all;
}

function refusalOf(name: string, files: Map<string, string>, folders: Map<string, string>): Said | undefined {
  const lower = name.toLowerCase();
  const twin = files.get(lower);
  if (twin !== undefined) return ["MPK-C015", `${twin} and ${name}`];
  files.set(lower, name);
  const folderAsFile = folders.get(lower);
  if (folderAsFile !== undefined) return ["MPK-C016", `${folderAsFile}/`];
  const segments = name.split("/");
  for (let depth = 1; depth < segments.length; depth++) {
    const folder = segments.slice(0, depth).join("/");
    const spelled = folders.get(folder.toLowerCase());
    if (spelled !== undefined && spelled !== folder) return ["MPK-C016", `${spelled}/`];
    const file = files.get(folder.toLowerCase());
    if (spelled === undefined && file !== undefined) return ["MPK-C016", file];
    folders.set(folder.toLowerCase(), folder);
  }
  return undefined;
}

test.each<[what: string, names: readonly string[], last: Said]>([
  ["one name twice", ["a/b", "a/b"], ["MPK-C015", "a/b and a/b"]],
  ["two spellings of a file", ["a/b", "a/B"], ["MPK-C015", "a/b and a/B"]],
  ["two spellings of a file and of its folder", ["a/b", "A/B"], ["MPK-C015", "a/b and A/B"]],
  ["two spellings of a folder", ["a/b/c", "a/B/d"], ["MPK-C016", "a/b/"]],
  ["two spellings of two folders", ["a/b/c", "A/B/d"], ["MPK-C016", "a/"]],
  ["a file and then a folder", ["a/b", "A/B/c"], ["MPK-C016", "a/"]],
  ["a file and then a folder of one spelling", ["a/b", "a/b/c"], ["MPK-C016", "a/b"]],
  ["a folder and then a file", ["a/b/c", "a/b"], ["MPK-C016", "a/b/"]],
  ["a folder and then a file in another spelling", ["a/b/c", "A/b"], ["MPK-C016", "a/b/"]],
  ["names that only begin alike", ["a", "aa", "a.b", "b/a", "b/aa/a"], "fine"],
  ["characters that only the case bit sets apart", ["@", "`", "[", "{", "K", "j"], "fine"],
])("%s", (_what, names, last) => {
  expect(said(names).at(-1)).toEqual(last);
  expect(byTheRule(names)).toEqual(said(names));
});

const segment = fc.string({
  unit: fc.constantFrom("a", "A", "b", "B", "0", "_"),
  minLength: 1,
  maxLength: 3,
});
const name = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));

test("whatever the names, it is what the rule says", () => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), fc.nat(30), (names, mostFolders) => {
      expect(said(names, mostFolders)).toEqual(byTheRule(names, mostFolders));
    }),
    { numRuns: 500 },
  );
});

test("a table that has grown many times still holds everything", () => {
  const names = Array.from({ length: 5000 }, (_, index) => `d${index}/x/${index % 7}/File${index}`);
  expect(said(names)).toEqual(names.map(() => "fine"));
  for (const index of [0, 1, 2500, 4999]) {
    const twin = `d${index}/x/${index % 7}/fILE${index}`;
    const [last] = said([...names, twin]).slice(-1);
    expect(last).toEqual(["MPK-C015", `${names[index]} and ${twin}`]);
  }
});
