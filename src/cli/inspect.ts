import type { PlatformApi } from "../format/api/platform-api.ts";
import { hostsOf } from "../format/compare.ts";
import { type EntryFacts, type Inspection, inspectPackage, type SignerClaim } from "../format/inspect.ts";
import { type AskedPermission, askedPermissions } from "../format/permissions.ts";
import { fingerprintText } from "../signing/keys.ts";
import { collectAfter } from "../storage/garbage.ts";
import { API_OPTION, chosenApi } from "./api-option.ts";
import { argument, type Context, defineCommand, type Result } from "./command.ts";
import { withSource } from "./files.ts";
import { detailLine } from "./report.ts";
import {
  BLANK_LINE,
  fields,
  formatSize,
  formatTime,
  LINE_END,
  type Style,
  shortened,
  table,
  wrapped,
} from "./style.ts";

const args = { file: argument("FILE", "the package, signed or not") };
const options = { api: API_OPTION };

export const inspectCommand = defineCommand({
  name: "inspect",
  summary: "Show what a package holds, what it asks for and who signed it.",
  description: [
    "Files with their sizes, permissions in plain words with how dangerous they are and the developer's reasons, the texts of the manifest, and the signers with their keys and certificates.",
    "A package that is not valid is shown as far as it can safely be read, with what is wrong; it then ends with 1. Who issued the certificates is for verify --ca.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis inspect notes.mosis", does: "shows what is in it" },
    { line: "mosis inspect notes.mosis --json", does: "prints all that is known of it as JSON" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const api = chosenApi(context.options.api, context.path);
  const now = context.io.clock.now();
  const found = await withSource(context.path(context.arguments.file), (source) =>
    inspectPackage(source, { now }),
  );
  // What reading has left behind is not to stand beside the text of as many files as there may be.
  collectAfter(found);
  return {
    data: inspectionData(found, api),
    text: (style) => inspectionText(style, found, api),
    exitCode: found.verdict.ok ? 0 : 1,
  };
}

/** The names in this are an interface: `mosis inspect --json`. */
function inspectionData(found: Inspection, api: PlatformApi): unknown {
  const { verdict, entries } = found;
  return {
    ok: verdict.ok,
    state: found.kind,
    file: { sizeBytes: found.sizeBytes, sha256: found.sha256 },
    contentDigest: verdict.contentDigest ?? null,
    manifest: found.manifest,
    permissions: askedPermissions(found.manifest, api),
    contents: entries && {
      ...sumsOf(entries),
      files: entries.map((entry) => ({ ...entry, ratio: ratioOf(entry) })),
    },
    developer: found.developer,
    store: found.store,
    findings: verdict.sections.flatMap((section) => section.findings),
  };
}

type Sizes = Pick<EntryFacts, "sizeBytes" | "compressedSizeBytes">;

function sumsOf(entries: readonly EntryFacts[]) {
  const sum = (of: (entry: EntryFacts) => number) => entries.reduce((total, entry) => total + of(entry), 0);
  const sizes = {
    sizeBytes: sum((e) => e.sizeBytes),
    compressedSizeBytes: sum((e) => e.compressedSizeBytes),
  };
  return { count: entries.length, ...sizes, ratio: ratioOf(sizes) };
}

/** Packed bytes for each byte of contents, to three digits; 1 for what is empty. */
function ratioOf({ sizeBytes, compressedSizeBytes }: Sizes): number {
  return sizeBytes === 0 ? 1 : Math.round((compressedSizeBytes / sizeBytes) * 1000) / 1000;
}

const SHOWN_FILES = 200;

function inspectionText(style: Style, found: Inspection, api: PlatformApi): string {
  const permissions = askedPermissions(found.manifest, api);
  const findings = found.verdict.sections.flatMap((section) => section.findings);
  const blocks = [
    fields(style, factRows(found)),
    found.manifest === null
      ? ""
      : [style.bold("Permissions"), permissionText(style, permissions, found)].join(LINE_END),
    found.entries === null ? "" : filesText(style, found.entries),
    findings.length === 0
      ? ""
      : [style.bad("Not valid:"), ...findings.map((each) => detailLine(each, style))].join(LINE_END),
  ];
  return blocks.filter((block) => block !== "").join(BLANK_LINE);
}

function factRows(found: Inspection): [string, string][] {
  const { manifest, verdict, entries, kind } = found;
  const rows: [string, string | undefined][] = [
    [
      "app",
      manifest ? `${word(manifest.id)} ${word(manifest.version)} (${word(manifest.versionCode)})` : undefined,
    ],
    ...textRows("name", manifest?.name),
    ...textRows("summary", manifest?.summary),
    ["author", manifest ? Object.values(objectOf(manifest.author)).map(word).join(", ") : undefined],
    ["platform API", manifest ? word(objectOf(manifest.runtime).api) : undefined],
    ["hosts", manifest?.network === undefined ? undefined : hostsOf(manifest).join(", ")],
    ["locales", Array.isArray(manifest?.locales) ? manifest.locales.map(word).join(", ") : undefined],
    ["state", kind ?? "unknown: the container is not sound"],
    ...signerRows("developer", found.developer),
    ...signerRows("store", found.store),
    ["content digest", verdict.contentDigest],
    ["file", `${formatSize(found.sizeBytes)}, SHA-256 ${found.sha256}`],
    ["contents", entries ? contentsText(entries) : undefined],
  ];
  return rows.flatMap(([name, value]): [string, string][] =>
    value === undefined || value === "" ? [] : [[name, value]],
  );
}

function contentsText(entries: readonly EntryFacts[]): string {
  const { count, sizeBytes, compressedSizeBytes } = sumsOf(entries);
  return `${count} files, ${formatSize(sizeBytes)}, packed ${formatSize(compressedSizeBytes)} (${percent({ sizeBytes, compressedSizeBytes })})`;
}

function signerRows(name: "developer" | "store", claim: SignerClaim | null): [string, string][] {
  if (claim === null) return [];
  const { certificate, verdict } = claim;
  const act = name === "developer" ? "signed" : "approved";
  const good = verdict === "ok" ? "signature good" : `signature ${verdict}`;
  return [
    [name, `${claim.id}${claim.at === null ? "" : `, ${act} ${formatTime(claim.at)}`}, ${good}`],
    [`${name}'s key`, `${fingerprintText(claim.keyid)} (${claim.algorithm})`],
    [
      `${name}'s certificate`,
      `${shortened(certificate.subject)}, from ${shortened(certificate.issuer)}, ${formatTime(certificate.notBefore)} to ${formatTime(certificate.notAfter)}, SHA-256 ${fingerprintText(certificate.sha256)}`,
    ],
  ];
}

function textRows(name: string, texts: unknown): [string, string][] {
  return Object.entries(objectOf(texts)).map(([locale, text]) => [`${name} (${locale})`, word(text)]);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "?";
}

function permissionText(style: Style, asked: readonly AskedPermission[], { manifest }: Inspection): string {
  if (asked.length === 0) return "  The app asks for none.";
  const own = word(manifest?.defaultLocale);
  const danger = { dangerous: style.bad("dangerous"), normal: "normal", unknown: style.warn("unknown") };
  return asked
    .flatMap((each) => {
      const name = `  ${style.bold(each.name)}  ${danger[each.danger]}${each.optional ? ", optional" : ""}`;
      const texts = [
        ...(each.title === null ? [] : [`${each.title}. ${each.meaning ?? ""}`]),
        ...(each.reason === null ? [] : [`“${each.reason[own] ?? Object.values(each.reason)[0] ?? ""}”`]),
      ];
      const margin = "    ";
      const lines = texts.flatMap((text) => wrapped(text, style.columns - margin.length));
      return [name, ...lines.map((line) => `${margin}${line}`)];
    })
    .join(LINE_END);
}

function filesText(style: Style, entries: readonly EntryFacts[]): string {
  const shown = entries.slice(0, SHOWN_FILES);
  const left = entries.length - shown.length;
  const rows = shown.map((entry) => [
    entry.name,
    formatSize(entry.sizeBytes),
    formatSize(entry.compressedSizeBytes),
    percent(entry),
  ]);
  const columns = [
    { title: "File" },
    { title: "Size", align: "end" },
    { title: "Packed", align: "end" },
    { title: "Ratio", align: "end" },
  ] as const;
  return [table(style, columns, rows), ...(left > 0 ? [`… and ${left} more; --json lists all`] : [])].join(
    LINE_END,
  );
}

function percent(sizes: Sizes): string {
  return `${Math.round(ratioOf(sizes) * 100)} %`;
}
