/** A package's verdict as words and as JSON, and as an error where a good package was expected. */
import { Problem } from "../errors.ts";
import type { Finding } from "../format/findings.ts";
import type { SectionVerdict, Verdict } from "../format/verify.ts";
import { fingerprintText } from "../signing/keys.ts";
import { detailLine } from "./report.ts";
import { fields, formatTime, LINE_END, type Style } from "./style.ts";

const SECTION_NAMES: Readonly<Record<SectionVerdict["section"], string>> = {
  container: "container",
  digests: "digests",
  manifest: "manifest",
  "developer-signature": "developer signature",
  "store-signature": "store signature",
};

/** The first thing that is wrong, as an error with everything that is wrong. */
export function refusalOf(verdict: Verdict, what: string): Problem {
  const findings: readonly Finding[] = verdict.sections.flatMap((section) => section.findings);
  const [first] = findings;
  return new Problem(
    "unprocessable",
    first?.code ?? "package.refused",
    `${what}: ${first?.message ?? "it is not valid."}`,
    findings,
  );
}

export function verdictText(style: Style, verdict: Verdict): string {
  const paint = { ok: style.good, failed: style.bad, "not checked": style.warn, absent: style.dim };
  const widest = Math.max(...Object.values(SECTION_NAMES).map((name) => name.length));
  const lines = verdict.sections.flatMap((section) => [
    `${SECTION_NAMES[section.section].padEnd(widest)}  ${paint[section.verdict](section.verdict)}`,
    ...section.findings.map((finding) => detailLine(finding, style)),
  ]);
  const facts = factsOf(verdict);
  return [
    ...lines,
    ...(facts.length === 0 ? [] : ["", fields(style, facts)]),
    "",
    conclusion(style, verdict),
  ].join(LINE_END);
}

function conclusion(style: Style, verdict: Verdict): string {
  if (!verdict.ok) return style.bad("Not valid.");
  const chains = [verdict.developer?.chain, verdict.store?.chain].filter((chain) => chain !== undefined);
  const rest =
    verdict.kind === "unsigned"
      ? " Nobody has signed it yet: mosis sign FILE"
      : chains.includes("not checked")
        ? " Who issued the certificates was not checked: give the store's certificates with --ca."
        : "";
  return `${style.good("Valid.")}${rest}`;
}

function factsOf(verdict: Verdict): [string, string][] {
  const { manifest, developer, store } = verdict;
  const rows: [string, string | undefined][] = [
    ["kind", verdict.kind],
    ["app", manifest && `${manifest.id} ${manifest.version} (${manifest.versionCode})`],
    ["content digest", verdict.contentDigest],
    ["developer", developer?.developerId],
    ["developer's key", developer && fingerprintText(developer.keyid)],
    ["signed at", developer && formatTime(developer.signedAt)],
    ["store", store?.storeId],
    ["store's key", store && fingerprintText(store.keyid)],
    ["approved at", store && formatTime(store.approvedAt)],
  ];
  return rows.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
}

/** The names in this are an interface: `mosis verify --json`. */
export function verdictData(verdict: Verdict): Readonly<Record<string, unknown>> {
  const { manifest } = verdict;
  return {
    ok: verdict.ok,
    kind: verdict.kind ?? null,
    contentDigest: verdict.contentDigest ?? null,
    app: manifest ? { id: manifest.id, version: manifest.version, versionCode: manifest.versionCode } : null,
    sections: verdict.sections,
    findings: verdict.sections.flatMap((section) => section.findings),
    developer: verdict.developer ?? null,
    store: verdict.store ?? null,
  };
}
