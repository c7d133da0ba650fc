/**
 * What `mosis admin` can do, as a table of functions. The running server answers them over its socket; without a
 * server the command runs them itself. Input and output are plain JSON; inputs are checked here.
 */

import { Type as t } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { auditAuthor, OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { listApiKeys } from "../../accounts/api-keys/list.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { askToDeletePerson, keepPerson } from "../../accounts/deletion/ask.ts";
import { deletePersonNow } from "../../accounts/deletion/erase.ts";
import { resetFactors } from "../../accounts/factors/change.ts";
import { renameOrganisation } from "../../accounts/organisation-name.ts";
import { requestNotFound } from "../../accounts/organisation-requests/ask.ts";
import { acceptRequest, listRequests, refuseRequest } from "../../accounts/organisation-requests/decide.ts";
import { addMember, listOrganisations, registerOrganisation } from "../../accounts/organisations.ts";
import { listOwnerless, takeOver } from "../../accounts/ownerless.ts";
import {
  createAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  readAccount,
  setPassword,
  setStoreRole,
} from "../../accounts/people.ts";
import { createSetupLink } from "../../accounts/setup.ts";
import { approveRecovery } from "../../catalog/approve-recovery.ts";
import { listLog } from "../../catalog/log/listing.ts";
import { reconcileStore } from "../../catalog/reconcile.ts";
import { listRecoveries, readRecovery, refuseRecovery } from "../../catalog/recovery.ts";
import { readVersion } from "../../catalog/versions.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import {
  type ApiKeyId,
  isAppId,
  isId,
  isVersionCode,
  type JobId,
  type OrganisationRequestId,
  type RecoveryId,
  type VersionId,
} from "../../ids.ts";
import { listJobs, replay } from "../../jobs/queue.ts";
import { approve, reject } from "../../review/decide.ts";
import { listQueue, readReview } from "../../review/queue.ts";
import { audited } from "../audited.ts";
import { ORGANISATION_ROLE, STORE_ROLE } from "../schemas-accounts.ts";
import { AUDIT_OPERATIONS } from "./audit-operations.ts";
import { COLLECTION_OPERATIONS } from "./collection-operations.ts";
import { DEVICE_OPERATIONS } from "./device-operations.ts";
import { findOrganisation } from "./find.ts";
import { FRONT_OPERATIONS } from "./front-operations.ts";
import { KEY_OPERATIONS } from "./keys.ts";
import { MAIL_OPERATIONS } from "./mail-operations.ts";
import { type Operation, operation, PAGE } from "./operation.ts";
import { PEOPLE_OPERATIONS } from "./people-operations.ts";
import { PROVIDER_OPERATIONS } from "./provider-operations.ts";
import { REVOCATION_OPERATIONS } from "./revocation-operations.ts";
import { SETTING_OPERATIONS } from "./setting-operations.ts";
import { TOKEN_OPERATIONS } from "./token-operations.ts";

const versionRef = { appId: t.String(), versionCode: t.Integer() };

/** Name → operation. Names are the command's words, joined by dots. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...REVOCATION_OPERATIONS,
  ...KEY_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...MAIL_OPERATIONS,
  ...PROVIDER_OPERATIONS,
  ...SETTING_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...DEVICE_OPERATIONS,
  ...FRONT_OPERATIONS,
  ...COLLECTION_OPERATIONS,
  ...PEOPLE_OPERATIONS,
  ["setup-link", operation(t.Object({}), (store) => createSetupLink(store, OPERATOR))],
  ["user.list", operation(t.Object({}), (store) => ({ items: listAccounts(store) }))],
  [
    "user.add",
    operation(
      t.Object({
        email: t.String(),
        name: t.String(),
        password: t.String(),
        storeRole: t.Optional(STORE_ROLE),
      }),
      (store, input) => createAccount(store, OPERATOR, input),
    ),
  ],
  [
    "user.role",
    operation(
      t.Object({
        user: t.String(),
        storeRole: t.Union([STORE_ROLE, t.Null()]),
      }),
      (store, input) => setStoreRole(store, OPERATOR, readAccount(store, input.user).id, input.storeRole),
    ),
  ],
  [
    "user.password",
    operation(t.Object({ user: t.String(), password: t.String() }), async (store, input) => {
      const account = readAccount(store, input.user);
      await setPassword(store, OPERATOR, account.id, input.password);
      return account;
    }),
  ],
  [
    "user.reset-factors",
    operation(t.Object({ user: t.String() }), (store, input) => {
      const account = readAccount(store, input.user);
      resetFactors(store, OPERATOR, account.id);
      return account;
    }),
  ],
  [
    "user.disable",
    operation(t.Object({ user: t.String() }), (store, input) =>
      disableAccount(store, OPERATOR, readAccount(store, input.user).id),
    ),
  ],
  [
    "user.enable",
    operation(t.Object({ user: t.String() }), (store, input) =>
      enableAccount(store, OPERATOR, readAccount(store, input.user).id),
    ),
  ],
  [
    "user.delete",
    operation(t.Object({ user: t.String(), now: t.Optional(t.Boolean()) }), (store, input) => {
      const { id, email } = readAccount(store, input.user);
      const act = input.now === true ? deletePersonNow : askToDeletePerson;
      return act(store, OPERATOR, id, { confirm: email });
    }),
  ],
  [
    "user.keep",
    operation(t.Object({ user: t.String() }), (store, input) =>
      keepPerson(store, OPERATOR, readAccount(store, input.user).id),
    ),
  ],
  ["organisation.list", operation(t.Object({}), (store) => ({ items: listOrganisations(store) }))],
  [
    "organisation.add",
    operation(t.Object({ name: t.String() }), (store, input) => registerOrganisation(store, OPERATOR, input)),
  ],
  [
    "organisation.member",
    operation(
      t.Object({
        organisation: t.String(),
        user: t.String(),
        role: ORGANISATION_ROLE,
        apps: t.Optional(t.Array(t.String())),
      }),
      (store, input) => {
        const organisationId = findOrganisation(store, input.organisation);
        const account = readAccount(store, input.user);
        const { role, apps = null } = input;
        addMember(store, OPERATOR, organisationId, account.id, role, apps);
        return { organisationId, accountId: account.id, role, apps };
      },
    ),
  ],
  [
    "organisation.rename",
    operation(t.Object({ organisation: t.String(), name: t.String() }), (store, { organisation, name }) =>
      renameOrganisation(store, OPERATOR, findOrganisation(store, organisation), name),
    ),
  ],
  [
    "organisation.ownerless",
    operation(t.Object(PAGE), (store, page) => listOwnerless(store, OPERATOR, page)),
  ],
  [
    "organisation.requests",
    operation(t.Object({ ...PAGE, closed: t.Optional(t.Boolean()) }), (store, { closed, ...page }) =>
      listRequests(store, OPERATOR, { ...page, state: closed === true ? "closed" : "open" }),
    ),
  ],
  [
    "organisation.accept",
    operation(t.Object({ id: t.String(), name: t.Optional(t.String()) }), (store, { id, name }) =>
      acceptRequest(store, OPERATOR, requestId(id), { name }),
    ),
  ],
  [
    "organisation.refuse",
    operation(t.Object({ id: t.String(), reason: t.String() }), (store, { id, reason }) =>
      refuseRequest(store, OPERATOR, requestId(id), { reason }),
    ),
  ],
  [
    "organisation.take-over",
    operation(
      t.Object({ organisation: t.String(), owner: t.String(), reason: t.String() }),
      (store, { organisation, owner, reason }) => {
        const { email } = readAccount(store, owner);
        return takeOver(store, OPERATOR, findOrganisation(store, organisation), { owner: email, reason });
      },
    ),
  ],
  [
    "apikey.add",
    operation(
      t.Object({
        name: t.String(),
        organisation: t.Optional(t.String()),
        user: t.Optional(t.String()),
        days: t.Optional(t.Integer()),
        actions: t.Optional(t.Array(t.String())),
        apps: t.Optional(t.Array(t.String())),
      }),
      (store, input) => {
        const owner = keyOwner(store, input);
        const made = createApiKey(store, OPERATOR, {
          owner,
          name: input.name,
          ...(input.days === undefined ? {} : { days: input.days }),
          ...(input.actions === undefined ? {} : { actions: input.actions }),
          ...(input.apps === undefined ? {} : { apps: input.apps }),
        });
        return { ...made.key, token: made.token };
      },
    ),
  ],
  ["apikey.list", operation(t.Object({}), (store) => ({ items: listApiKeys(store) }))],
  [
    "apikey.revoke",
    operation(t.Object({ id: t.String() }), (store, input) => {
      if (!isId("key", input.id))
        throw new Problem("not_found", "apikey.not_found", `There is no API key ${input.id}.`);
      return revokeApiKey(store, OPERATOR, input.id as ApiKeyId);
    }),
  ],
  ["review.list", operation(t.Object(PAGE), (store, page) => listQueue(store, OPERATOR, page))],
  [
    "review.show",
    operation(t.Object(versionRef), (store, input) => readReview(store, OPERATOR, findVersion(store, input))),
  ],
  [
    "review.approve",
    operation(t.Object({ ...versionRef, reason: t.Optional(t.String()) }), (store, input) =>
      approve(
        store,
        OPERATOR,
        findVersion(store, input),
        input.reason === undefined ? {} : { reason: input.reason },
      ),
    ),
  ],
  [
    "review.reject",
    operation(t.Object({ ...versionRef, reason: t.String() }), (store, input) =>
      reject(store, OPERATOR, findVersion(store, input), { reason: input.reason }),
    ),
  ],
  ["recovery.list", operation(t.Object({}), (store) => listRecoveries(store, OPERATOR, { limit: 100 }))],
  [
    "recovery.show",
    operation(t.Object({ id: t.String() }), (store, { id }) => readRecovery(store, OPERATOR, recoveryId(id))),
  ],
  [
    "recovery.approve",
    operation(t.Object({ id: t.String(), reason: t.Optional(t.String()) }), async (store, { id, reason }) => {
      const input = reason === undefined ? {} : { reason };
      return approveRecovery(store, OPERATOR, recoveryId(id), input);
    }),
  ],
  [
    "recovery.refuse",
    operation(t.Object({ id: t.String(), reason: t.String() }), (store, { id, reason }) =>
      refuseRecovery(store, OPERATOR, recoveryId(id), { reason }),
    ),
  ],
  [
    "jobs.list",
    operation(
      t.Object({
        state: t.Optional(
          t.Union([t.Literal("queued"), t.Literal("running"), t.Literal("done"), t.Literal("dead")]),
        ),
      }),
      (store, input) => ({
        items: listJobs(store.db, {
          limit: 100,
          ...(input.state === undefined ? {} : { state: input.state }),
        }),
      }),
    ),
  ],
  [
    "jobs.replay",
    operation(t.Object({ id: t.String() }), (store, input) => {
      if (!isId("job", input.id))
        throw new Problem("not_found", "job.not_found", `There is no job ${input.id}.`);
      const job = replay(store.db, auditAuthor(OPERATOR), input.id as JobId, store.clock.now());
      store.wakeJobs();
      return job;
    }),
  ],
  [
    "log.list",
    operation(
      t.Object({
        limit: t.Integer({ minimum: 1, maximum: 1000 }),
        before: t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      }),
      (store, input) => listLog(store, input),
    ),
  ],
  [
    "reconcile",
    operation(t.Object({}), async (store) => ({ discrepancies: await reconcileStore(store, OPERATOR) })),
  ],
]);

/**
 * Runs one operation.
 * @throws Problem `operator.unknown`, `operator.input`, and those of the operation
 */
export async function runOperation(store: Store, name: string, input: unknown): Promise<unknown> {
  const found = OPERATIONS.get(name);
  if (!found)
    throw new Problem("not_found", "operator.unknown", `This version of mosis has no operation ${name}.`);
  if (!Value.Check(found.input, input)) {
    const first = Value.Errors(found.input, input).First();
    throw new Problem(
      "invalid",
      "operator.input",
      `${name}: ${first?.path ?? ""} ${first?.message ?? "is not valid"}.`,
    );
  }
  store.log.info("operator.operation", { operation: name });
  return audited(store, { operation: name }, () => found.run(store, input));
}

function recoveryId(text: string): RecoveryId {
  if (isId("rcv", text)) return text;
  throw new Problem("not_found", "recovery.not_found", `There is no recovery ${text}.`);
}

function findVersion(store: Store, input: { appId: string; versionCode: number }): VersionId {
  if (!isAppId(input.appId) || !isVersionCode(input.versionCode)) {
    throw new Problem(
      "invalid",
      "operator.input",
      "Name an app by its id and a version by its code, such as com.example.notes 3.",
    );
  }
  return readVersion(store, OPERATOR, input.appId, input.versionCode).id;
}

/** @throws Problem `organisation_request.not_found` for what has not the shape of one, too */
function requestId(text: string): OrganisationRequestId {
  if (!isId("orq", text)) throw requestNotFound();
  return text;
}

function keyOwner(store: Store, input: { organisation?: string; user?: string }) {
  if ((input.organisation === undefined) === (input.user === undefined)) {
    throw new Problem(
      "usage",
      "apikey.owner",
      "A key belongs either to an organisation (--organisation) or to a person (--user).",
    );
  }
  return input.organisation === undefined
    ? { accountId: readAccount(store, input.user ?? "").id }
    : { organisationId: findOrganisation(store, input.organisation) };
}
