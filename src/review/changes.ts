/** What an update changes of what people see and what a device allows, against the published version. Pure. */
import type { VersionDetails } from "../catalog/versions.ts";

type Json = VersionDetails["manifest"];

/** One thing that differs; `before` or `after` is empty where something is new or gone. */
export type Change = {
  readonly what:
    | "name"
    | "summary"
    | "permissions_added"
    | "permissions_removed"
    | "hosts_added"
    | "hosts_removed"
    | "runtime";
  /** Of texts: the locale in which they differ. */
  readonly locale: string | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** Both manifests have passed the checks. */
type Compared = {
  readonly name?: Readonly<Record<string, string>>;
  readonly summary?: Readonly<Record<string, string>>;
  readonly permissions?: readonly { readonly name: string; readonly optional?: boolean }[];
  readonly network?: { readonly hosts: readonly string[] };
  readonly runtime?: { readonly api: string };
};

export function changesBetween(published: Json, update: Json): Change[] {
  const before = (published ?? {}) as Compared;
  const after = (update ?? {}) as Compared;
  return [
    ...textChanges("name", before.name, after.name),
    ...textChanges("summary", before.summary, after.summary),
    ...listChanges("permissions", permissionsOf(before), permissionsOf(after)),
    ...listChanges("hosts", before.network?.hosts ?? [], after.network?.hosts ?? []),
    ...(before.runtime?.api === after.runtime?.api
      ? []
      : [
          {
            what: "runtime" as const,
            locale: null,
            before: present(before.runtime?.api),
            after: present(after.runtime?.api),
          },
        ]),
  ];
}

function textChanges(
  what: "name" | "summary",
  before: Compared["name"] = {},
  after: Compared["name"] = {},
): Change[] {
  const locales = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return locales
    .filter((locale) => before[locale] !== after[locale])
    .map((locale) => ({ what, locale, before: present(before[locale]), after: present(after[locale]) }));
}

function listChanges(
  what: "permissions" | "hosts",
  before: readonly string[],
  after: readonly string[],
): Change[] {
  const added = after.filter((entry) => !before.includes(entry));
  const removed = before.filter((entry) => !after.includes(entry));
  return [
    ...(added.length === 0
      ? []
      : [{ what: `${what}_added` as const, locale: null, before: [], after: added }]),
    ...(removed.length === 0
      ? []
      : [{ what: `${what}_removed` as const, locale: null, before: removed, after: [] }]),
  ];
}

/** One that was optional and is no longer asks for more than before. */
function permissionsOf({ permissions = [] }: Compared): string[] {
  return permissions.map(({ name, optional }) => (optional === true ? `${name} (optional)` : name));
}

function present(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}
