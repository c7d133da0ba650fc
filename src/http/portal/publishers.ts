/** `/apps/:appId/publishers`: which build jobs may upload versions of an app, and whether nobody else may. */
import { Type } from "@sinclair/typebox";
import {
  PUBLISHER_FIELDS,
  type PublishersProps,
  type PublisherValues,
  publishersPage,
} from "../../../views/pages/publishers.tsx";
import { allows } from "../../accounts/rights.ts";
import { WORKFLOW } from "../../accounts/trusted-publishing/conditions.ts";
import { readApp } from "../../catalog/apps.ts";
import {
  addPublisher,
  readTrustedPublishing,
  removePublisher,
  setTrustedOnly,
} from "../../catalog/publishers.ts";
import type { IssuerKind } from "../../config.issuers.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { PUBLISHER_ID } from "../schemas-publishers.ts";
import { tabbedApp } from "./app-props.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, plainLines } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId/publishers";
const PARAMS = Type.Object({ appId: APP_ID });
const EMPTY: PublisherValues = {
  issuer: "",
  repository: "",
  workflow: "",
  environment: "",
  ref: "",
  claims: "",
};

type Again = { readonly values: PublisherValues; readonly problem: Problem };

const lines = (claims: Readonly<Record<string, string>> | null): string[] =>
  Object.entries(claims ?? {}).map(([name, value]) => `${name} = ${value}`);

function showPublishers(call: CallBase, appId: AppId, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const app = readApp(store, actor, appId);
  const { items, issuers, ...rest } = readTrustedPublishing(store, actor, appId);
  return show(
    call,
    (ctx) =>
      publishersPage(ctx, {
        ...rest,
        app: tabbedApp(call, app),
        issuers,
        manages: allows(actor, "publisher.manage", { organisationId: app.organisationId, appId }),
        publishers: items.map((item) => ({
          id: item.id,
          name: item.name,
          issuerName: item.issuerName,
          claims: lines(item.claims),
          pinned: lines(item.pinned),
          by: authorName(ctx, store, item.createdBy),
          createdAt: item.createdAt,
          lastUsedAt: item.lastUsedAt,
          leftBehind: item.leftBehind,
        })),
        values: again?.values ?? { ...EMPTY, issuer: issuers[0]?.id ?? "" },
        errors: again === null ? [] : errorsOf(again),
      } satisfies PublishersProps),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

/** What is wrong with a claim stands at its own field where that was filled in; what is missing of whose job it is, at the repository. */
function errorsOf({ values, problem }: Again) {
  const fieldOf = (claim: string): keyof PublisherValues => {
    const field = Object.hasOwn(FIELD_OF_CLAIM, claim) ? FIELD_OF_CLAIM[claim] : undefined;
    return field === undefined || values[field].trim() === "" ? "claims" : field;
  };
  const faults = problem.faults.map((detail) => {
    const [, claim] = /^\/claims\/(.+)$/.exec(detail.pointer ?? "") ?? [];
    return claim === undefined ? detail : { ...detail, pointer: `/${fieldOf(claim)}` };
  });
  const { code, words } = problem;
  return fieldErrors({ code, words, faults }, PUBLISHER_FIELDS).map((error) =>
    error.field === "claims" && values.claims.trim() === "" && values.repository.trim() === ""
      ? { ...error, field: "repository" }
      : error,
  );
}

const FIELD_OF_CLAIM: Readonly<Partial<Record<string, keyof PublisherValues>>> = {
  repository: "repository",
  project_path: "repository",
  [WORKFLOW]: "workflow",
  environment: "environment",
  ref: "ref",
};

/** What each field of the form is called in the tokens of such a server. */
function claimNames(kind: IssuerKind | undefined) {
  return {
    repository: kind === "gitlab" ? "project_path" : "repository",
    workflow: WORKFLOW,
    environment: "environment",
    ref: "ref",
  } as const;
}

/** @throws Problem `publisher.invalid` for a line that is no claim */
function claimsOf(values: PublisherValues, kind: IssuerKind | undefined): [name: string, value: string][] {
  const claims: [string, string][] = [];
  for (const [field, name] of Object.entries(claimNames(kind)))
    if (values[field as keyof PublisherValues].trim() !== "")
      claims.push([name, values[field as keyof PublisherValues]]);
  for (const line of plainLines(values.claims).split("\n")) {
    if (line.trim() === "") continue;
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    if (name.trim() === "" || value.trim() === "") throw lineProblem(line);
    claims.push([name.trim(), value.trim()]);
  }
  return claims;
}

function lineProblem(line: string): Problem {
  const message = say`A claim stands in a line as name = value; found ${JSON.stringify(line.slice(0, 100))}.`;
  return new Problem("unprocessable", "publisher.invalid", message, [
    { code: "publisher.claims", pointer: "/claims", message },
  ]);
}

export const publisherRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "publisher.read",
    name: "publishersPage",
    summary: "Which build jobs may upload versions of an app",
    params: PARAMS,
    handle: (call) => showPublishers(call, call.params.appId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "publisher.manage",
    name: "publishersForm",
    summary: "Trust a build job",
    params: PARAMS,
    body: formBody(PUBLISHER_FIELDS),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const values: PublisherValues = { ...EMPTY, ...body };
      const kind = store.config.trustedIssuers.find(({ id }) => id === values.issuer)?.kind;
      const outcome = await attempt(() =>
        addPublisher(store, actor, params.appId, { issuer: values.issuer, claims: claimsOf(values, kind) }),
      );
      return isProblem(outcome)
        ? showPublishers(call, params.appId, { values, problem: outcome })
        : goOn(call, `/apps/${params.appId}/publishers`, "publisher_added");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:publisherId/remove`,
    access: "publisher.manage",
    name: "publisherRemoveForm",
    summary: "Trust a build job no more",
    params: Type.Object({ appId: APP_ID, publisherId: PUBLISHER_ID }),
    handle: (call) => {
      const { store, actor, params } = call;
      removePublisher(store, actor, params.appId, params.publisherId);
      return goOn(call, `/apps/${params.appId}/publishers`, "publisher_removed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/apps/:appId/trusted-only",
    access: "publisher.manage",
    name: "trustedOnlyForm",
    summary: "Say whether only trusted publishers may upload versions",
    params: PARAMS,
    body: formBody(["trustedOnly"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      const { trustedOnly } = setTrustedOnly(store, actor, params.appId, body.trustedOnly === "true");
      const flash = trustedOnly ? "trusted_only_on" : "trusted_only_off";
      return goOn(call, `/apps/${params.appId}/publishers`, flash);
    },
  }),
];
