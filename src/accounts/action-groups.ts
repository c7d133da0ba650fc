/** What actions are about, for people who look through all of them: a form with each of them by itself is too long to be read. */
import type { Action } from "./rights.ts";

/** In the order in which they are shown. */
export const ACTION_GROUPS = [
  "apps",
  "versions",
  "keys",
  "organisation",
  "account",
  "store",
  "review",
  "people",
  "administration",
] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

type Subject<Name extends string = Action> = Name extends `${infer First}.${string}` ? First : never;

const GROUP_OF: Readonly<Record<Subject, ActionGroup>> = {
  app: "apps",
  transfer: "apps",
  rating: "apps",
  version: "versions",
  publisher: "versions",
  key: "keys",
  recovery: "keys",
  apikey: "keys",
  organisation: "organisation",
  self: "account",
  session: "account",
  message: "account",
  catalog: "store",
  storefiles: "store",
  storefront: "store",
  report: "review",
  review: "review",
  user: "people",
  group: "people",
  device: "people",
  outbox: "people",
  settings: "administration",
  setup: "administration",
  storage: "administration",
  jobs: "administration",
  revocation: "administration",
  storekeys: "administration",
  tokenkeys: "administration",
  log: "administration",
  audit: "administration",
};

export function groupOfAction(action: Action): ActionGroup {
  return GROUP_OF[action.split(".")[0] as Subject];
}
