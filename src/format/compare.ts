/** What one package has otherwise than another. Pure; both were inspected. */
import { findPermission, type PlatformApi } from "./api/platform-api.ts";
import type { EntryFacts, Inspection, SignerClaim } from "./inspect.ts";
import { type JsonChange, jsonChanges } from "./json-changes.ts";
import { META_FOLDER, type Sha256 } from "./names.ts";
import { type AskedPermission, askedPermissions } from "./permissions.ts";

export type FileFacts = { readonly sizeBytes: number; readonly sha256: Sha256 | null };

export type FileChange = {
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: FileFacts | null;
  readonly after: FileFacts | null;
};

export type PermissionChange = {
  readonly name: string;
  readonly title: string | null;
  /** `raised`: it was optional and is not any more, or is dangerous in the other's platform API. `lowered`: the reverse. */
  readonly change: "added" | "removed" | "raised" | "lowered";
  readonly before: Pick<AskedPermission, "danger" | "optional"> | null;
  readonly after: Pick<AskedPermission, "danger" | "optional"> | null;
};

export type SignerChange = {
  readonly signer: "developer" | "store";
  readonly before: Pick<SignerClaim, "id" | "keyid"> | null;
  readonly after: Pick<SignerClaim, "id" | "keyid"> | null;
};

export type Comparison = {
  /** Nothing differs: contents, kind and signers. */
  readonly same: boolean;
  readonly sameContent: boolean;
  readonly kind: { readonly before: string; readonly after: string } | null;
  readonly files: readonly FileChange[];
  readonly permissions: readonly PermissionChange[];
  readonly hosts: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly manifest: readonly JsonChange[];
  readonly signers: readonly SignerChange[];
};

/** Compares two packages whose containers and digests were found right. */
export function comparePackages(before: Inspection, after: Inspection, api: PlatformApi): Comparison {
  const files = fileChanges(before.entries ?? [], after.entries ?? []);
  const signers = (["developer", "store"] as const).flatMap((signer) =>
    signerChange(signer, before[signer], after[signer]),
  );
  const sameContent = before.verdict.contentDigest === after.verdict.contentDigest;
  const kind =
    before.kind === after.kind ? null : { before: before.kind ?? "unknown", after: after.kind ?? "unknown" };
  return {
    same: sameContent && kind === null && signers.length === 0,
    sameContent,
    kind,
    files,
    permissions: permissionChanges(
      askedPermissions(before.manifest, api),
      askedPermissions(after.manifest, api),
      api,
    ),
    hosts: hostChanges(before.manifest, after.manifest),
    manifest: jsonChanges(before.manifest ?? {}, after.manifest ?? {}),
    signers,
  };
}

function fileChanges(before: readonly EntryFacts[], after: readonly EntryFacts[]): FileChange[] {
  const facts = ({ sizeBytes, sha256 }: EntryFacts): FileFacts => ({ sizeBytes, sha256 });
  const gone = new Map(before.filter(isAppFile).map((entry) => [entry.name, entry]));
  const changes: FileChange[] = [];
  for (const is of after.filter(isAppFile)) {
    const path = is.name;
    const was = gone.get(path);
    gone.delete(path);
    if (was === undefined) changes.push({ path, change: "added", before: null, after: facts(is) });
    else if (was.sha256 !== is.sha256)
      changes.push({ path, change: "changed", before: facts(was), after: facts(is) });
  }
  for (const [path, was] of gone) changes.push({ path, change: "removed", before: facts(was), after: null });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isAppFile({ name }: EntryFacts): boolean {
  return !name.startsWith(`${META_FOLDER}/`);
}

/** What is asked for that was not, is no longer, or weighs otherwise; by name. */
export function permissionChanges(
  before: readonly AskedPermission[],
  after: readonly AskedPermission[],
  api: PlatformApi,
): PermissionChange[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names.flatMap((name): PermissionChange[] => {
    const was = before.find((each) => each.name === name) ?? null;
    const is = after.find((each) => each.name === name) ?? null;
    const change = changeOf(was, is);
    if (change === null) return [];
    const facts = (asked: AskedPermission | null) =>
      asked && { danger: asked.danger, optional: asked.optional };
    const title = findPermission(api, name)?.title.en ?? null;
    return [{ name, title, change, before: facts(was), after: facts(is) }];
  });
}

function changeOf(
  was: AskedPermission | null,
  is: AskedPermission | null,
): PermissionChange["change"] | null {
  if (was === null) return "added";
  if (is === null) return "removed";
  const weight = ({ danger, optional }: AskedPermission) =>
    (danger === "dangerous" ? 2 : 0) + (optional ? 0 : 1);
  const difference = weight(is) - weight(was);
  return difference === 0 ? null : difference > 0 ? "raised" : "lowered";
}

function hostChanges(before: Inspection["manifest"], after: Inspection["manifest"]): Comparison["hosts"] {
  const was = hostsOf(before);
  const is = hostsOf(after);
  return {
    added: is.filter((host) => !was.includes(host)),
    removed: was.filter((host) => !is.includes(host)),
  };
}

/** The hosts that a manifest lists, whether or not it was found right. */
export function hostsOf(manifest: Inspection["manifest"]): string[] {
  const network = manifest?.network;
  if (typeof network !== "object" || network === null || Array.isArray(network)) return [];
  const hosts: unknown = Reflect.get(network, "hosts");
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
}

function signerChange(
  signer: SignerChange["signer"],
  before: SignerClaim | null,
  after: SignerClaim | null,
): SignerChange[] {
  if (before?.keyid === after?.keyid && before?.id === after?.id) return [];
  const facts = (claim: SignerClaim | null) => claim && { id: claim.id, keyid: claim.keyid };
  return [{ signer, before: facts(before), after: facts(after) }];
}
