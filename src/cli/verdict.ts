/** A package's verdict as words and as JSON, and as an error where a good package was expected. */
import { Problem } from "../errors.ts";
import type { Finding } from "../format/findings.ts";
import type { ChainVerdict, SectionVerdict, Verdict } from "../format/verify.ts";
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

/** What the store's log says of the package, where it was asked. */
export type LogPart = { readonly text: string; readonly ok: boolean };

export function verdictText(style: Style, verdict: Verdict, log: LogPart | null = null): string {
  const paint = { ok: style.good, failed: style.bad, "not checked": style.warn, absent: style.dim };
  const widest = Math.max(...Object.values(SECTION_NAMES).map((name) => name.length));
  const lines = verdict.sections.flatMap((section) => [
    `${SECTION_NAMES[section.section].padEnd(widest)}  ${paint[section.verdict](section.verdict)}${
      isUnproved(verdict, section) ? style.warn(", issuer not checked") : ""
    }`,
    ...section.findings.map((finding) => detailLine(finding, style)),
  ]);
  const facts = factsOf(verdict);
  return [
    ...lines,
    ...(facts.length === 0 ? [] : ["", fields(style, facts)]),
    ...(log === null ? [] : ["", log.text]),
    "",
    conclusion(style, verdict, log),
  ].join(LINE_END);
}

/** A signature that fits its certificate, and nobody knows who made that. */
function isUnproved({ developer, store }: Verdict, { section }: SectionVerdict): boolean {
  if (section === "developer-signature") return developer?.chain === "not checked";
  return section === "store-signature" && store?.chain === "not checked";
}

/**
 * Whether the certificates lead to an authority that was given. `not checked`: none was, and anybody may have made them;
 * `absent`: there is no signature; null: the package is not valid.
 */
type Issuers = "ok" | "not checked" | "absent" | null;

function issuersOf({ ok, developer, store }: Verdict): Issuers {
  if (!ok) return null;
  if (developer === undefined) return "absent";
  return [developer, store].some((signer) => signer?.chain === "not checked") ? "not checked" : "ok";
}

/** The last line must say no more than what was found: who reads only one line reads this one. */
function conclusion(style: Style, verdict: Verdict, log: LogPart | null): string {
  if (!verdict.ok) return style.bad("Not valid.");
  if (log !== null && !log.ok)
    return style.bad("Not valid: the store's log does not show that it was approved and published.");
  switch (issuersOf(verdict)) {
    case "absent":
      return `${style.good("Whole.")} Nobody has signed it yet: mosis sign FILE`;
    case "not checked":
      return `${style.good("Whole, and each signature fits its certificate.")} ${style.warn("Who made the certificates was not checked:")} anybody can make some with these names. Give the store's certificates with --ca to have it proved.`;
    default:
      return verdict.kind === "signed"
        ? `${style.good("Valid:")} signed by a developer whom the store knows. No store has approved it yet.`
        : `${style.good("Valid:")} signed by a developer whom the store knows, and approved by the store.`;
  }
}

function factsOf(verdict: Verdict): [string, string][] {
  const { manifest, developer, store } = verdict;
  const rows: [string, string | undefined][] = [
    ["kind", verdict.kind],
    ["app", manifest && `${manifest.id} ${manifest.version} (${manifest.versionCode})`],
    ["content digest", verdict.contentDigest],
    ["developer", developer && claimed(developer.developerId, developer)],
    ["developer's key", developer && fingerprintText(developer.keyid)],
    ["signed at", developer && formatTime(developer.signedAt)],
    ["store", store && claimed(store.storeId, store)],
    ["store's key", store && fingerprintText(store.keyid)],
    ["approved at", store && formatTime(store.approvedAt)],
  ];
  return rows.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
}

function claimed(id: string, { chain }: { readonly chain: ChainVerdict }): string {
  return chain === "ok" ? id : `${id} (says its certificate)`;
}

/** The names in this are an interface: `mosis verify --json`. */
export function verdictData(verdict: Verdict): Readonly<Record<string, unknown>> {
  const { manifest } = verdict;
  return {
    ok: verdict.ok,
    kind: verdict.kind ?? null,
    issuers: issuersOf(verdict),
    contentDigest: verdict.contentDigest ?? null,
    app: manifest ? { id: manifest.id, version: manifest.version, versionCode: manifest.versionCode } : null,
    sections: verdict.sections,
    findings: verdict.sections.flatMap((section) => section.findings),
    developer: verdict.developer ?? null,
    store: verdict.store ?? null,
  };
}
