/** What one version's manifest says otherwise than another's: of what people see, what a device allows, and the rest. Pure. */

/** A manifest that was checked, or one of a version that failed: read with care. */
type Json = Readonly<Record<string, unknown>> | null;

/** In the order in which they are told. */
const LISTS = ["permissions", "hosts", "locales", "events", "icons", "screenshots", "ui"] as const;
const VALUES = ["runtime", "entry", "category", "author", "default_locale", "data_version"] as const;

export type ChangeKind =
  | "name"
  | "summary"
  | `${(typeof LISTS)[number]}_${"added" | "removed"}`
  | (typeof VALUES)[number]
  | "signing_key";

export const CHANGE_KINDS: readonly ChangeKind[] = [
  "name",
  "summary",
  ...LISTS.flatMap((what) => [`${what}_added` as const, `${what}_removed` as const]),
  ...VALUES,
  "signing_key",
];

/** One thing that differs; `before` or `after` is empty where something is new or gone. */
export type Change = {
  readonly what: ChangeKind;
  /** Of texts: the locale in which they differ. */
  readonly locale: string | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

export function changesBetween(published: Json, update: Json): Change[] {
  const before = objectOf(published);
  const after = objectOf(update);
  return [
    ...textChanges("name", before, after),
    ...textChanges("summary", before, after),
    ...LISTS.flatMap((what) => listChanges(what, LIST_OF[what](before), LIST_OF[what](after))),
    ...VALUES.flatMap((what) => valueChange(what, VALUE_OF[what](before), VALUE_OF[what](after))),
  ];
}

/** Another key has signed. */
export function keyChange(before: string | null, after: string | null): Change[] {
  return valueChange("signing_key", before, after);
}

type Manifest = Readonly<Record<string, unknown>>;

const LIST_OF: Readonly<Record<(typeof LISTS)[number], (manifest: Manifest) => string[]>> = {
  // One that was optional and is no longer asks for more than before.
  permissions: ({ permissions }) =>
    listOf(permissions).map(({ name, optional }) => (optional === true ? `${name} (optional)` : `${name}`)),
  hosts: ({ network }) => textsOf(objectOf(network).hosts),
  locales: ({ locales }) => textsOf(locales),
  events: ({ telemetry }) => textsOf(objectOf(telemetry).events),
  icons: ({ icons }) => listOf(icons).map(({ size, src }) => `${src} (${size} px)`),
  screenshots: ({ screenshots }) =>
    listOf(screenshots).map(({ src, alt, locale }) =>
      typeof locale === "string" ? `${src} (${locale}): ${alt}` : `${src}: ${alt}`,
    ),
  ui: ({ ui }) => textsOf(ui),
};

const VALUE_OF: Readonly<Record<(typeof VALUES)[number], (manifest: Manifest) => string | null>> = {
  runtime: ({ runtime }) => textOf(objectOf(runtime).api),
  entry: ({ entry }) => textOf(entry),
  category: ({ category }) => textOf(category),
  author: ({ author }) => {
    const { name, email, url } = objectOf(author);
    const parts = [name, email, url].flatMap((part) => textOf(part) ?? []);
    return parts.length === 0 ? null : parts.join(", ");
  },
  default_locale: ({ defaultLocale }) => textOf(defaultLocale),
  data_version: ({ dataVersion }) => (typeof dataVersion === "number" ? String(dataVersion) : null),
};

function textChanges(what: "name" | "summary", before: Manifest, after: Manifest): Change[] {
  const was = objectOf(before[what]);
  const is = objectOf(after[what]);
  const locales = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return locales.flatMap((locale) =>
    valueChange(what, ownText(was, locale), ownText(is, locale)).map((change) => ({ ...change, locale })),
  );
}

function valueChange(what: ChangeKind, before: string | null, after: string | null): Change[] {
  if (before === after) return [];
  const list = (value: string | null) => (value === null ? [] : [value]);
  return [{ what, locale: null, before: list(before), after: list(after) }];
}

function listChanges(
  what: (typeof LISTS)[number],
  before: readonly string[],
  after: readonly string[],
): Change[] {
  const [was, is] = [new Set(before), new Set(after)];
  const added = after.filter((entry) => !was.has(entry));
  const removed = before.filter((entry) => !is.has(entry));
  return [
    ...(added.length === 0
      ? []
      : [{ what: `${what}_added` as const, locale: null, before: [], after: added }]),
    ...(removed.length === 0
      ? []
      : [{ what: `${what}_removed` as const, locale: null, before: removed, after: [] }]),
  ];
}

function objectOf(value: unknown): Manifest {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Manifest) : {};
}

function ownText(texts: Manifest, locale: string): string | null {
  return Object.hasOwn(texts, locale) ? textOf(texts[locale]) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function listOf(value: unknown): Manifest[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
