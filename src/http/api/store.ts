/** /api/v1/store and /api/v1/me: where one is, and who one is there. */
import { version } from "../../../package.json" with { type: "json" };
import type { Actor } from "../../accounts/actor.ts";
import { readOrganisation } from "../../accounts/organisations.ts";
import { narrowingOf } from "../../accounts/rights.ts";
import { storeName } from "../../accounts/store-name.ts";
import { whoIs } from "../../accounts/who.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { storeId } from "../../keys/authority.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { ME, STORE } from "../schemas.ts";

function narrowedTo(actor: Actor) {
  const { actions = null, apps = null } = narrowingOf(actor) ?? {};
  return { actions: actions && [...actions], apps: apps && [...apps] };
}

export const storeRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/store",
    access: "public",
    name: "readStore",
    summary: "What this store is",
    tag: "Store",
    replies: [{ status: 200, description: "The store.", schema: STORE }],
    handle: ({ store, info }) =>
      json({
        name: storeName(store),
        storeId: storeId(store),
        rootSha256: rootSha256(store),
        version,
        publicUrl: info.origin,
        maxUploadBytes: store.config.maxUploadBytes,
        restricted: store.config.restricted,
      }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/me",
    access: "self.read",
    name: "readMe",
    summary: "Who the token speaks for",
    description:
      "A narrowed key of a person is told of them what it was given alone: `accountId`, `email` and `name` where it may something of `self.…` or `message.…`, the role in the store where that allows something that the key may and the key is for all apps, and of the organisations those where it may something, to its apps.",
    tag: "Store",
    replies: [{ status: 200, description: "The caller.", schema: ME }],
    handle: ({ store, actor }) => {
      switch (actor.kind) {
        case "account": {
          const { person, storeRole, organisations } = whoIs(store, actor);
          return json({
            kind: actor.kind,
            ...(actor.via.type === "api-key" ? { keyId: actor.via.keyId } : {}),
            ...narrowedTo(actor),
            ...(person ?? {}),
            storeRole,
            organisations,
          });
        }
        case "organisation-key": {
          const { id, name } = readOrganisation(store, actor.organisationId);
          return json({
            kind: actor.kind,
            keyId: actor.keyId,
            ...narrowedTo(actor),
            storeRole: null,
            organisations: [{ id, name, role: "developer", apps: null, paused: false }],
          });
        }
        case "publisher":
          return json({
            kind: actor.kind,
            publisherId: actor.publisherId,
            ...narrowedTo(actor),
            storeRole: null,
            organisations: [],
          });
        default:
          // The guard lets nobody else come here: the operator has a socket of their own.
          throw new Error(`a ${actor.kind} caller reached /me`);
      }
    },
  }),
];
