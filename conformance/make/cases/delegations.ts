/** How roles delegate to others: patterns, names, the order of a lookup (package format §6, TUF 1.0 §5.6.7). */
import { utf8 } from "../../../src/format/testing.ts";
import { binOf, type CataloguePlan, keyIdOf, type MoreRole, tufKey } from "../catalogue.ts";
import { bad, type CatalogueCase, edit, ok, target } from "../catalogue-case.ts";
import { PATHS } from "../content.ts";
import type { Loose } from "../packages.ts";

const malformed = bad("metadata_malformed");
const missing = bad("missing");
const expired = bad("expired");
const mixed = bad("mixed");
const unsigned = bad("not_signed");

const BIN = binOf(PATHS.index, 2);
/** The role `more` before all others, with these patterns. */
const by = (...paths: readonly string[]): CataloguePlan => ({
  more: [{ name: "more", delegation: { paths } }],
});
const byPrefixes = (...prefixes: readonly string[]): CataloguePlan => ({
  more: [{ name: "more", delegation: { path_hash_prefixes: prefixes } }],
});

/** A target that the role `more` lists and whose file is not there: who looks for it there misses it. */
const listedByMore = (path: string, plan: CataloguePlan): CataloguePlan => ({
  ...plan,
  targets: { [path]: { role: "more", bytes: utf8("hello") } },
  files: (files) => {
    const name = path.split("/").at(-1) ?? "";
    for (const file of [...files.keys()]) if (file.endsWith(`.${name}`)) files.delete(file);
  },
});
type Match = readonly [name: string, why: string, pattern: string, path: string];
const OF: readonly Match[] = [
  ["whole", "is the path", "x/y.txt", "x/y.txt"],
  ["star", "is a star, and a name of any characters", "x/*", "x/ä ö?[*].txt"],
  ["star-for-nothing", "has a star that stands for nothing", "x/y*.txt", "x/y.txt"],
  ["star-first", "begins with a star", "x/*.txt", "x/y.txt"],
  ["star-first-nothing", "begins with a star that stands for nothing", "x/*y.txt", "x/y.txt"],
  ["star-last", "ends with a star, which stands for a dot too", "x/y*", "x/y.txt"],
  ["star-between", "has a star between others", "x/y*t", "x/y.txt"],
  ["star-in-folder", "has a star in a folder", "x*/y.txt", "x-1/y.txt"],
];
const NOT_OF: readonly Match[] = [
  ["other-case", "has another case", "x/Y.txt", "x/y.txt"],
  ["more-folders", "has a folder more", "x/*/y.txt", "x/y.txt"],
  ["fewer-folders", "has a star where the path has two names", "x/*", "x/y/z.txt"],
  ["folder-alone", "is the path's folder", "x", "x/y.txt"],
  ["other-beginning", "begins with another letter before its star", "x/z*", "x/y.txt"],
  ["other-end", "ends with another letter behind its star", "x/*z", "x/y.txt"],
  ["star-overlaps", "has one y on either side of its star, and the path has one in all", "x/y*y", "x/y"],
  ["dot", "begins with a star, and the name with a dot", "x/*", "x/.y"],
  ["dot-and-more", "begins with a star, and the name with a dot", "x/*y", "x/.y"],
];
const MATCHES: readonly CatalogueCase[] = [
  ...NOT_OF.map(([name, why, pattern, path]) =>
    ok(
      `pattern-not-${name}`,
      `A pattern that ${why}: it does not have the path, so that nobody looks for it there.`,
      listedByMore(path, by(pattern)),
    ),
  ),
  ...OF.map(([name, why, pattern, path]) =>
    missing(
      `pattern-${name}`,
      `A pattern that ${why}: it has the path, whose file is not there.`,
      listedByMore(path, by(pattern)),
      { neighbour: "pattern-not-more-folders" },
    ),
  ),
  missing(
    "pattern-second",
    "The second of two patterns has the path, whose file is not there.",
    listedByMore("x/y.txt", by("z", "x/y.txt")),
    { neighbour: "pattern-not-more-folders" },
  ),
  missing(
    "prefix-of-path",
    "A prefix of the path's digest, 285288…, of a path whose file is not there.",
    listedByMore("x/y.txt", byPrefixes("285")),
    { neighbour: "prefix-not-of-path" },
  ),
  ok(
    "prefix-not-of-path",
    "Prefixes, of which the path's digest has none.",
    listedByMore("x/y.txt", byPrefixes("286", "85")),
  ),
];

const LONGEST = `x/${"y".repeat(254)}`;
const MOST_NAMES = `x${"/*".repeat(15)}`;
const WRONG: readonly (readonly [name: string, why: string, pattern: string])[] = [
  ["two-stars", "has two stars in one name", "x/a*b*"],
  ["all-folders", "has two stars for any folders", "x/**"],
  [
    "thirty-stars",
    "has thirty stars: a matcher that tries all of their ways never ends",
    `${"*a".repeat(30)}*b`,
  ],
  ["question", "has a question mark", "x/y?txt"],
  ["brackets", "has brackets", "x/[a-z]"],
  ["braces", "has braces", "x/{a,b}"],
  ["brackets-outside", "has an extended pattern", "x/+(a|b)"],
  ["exclamation", "begins with an exclamation mark", "!x"],
  ["hash", "begins with a hash", "#x"],
  ["backslash", "has a backslash", "x\\y"],
  ["space", "has a space", "x y"],
  ["letter", "has a letter that is no ASCII", "x/ä"],
  ["line", "has a line feed at its end", "x\n"],
  ["empty", "is empty", ""],
  ["slash-first", "begins with a slash", "/x"],
  ["slash-last", "ends with a slash", "x/"],
  ["slashes", "has a name that is empty", "x//y"],
  ["dot-first", "has a name that begins with a dot", "x/.y"],
  ["dot-star", "has a name of a dot and a star", "x/.*"],
  ["dot", "has the name .", "x/./y"],
  ["too-long", "has 257 characters", `${LONGEST}y`],
  ["seventeen-names", "has 17 names between slashes", `${MOST_NAMES}/*`],
];
const PATTERNS: readonly CatalogueCase[] = [
  ok("pattern-longest", "A pattern of 256 characters.", by(LONGEST)),
  ok("pattern-most-names", "A pattern of 16 names between slashes.", by(MOST_NAMES)),
  ok("pattern-characters", "A pattern of every kind of character.", by("AZaz09.-_*/*/x*y/*.json")),
  ...WRONG.map(([name, why, pattern]) =>
    malformed(`pattern-with-${name}`, `A pattern that ${why}.`, by(pattern), {
      neighbour: "pattern-characters",
    }),
  ),
  malformed(
    "pattern-number",
    "A pattern that is a number.",
    edit("targets", (s) => void (s.delegations.roles[0].paths = [1])),
  ),
  ok("prefix-longest", "A prefix of 64 digits.", byPrefixes("0".repeat(64))),
  malformed("prefix-too-long", "A prefix of 65 digits.", byPrefixes("0".repeat(65)), {
    neighbour: "prefix-longest",
  }),
  malformed("prefix-empty", "A prefix of no digit.", byPrefixes(""), { neighbour: "prefix-longest" }),
];

const NAMES: readonly CatalogueCase[] = [
  ok("role-name-longest", "A role's name of 64 characters.", { more: [{ name: `a-9${"x".repeat(61)}` }] }),
  ...[
    ["too-long", "of 65 characters", "x".repeat(65)],
    ["empty", "without a character", ""],
    ["number", "that is a number: objects of some languages put those before all others", "7"],
    ["digit-first", "with a digit first", "7x"],
    ["dash-first", "with a dash first", "-x"],
    ["upper-case", "with a capital letter", "X"],
    ["dot", "with a dot", "x.y"],
    ["slash", "with a slash", "x/y"],
    ["space", "with a space", "x y"],
    ["line", "with a line feed at its end", "x\n"],
    ["letter", "with a letter that is no ASCII", "é"],
    ["of-every-object", "that is the name of something that many a language's objects all have", "__proto__"],
  ].map(([name, why, role]) =>
    malformed(
      `role-name-${name}`,
      `A delegation to a role with a name ${why}.`,
      edit("targets", (s) => {
        const [first] = s.delegations.roles;
        s.delegations.roles = [
          { ...first, paths: ["more/*"], terminating: false, name: role },
          ...s.delegations.roles,
        ];
      }),
      { neighbour: "role-name-longest" },
    ),
  ),
  malformed(
    "role-names-numbers",
    "Two roles named 10 and 2, whose order was changed after it was signed.",
    {
      more: [{ name: "10" }, { name: "2" }],
      roles: {
        targets: {
          file: (m) => void m.signed.delegations.roles.unshift(m.signed.delegations.roles.splice(1, 1)[0]),
        },
      },
    },
    { neighbour: "two-roles" },
  ),
  ok("two-roles", "Two roles more, in the order that was signed.", {
    more: [{ name: "ten" }, { name: "two" }],
  }),
  unsigned(
    "two-roles-turned",
    "Two roles more, whose order was changed after it was signed.",
    {
      more: [{ name: "ten" }, { name: "two" }],
      roles: {
        targets: {
          file: (m) => void m.signed.delegations.roles.unshift(m.signed.delegations.roles.splice(1, 1)[0]),
        },
      },
    },
    { neighbour: "two-roles" },
  ),
  malformed(
    "bins-prefix-upper-case",
    "Bins whose names begin with a capital letter.",
    edit("apps", (s) => void (s.delegations.succinct_roles.name_prefix = "Bins")),
  ),
  malformed(
    "bins-prefix-targets",
    "Succinct roles with the name of a top-level role before theirs.",
    edit("apps", (s) => void (s.delegations.succinct_roles.name_prefix = "targets")),
  ),
  malformed(
    "bins-prefix-empty",
    "Bins of a prefix without a character.",
    edit("apps", (s) => void (s.delegations.succinct_roles.name_prefix = "")),
  ),
];

/** Three roles: `first`, which delegates to `inner`, and then `second`. */
const TREE: readonly MoreRole[] = [{ name: "first" }, { name: "inner", by: "first" }, { name: "second" }];
const ended = (s: Loose) => void (s.expires = "2026-03-01T11:59:59Z");
const stranger = [tufKey("stranger")];
const ORDER: readonly CatalogueCase[] = [
  ok("delegations-tree", "A role that delegates to another, and one beside it.", { more: TREE }),
  expired(
    "order-inner-before-second",
    "What the first of two roles delegates to has ended, and the second is not signed: a lookup meets them in this order.",
    { more: TREE, roles: { inner: { signed: ended }, second: { signers: stranger } } },
    { neighbour: "delegations-tree" },
  ),
  unsigned(
    "order-first-before-inner",
    "The first of two roles is not signed, and what it delegates to has ended.",
    { more: TREE, roles: { inner: { signed: ended }, first: { signers: stranger } } },
    { neighbour: "delegations-tree" },
  ),
  expired(
    "order-inner-before-unlisted",
    "What the first of two roles delegates to has ended, and the snapshot does not list the second.",
    {
      more: TREE,
      roles: { inner: { signed: ended }, snapshot: { signed: (s) => void delete s.meta["second.json"] } },
    },
    { neighbour: "delegations-tree" },
  ),
  mixed(
    "order-unlisted-before-second",
    "The snapshot does not list what the first of two roles delegates to, and the second has ended.",
    {
      more: TREE,
      roles: { second: { signed: ended }, snapshot: { signed: (s) => void delete s.meta["inner.json"] } },
    },
    { neighbour: "delegations-tree" },
  ),
  malformed(
    "delegated-by-two",
    "Two roles delegate to one name.",
    {
      more: TREE,
      roles: { second: { signed: (s) => void (s.delegations = delegationsTo("inner")) } },
    },
    { neighbour: "delegations-tree" },
  ),
  malformed(
    "delegated-by-two-kinds",
    "A role delegates to the name of a bin.",
    { more: TREE, roles: { second: { signed: (s) => void (s.delegations = delegationsTo("bins-0")) } } },
    { neighbour: "delegations-tree" },
  ),
  malformed(
    "delegation-to-itself",
    "A role delegates to itself.",
    { more: TREE, roles: { first: { signed: (s) => void (s.delegations = delegationsTo("first")) } } },
    { neighbour: "delegations-tree" },
  ),
  malformed(
    "delegation-around",
    "A role delegates to the one that delegates to it.",
    { more: TREE, roles: { inner: { signed: (s) => void (s.delegations = delegationsTo("first")) } } },
    { neighbour: "delegations-tree" },
  ),
  malformed(
    "delegated-by-two-ended",
    "Two roles delegate to one name, by the second of which it would have too few signatures.",
    {
      more: TREE,
      roles: {
        second: {
          signed: (s) =>
            void (s.delegations = { keys: {}, roles: [{ ...delegationsTo("inner").roles[0], keyids: [] }] }),
        },
      },
    },
    { neighbour: "delegations-tree" },
  ),
];

function delegationsTo(name: string): Loose {
  const key = tufKey(name.startsWith("bins-") ? "bins" : name);
  return {
    keys: {
      [keyIdOf(key)]: {
        keytype: "ed25519",
        keyval: { public: Buffer.from(key.spki.subarray(12)).toString("hex") },
        scheme: "ed25519",
      },
    },
    roles: [{ name, keyids: [keyIdOf(key)], threshold: 1, terminating: false, paths: ["more/*"] }],
  };
}

/** So many roles before the others that are asked for the log's head, and list nothing. */
const asked = (count: number): CataloguePlan => ({
  more: Array.from({ length: count }, (_, index) => ({
    name: `asked-${index}`,
    delegation: { paths: [PATHS.log] },
  })),
});
const LOOKUPS: readonly CatalogueCase[] = [
  ok("lookup-33-roles", "The log's head is listed by the 33rd role that a lookup comes to.", asked(30)),
  bad("foreign")(
    "lookup-34-roles",
    "The log's head is listed by the 34th role that a lookup would come to: it comes to 33, and has found nothing.",
    asked(31),
    { neighbour: "lookup-33-roles" },
  ),
  ok(
    "lookup-first-counts",
    "Two roles list a path; the first that a lookup comes to counts, and the other's file is not there.",
    {
      ...target("x.txt", utf8("hello")),
      more: TREE,
      roles: {
        inner: { signed: (s) => void (s.targets["x.txt"] = entryOf("hello")) },
        second: {
          signed: (s) => void (s.targets["x.txt"] = { length: 1, hashes: { sha256: "0".repeat(64) } }),
        },
      },
    },
  ),
  missing(
    "lookup-terminating",
    "A path's delegation is terminating, so that no role behind it is asked, and the role before it lists a file that is not there.",
    listedByMore("x/y.txt", { more: [{ name: "more", delegation: { paths: ["x/*"], terminating: true } }] }),
    { neighbour: "lookup-terminated" },
  ),
  ok(
    "lookup-behind-bins",
    "A role behind the one that delegates to the bins lists a path whose file is not there: bins are terminating, and nobody asks it.",
    listedByMore("x/y.txt", {
      ...by("x/*"),
      roles: {
        targets: { signed: ({ delegations }) => void delegations.roles.push(delegations.roles.shift()) },
      },
    }),
  ),
  missing(
    "lookup-before-bins",
    "A role before the one that delegates to the bins lists a path whose file is not there.",
    listedByMore("x/y.txt", by("x/*")),
    { neighbour: "lookup-behind-bins" },
  ),
  ok(
    "lookup-terminated",
    "A path's delegation is terminating and its role does not list it: the role behind it does, whose file is not there, and nobody asks it.",
    listedByMore("x/y.txt", {
      more: [
        { name: "end", delegation: { paths: ["x/*"], terminating: true } },
        { name: "more", delegation: { paths: ["x/*"] } },
      ],
    }),
  ),
];

function entryOf(text: string): Loose {
  return {
    length: text.length,
    hashes: { sha256: new Bun.CryptoHasher("sha256").update(text).digest("hex") },
  };
}

/** So many delegations in a bin, to roles that the snapshot does not list, each by so many patterns. */
const delegations = (count: number, patterns = 1): CataloguePlan =>
  edit(BIN, (signed) => {
    const role = (index: number): Loose => ({
      name: `filler-${index}`,
      keyids: [],
      threshold: 1,
      terminating: false,
      paths: Array.from({ length: patterns }, () => "filler/*"),
    });
    signed.delegations = { keys: {}, roles: Array.from({ length: count }, (_, index) => role(index)) };
  });
const prefixes = (count: number) => Array.from({ length: count }, (_, index) => index.toString(16));
const fillers = (count: number) => Array.from({ length: count }, (_, index) => `filler/${index}`);
/** With 17 patterns and prefixes to `revocations` and `apps`, 531 and as many as `count` says; no file has more than 512. */
const inAll = (count: number): CataloguePlan => ({
  more: [
    { name: "first", delegation: { paths: ["filler/*"] } },
    { name: "inner", by: "first", delegation: { paths: fillers(512) } },
    { name: "second", delegation: { path_hash_prefixes: ["0"] } },
    { name: "third", by: "second", delegation: { path_hash_prefixes: prefixes(count) } },
  ],
});
const LIMITS: readonly CatalogueCase[] = [
  mixed(
    "delegations-most",
    "256 delegations in a bin, which there may be; the snapshot does not list the first.",
    delegations(256),
    { neighbour: "delegations-none" },
  ),
  malformed("delegations-more", "257 delegations in a bin.", delegations(257), {
    neighbour: "delegations-none",
  }),
  ok("patterns-most", "A file with 512 patterns and prefixes.", by(...fillers(495))),
  malformed("patterns-more", "A file with 513 patterns and prefixes.", by(...fillers(496)), {
    neighbour: "patterns-most",
  }),
  malformed(
    "prefixes-more",
    "A file with 513 patterns and prefixes, most of them prefixes.",
    byPrefixes(...prefixes(496)),
    { neighbour: "patterns-most" },
  ),
  ok("patterns-of-catalogue-most", "A catalogue with 1,024 patterns and prefixes.", inAll(493)),
  malformed("patterns-of-catalogue-more", "A catalogue with 1,025 patterns and prefixes.", inAll(494), {
    neighbour: "patterns-of-catalogue-most",
  }),
  unsigned(
    "patterns-of-catalogue-more-not-signed",
    "The file with the 1,025th pattern is not signed: the sum is asked last.",
    { ...inAll(494), roles: { second: { signers: stranger } } },
    { neighbour: "patterns-of-catalogue-most" },
  ),
];

export const DELEGATION_CASES: readonly CatalogueCase[] = [
  ...MATCHES,
  ...PATTERNS,
  ...NAMES,
  ...ORDER,
  ...LOOKUPS,
  ...LIMITS,
];
