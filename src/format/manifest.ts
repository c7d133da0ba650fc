import { parseCanonical, parseStrictJson } from "../signing/json.ts";
import { excerpt } from "../signing/refuse.ts";
import { escapePointer } from "../signing/shape.ts";
import { nearestName } from "./api/nearest.ts";
import { findPermission, type PlatformApi, permissionsIn } from "./api/platform-api.ts";
import { deviceLabel, reservedFault } from "./app-id.ts";
import { type Finding, type FindingCode, findingsOf, MOST_FINDINGS } from "./findings.ts";
import { localeFault } from "./locales.ts";
import { schemaFindings } from "./manifest-schema.ts";
import { type AppId, MANIFEST_MAX_BYTES, MANIFEST_NAME, type VersionCode } from "./names.ts";
import { textFault } from "./texts.ts";

/** Locale (RFC 5646) → text. */
export type LocalizedText = Readonly<Record<string, string>>;

/** A manifest whose rules were checked, but for the files that it names: see `checkManifestFiles`. */
export type Manifest = {
  readonly schema: 1;
  readonly id: AppId;
  readonly name: LocalizedText;
  readonly summary?: LocalizedText;
  readonly defaultLocale: string;
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly author: { readonly name: string; readonly url?: string; readonly email?: string };
  readonly entry: string;
  readonly ui?: readonly string[];
  readonly icons: readonly { readonly size: number; readonly src: string }[];
  readonly screenshots?: readonly { readonly alt: string; readonly locale?: string; readonly src: string }[];
  readonly category?: string;
  readonly permissions: readonly {
    readonly name: string;
    readonly optional?: boolean;
    readonly reason?: LocalizedText;
  }[];
  readonly runtime: { readonly api: string; readonly lua: "5.4" };
  readonly network?: { readonly hosts: readonly string[] };
  readonly telemetry?: { readonly events: readonly string[] };
  readonly dataVersion?: number;
  readonly locales?: readonly string[];
};

export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly findings: readonly [Finding, ...Finding[]] };

export type ManifestOptions = {
  /** The API manifest. Without it only the form of runtime.api and of permission names is checked. */
  readonly api?: PlatformApi;
  /** "canonical" (as in a package) unless told; "by-hand" takes any white space and order of keys. */
  readonly written?: "canonical" | "by-hand";
};

/**
 * Parses a manifest and judges every rule that needs no other file (package format §4): JSON, then the published
 * schema, then what a schema cannot say. The last two report all that they find, each with its JSON pointer.
 */
export function parseManifest(bytes: Uint8Array, options: ManifestOptions = {}): ManifestResult {
  let value: unknown;
  try {
    const parse = options.written === "by-hand" ? parseStrictJson : parseCanonical;
    value = parse(bytes, { maxBytes: MANIFEST_MAX_BYTES });
  } catch (error) {
    return { ok: false, findings: findingsOf(error, "manifest", MANIFEST_NAME) };
  }
  const [first, ...rest] = schemaFindings(value);
  if (first !== undefined) return { ok: false, findings: [first, ...rest] };
  // The schema has just said that it has this shape.
  const manifest = value as Manifest;
  const [broken, ...more] = ruleFindings(manifest, options.api);
  return broken === undefined ? { ok: true, manifest } : { ok: false, findings: [broken, ...more] };
}

type Report = (code: FindingCode, pointer: string, found: string, expected: string) => void;

function ruleFindings(manifest: Manifest, api: PlatformApi | undefined): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, pointer, found, expected) => {
    if (findings.length === MOST_FINDINGS) return;
    const message = `At “${pointer}” the manifest needs ${expected}, and has ${excerpt(found)}.`;
    findings.push({
      code,
      severity: "error",
      section: "manifest",
      message,
      pointer,
      found: excerpt(found),
      expected,
    });
  };
  checkId(manifest.id, report);
  checkLocales(manifest, report);
  checkTexts(manifest, report);
  checkAuthor(manifest.author, report);
  checkLists(manifest, report);
  if (api !== undefined) checkPermissions(manifest, api, report);
  checkNetwork(manifest, report);
  return findings;
}

function checkId(id: string, report: Report): void {
  const reserved = reservedFault(id);
  if (reserved !== undefined) report("MPK-M010", "/id", id, reserved);
  const device = deviceLabel(id);
  if (device !== undefined) report("MPK-M011", "/id", device, "labels that are no Windows device names");
}

function* localizedTexts(manifest: Manifest): Generator<readonly [pointer: string, texts: LocalizedText]> {
  yield ["/name", manifest.name];
  if (manifest.summary !== undefined) yield ["/summary", manifest.summary];
  for (const [index, { reason }] of manifest.permissions.entries()) {
    if (reason !== undefined) yield [`/permissions/${index}/reason`, reason];
  }
}

function checkLocales(manifest: Manifest, report: Report): void {
  const check = (pointer: string, locale: string) => {
    const fault = localeFault(locale);
    if (fault !== undefined) report("MPK-M014", pointer, locale, fault);
  };
  check("/defaultLocale", manifest.defaultLocale);
  for (const [pointer, texts] of localizedTexts(manifest)) {
    for (const locale of Object.keys(texts)) check(`${pointer}/${escapePointer(locale)}`, locale);
    if (!Object.hasOwn(texts, manifest.defaultLocale)) {
      report("MPK-M015", pointer, Object.keys(texts).join(", "), `a text for ${manifest.defaultLocale}`);
    }
  }
  for (const [index, { locale }] of (manifest.screenshots ?? []).entries()) {
    if (locale !== undefined) check(`/screenshots/${index}/locale`, locale);
  }
  for (const [index, locale] of (manifest.locales ?? []).entries()) check(`/locales/${index}`, locale);
  if (manifest.locales !== undefined && !manifest.locales.includes(manifest.defaultLocale)) {
    report("MPK-M025", "/locales", manifest.locales.join(", "), manifest.defaultLocale);
  }
}

function checkTexts(manifest: Manifest, report: Report): void {
  const check = (pointer: string, text: string) => {
    const fault = textFault(text);
    if (fault !== undefined) report(fault.code, pointer, text, fault.expected);
  };
  for (const [pointer, texts] of localizedTexts(manifest)) {
    for (const [locale, text] of Object.entries(texts)) check(`${pointer}/${escapePointer(locale)}`, text);
  }
  check("/author/name", manifest.author.name);
  for (const [index, { alt }] of (manifest.screenshots ?? []).entries())
    check(`/screenshots/${index}/alt`, alt);
}

function checkAuthor({ url, email }: Manifest["author"], report: Report): void {
  // The pattern has split the host from what may stand around it.
  const host = /^https:\/\/([^:/?#]*)/.exec(url ?? "")?.[1];
  if (host !== undefined && !hasHostSizes(host)) {
    report("MPK-M017", "/author/url", url ?? "", `an https URL with ${HOST_SIZES}`);
  }
  if (email !== undefined) {
    const local = email.slice(0, email.lastIndexOf("@"));
    const dotted = local.startsWith(".") || local.endsWith(".") || local.includes("..");
    const labels = email.slice(local.length + 1).split(".");
    if (dotted || labels.some((label) => label.length > 63)) {
      report("MPK-M018", "/author/email", email, "an address without empty or too long parts");
    }
  }
}

const REQUIRED_ICON_SIZES = [64, 128, 512];

function checkLists(manifest: Manifest, report: Report): void {
  const unique = (pointer: string, key: string, values: readonly (string | number)[]) => {
    const seen = new Set<string | number>();
    for (const [index, value] of values.entries()) {
      if (seen.has(value))
        report("MPK-M007", `${pointer}/${index}/${key}`, String(value), `each ${key} once`);
      seen.add(value);
    }
  };
  const sizes = manifest.icons.map((icon) => icon.size);
  unique("/icons", "size", sizes);
  for (const size of REQUIRED_ICON_SIZES) {
    if (!sizes.includes(size)) report("MPK-M020", "/icons", sizes.join(", "), `an icon of size ${size}`);
  }
  unique(
    "/screenshots",
    "src",
    (manifest.screenshots ?? []).map((screenshot) => screenshot.src),
  );
  unique(
    "/permissions",
    "name",
    manifest.permissions.map((permission) => permission.name),
  );
}

function checkPermissions({ runtime, permissions }: Manifest, api: PlatformApi, report: Report): void {
  if (!api.versions.includes(runtime.api)) {
    const known = `a platform API that is known here: ${api.versions.join(", ")}`;
    // Which permissions there are in it cannot be said.
    report("MPK-M026", "/runtime/api", runtime.api, known);
    return;
  }
  const table = permissionsIn(api, runtime.api);
  for (const [index, { name, reason }] of permissions.entries()) {
    const known = table.get(name);
    const pointer = `/permissions/${index}`;
    if (known === undefined) {
      report("MPK-M021", `${pointer}/name`, name, expectedPermission(name, runtime.api, api, table.keys()));
    } else if (known.danger === "dangerous" && reason === undefined) {
      report("MPK-M022", `${pointer}/reason`, "nothing", `a reason, because ${name} is dangerous`);
    }
  }
}

function expectedPermission(
  name: string,
  version: string,
  api: PlatformApi,
  names: Iterable<string>,
): string {
  const later = findPermission(api, name);
  if (later !== undefined) return `runtime.api ${later.since} or later for it`;
  const nearest = nearestName(name, names);
  return `a permission of API ${version}${nearest === undefined ? "" : `, such as ${nearest}`}`;
}

const MAX_HOST_BYTES = 253;
const MAX_LABEL_BYTES = 63;
const HOST_SIZES = "a name of at most 253 bytes, labels of at most 63";

function checkNetwork(manifest: Manifest, report: Report): void {
  const asks = manifest.permissions.find(({ name }) => name === "network" || name.startsWith("network."));
  if (asks !== undefined && manifest.network === undefined) {
    report("MPK-M023", "/network", "nothing", `the hosts that the permission ${asks.name} is for`);
  }
  if (asks === undefined && manifest.network !== undefined) {
    report("MPK-M023", "/network", "hosts", "no hosts, or a network permission");
  }
  for (const [index, host] of (manifest.network?.hosts ?? []).entries()) {
    const name = host.startsWith("*.") ? host.slice(2) : host;
    if (!hasHostSizes(name)) report("MPK-M024", `/network/hosts/${index}`, host, HOST_SIZES);
  }
}

/** What the pattern of a host cannot say. */
function hasHostSizes(name: string): boolean {
  return name.length <= MAX_HOST_BYTES && name.split(".").every((label) => label.length <= MAX_LABEL_BYTES);
}
