/** `/account/keys` and `/organisations/:organisationId/keys`: the same pages for one's own keys and an organisation's. */

import { Type } from "@sinclair/typebox";
import type { ActionWords } from "../../../views/components/action-groups.tsx";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { apiKeyPage } from "../../../views/pages/api-key.tsx";
import {
  ACTION_FIELD,
  type ApiKeyRow,
  type ApiKeysProps,
  apiKeysPage,
  KEY_SCOPES,
} from "../../../views/pages/api-keys.tsx";
import { ACTION_GROUPS, groupOfAction } from "../../accounts/action-groups.ts";
import type { Actor } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { beforeApiKeys, pageApiKeys, readApiKey } from "../../accounts/api-keys/list.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { actionsOfKeys } from "../../accounts/api-keys/narrow.ts";
import type { ApiKey } from "../../accounts/api-keys/owner.ts";
import type { KeyOwner } from "../../accounts/api-keys/records.ts";
import { rotateApiKey } from "../../accounts/api-keys/rotate.ts";
import { readOrganisation } from "../../accounts/organisations.ts";
import { ACTIONS, type Action, allows, grantOf } from "../../accounts/rights.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { ApiKeyId } from "../../ids.ts";
import { sayText } from "../../say.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { KEYS_OF_ORGANISATION, KEYS_OF_PERSON, type KeySide } from "../key-owners.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { API_KEY_ID } from "../schemas-api-keys.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, typedIds } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PER_PAGE = 25;
const LIST = "api-keys";
/** What a build server needs, ticked before anybody has chosen. */
const USUAL = ["app.read", "version.upload", "version.read", "version.submit"];
const FIELDS = ["name", "days", "scope", "apps", ...ACTIONS.map((action) => `${ACTION_FIELD}${action}`)];

type Side = KeySide & {
  readonly path: string;
  /** In the names of its routes. */
  readonly names: "apiKey" | "ownApiKey";
};

const SIDES: readonly Side[] = [
  { ...KEYS_OF_ORGANISATION, path: "/organisations/:organisationId/keys", names: "apiKey" },
  { ...KEYS_OF_PERSON, path: "/account/keys", names: "ownApiKey" },
];

export const apiKeyRoutes: readonly Route[] = SIDES.flatMap(sideRoutes);

const pathOf = (owner: KeyOwner): string =>
  "organisationId" in owner ? `/organisations/${owner.organisationId}/keys` : "/account/keys";

function whoseIs({ store, actor }: CallBase, owner: KeyOwner) {
  const isOrganisation = "organisationId" in owner;
  return {
    organisation: isOrganisation ? readOrganisation(store, owner.organisationId).name : null,
    path: pathOf(owner),
    manages: isOrganisation ? allows(actor, "apikey.manage", owner) : allows(actor, "self.keys"),
  };
}

function rowOf(ctx: PageContext, { store }: CallBase, key: ApiKey): ApiKeyRow {
  const { id, name, actions, apps, createdAt, expiresAt, previousUntil, lastUsedAt, lastUsedAddress } = key;
  const state =
    key.leakedAt !== null
      ? "leaked"
      : key.revokedAt !== null
        ? "revoked"
        : expiresAt <= ctx.now
          ? "expired"
          : "live";
  return {
    id,
    name,
    state,
    actions: actions === null ? null : inWords(ACTIONS.filter((action) => actions.includes(action))),
    apps,
    by: authorName(ctx, store, key.createdBy),
    leftBehind: key.leftBehind,
    createdAt,
    expiresAt,
    previousUntil,
    lastUsedAt,
    lastUsedAddress,
    endedAt: key.revokedAt,
  };
}

/** What can be ticked: of a person's key only what the person may at all. */
function choicesFor(actor: Actor, owner: KeyOwner): ApiKeysProps["actions"] {
  const possible = actionsOfKeys(owner).filter(
    (action) => "organisationId" in owner || allows(actor, action),
  );
  return inWords(possible);
}

/** By what they are about. */
function inWords(actions: readonly Action[]): readonly ActionWords[] {
  return actions
    .map((name) => ({ name, group: groupOfAction(name), meaning: sayText(grantOf(name).meaning) }))
    .toSorted((a, b) => ACTION_GROUPS.indexOf(a.group) - ACTION_GROUPS.indexOf(b.group));
}

type Again = {
  readonly values: ApiKeysProps["values"];
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function showKeys(
  call: CallBase,
  owner: KeyOwner,
  query: { readonly cursor?: string },
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const wanted = pageRequest(LIST, { ...query, limit: PER_PAGE });
  const page = pageApiKeys(store, actor, owner, wanted);
  const values = again?.values ?? { name: "", days: "90", scope: "chosen", chosen: USUAL, apps: "" };
  return show(
    call,
    (ctx) =>
      apiKeysPage(ctx, {
        ...whoseIs(call, owner),
        keys: page.items.map((key) => rowOf(ctx, call, key)),
        pager: pagerOf(LIST, pathOf(owner), { ...wanted, nextCursor: page.nextCursor }, (from) =>
          beforeApiKeys(store, owner, from, PER_PAGE),
        ),
        actions: choicesFor(actor, owner),
        values,
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

function showKey(
  call: CallBase,
  owner: KeyOwner,
  { key, token }: { readonly key: ApiKey; readonly token: string | null },
  wrong: Problem | null = null,
): Promise<Response> {
  return show(
    call,
    (ctx) =>
      apiKeyPage(ctx, {
        ...whoseIs(call, owner),
        row: rowOf(ctx, call, key),
        token,
        errors: wrong === null ? [] : fieldErrors(wrong, ["days", "overlapHours"]),
      }),
    {
      ...(wrong === null ? {} : { status: statusOf(wrong) }),
      headers: token === null ? {} : { "Cache-Control": "no-store" },
    },
  );
}

/** NaN for what is no whole number, which the acting function refuses in its own words. */
const wholeOf = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN);

function askedOf(body: Readonly<Record<string, string>>) {
  const apps = typedIds(body.apps ?? "");
  const chosen = ACTIONS.filter((action) => body[`${ACTION_FIELD}${action}`] === "true");
  const scope = KEY_SCOPES.find((each) => each === body.scope) ?? "chosen";
  return {
    fields: {
      name: body.name ?? "",
      days: wholeOf(body.days ?? ""),
      actions: scope === "all" ? null : chosen,
      apps: apps.length === 0 ? null : apps,
    },
    values: { name: body.name ?? "", days: body.days ?? "", scope, chosen, apps: body.apps ?? "" },
  };
}

/** The words about actions stand beside the choice of which there are any. */
function errorsOf(problem: Problem): FieldError[] {
  return fieldErrors(problem, ["name", "days", "actions", "apps"]).map(({ field, message }) => ({
    field: field === "actions" ? "scope" : field,
    message,
  }));
}

function sideRoutes({ path, params, names, whose, read, manage, owner }: Side): Route[] {
  const one = Type.Object({ ...params.properties, apiKeyId: API_KEY_ID });
  const idOf = (of: object) => ("apiKeyId" in of ? of.apiKeyId : "") as ApiKeyId;
  return [
    defineRoute({
      area: "page",
      method: "GET",
      path,
      access: read,
      name: `${names}sPage`,
      summary: `The list of ${whose} API keys`,
      params,
      query: Type.Object({ cursor: PAGE_QUERY.cursor }),
      handle: (call) => showKeys(call, owner(call), call.query),
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path,
      access: manage,
      name: `${names}sForm`,
      summary: `Make one of ${whose} API keys`,
      confidential: true,
      params,
      body: formBody(FIELDS),
      handle: async (call) => {
        const { store, actor } = call;
        const { fields, values } = askedOf(call.body);
        const outcome = await attempt(() => createApiKey(store, actor, { ...fields, owner: owner(call) }));
        if (!isProblem(outcome)) return showKey(call, owner(call), outcome);
        const again = { values, errors: errorsOf(outcome), status: statusOf(outcome) };
        return showKeys(call, owner(call), {}, again);
      },
    }),
    defineRoute({
      area: "page",
      method: "GET",
      path: `${path}/:apiKeyId`,
      access: read,
      name: `${names}Page`,
      summary: `One of ${whose} API keys`,
      params: one,
      handle: (call) => {
        const key = readApiKey(call.store, call.actor, owner(call), idOf(call.params));
        return showKey(call, owner(call), { key, token: null });
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path: `${path}/:apiKeyId/rotate`,
      access: manage,
      name: `${names}RotateForm`,
      summary: `Give one of ${whose} API keys a new token`,
      confidential: true,
      params: one,
      body: formBody(["days", "overlapHours"]),
      handle: async (call) => {
        const { store, actor, body } = call;
        const id = idOf(call.params);
        const rotation = { overlapHours: wholeOf(body.overlapHours), days: wholeOf(body.days) };
        const outcome = await attempt(() => rotateApiKey(store, actor, id, rotation, owner(call)));
        if (!isProblem(outcome)) return showKey(call, owner(call), outcome);
        const key = readApiKey(store, actor, owner(call), id);
        return showKey(call, owner(call), { key, token: null }, outcome);
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path: `${path}/:apiKeyId/revoke`,
      access: manage,
      name: `${names}RevokeForm`,
      summary: `Revoke one of ${whose} API keys`,
      params: one,
      handle: (call) => {
        revokeApiKey(call.store, call.actor, idOf(call.params), owner(call));
        return goOn(call, pathOf(owner(call)), "api_key_revoked");
      },
    }),
  ];
}
