/**
 * What a change of the store's keys comes to: which keys sign what afterwards, which certificates and which metadata have
 * to be signed for it. Pure.
 */
import { Problem } from "../../errors.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { type KeySets, keysOf, type RoleKeys, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import type { SigningKeyRow } from "../../keys/records.ts";
import { isTufAlgorithm } from "../../keys/tuf-signers.ts";
import { isSignatureAlgorithm } from "../../signing/algorithms.ts";

/** Keys are meant by their names. */
export type KeyChange =
  | { readonly type: "add"; readonly role: TufRole; readonly key: string }
  | { readonly type: "remove"; readonly role: TufRole; readonly key: string }
  | { readonly type: "replace"; readonly role: TufRole; readonly old: string; readonly key: string }
  | { readonly type: "threshold"; readonly role: TufRole; readonly threshold: number }
  | { readonly type: "certificate-key"; readonly kind: CertificateKind; readonly key: string }
  | { readonly type: "renew"; readonly what: Renewable }
  /** Every certificate of an authority's key leaves `trust/ca.pem`. */
  | { readonly type: "distrust"; readonly key: string };

/** What is signed anew with the same keys: metadata of a role, or a certificate. */
export type Renewable = "root" | "targets" | "apps" | "ca-root" | "ca-developer" | "release";

export type KeyState = {
  readonly sets: KeySets;
  readonly certificateKeys: Readonly<Record<CertificateKind, SigningKeyRow>>;
};

/** A certificate that is to be issued; the root's own has itself as its issuer. */
export type PlannedCertificate = {
  readonly kind: CertificateKind;
  readonly key: SigningKeyRow;
  readonly issuer: SigningKeyRow;
};

export type KeyPlan = {
  readonly before: KeyState;
  readonly after: KeyState;
  readonly certificates: readonly PlannedCertificate[];
  /** Roles whose metadata has to be signed anew, the bins as one; in the order in which clients read them. */
  readonly roles: readonly TufRole[];
  /** Keys that have a place afterwards and had none, and the other way round. */
  readonly added: readonly SigningKeyRow[];
  /** Names of keys whose certificates are to be trusted no longer. */
  readonly distrusted: readonly string[];
  readonly removed: readonly SigningKeyRow[];
};

export const RENEWABLE_CERTIFICATES: Readonly<
  Record<"ca-root" | "ca-developer" | "release", CertificateKind>
> = { "ca-root": "root", "ca-developer": "developer-ca", release: "release" };

const MAX_ROLE_KEYS = 16;

/**
 * Applies changes one after the other and says what follows. `rows` finds the keys that the changes name.
 * @throws Problem `keys.change_invalid`, `keys.algorithm`
 */
export function planChanges(
  before: KeyState,
  changes: readonly KeyChange[],
  rows: (name: string) => SigningKeyRow | undefined,
): KeyPlan {
  const keyOf = (name: string): SigningKeyRow => rows(name) ?? refuse(`there is no key ${name}`);
  const after = changes.reduce((state, change) => applyChange(state, change, keyOf), before);
  for (const role of TUF_ROLES) judgeSet(role, keysOf(after.sets, role));
  const certificates = planCertificates(before, after, changes);
  const distrusted = changes.flatMap((change) => (change.type === "distrust" ? [change.key] : []));
  for (const name of distrusted)
    if (Object.values(after.certificateKeys).some((key) => key.name === name))
      refuse(`${name} issues or signs still: replace it first`);
  const added = allKeys(after).filter((key) => !hasKey(before, key));
  return {
    before,
    after,
    certificates,
    roles: planRoles(before.sets, after.sets, changes, certificates),
    distrusted,
    added,
    removed: allKeys(before).filter((key) => !hasKey(after, key)),
  };
}

function applyChange(state: KeyState, change: KeyChange, keyOf: (name: string) => SigningKeyRow): KeyState {
  switch (change.type) {
    case "renew":
    case "distrust":
      return state;
    case "certificate-key": {
      const key = keyOf(change.key);
      if (change.kind === "release" && !isSignatureAlgorithm(key.algorithm))
        throw algorithmProblem(key, "releases are signed with Ed25519 or P-256");
      return { ...state, certificateKeys: { ...state.certificateKeys, [change.kind]: key } };
    }
    default:
      return { ...state, sets: new Map(state.sets).set(change.role, changeSet(state.sets, change, keyOf)) };
  }
}

function changeSet(
  sets: KeySets,
  change: Exclude<KeyChange, { type: "renew" | "distrust" | "certificate-key" }>,
  keyOf: (name: string) => SigningKeyRow,
): RoleKeys {
  const { keys, threshold } = keysOf(sets, change.role);
  const has = (name: string) => keys.some((key) => key.name === name);
  const mustHave = (name: string) => has(name) || refuse(`${name} is none of the keys of ${change.role}`);
  switch (change.type) {
    case "threshold":
      return { keys, threshold: change.threshold };
    case "add":
      if (has(change.key)) return refuse(`${change.key} is one of the keys of ${change.role} already`);
      return { keys: [...keys, tufKey(keyOf(change.key))], threshold };
    case "remove":
      mustHave(change.key);
      return { keys: keys.filter((key) => key.name !== change.key), threshold };
    case "replace":
      mustHave(change.old);
      if (has(change.key)) return refuse(`${change.key} is one of the keys of ${change.role} already`);
      return {
        keys: keys.map((key) => (key.name === change.old ? tufKey(keyOf(change.key)) : key)),
        threshold,
      };
  }
}

function tufKey(key: SigningKeyRow): SigningKeyRow {
  if (isTufAlgorithm(key.algorithm)) return key;
  throw algorithmProblem(key, "the catalogue is signed with Ed25519 or P-256");
}

function judgeSet(role: TufRole, { keys, threshold }: RoleKeys): void {
  if (keys.length === 0) refuse(`${role} would have no key`);
  if (keys.length > MAX_ROLE_KEYS) refuse(`${role} would have more than ${MAX_ROLE_KEYS} keys`);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > keys.length)
    refuse(`${role} would have ${keys.length} keys, of which ${threshold} must sign`);
}

function planCertificates(
  before: KeyState,
  after: KeyState,
  changes: readonly KeyChange[],
): readonly PlannedCertificate[] {
  const { root, "developer-ca": developerCa, release } = after.certificateKeys;
  const isNew = (kind: CertificateKind) =>
    before.certificateKeys[kind].name !== after.certificateKeys[kind].name ||
    changes.some((change) => change.type === "renew" && renewedKind(change.what) === kind);
  // What a new root is to issue it has to issue again; a renewed one has the same name and key.
  const newRoot = before.certificateKeys.root.name !== root.name;
  return [
    ...(isNew("root") ? [{ kind: "root", key: root, issuer: root } as const] : []),
    ...(newRoot || isNew("developer-ca")
      ? [{ kind: "developer-ca", key: developerCa, issuer: root } as const]
      : []),
    ...(newRoot || isNew("release") ? [{ kind: "release", key: release, issuer: root } as const] : []),
  ];
}

function renewedKind(what: Renewable): CertificateKind | null {
  return what === "ca-root" || what === "ca-developer" || what === "release"
    ? RENEWABLE_CERTIFICATES[what]
    : null;
}

function planRoles(
  before: KeySets,
  after: KeySets,
  changes: readonly KeyChange[],
  certificates: readonly PlannedCertificate[],
): TufRole[] {
  const changed = (...roles: TufRole[]) =>
    roles.some((role) => !sameSet(keysOf(before, role), keysOf(after, role)));
  const renewed = (what: Renewable) =>
    changes.some((change) => change.type === "renew" && change.what === what);
  // Release certificates stand in the releases, authorities in trust/ca.pem, which `targets` lists.
  const authorities =
    certificates.some(({ kind }) => kind !== "release") || changes.some(({ type }) => type === "distrust");
  const due: Readonly<Record<TufRole, boolean>> = {
    root: changed("root", "targets", "snapshot", "timestamp") || renewed("root"),
    targets: changed("targets", "revocations", "apps") || authorities || renewed("targets"),
    revocations: changed("revocations"),
    apps: changed("apps", "bins") || renewed("apps"),
    bins: changed("bins"),
    snapshot: changed("snapshot"),
    timestamp: changed("timestamp"),
  };
  return TUF_ROLES.filter((role) => due[role]);
}

function sameSet(a: RoleKeys, b: RoleKeys): boolean {
  return (
    a.threshold === b.threshold &&
    a.keys.length === b.keys.length &&
    a.keys.every((key, index) => key.name === b.keys[index]?.name)
  );
}

function allKeys(state: KeyState): readonly SigningKeyRow[] {
  const keys = [
    ...Object.values(state.certificateKeys),
    ...[...state.sets.values()].flatMap((set) => set.keys),
  ];
  return [...new Map(keys.map((key) => [key.name, key])).values()];
}

function hasKey(state: KeyState, key: SigningKeyRow): boolean {
  return allKeys(state).some((other) => other.name === key.name);
}

function refuse(words: string): never {
  throw new Problem(
    "conflict",
    "keys.change_invalid",
    `The change is not possible: ${words}. “mosis admin keys” shows what there is.`,
  );
}

function algorithmProblem(key: SigningKeyRow, words: string): Problem {
  return new Problem("invalid", "keys.algorithm", `The key ${key.name} is ${key.algorithm}, and ${words}.`);
}
