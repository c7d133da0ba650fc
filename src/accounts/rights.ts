/**
 * Who may do what: the one table, action × role. Routes, pages and acting functions name an action, never a role. What an
 * API key or a role is narrowed to is held here too, so that the guard and every acting function hold it.
 */

import { Problem } from "../errors.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import {
  type OrganisationRole,
  ORGANISATION_ROLES as READERS,
  STORE_ROLES as STORE_READERS,
  type StoreRole,
} from "../roles.ts";
import { type Said, say, sayList, sayText, type Words } from "../say.ts";
import type { AccountActor, Actor, Narrowing, RoleKind, Roles } from "./actor.ts";
import { DENIED } from "./denied.ts";

export type Grant = {
  /** What the action does, for the docs page of rights. */
  readonly meaning: string;
  /** Roles in the organisation that owns the thing. */
  readonly organisation: readonly OrganisationRole[];
  /** Roles in the store as a whole. */
  readonly store: readonly StoreRole[];
  /** True when every signed-in actor may, whatever their roles. */
  readonly everyone?: true;
  /** True when a visitor who shows nothing of who they are may as well, and is given what is for everybody. */
  readonly visitors?: true;
  /** True when only a person may, never an organisation's key. */
  readonly peopleOnly?: true;
  /** True when it is done to one app and reaches nothing else: a key or a role that is narrowed to apps does only such things. */
  readonly ofApp?: true;
  /** True when the token of a trusted publisher may do it, to its one app. */
  readonly publisher?: true;
  /** True when a browser's session does it only with a recent proof that it is the person: see `proof.ts`. */
  readonly proof?: true;
};

const DEVELOPERS = ["owner", "maintainer", "developer"] as const;
const MAINTAINERS = ["owner", "maintainer"] as const;
const OWNERS = ["owner"] as const;
const NOBODY = [] as const;
// Whoever changes something stands in the first two; auditors and support only read.
const ADMINISTRATORS = ["administrator"] as const;
const REVIEWERS = ["administrator", "reviewer"] as const;
const AUDITORS = ["administrator", "auditor"] as const;
const REVIEW_READERS = ["administrator", "reviewer", "auditor"] as const;
const HELPERS = ["administrator", "support", "auditor"] as const;

export const RIGHTS = {
  "self.read": {
    meaning: "See who one is signed in as.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    publisher: true,
  },
  "self.change": {
    meaning: "Change one's own name, end one's own sessions, leave an organisation, put messages away.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "session.read": {
    meaning: "See one's own sessions, second factors and linked accounts.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "message.read": {
    // Not of who one is: a message may tell of any organisation that one is in, and of what nobody else may know yet.
    meaning: "Read what the store has written to oneself.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "self.keys": {
    meaning: "Make, see, rotate and revoke one's own API keys.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
    proof: true,
  },
  "self.secure": {
    meaning: "Change what one signs in with: password, address, second factors, linked accounts.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
    proof: true,
  },
  "self.delete": {
    meaning: "Ask that one's own account is deleted.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
    proof: true,
  },
  "self.export": {
    meaning: "Get all that the store holds about oneself.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
    proof: true,
  },
  "catalog.read": {
    meaning: "See the apps in the store that are for who one is, and read their catalogues.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    visitors: true,
  },
  "rating.write": {
    meaning: "Rate an app that one has, say it otherwise, and take it back.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "rating.answer": {
    meaning: "Answer what people say of an app.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
  },
  "report.make": {
    meaning: "Report an app, or what somebody said of it, to those who look after the store.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "report.read": {
    meaning: "See what people report of apps and ratings.",
    organisation: NOBODY,
    store: ["administrator", "reviewer", "support", "auditor"],
  },
  "report.decide": {
    meaning: "Hide ratings, show them again, and close reports.",
    organisation: NOBODY,
    store: REVIEWERS,
  },
  "app.create": { meaning: "Create an app.", organisation: DEVELOPERS, store: NOBODY },
  "app.read": {
    meaning: "See an app and its settings.",
    organisation: READERS,
    store: STORE_READERS,
    ofApp: true,
  },
  "app.change": {
    meaning:
      "Change what the store shows of an app: its listing, and its name and summary until a package brings its own.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
  },
  "app.delete": {
    meaning: "Delete an app that was never published.",
    organisation: MAINTAINERS,
    store: NOBODY,
    ofApp: true,
  },
  "app.remove": {
    meaning: "Ask that a published app is deleted.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    proof: true,
  },
  "app.keep": {
    meaning: "Take back that a published app is deleted.",
    organisation: OWNERS,
    store: ADMINISTRATORS,
    peopleOnly: true,
  },
  "app.listing": {
    meaning: "Take an app out of the store's lists, or deprecate it, and take either back.",
    organisation: MAINTAINERS,
    store: ADMINISTRATORS,
    ofApp: true,
  },
  "app.visibility": {
    meaning: "Say who may see an app: everyone, who is signed in, or groups.",
    organisation: MAINTAINERS,
    store: ADMINISTRATORS,
    ofApp: true,
    proof: true,
  },
  "app.category": {
    meaning: "Say which of the store's categories an app is in, in the place of what its package says.",
    organisation: DEVELOPERS,
    store: ADMINISTRATORS,
    ofApp: true,
  },
  "app.transfer": {
    meaning: "Offer an app to another organisation, and take that back.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    proof: true,
  },
  "transfer.read": {
    meaning: "See which apps an organisation offers to others, and which it is offered.",
    organisation: OWNERS,
    store: AUDITORS,
  },
  "transfer.decide": {
    meaning: "Take an app over that one's organisation is offered, or decline it.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    proof: true,
  },
  "version.upload": {
    meaning: "Upload a version.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
    publisher: true,
  },
  "version.read": {
    meaning: "See a version, its findings and its package.",
    organisation: READERS,
    store: STORE_READERS,
    ofApp: true,
    publisher: true,
  },
  "version.submit": {
    meaning: "Submit a version for review.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
    publisher: true,
  },
  "version.withdraw": {
    meaning: "Withdraw a version that is not published.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
  },
  "version.publish": {
    meaning: "Publish an approved version that was held.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
  },
  "version.yank": {
    meaning: "Yank a published version, so that nobody gets it who has not got it, and take that back.",
    organisation: DEVELOPERS,
    store: ADMINISTRATORS,
    ofApp: true,
  },
  "publisher.read": {
    meaning: "See whom an app trusts to upload its versions.",
    organisation: READERS,
    store: REVIEW_READERS,
    ofApp: true,
  },
  "publisher.manage": {
    meaning: "Say which build jobs an app trusts to upload its versions, and whether nobody else may.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    ofApp: true,
    proof: true,
  },
  "key.read": { meaning: "See the enrolled signing keys.", organisation: READERS, store: AUDITORS },
  "key.enroll": {
    meaning: "Enrol a signing key and get its certificate.",
    organisation: DEVELOPERS,
    store: NOBODY,
  },
  "key.rotate": {
    meaning: "Add a key to an app's lineage by a statement that a key of it signed.",
    organisation: DEVELOPERS,
    store: NOBODY,
    ofApp: true,
  },
  "key.recover": {
    meaning: "Ask that a key takes the place of lost ones, and object to that.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    proof: true,
  },
  "key.revoke": {
    // Administrators revoke keys, and lift that, as everything else: with revocation.manage.
    meaning: "Revoke a signing key of one's own organisation, or make that stricter.",
    organisation: OWNERS,
    store: NOBODY,
    peopleOnly: true,
    proof: true,
  },
  "recovery.read": {
    meaning: "See every request to recover lost keys.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "recovery.decide": {
    meaning:
      "Approve or refuse the recovery of lost keys; never one that one asked for, or of an organisation in which one has been more than a viewer since it was asked for.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    peopleOnly: true,
    proof: true,
  },
  "outbox.read": {
    // Not for auditors: a message may hold a link that lets its reader act as the person it was written to.
    meaning: "See the messages that the store has written to people.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
  },
  "outbox.hand_over": {
    meaning: "Make the link of a message, to hand it over where there is no mail.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    peopleOnly: true,
    proof: true,
  },
  "review.read": { meaning: "See the review queue.", organisation: NOBODY, store: REVIEW_READERS },
  "review.decide": {
    meaning: "Approve or reject a version; never one of an organisation in which one is more than a viewer.",
    organisation: NOBODY,
    store: REVIEWERS,
  },
  "storefront.read": {
    meaning: "See how the store front is arranged.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "storefront.manage": {
    meaning:
      "Arrange the store front: what the store says of itself, its colour, its categories, its collections of apps, and the featured ones.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
  },
  "settings.read": {
    meaning: "See the store's settings, and where each was said.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "settings.manage": {
    meaning: "Change the store's settings that can change while it runs.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "setup.read": {
    meaning: "See how far the store is set up.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "setup.manage": {
    meaning:
      "Try what the store rests on, mail and storage, and say that steps of its set-up are right, or left for now.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "storage.read": {
    meaning: "See what takes how much room in the store's storage.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "storage.count": {
    meaning: "Have the files of the store's storage counted now.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
  },
  "jobs.read": { meaning: "See the job queue.", organisation: NOBODY, store: AUDITORS },
  "jobs.replay": { meaning: "Replay a dead job.", organisation: NOBODY, store: ADMINISTRATORS },
  "revocation.read": {
    meaning: "See what is revoked and what was done about it.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "revocation.manage": {
    meaning:
      "Revoke packages, keys, certificates, apps and developers, lift that, and set an app's lowest version.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "storekeys.read": {
    meaning: "See the store's own keys and certificates, and what of them runs out.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "tokenkeys.rotate": {
    meaning: "End every access token of the store, with the keys that signed them, and make another key.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "log.read": {
    meaning: "See the store's log in full, also what its public entries hide.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "audit.read": {
    meaning: "Read, search and export the audit log; an organisation's owners, the entries of their own.",
    organisation: OWNERS,
    store: AUDITORS,
    peopleOnly: true,
  },
  "user.read": {
    meaning: "See accounts, their sessions and their devices.",
    organisation: NOBODY,
    store: HELPERS,
  },
  "user.invited": {
    meaning: "See who is invited to the store.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "user.manage": {
    meaning: "Create, disable and delete accounts, give store roles.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "group.read": {
    meaning: "See the groups of the store, and who and what is in them.",
    organisation: NOBODY,
    store: HELPERS,
  },
  "group.manage": {
    meaning: "Make, change and delete groups, and say who and what is in them.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "device.read": {
    meaning: "See the store's devices, and the codes with which they enrol.",
    organisation: NOBODY,
    store: HELPERS,
  },
  "device.manage": {
    meaning: "Make codes with which devices enrol, rename and revoke devices.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    proof: true,
  },
  "storefiles.read": {
    meaning: "Read the files of a restricted store with an API key, as a device does.",
    organisation: NOBODY,
    store: STORE_READERS,
  },
  "organisation.create": {
    // Who they are the setting says, which the acting function asks: `organisation-makers.ts`.
    meaning:
      "Create an organisation and become its owner; where the setting organisation_makers says so, administrators alone.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "organisation.request": {
    meaning: "Ask the store's administrators for an organisation, and take that back.",
    organisation: NOBODY,
    store: NOBODY,
    everyone: true,
    peopleOnly: true,
  },
  "organisation.requested": {
    meaning: "See who asks for an organisation.",
    organisation: NOBODY,
    store: AUDITORS,
  },
  "organisation.grant": {
    meaning: "Make an organisation that somebody asks for, with them as its owner, or refuse it.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    peopleOnly: true,
  },
  "organisation.read": {
    meaning: "See an organisation and who is in it.",
    organisation: READERS,
    store: HELPERS,
  },
  "organisation.invited": {
    meaning: "See who is invited into an organisation.",
    organisation: OWNERS,
    store: AUDITORS,
    peopleOnly: true,
  },
  "organisation.manage": {
    meaning: "Change who is in an organisation, and what it is called.",
    organisation: OWNERS,
    store: ADMINISTRATORS,
    peopleOnly: true,
    proof: true,
  },
  "organisation.take_over": {
    meaning: "Name an owner of an organisation that has none any more who can sign in.",
    organisation: NOBODY,
    store: ADMINISTRATORS,
    peopleOnly: true,
    proof: true,
  },
  "apikey.read": {
    meaning: "See an organisation's API keys, never their secrets.",
    organisation: MAINTAINERS,
    store: AUDITORS,
    peopleOnly: true,
  },
  "apikey.manage": {
    meaning: "Make, rotate and revoke an organisation's API keys.",
    organisation: MAINTAINERS,
    store: ADMINISTRATORS,
    peopleOnly: true,
    proof: true,
  },
} as const satisfies Record<string, Grant>;

export type Action = keyof typeof RIGHTS;
export const ACTIONS = Object.keys(RIGHTS) as Action[];

/** A row of the table. */
export function grantOf(action: Action): Grant {
  return RIGHTS[action];
}

export type Resource = {
  readonly organisationId?: OrganisationId;
  /** Of what belongs to one app; without it a key or a role that is narrowed to apps may do nothing to the organisation's things. */
  readonly appId?: AppId;
  /** Asks whether it may be done to any of the organisation's apps, where it is not known yet to which. */
  readonly toSomeApp?: true;
};

/** What somebody must be able to do with a thing to be told that it exists. */
const READ_OF: Partial<Record<Action, Action>> = {
  "app.create": "app.read",
  "app.change": "app.read",
  "rating.answer": "app.read",
  "app.delete": "app.read",
  "app.remove": "app.read",
  "app.keep": "app.read",
  "app.transfer": "app.read",
  "transfer.read": "app.read",
  "transfer.decide": "app.read",
  "app.listing": "app.read",
  "app.visibility": "app.read",
  "app.category": "app.read",
  "version.upload": "app.read",
  "version.submit": "version.read",
  "version.withdraw": "version.read",
  "version.publish": "version.read",
  "version.yank": "version.read",
  "review.decide": "version.read",
  "publisher.read": "app.read",
  "publisher.manage": "app.read",
  "key.enroll": "key.read",
  "key.rotate": "app.read",
  "key.recover": "key.read",
  "key.revoke": "key.read",
  "recovery.decide": "key.read",
  "apikey.read": "app.read",
  "apikey.manage": "app.read",
  "organisation.manage": "app.read",
  "organisation.take_over": "organisation.read",
};

/**
 * True when the actor may do this to a thing of that organisation. Without an organisation it says whether the actor
 * may do it to anything at all: what a route asks before it has looked anything up.
 */
export function allows(actor: Actor, action: Action, resource: Resource = {}): boolean {
  return roleAllows(actor, action, resource) && keyAllows(narrowingOf(actor), action, resource);
}

function hasAny(own: Roles, roles: readonly OrganisationRole[], how: RoleKind): boolean {
  if (own.hasAny !== undefined) return own.hasAny(roles, how);
  return [...own].some(([id, role]) => {
    const apps = own.appsOf?.(id) ?? null;
    return roles.includes(role) && (apps === null || (how === "any" && apps.size > 0));
  });
}

/** Whether the apps that a key or a role is narrowed to leave room for it; null: it is narrowed to none. */
function appsAllow(apps: ReadonlySet<AppId> | null, action: Action, resource: Resource): boolean {
  if (apps === null) return true;
  if (!grantOf(action).ofApp) return false;
  if (resource.appId !== undefined) return apps.has(resource.appId);
  return resource.organisationId === undefined || (resource.toSomeApp === true && apps.size > 0);
}

/** Whether what the actor may do to things of this organisation is for certain apps only. */
export function isNarrowedIn(actor: Actor, organisationId: OrganisationId): boolean {
  if ((narrowingOf(actor)?.apps ?? null) !== null) return true;
  return actor.kind === "account" && (actor.organisations.appsOf?.(organisationId) ?? null) !== null;
}

export function narrowingOf(actor: Actor): Narrowing | undefined {
  return "narrowed" in actor ? actor.narrowed : undefined;
}

/** Whether what the actor's key is narrowed to leaves room for it. To see who one is, is what every key may. */
function keyAllows(narrowed: Narrowing | undefined, action: Action, resource: Resource): boolean {
  if (narrowed === undefined || action === "self.read") return true;
  const { actions, apps } = narrowed;
  if (actions !== null && !actions.has(action)) return false;
  return appsAllow(apps, action, resource);
}

function roleAllows(actor: Actor, action: Action, resource: Resource): boolean {
  const grant = grantOf(action);
  switch (actor.kind) {
    case "anonymous":
      return grant.visitors === true;
    // A device has its files, and nothing of what this table is about.
    case "device":
      return false;
    case "operator":
      return true;
    case "organisation-key":
      if (grant.peopleOnly) return false;
      if (grant.everyone) return true;
      return (
        grant.organisation.includes("developer") &&
        (resource.organisationId === undefined || resource.organisationId === actor.organisationId)
      );
    case "publisher":
      return (
        grant.publisher === true &&
        (resource.organisationId === undefined || resource.organisationId === actor.organisationId)
      );
    case "account": {
      if (grant.everyone) return true;
      if (actor.storeRole !== null && grant.store.includes(actor.storeRole)) return true;
      const { organisations: own } = actor;
      if (resource.organisationId === undefined)
        return hasAny(own, grant.organisation, grant.ofApp ? "any" : "whole");
      const role = own.get(resource.organisationId);
      if (role === undefined || !grant.organisation.includes(role)) return false;
      return appsAllow(own.appsOf?.(resource.organisationId) ?? null, action, resource);
    }
  }
}

/**
 * Lets the actor pass or throws: `auth.required` (unauthenticated) for the anonymous, `missing()` or `not_found` for
 * who may not even know that the thing is there, `rights.forbidden` for the rest.
 *
 * Give the Problem that the caller throws when the thing does not exist as `missing`: both answers must be the same.
 */
export function authorise(
  actor: Actor,
  action: Action,
  resource: Resource = {},
  missing: () => Problem = notFound,
): void {
  if (allows(actor, action, resource)) return;
  if (actor.kind === "anonymous") throw authenticationRequired();
  if (resource.organisationId !== undefined && !mayKnow(actor, action, resource)) throw missing();
  refuseWithheld(actor, action, resource);
  throw forbidden(action, say`${reasonFor(actor, action, resource)}.`);
}

/**
 * Whether the actor may be told that it is there. A key that may not read what it may change knows of it all the same, and
 * whose role is narrowed to apps knows of the organisation.
 */
function mayKnow(actor: Actor, action: Action, resource: Resource): boolean {
  const reading = READ_OF[action] ?? action;
  const apps = narrowingOf(actor)?.apps ?? null;
  return (
    roleAllows(actor, reading, resource.appId === undefined ? { ...resource, toSomeApp: true } : resource) &&
    (apps === null || (resource.appId === undefined ? resource.toSomeApp === true : apps.has(resource.appId)))
  );
}

/** Why a known thing is refused: the key or the role is narrowed, or the role is another. */
export function reasonFor(actor: Actor, action: Action, resource: Resource = {}): Said {
  if (actor.kind === "publisher")
    return say`a trusted publisher uploads and submits versions of ${actor.appId}, and does nothing else`;
  const narrowed = narrowingOf(actor);
  if (narrowed?.actions && !narrowed.actions.has(action)) return say`this API key was not given that action`;
  if (narrowed?.apps && !grantOf(action).ofApp) return say`this API key is only for certain apps`;
  if (isForApps(actor, action, resource)) return say`your role there is only for certain apps`;
  // Nobody's key does it, also not that of somebody who may.
  if (actor.kind === "organisation-key" && grantOf(action).peopleOnly)
    return say`it is for people, not for the key of an organisation`;
  return say`${whoMay(action)}. Ask one of them, or use their account or key`;
}

/** Whether a role that would do is narrowed to apps. */
function isForApps(actor: Actor, action: Action, { organisationId }: Resource): boolean {
  if (actor.kind !== "account") return false;
  const { organisation } = grantOf(action);
  const { organisations: own } = actor;
  if (organisationId === undefined)
    return hasAny(own, organisation, "any") && !hasAny(own, organisation, "whole");
  const role = own.get(organisationId);
  return role !== undefined && organisation.includes(role) && isNarrowedIn(actor, organisationId);
}

/** Says so where it is for the lack of a second factor alone. @throws Problem `factor.required` */
export function refuseWithheld(actor: Actor, action: Action, resource: Resource = {}): void {
  if (actor.kind !== "account" || actor.withheldRole === undefined) return;
  if (allows({ ...actor, storeRole: actor.withheldRole }, action, resource))
    throw factorRequired(actor.withheldRole);
}

export function factorRequired(role: StoreRole): Problem {
  return new Problem(
    "forbidden",
    "factor.required",
    say`Your role in this store, ${role}, needs a second factor. Sign in and add one under “Your account”: until then the role does not count.`,
  );
}

/** What is done by it, so that it can follow “You may not”. */
export function actionWords(action: Action): Said {
  const denied = DENIED[action];
  if (denied !== undefined) return sayText(denied);
  // What stands after a semicolon is about whoever may.
  const [meaning = ""] = RIGHTS[action].meaning.split(";");
  return sayText(`${meaning.charAt(0).toLowerCase()}${meaning.slice(1).replace(/\.$/, "")}`);
}

/** The action in words for people, and by its name for programs. @param more Goes on after a colon. */
export function forbidden(action: Action, more: Words, where: Words = ""): Problem {
  return refused(action, say`You may not ${actionWords(action)}${where}: ${more}`);
}

/** The same of who may do it to nothing at all. */
export function forbiddenAnywhere(action: Action, more: Words): Problem {
  return refused(action, say`No role of yours in this store lets you ${actionWords(action)}: ${more}`);
}

const refused = (action: Action, message: Said) =>
  new Problem("forbidden", "rights.forbidden", message, [{ code: "rights.action", message: action }]);

/** Who acts is a person. @throws Problem `auth.required` */
export function personOf(actor: Actor): AccountActor {
  if (actor.kind !== "account") throw authenticationRequired();
  return actor;
}

export function authenticationRequired(): Problem {
  return new Problem(
    "unauthenticated",
    "auth.required",
    say`This needs an account: sign in, or send an API key as “Authorization: Bearer mosis_…”.`,
  );
}

function notFound(): Problem {
  return new Problem("not_found", "not_found", say`There is nothing here, or nothing that you may see.`);
}

/** True when the actor may do this to every organisation's things and the store's own, and not only to those of some. */
export function allowsEverywhere(actor: Actor, action: Action): boolean {
  return byStoreRole(actor, action) && (narrowingOf(actor)?.apps ?? null) === null && allows(actor, action);
}

function byStoreRole(actor: Actor, action: Action): boolean {
  if (actor.kind === "operator") return true;
  if (actor.kind !== "account" || actor.storeRole === null) return false;
  return grantOf(action).store.includes(actor.storeRole);
}

/** What a list shows of what belongs to organisations; null: of all. */
export type Reach = {
  readonly organisationIds: readonly OrganisationId[] | null;
  /** What the key is narrowed to. */
  readonly appIds: readonly AppId[] | null;
  /** Of these organisations only some apps, since the role there is narrowed to them. */
  readonly within: ReadonlyMap<OrganisationId, readonly AppId[]>;
};

/** To whose things the actor may do this: for lists, which leave out the rest. */
export function reachOf(actor: Actor, action: Action): Reach {
  if (!byStoreRole(actor, action) || !allows(actor, action)) return ownReachOf(actor, action);
  const apps = narrowingOf(actor)?.apps ?? null;
  return { organisationIds: null, appIds: apps === null ? null : [...apps], within: new Map() };
}

/** The same of the organisations that they are in alone, whatever their role in the store. */
export function ownReachOf(
  actor: Actor,
  action: Action,
): Reach & { organisationIds: readonly OrganisationId[] } {
  const apps = narrowingOf(actor)?.apps ?? null;
  const appIds = apps === null ? null : [...apps];
  if (actor.kind === "organisation-key" || actor.kind === "publisher") {
    const { organisationId } = actor;
    const may = allows(actor, action, { organisationId, toSomeApp: true });
    return { organisationIds: may ? [organisationId] : [], appIds, within: new Map() };
  }
  if (actor.kind !== "account") return { organisationIds: [], appIds, within: new Map() };
  const ofRoles: Actor = { ...actor, storeRole: null };
  const organisationIds = [...actor.organisations.keys()].filter((organisationId) =>
    allows(ofRoles, action, { organisationId, toSomeApp: true }),
  );
  const within = new Map<OrganisationId, readonly AppId[]>();
  for (const id of organisationIds) {
    const some = actor.organisations.appsOf?.(id) ?? null;
    if (some !== null) within.set(id, [...some]);
  }
  return { organisationIds, appIds, within };
}

/** Which of an organisation's apps a list shows; null: all of them. */
export function appsWithin({ appIds, within }: Pick<Reach, "appIds" | "within">, id: OrganisationId | null) {
  const some = id === null ? undefined : within.get(id);
  if (some === undefined || appIds === null) return some ?? appIds;
  return some.filter((one) => appIds.includes(one));
}

/** In words, from the table: `owners, maintainers and developers of the organisation and the store's administrators`. */
function whoMay(action: Action): Said {
  const grant = grantOf(action);
  const roles = [
    ...grant.organisation.map((role) => MEMBERS[role]),
    ...grant.store.map((role) => STAFF[role]),
  ];
  return roles.length === 0 ? say`nobody but the store's operator may` : say`it is for ${sayList(roles)}`;
}

const MEMBERS: Readonly<Record<OrganisationRole, Said>> = {
  owner: say`owners of the organisation`,
  maintainer: say`maintainers of the organisation`,
  developer: say`developers of the organisation`,
  viewer: say`viewers of the organisation`,
};
const STAFF: Readonly<Record<StoreRole, Said>> = {
  administrator: say`the store's administrators`,
  reviewer: say`the store's reviewers`,
  support: say`the store's support staff`,
  auditor: say`the store's auditors`,
};
