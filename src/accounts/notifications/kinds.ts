/**
 * What people are told of: each kind of event with its topic and its words. What is kept of an event is its kind and what it is
 * about; the words are made when somebody reads it, with the names that things have by then. Pure.
 */
import { type Said, say } from "../../say.ts";

/** What a person chooses about by mail: kinds that belong together. In the order of the settings. */
export const TOPICS = [
  "security",
  "signing",
  "access",
  "versions",
  "apps",
  "organisations",
  "review",
  "store",
] as const;
export type Topic = (typeof TOPICS)[number];

/** Those that always go by mail: whoever is in an account, or has a key, must not be able to keep its owner from hearing of it. */
export const ALWAYS_MAILED: ReadonlySet<Topic> = new Set<Topic>(["security", "signing"]);

/** What it is about, as it is called by now. An empty name: it is about no such thing. */
export type Names = {
  readonly app: string;
  readonly version: string;
  readonly organisation: string;
};

/** What is about none of them, such as the store itself. */
export const NO_NAMES: Names = { app: "", organisation: "", version: "" };

type Kind = readonly [topic: Topic, said: (names: Names) => Said];

const kind = (topic: Topic, said: (names: Names) => Said): Kind => [topic, said];

const KINDS = {
  "account.address": kind("security", () => say`A link that proves your address was asked for`),
  "account.address_asked": kind("security", () => say`Another address was asked for your account`),
  "account.address_changed": kind("security", () => say`The address of your account was changed`),
  "account.deletion": kind("security", () => say`Your account is going to be deleted`),
  "account.exists": kind(
    "security",
    () => say`Somebody asked for an account with your address, which has one`,
  ),
  "account.guessed": kind("security", () => say`Somebody is guessing your password`),
  "account.invitation": kind("organisations", ({ organisation }) =>
    organisation === "" ? say`You are invited` : say`You are invited into ${organisation}`,
  ),
  "account.password": kind("security", () => say`A link for a new password was asked for`),
  "account.password_changed": kind("security", () => say`Your password was changed`),
  "apikey.ending": kind("access", ({ organisation }) =>
    organisation === ""
      ? say`An API key of yours ends soon, or has ended`
      : say`An API key of ${organisation} ends soon, or has ended`,
  ),
  "apikey.leaked": kind("security", ({ organisation }) =>
    organisation === ""
      ? say`An API key of yours was found by others and has been ended`
      : say`An API key of ${organisation} was found by others and has been ended`,
  ),
  "apikey.left": kind(
    "access",
    ({ organisation }) => say`API keys of ${organisation} work on, and who made them has gone`,
  ),
  "factor.added": kind("security", () => say`A second factor was added to your account`),
  "factor.removed": kind("security", () => say`A second factor was removed from your account`),
  "factor.reset": kind("security", () => say`All second factors of your account were removed`),
  "factor.codes_made": kind("security", () => say`New recovery codes were made for your account`),
  "factor.code_used": kind("security", () => say`A recovery code of your account was used`),
  "factor.guessed": kind("security", () => say`Somebody knows your password and guesses codes`),
  "key.added": kind("signing", ({ app }) => say`A key was added to ${app}`),
  "key.certificate_distrusted": kind(
    "signing",
    ({ organisation }) => say`Signing certificates of ${organisation} count no more`,
  ),
  "key.ending": kind(
    "signing",
    ({ organisation }) => say`A signing certificate of ${organisation} ends soon, or has ended`,
  ),
  "key.revoked": kind("signing", ({ organisation }) => say`A signing key of ${organisation} was revoked`),
  "organisation.renamed": kind("organisations", ({ organisation }) => say`${organisation} has a new name`),
  "organisation.taken_over": kind(
    "organisations",
    ({ organisation }) => say`${organisation} has a new owner`,
  ),
  // Without names: who asks for what is read by whoever decides, where they decide.
  "organisation.requested": kind("organisations", () => say`Somebody asks for an organisation`),
  "organisation.granted": kind(
    "organisations",
    ({ organisation }) => say`${organisation}, which you asked for, is made: you are its owner`,
  ),
  "organisation.refused": kind("organisations", () => say`The organisation that you asked for was refused`),
  "publisher.left": kind(
    "access",
    ({ organisation }) => say`Trusted publishers of ${organisation} work on, and who chose them has gone`,
  ),
  "publisher.stranger": kind(
    "signing",
    ({ app }) => say`Somebody else has the name of a trusted publisher of ${app}`,
  ),
  "recovery.requested": kind(
    "signing",
    ({ organisation }) => say`The signing keys of ${organisation} are said to be lost`,
  ),
  "recovery.approved": kind(
    "signing",
    ({ organisation }) => say`The recovery of signing keys of ${organisation} was approved`,
  ),
  "recovery.refused": kind(
    "signing",
    ({ organisation }) => say`The recovery of signing keys of ${organisation} was refused`,
  ),
  "recovery.objected": kind(
    "signing",
    ({ organisation }) => say`The recovery of signing keys of ${organisation} was stopped by an owner`,
  ),
  "recovery.fallen": kind(
    "signing",
    ({ organisation }) => say`The recovery of signing keys of ${organisation} has fallen`,
  ),
  "transfer.offered": kind("apps", ({ app }) => say`${app} is offered to another organisation`),
  "transfer.received": kind("apps", ({ app, organisation }) => say`${app} is offered to ${organisation}`),
  "transfer.given": kind("apps", ({ app }) => say`${app} is of another organisation now`),
  "transfer.taken": kind("apps", ({ app, organisation }) => say`${app} is an app of ${organisation} now`),
  "transfer.over": kind("apps", ({ app }) => say`The offer of ${app} has ended`),
  "app.unlisted": kind("apps", ({ app }) => say`${app} stands in no list any more`),
  "app.listed": kind("apps", ({ app }) => say`${app} stands in the lists again`),
  "app.deprecated": kind("apps", ({ app }) => say`${app} is deprecated`),
  "app.undeprecated": kind("apps", ({ app }) => say`${app} is not deprecated any more`),
  "app.deletion_asked": kind("apps", ({ app }) => say`${app} is going to be deleted`),
  "app.deletion_kept": kind("apps", ({ app }) => say`${app} is not deleted`),
  "app.deletion_done": kind("apps", ({ app }) => say`${app} is deleted`),
  "app.visibility": kind("apps", ({ app }) => say`Who may see ${app} was changed`),
  // Without the app: its name is read by who works on it.
  "rating.hidden": kind("apps", () => say`A rating of yours was hidden`),
  "rating.shown": kind("apps", () => say`A rating of yours is shown again`),
  "organisation.joined": kind("organisations", ({ organisation }) => say`You are in ${organisation} now`),
  "organisation.role": kind(
    "organisations",
    ({ organisation }) => say`Your role in ${organisation} was changed`,
  ),
  "organisation.left": kind("organisations", () => say`You are in an organisation no more`),
  "store.damaged": kind("store", () => say`Data of the store are not what was signed or written`),
  "store.jobs": kind("store", () => say`Jobs of the store do not come to their end`),
  "store.keys_ending": kind("store", () => say`Something that the store signs with ends soon, or has ended`),
  "store.keys_failing": kind("store", () => say`The store cannot sign with a key of its own`),
  "store.mail": kind("store", () => say`The store's mail does not go`),
  "store.sign_up": kind("store", () => say`More people ask for an account than the store writes to`),
  "store.storage": kind("store", () => say`The store's storage needs you`),
  "version.failed": kind("versions", ({ app, version }) => say`The checks found errors in ${app} ${version}`),
  "version.approved": kind("versions", ({ app, version }) => say`${app} ${version} is approved`),
  "version.rejected": kind("versions", ({ app, version }) => say`${app} ${version} is rejected`),
  "version.held": kind(
    "versions",
    ({ app, version }) => say`${app} ${version} is approved and waits until you publish it`,
  ),
  "version.published": kind("versions", ({ app, version }) => say`${app} ${version} is published`),
  "version.stopped": kind("versions", ({ app, version }) => say`${app} ${version} will not be published`),
  "version.waits": kind("review", ({ app, version }) => say`${app} ${version} waits for review`),
  "version.yanked": kind("versions", ({ app, version }) => say`${app} ${version} is yanked`),
  "version.unyanked": kind("versions", ({ app, version }) => say`${app} ${version} is offered again`),
  "revocation.revoked": kind("signing", ({ app, organisation }) =>
    app === "" ? say`Something of ${organisation} was revoked` : say`${app} was revoked`,
  ),
  "revocation.lifted": kind("signing", ({ app, organisation }) =>
    app === ""
      ? say`Something of ${organisation} is not revoked any more`
      : say`${app} is not revoked any more`,
  ),
  "revocation.lowest": kind("signing", ({ app }) => say`The lowest allowed version of ${app} was changed`),
} as const satisfies Readonly<Record<string, Kind>>;

export type NotificationKind = keyof typeof KINDS;

const asKind = (text: string): Kind | undefined =>
  Object.hasOwn(KINDS, text) ? KINDS[text as NotificationKind] : undefined;

/** Whether this version of the store has words for it. */
export const isKind = (text: string): text is NotificationKind => asKind(text) !== undefined;

/** What the event is called; of one that another version of the store wrote, that there is something. */
export function saidOf(text: string, names: Names): Said {
  return asKind(text)?.[1](names) ?? say`Something happened that this version of the store has no words for`;
}

/** Of what is true no more once something was told of the same app, and of the same version where it is of one. */
const OVERTAKEN: Partial<Record<NotificationKind, readonly NotificationKind[]>> = {
  "app.deletion_asked": ["app.deletion_kept"],
  "app.deletion_kept": ["app.deletion_asked"],
  "app.deletion_done": ["app.deletion_asked", "app.deletion_kept"],
  "app.deprecated": ["app.undeprecated"],
  "app.listed": ["app.unlisted"],
  "app.undeprecated": ["app.deprecated"],
  "app.unlisted": ["app.listed"],
  "transfer.given": ["transfer.offered", "transfer.received"],
  "transfer.over": ["transfer.offered", "transfer.received"],
  "transfer.taken": ["transfer.offered", "transfer.received"],
  "version.unyanked": ["version.yanked"],
  "version.yanked": ["version.unyanked"],
};

export const overtakenBy = (kind: NotificationKind): readonly NotificationKind[] => OVERTAKEN[kind] ?? [];

/** null: another version of the store wrote it. */
export function topicOf(text: string): Topic | null {
  return asKind(text)?.[0] ?? null;
}

/** What each topic is about, and why it always goes by mail where it does. */
export const TOPIC_WORDS: Readonly<Record<Topic, { readonly meaning: Said; readonly always: Said | null }>> =
  {
    security: {
      meaning: say`Your account: password, address, second factors, and keys that others found`,
      always: say`These always go by mail as well: whoever gets into an account must not be able to keep its owner from hearing of it.`,
    },
    signing: {
      meaning: say`Signing keys, recoveries and revocations`,
      always: say`These always go by mail as well: an owner has to hear in time when somebody else signs in their name, and some can only be stopped for a while.`,
    },
    access: { meaning: say`API keys and trusted publishers that end, or whose maker has left`, always: null },
    versions: { meaning: say`Versions: checks, review, publication and yanking`, always: null },
    apps: { meaning: say`Apps: listing, transfer, visibility and deletion`, always: null },
    organisations: { meaning: say`Organisations: requests, invitations, roles and names`, always: null },
    review: { meaning: say`Versions that wait for a reviewer`, always: null },
    store: { meaning: say`The store itself: its keys, jobs, storage, mail and data`, always: null },
  };
