/** Catalogues of audiences: whose each is, is a part of what is signed (package format §6). */
import { binOf, tufKey } from "../catalogue.ts";
import { bad, type CatalogueCase, edit, ok, spoil, target } from "../catalogue-case.ts";
import { PATHS, REVOCATIONS } from "../content.ts";

const other = bad("other_audience");
const malformed = bad("metadata_malformed");
const ONE = "grp-00000000000000000000000000000001";
const TWO = "grp-00000000000000000000000000000002";
const BIN = binOf(PATHS.index, 2);
const label = (role: string) => (role.startsWith("bins-") ? "bin" : role);
const as = { audience: ONE, neighbour: "audience" };

/** One role's metadata says another thing of whose it is, and is signed so. */
const says = (role: string, audience: unknown) =>
  edit(role, (s) => {
    if (audience === undefined) delete s.audience;
    else s.audience = audience;
    return undefined;
  });

export const AUDIENCE_CASES: readonly CatalogueCase[] = [
  ok(
    "audience",
    "The catalogue of a group: metadata of its own says so, and there is no head of the log.",
    { audience: ONE },
    { audience: ONE },
  ),
  ok(
    "audience-signed-in",
    "The catalogue of everybody who is signed in.",
    { audience: "signed-in" },
    { audience: "signed-in" },
  ),
  ok(
    "audience-longest",
    "An audience's id has up to 64 characters.",
    { audience: "a".repeat(64) },
    { audience: "a".repeat(64) },
  ),
  ok(
    "audience-revocations",
    "The list of a group names what it alone may know of.",
    {
      audience: ONE,
      ...target(PATHS.revocations, {
        ...REVOCATIONS,
        entries: [
          {
            action: "block",
            approvalsUntil: null,
            id: "org.example.private",
            reason: "Of no other group's business.",
            revokedAt: "2026-02-28T00:00:00Z",
            subject: "app",
          },
        ],
      }),
    },
    { audience: ONE },
  ),
  ok(
    "audience-known-of-another",
    "What the client had accepted before is of another audience, with a higher version: it is as good as none.",
    {
      audience: ONE,
      known: { audience: TWO, roles: { timestamp: { signed: (s) => void (s.version = 99) } } },
    },
    { audience: ONE },
  ),
  ok(
    "audience-with-log-head",
    "A file under the name of the log's head is no head in an audience's catalogue: it is any file.",
    { audience: ONE, ...target(PATHS.log, { any: "thing" }) },
    { audience: ONE },
  ),
  bad("target_changed")(
    "audience-log-head-changed",
    "A file under the name of the log's head is changed after it was listed: it is read as any file.",
    {
      audience: ONE,
      ...target(PATHS.log, { any: "thing" }),
      files: (files) => spoil(files, /^targets\/trust\/.*\.log\.json$/),
    },
    { audience: ONE, neighbour: "audience-with-log-head" },
  ),
  other(
    "audience-swapped",
    "The whole catalogue of one group where that of another is asked for.",
    { audience: TWO },
    as,
  ),
  other("audience-of-everybody", "The public catalogue where that of a group is asked for.", {}, as),
  other("audience-as-public", "The catalogue of a group where the public one is asked for.", {
    audience: ONE,
  }),
  ...["timestamp", "snapshot", "revocations", BIN].flatMap((role) => [
    other(
      `audience-${label(role)}-of-another`,
      `${role} is another group's, with the version that is listed and good signatures.`,
      { audience: ONE, ...says(role, TWO) },
      as,
    ),
    other(
      `audience-${label(role)}-of-everybody`,
      `${role} is the public catalogue's, with the version that is listed and good signatures.`,
      { audience: ONE, ...says(role, undefined) },
      as,
    ),
    other(
      `audience-${label(role)}-in-public`,
      `${role} of the public catalogue is a group's, with the version that is listed and good signatures.`,
      says(role, ONE),
    ),
  ]),
  ...["1.root", "targets", "apps"].map((role) =>
    other(
      `audience-${label(role).replace("1.", "")}-named`,
      `${role.replace("1.", "")} is the same in all catalogues, and says that it is one group's.`,
      { audience: ONE, ...says(role, ONE) },
      as,
    ),
  ),
  other(
    "audience-second-root-named",
    "The second root says that it is one group's.",
    { audience: ONE, roots: 2, ...says("2.root", ONE) },
    as,
  ),
  bad("not_signed")(
    "audience-not-signed-first",
    "The timestamp is another group's and not signed by the role's key: signatures are judged first.",
    { audience: TWO, roles: { timestamp: { signers: [tufKey("stranger")] } } },
    as,
  ),
  ...(
    [
      ["empty", ""],
      ["long", "a".repeat(65)],
      ["number", 1],
      ["null", null],
      ["upper", "GRP-1"],
      ["slash", "../x"],
    ] as const
  ).map(([name, value]) =>
    malformed(
      `audience-id-${name}`,
      "Whose a catalogue is, is 1 to 64 of a-z, 0-9 and -.",
      { audience: ONE, ...says("timestamp", value) },
      as,
    ),
  ),
];
