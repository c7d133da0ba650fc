import type { Finding } from "./findings.ts";
import type { AppId, VersionCode } from "./names.ts";

/** Locale (RFC 5646) → text. */
export type LocalizedText = Readonly<Record<string, string>>;

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

/** The permissions of one platform API, by name. */
export type PermissionTable = ReadonlyMap<string, { readonly dangerous: boolean }>;

export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly findings: readonly [Finding, ...Finding[]] };

/** `source`: "package" wants canonical bytes, "hand-written" any white space and order of keys. */
export type ManifestOptions = {
  readonly permissions?: PermissionTable;
  readonly written?: "canonical" | "by-hand";
};
export declare function parseManifest(bytes: Uint8Array, options?: ManifestOptions): ManifestResult;
