/** What may not be done by an action, in words that follow “You may not”, where its meaning in the table of rights does not. */

import type { Action } from "./rights.ts";

/** To the reader, without a colon or a semicolon, since a reason comes after one; what is denied is joined with “or”. */
export const DENIED: Partial<Record<Action, string>> = {
  "self.read": "see who you are signed in as",
  "self.change": "change your own name, end your own sessions, leave an organisation, or put messages away",
  "session.read": "see your own sessions, second factors and linked accounts",
  "message.read": "read what the store has written to you",
  "self.keys": "make, see, rotate or revoke your own API keys",
  "self.secure": "change what you sign in with (password, address, second factors, linked accounts)",
  "self.delete": "ask that your own account is deleted",
  "self.export": "get all that the store holds about you",
  "catalog.read": "see the apps that the store has for you, or read their catalogues",
  "rating.write": "rate an app that you have, or change or take back what you said of it",
  "report.decide": "hide ratings, show them again, or close reports",
  "app.change":
    "change what the store shows of an app (its listing, and its name and summary until a package brings its own)",
  "app.keep": "take back the deletion of a published app",
  "app.listing": "take an app out of the store's lists, deprecate it, or take either back",
  "app.visibility": "say who may see an app (everyone, who is signed in, or groups)",
  "app.category": "say which of the store's categories an app is in",
  "app.transfer": "offer an app to another organisation, or take an offer back",
  "transfer.decide": "take over or decline an app that your organisation is offered",
  "version.read": "see a version, its findings or its package",
  "version.yank": "yank a published version, or take that back",
  "publisher.manage": "say which build jobs an app trusts to upload its versions, or whether nobody else may",
  "key.enroll": "enrol a signing key",
  "key.recover": "ask that a key takes the place of lost ones, or object to that",
  "key.revoke": "revoke a signing key of your own organisation, or make that stricter",
  "storefront.manage":
    "arrange the store front (what the store says of itself, its colour, its categories, its collections of apps, and the featured ones)",
  "settings.read": "see the store's settings",
  "setup.manage": "try what the store rests on, or say that steps of its set-up are right or left for now",
  "revocation.manage":
    "revoke packages, keys, certificates, apps or developers, lift that, or set an app's lowest version",
  "storekeys.read": "see the store's own keys and certificates",
  "tokenkeys.rotate": "end every access token of the store",
  "log.read": "see what the public entries of the store's log hide",
  "audit.read": "read, search or export the audit log",
  "user.manage": "create, disable or delete accounts, or give store roles",
  "group.read": "see the groups of the store, or who and what is in them",
  "group.manage": "make, change or delete groups, or say who and what is in them",
  "device.read": "see the store's devices, or the codes with which they enrol",
  "device.manage": "make codes with which devices enrol, or rename or revoke devices",
  "organisation.create": "create an organisation",
  "organisation.request": "ask the store's administrators for an organisation, or take that back",
  "organisation.grant": "make an organisation that somebody asks for, or refuse it",
  "organisation.read": "see an organisation or who is in it",
  "organisation.manage": "change who is in an organisation, or what it is called",
  "apikey.read": "see an organisation's API keys",
  "apikey.manage": "make, rotate or revoke an organisation's API keys",
};
