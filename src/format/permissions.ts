import type { JsonValue } from "../signing/json.ts";
import type { Danger } from "./api/documents.ts";
import { findPermission, isThere, type PlatformApi } from "./api/platform-api.ts";

/** A permission as a manifest asks for it, with what the API manifest says of it. */
export type AskedPermission = {
  readonly name: string;
  /** In plain words; null for a name that the API manifest does not know. */
  readonly title: string | null;
  readonly meaning: string | null;
  readonly danger: Danger | "unknown";
  readonly optional: boolean;
  /** Locale → text, as the developer wrote it. */
  readonly reason: Readonly<Record<string, string>> | null;
};

/** What a manifest asks for, dangerous ones first; also of one that was not found right, as far as it can be read. */
export function askedPermissions(
  manifest: Readonly<Record<string, JsonValue>> | null,
  api: PlatformApi,
): AskedPermission[] {
  const asked: readonly JsonValue[] = Array.isArray(manifest?.permissions) ? manifest.permissions : [];
  const version = versionOf(manifest);
  return asked
    .flatMap((value): AskedPermission[] => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
      const { name, optional, reason } = value as Readonly<Record<string, JsonValue>>;
      if (typeof name !== "string") return [];
      const found = findPermission(api, name);
      const known = found !== undefined && (version === null || isThere(found.since, version)) ? found : null;
      return [
        {
          name,
          title: known?.title.en ?? null,
          meaning: known?.meaning.en ?? null,
          danger: known?.danger ?? "unknown",
          optional: optional === true,
          reason: textsOf(reason),
        },
      ];
    })
    .sort((a, b) => Number(b.danger === "dangerous") - Number(a.danger === "dangerous"));
}

function versionOf(manifest: Readonly<Record<string, JsonValue>> | null): string | null {
  const runtime = manifest?.runtime;
  if (typeof runtime !== "object" || runtime === null) return null;
  const api: unknown = Reflect.get(runtime, "api");
  return typeof api === "string" && /^\d{1,5}\.\d{1,5}$/.test(api) ? api : null;
}

function textsOf(value: JsonValue | undefined): AskedPermission["reason"] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return texts.length === 0 ? null : Object.fromEntries(texts);
}
