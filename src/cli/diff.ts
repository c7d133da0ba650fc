import { Problem } from "../errors.ts";
import {
  type Comparison,
  comparePackages,
  type FileChange,
  type PermissionChange,
} from "../format/compare.ts";
import { type Inspection, inspectPackage } from "../format/inspect.ts";
import type { Source } from "../format/source.ts";
import { fingerprintText } from "../signing/keys.ts";
import { collectAfter } from "../storage/garbage.ts";
import { API_OPTION, chosenApi } from "./api-option.ts";
import { argument, type Context, defineCommand, flag, type Result } from "./command.ts";
import { withSource } from "./files.ts";
import { BLANK_LINE, formatSize, LINE_END, type Style } from "./style.ts";
import { type TextDiff, textDiffs } from "./text-diffs.ts";

const args = {
  before: argument("A", "a package"),
  after: argument("B", "the package that it is compared with, as a rule a later version"),
};
const options = {
  text: flag("--text", "also show what changed in small text files, line by line"),
  api: API_OPTION,
};

export const diffCommand = defineCommand({
  name: "diff",
  summary: "Show what one package has otherwise than another.",
  description: [
    "Files that were added, removed or changed, by their digests; permissions and hosts; what differs in the manifest, by JSON pointer; and who signed.",
    "Ends with 0 when nothing differs, 1 when something does, and 3 when one of them cannot be read or is no valid package. Signatures are shown, not judged: that is for verify.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis diff notes.mosis out.mosis", does: "shows what the second has otherwise" },
    {
      line: "mosis diff notes.mosis out.mosis --text --json",
      does: "prints it as JSON, with changes of texts",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { path, options: given, io } = context;
  const api = chosenApi(given.api, path);
  const now = io.clock.now();
  const paths = [context.arguments.before, context.arguments.after] as const;
  return withSource(path(paths[0]), (first) =>
    withSource(path(paths[1]), async (second) => {
      const before = await readable(first, paths[0], now);
      // What each step has left behind is not to stand beside what the next one takes.
      collectAfter(first);
      const after = await readable(second, paths[1], now);
      collectAfter(second);
      const comparison = comparePackages(before, after, api);
      const texts = given.text ? await textDiffs(first, second, comparison.files) : null;
      collectAfter({ sizeBytes: first.sizeBytes + second.sizeBytes });
      return {
        data: { ...comparison, files: comparison.files.map((file) => fileData(file, texts)) },
        text: (style) => comparisonText(style, comparison, texts ?? new Map()),
        exitCode: comparison.same ? 0 : 1,
      };
    }),
  );
}

const COMPARED = new Set(["container", "digests", "manifest"]);

/** @throws Problem `diff.not_a_package` when its contents cannot be gone by */
async function readable(source: Source, path: string, now: Date): Promise<Inspection> {
  const found = await inspectPackage(source, { now });
  const findings = found.verdict.sections
    .filter(({ section }) => COMPARED.has(section))
    .flatMap((section) => section.findings);
  if (findings.length === 0) return found;
  throw new Problem(
    "unreachable",
    "diff.not_a_package",
    `${path} cannot be compared, because it is no valid package.`,
    findings,
  );
}

function fileData(file: FileChange, texts: ReadonlyMap<string, TextDiff> | null): unknown {
  if (texts === null) return file;
  return { ...file, lines: texts.get(file.path)?.patch ?? null };
}

/** In pieces: the lines of 40,000 files as one text would be the most memory that comparing takes. */
function* comparisonText(
  style: Style,
  comparison: Comparison,
  texts: ReadonlyMap<string, TextDiff>,
): Generator<string> {
  if (comparison.same) {
    yield "Nothing differs.";
    return;
  }
  const { kind, files, permissions, hosts, manifest, signers } = comparison;
  const blocks: [string, Iterable<string>][] = [
    ["State", kind === null ? [] : [`${kind.before} → ${kind.after}`]],
    [
      "Signers",
      signers.map(
        ({ signer, before, after }) =>
          `${signer}: ${before === null ? "nobody" : `${before.id}, key ${fingerprintText(before.keyid)}`} → ${after === null ? "nobody" : `${after.id}, key ${fingerprintText(after.keyid)}`}`,
      ),
    ],
    ["Permissions", permissions.map((change) => permissionLine(style, change))],
    [
      "Hosts",
      [...hosts.added.map((host) => style.warn(`+ ${host}`)), ...hosts.removed.map((host) => `- ${host}`)],
    ],
    [
      "Manifest",
      manifest.map(({ pointer, before, after }) => `${pointer}: ${value(before)} → ${value(after)}`),
    ],
    ["Files", fileLines(style, files, texts)],
  ];
  let before = "";
  for (const [title, lines] of blocks) {
    let head = `${before}${style.bold(title)}`;
    for (const line of lines) {
      yield `${head}${LINE_END}  ${line}`;
      head = "";
      before = BLANK_LINE;
    }
  }
  if (comparison.sameContent) yield `${before}The contents are the same.`;
}

function permissionLine(style: Style, { name, title, change, before, after }: PermissionChange): string {
  const facts = (asked: PermissionChange["after"]) =>
    asked === null ? "" : `${asked.danger}${asked.optional ? ", optional" : ""}`;
  const words = title === null ? "" : ` ${title}.`;
  switch (change) {
    case "added":
      return style.warn(`+ ${name} (${facts(after)})${words}`);
    case "removed":
      return `- ${name} (${facts(before)})${words}`;
    default:
      return `${change === "raised" ? style.warn(`↑ ${name}`) : `↓ ${name}`} (${facts(before)} → ${facts(after)})${words}`;
  }
}

function* fileLines(
  style: Style,
  files: readonly FileChange[],
  texts: ReadonlyMap<string, TextDiff>,
): Generator<string> {
  for (const file of files) {
    yield fileLine(style, file);
    const patch = texts.get(file.path)?.patch.trimEnd().split("\n") ?? [];
    for (const line of patch) yield `    ${line}`;
  }
}

function fileLine(style: Style, { path, change, before, after }: FileChange): string {
  const size = (facts: FileChange["before"]) => formatSize(facts?.sizeBytes ?? 0);
  switch (change) {
    case "added":
      return `${style.good("+")} ${path} (${size(after)})`;
    case "removed":
      return `${style.bad("-")} ${path} (${size(before)})`;
    default:
      return `~ ${path} (${before?.sizeBytes === after?.sizeBytes ? size(after) : `${size(before)} → ${size(after)}`})`;
  }
}

const VALUE_CHARACTERS = 200;

function value(json: unknown): string {
  if (json === undefined) return "nothing";
  const text = JSON.stringify(json);
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
}
