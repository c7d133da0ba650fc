/** All that the store signs with, for whoever looks after it: keys, certificates, roles, what ends when, and what to do. */
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import type { KeyId, Sha256 } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { type FailingCommand, failingCommands } from "../../keys/command-trouble.ts";
import { isTufRole, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import {
  findKeyRequest,
  listAllStoreCertificates,
  listSigningKeys,
  type SigningKeyRow,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import type { KeyStore } from "../../keys/signing-keys.ts";
import { type UnusableKey, unusableKeys } from "../../keys/unusable.ts";
import { revokedRelease } from "../release-trust.ts";
import { findCrl, findRevocations } from "../revocation/records.ts";
import { sha256 } from "../tuf/metadata.ts";
import * as tuf from "../tuf/records.ts";
import { roleFamily } from "../tuf/roles.ts";
import { type KeyChange, RENEWABLE_CERTIFICATES } from "./changes.ts";
import { dueRenewals, isList, type Lapse, lapses } from "./due.ts";
import { parseRequest, type SigningRequest } from "./request.ts";
import { isRootListDue } from "./root-lists.ts";
import { readKeyState } from "./state.ts";
import { placesOf, waitingChanges } from "./waiting.ts";

export type StoreKeyView = {
  readonly name: string;
  /** SHA-256 of the public key: the fingerprint. */
  readonly keyid: KeyId;
  readonly algorithm: string;
  /**
   * `destroyed`: its private half was, when another key took its place. `here_for_lists`: that of an authority, which is
   * kept to sign its lists of revoked certificates and nothing else.
   */
  readonly holder: "here" | "command" | "offline" | "destroyed" | "here_for_lists";
  readonly command: string | null;
  /** Roles of the catalogue and kinds of certificates. */
  readonly signs: readonly string[];
  readonly state: "in use" | "waiting" | "retired";
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
};

export type StoreCertificateView = {
  readonly kind: CertificateKind;
  readonly serial: string;
  readonly sha256: Sha256;
  readonly keyName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The newest of its kind issues and signs; older ones are what earlier packages are judged by. */
  readonly isCurrent: boolean;
  /** By itself or by its key. */
  readonly isRevoked: boolean;
};

/** The list of revoked certificates that a key of authorities signed last. */
export type StoreListView = {
  readonly keyName: string;
  readonly number: number;
  readonly nextUpdate: Date;
};

export type StoreRoleView = {
  readonly role: TufRole;
  readonly threshold: number;
  readonly keyNames: readonly string[];
  readonly version: number;
  readonly expiresAt: Date;
};

export type StoreKeys = {
  readonly keys: readonly StoreKeyView[];
  readonly certificates: readonly StoreCertificateView[];
  readonly lists: readonly StoreListView[];
  readonly roles: readonly StoreRoleView[];
  readonly lapses: readonly Lapse[];
  /** Changes that wait for signatures from another machine. */
  readonly waiting: readonly KeyChange[];
  /** The digest of the request that was exported and not imported. */
  readonly openRequest: Sha256 | null;
  readonly next: readonly NextStep[];
};

/** What should be done, most pressing first; the words are the page's and the command's. */
export type NextStep =
  /** `what`: the release key in use, which is revoked; `waits`: what replaces it waits for keys on another machine. */
  | { readonly do: "release_revoked"; readonly what: string; readonly waits: boolean }
  /** `what`: the first of the keys that are sealed with another master key; `count`: how many there are. */
  | { readonly do: "master_key"; readonly what: string; readonly count: number }
  /** `what`: the command that the configuration lacks; `count`: how many keys it signs with. */
  | { readonly do: "command_missing"; readonly what: string; readonly count: number }
  /** `what`: the command that did not sign when it was last asked; `count`: with how many keys. */
  | { readonly do: "command_fails"; readonly what: string; readonly count: number }
  | { readonly do: "renewal_fails"; readonly what: string; readonly at: Date }
  /** It was signed by a clock that was ahead; `inRequest` as below. */
  | {
      readonly do: "overlong";
      readonly what: string;
      readonly at: Date;
      readonly renewedBy: Lapse["renewedBy"];
      readonly inRequest: boolean;
    }
  /** `inRequest`: the request that is open asks for it already. */
  | { readonly do: "request_renewal"; readonly what: string; readonly at: Date; readonly inRequest: boolean }
  | {
      /** A list is one of revoked certificates: neither the store nor devices go by it. */
      readonly do: "expired" | "list_expired";
      readonly what: string;
      readonly at: Date;
      readonly renewedBy: Lapse["renewedBy"];
      readonly inRequest: boolean;
    }
  | { readonly do: "import" }
  /** Changes that were asked for after the open request was exported. */
  | { readonly do: "export_newer"; readonly count: number }
  | { readonly do: "export"; readonly count: number }
  | { readonly do: "export_due"; readonly what: string }
  /** The list of revoked certificates of a root on another machine. */
  | { readonly do: "export_list" }
  /** A key of this machine among those of a role that another machine holds. */
  | { readonly do: "held_here"; readonly what: string }
  | { readonly do: "move_offline" };

/** @throws Problem `rights.forbidden` */
export function readStoreKeys(store: KeyStore & Pick<Store, "clock">, actor: Actor): StoreKeys {
  authorise(actor, "storekeys.read");
  const { orm } = store.db;
  const state = readKeyState(orm);
  const rows = listSigningKeys(orm);
  const certificates = listAllStoreCertificates(orm);
  const waiting = waitingChanges(orm);
  const open = findKeyRequest(orm);
  const lapsing = lapses(store);
  return {
    keys: rows.map((row) => {
      const { name, keyid, algorithm, command, createdAt, retiredAt } = row;
      const places = placesOf(state, name);
      const holder = holderOf(row);
      return {
        name,
        keyid,
        algorithm,
        holder,
        command,
        signs:
          holder === "here_for_lists"
            ? [LISTS_WORDS]
            : places.map((place) => ("role" in place ? place.role : CERTIFICATE_WORDS[place.kind])),
        state: retiredAt !== null ? "retired" : places.length > 0 ? "in use" : "waiting",
        createdAt,
        retiredAt,
      };
    }),
    certificates: certificates
      .filter((row) => row.distrustedAt === null)
      .map((row) => ({
        kind: row.kind,
        serial: row.serial,
        sha256: sha256(row.der),
        keyName: row.keyName,
        notBefore: row.notBefore,
        notAfter: row.notAfter,
        isCurrent:
          certificates.find((other) => other.kind === row.kind && other.distrustedAt === null)?.serial ===
          row.serial,
        isRevoked: isRevoked(orm, row, rows),
      })),
    lists: rows.flatMap(({ name, keyid }) => {
      const list = findCrl(orm, keyid);
      return list ? [{ keyName: name, number: list.number, nextUpdate: list.nextUpdate }] : [];
    }),
    roles: roleViews(store),
    lapses: lapsing,
    waiting,
    openRequest: (open?.id ?? null) as Sha256 | null,
    next: nextSteps({
      revokedRelease: releaseStep(orm, waiting),
      unusable: unusableKeys(store),
      failing: failingCommands(store),
      lapses: lapsing,
      waiting: waiting.length,
      open: open && {
        renews: renewedBy(parseRequest(new Uint8Array(open.body)), state.certificateKeys.root.name),
        newer: waitingChanges(orm, open.lastChange).length,
      },
      due: dueRenewals(store),
      listDue: isRootListDue(store),
      heldHere: [...state.sets.values()].flatMap(({ keys }) =>
        keys.some(({ holder }) => holder === "offline")
          ? keys.filter(({ holder }) => holder === "here").map(({ name }) => name)
          : [],
      ),
      allHere: rows.every((row) => row.retiredAt !== null || row.holder === "here"),
    }),
  };
}

function holderOf({ holder, retiredAt, sealedPrivateKey }: SigningKeyRow): StoreKeyView["holder"] {
  if (retiredAt === null || holder !== "here") return holder;
  return sealedPrivateKey === null ? "destroyed" : "here_for_lists";
}

function isRevoked(db: Tx, { der, keyName }: StoreCertificateRow, keys: readonly SigningKeyRow[]): boolean {
  const keyid = keys.find(({ name }) => name === keyName)?.keyid;
  const names = [
    { subject: "certificate", id: sha256(der) } as const,
    ...(keyid === undefined ? [] : [{ subject: "key", id: keyid } as const]),
  ];
  return findRevocations(db, names).length > 0;
}

/** What an authority's key signs whose place another took. */
const LISTS_WORDS = "lists of revoked certificates";

/** What a key of a certificate signs. */
const CERTIFICATE_WORDS: Readonly<Record<CertificateKind, string>> = {
  root: "CA root",
  "developer-ca": "developers' certificates",
  release: "releases",
};

/** The part of `signs` that these words are, as a name: for who says it in another language. Null: they are none. */
export function signedPart(words: string): SignedPart | null {
  if (words === LISTS_WORDS) return "revoked";
  if (words === CERTIFICATE_WORDS.root) return "root-ca";
  const kind = (["developer-ca", "release"] as const).find((each) => CERTIFICATE_WORDS[each] === words);
  return kind ?? (isTufRole(words) ? words : null);
}
export type SignedPart = TufRole | "root-ca" | "developer-ca" | "release" | "revoked";

function roleViews(store: Pick<Store, "db">): StoreRoleView[] {
  const current = [...tuf.currentRoles(store.db.orm).values()];
  const { sets } = readKeyState(store.db.orm);
  return TUF_ROLES.flatMap((role) => {
    const metadata = current.filter((fact) => roleFamily(fact.role) === role);
    const set = sets.get(role);
    const [first] = metadata.sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
    if (!set || !first) return [];
    return [
      {
        role,
        threshold: set.threshold,
        keyNames: set.keys.map((key) => key.name),
        version: Math.max(...metadata.map((fact) => fact.version)),
        expiresAt: first.expiresAt,
      },
    ];
  });
}

/** What a request has signed anew, as the lapses name it. */
function renewedBy(request: SigningRequest, root: string): readonly string[] {
  const renewables = Object.entries(RENEWABLE_CERTIFICATES);
  return [
    ...request.metadata.map(({ role }) => role),
    ...request.certificates.flatMap(
      ({ kind }) => renewables.find(([, renewed]) => renewed === kind)?.[0] ?? [],
    ),
    ...request.lists.flatMap(({ issuer }) => (issuer === root ? ["crl-root"] : [])),
  ];
}

/** Pure. */
export function nextSteps(facts: {
  readonly revokedRelease: Extract<NextStep, { do: "release_revoked" }> | null;
  readonly unusable: readonly UnusableKey[];
  readonly failing: readonly FailingCommand[];
  readonly lapses: readonly Lapse[];
  readonly waiting: number;
  /** The request that is open: what it renews, and how many changes were asked for after it. */
  readonly open: { readonly renews: readonly string[]; readonly newer: number } | null;
  readonly due: readonly string[];
  readonly listDue: boolean;
  readonly heldHere: readonly string[];
  readonly allHere: boolean;
}): NextStep[] {
  const { open } = facts;
  const pressing = facts.lapses
    .filter((lapse) => lapse.state !== "ok")
    .map(({ what, expiresAt: at, state, renewedBy }): NextStep => {
      const inRequest = renewedBy === "request" && open !== null && open.renews.includes(what);
      if (state === "expired")
        return { do: isList(what) ? "list_expired" : "expired", what, at, renewedBy, inRequest };
      if (state === "overlong") return { do: "overlong", what, at, renewedBy, inRequest };
      return renewedBy === "job"
        ? { do: "renewal_fails", what, at }
        : { do: "request_renewal", what, at, inRequest };
    });
  const due = facts.due.filter((what) => !pressing.some((step) => "what" in step && step.what === what));
  // A new export takes the open request's place: that one comes back first.
  const needsExport = (step: NextStep) =>
    step.do === "request_renewal" ||
    ((step.do === "expired" || step.do === "list_expired" || step.do === "overlong") &&
      step.renewedBy === "request")
      ? !step.inRequest
      : false;
  const later = open === null ? [] : pressing.filter(needsExport);
  return [
    ...(facts.revokedRelease === null ? [] : [facts.revokedRelease]),
    ...unusableSteps(facts.unusable),
    ...[...Map.groupBy(facts.failing, ({ command }) => command)].map(
      ([what, keys]): NextStep => ({ do: "command_fails", what, count: keys.length }),
    ),
    ...facts.heldHere.map((what): NextStep => ({ do: "held_here", what })),
    ...pressing.filter((step) => !later.includes(step)),
    ...(open ? [{ do: "import" } as const] : []),
    ...later,
    ...(open && open.newer > 0 ? [{ do: "export_newer", count: open.newer } as const] : []),
    ...(!open && facts.waiting > 0 ? [{ do: "export", count: facts.waiting } as const] : []),
    ...(facts.allHere || open ? [] : due.map((what) => ({ do: "export_due", what }) as const)),
    ...(facts.listDue && !open && !pressing.some((step) => "what" in step && step.what === "crl-root")
      ? [{ do: "export_list" } as const]
      : []),
    ...(facts.allHere && facts.waiting === 0 && !open ? [{ do: "move_offline" } as const] : []),
  ];
}

function releaseStep(db: Tx, waiting: readonly KeyChange[]) {
  const found = revokedRelease(db);
  if (found === null) return null;
  const waits = waiting.some((change) => change.type === "certificate-key" && change.kind === "release");
  return { do: "release_revoked", what: found.keyName, waits } as const;
}

/** One step for each cause: what is sealed with one master key is opened by it, and a command is named once. */
function unusableSteps(unusable: readonly UnusableKey[]): NextStep[] {
  const sealed = unusable.filter(({ code }) => code === "keys.unsealable");
  const commands = Map.groupBy(
    unusable.filter(({ code }) => code === "keys.command_unknown"),
    ({ command }) => command ?? "",
  );
  const [first] = sealed;
  return [
    ...(first ? [{ do: "master_key", what: first.name, count: sealed.length } as const] : []),
    ...[...commands].map(([what, keys]) => ({ do: "command_missing", what, count: keys.length }) as const),
  ];
}

export type KeyWarning = {
  readonly code: "expiring" | "expired" | "overlong";
  readonly what: string;
  readonly expiresAt: Date;
  readonly renewedBy: Lapse["renewedBy"];
  /** Whether the store or its devices cannot go on once it has ended. */
  readonly holdsUp: boolean;
};

/** For /readyz: what is to be warned of, in words that name the thing and its end. */
export function keyWarnings(store: Pick<Store, "db" | "clock">): readonly KeyWarning[] {
  // Each look at the dashboard asks: what is warned of days before may be told a minute later.
  const minute = Math.floor(store.clock.now().getTime() / 60_000);
  return whileUnchanged(store.db, "key warnings", minute, () => lapses(store))
    .flatMap(({ state, ...lapse }) => (state === "ok" ? [] : [{ ...lapse, state }]))
    .map(({ what, expiresAt, state, renewedBy }) => ({
      holdsUp: !isList(what),
      code: state === "expired" || state === "overlong" ? state : ("expiring" as const),
      what,
      expiresAt,
      renewedBy,
    }));
}
