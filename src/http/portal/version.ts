/** `/apps/:appId/versions/:versionId`: one version on its way, and what its developer does with it. */
import { Type } from "@sinclair/typebox";
import type { PageContext } from "../../../views/page.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { type VersionProps, versionPage, versionPart } from "../../../views/pages/version.tsx";
import { allows, authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { queueLength } from "../../catalog/overview.ts";
import { notesChangeable } from "../../catalog/release-notes/change.ts";
import { versionStanding } from "../../catalog/revocation/standing.ts";
import {
  publishVersion,
  readPackage,
  readVersion,
  readVersionDetails,
  submitVersion,
  withdrawVersion,
} from "../../catalog/versions.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { serveBlob } from "../blob-reply.ts";
import { formBody } from "../body.ts";
import { isOnItsWay, topicsOfVersion } from "../live/version-topics.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, VERSION_ID } from "../schemas.ts";
import { mayUpload, tabbedApp } from "./app-props.ts";
import { authorName, personName } from "./authors.ts";
import { findingOf } from "./findings.ts";
import { revisionField } from "./form.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { hostsOf, languageOf, permissionsOf } from "./manifest.ts";
import { notesInAll } from "./markdown.ts";
import { goOn, pictureUrl, show } from "./page.ts";
import { allActionsFor } from "./version-actions.ts";

const PATH = "/apps/:appId/versions/:versionId";
const PACKAGE_TYPE = "application/vnd.mosis.package";
const PARAMS = Type.Object({ appId: APP_ID, versionId: VERSION_ID });

type Props = VersionProps & { readonly version: { readonly id: VersionId; readonly state: VersionState } };

/** @throws Problem `app.not_found`, `version.not_found` */
function versionProps(
  reader: Pick<CallBase, "store" | "actor">,
  ctx: PageContext,
  ids: { readonly appId: AppId; readonly versionId: VersionId },
): Props {
  const { store, actor } = reader;
  const app = readApp(store, actor, ids.appId);
  const details = readVersionDetails(store, actor, app.id, ids.versionId);
  const { version, events, manifest } = details;
  const mayChange =
    app.deletionAt === null &&
    notesChangeable(version.state) !== "none" &&
    allows(actor, "version.upload", { organisationId: app.organisationId, appId: app.id });
  const rejected = events.find((event) => event.toState === "rejected");
  return {
    app: { ...tabbedApp(reader, app), iconUrl: pictureUrl(app.iconKey) },
    version: {
      id: version.id,
      version: version.version,
      code: version.versionCode,
      state: version.state,
      revision: version.revision,
      sizeBytes: version.uploadSizeBytes,
      uploadedAt: version.createdAt,
      by: authorName(ctx, store, version.uploadedBy),
      notes: notesInAll(version, languageOf(manifest)),
      notesHref: mayChange ? `/apps/${app.id}/versions/${version.id}/notes` : null,
      hold: version.hold,
      yanked: version.yanked,
      contentDigest: version.contentDigest,
      packageDigest: version.uploadSha256,
      developerKey: version.developerKeyid && fingerprintText(version.developerKeyid),
    },
    publishedFrom: version.publishedFrom,
    checks: details.checks.map(({ name, state, startedAt, finishedAt, findings }) => ({
      name,
      state,
      tookMs: startedAt === null || finishedAt === null ? null : finishedAt.getTime() - startedAt.getTime(),
      findings,
    })),
    findings:
      version.state === "checking" && details.findings.length === 0
        ? null
        : details.findings.map((finding) => findingOf(finding, version)),
    permissions: manifest === null ? null : permissionsOf(store.api(), manifest, ctx.locale),
    hosts: hostsOf(manifest),
    history: events.map(({ toState, at, actor: label, note }) => ({
      state: toState,
      at,
      by: personName(ctx, store, label),
      note: note === "" ? null : note,
    })),
    queue:
      version.queuePosition === null
        ? null
        : {
            position: version.queuePosition,
            total: Math.max(version.queuePosition, queueLength(store).waiting),
          },
    rejection:
      rejected && version.review
        ? {
            reason: version.review.reason,
            by: authorName(ctx, store, rejected.actor),
            at: version.review.at,
          }
        : null,
    actions: app.deletionAt === null ? allActionsFor(actor, app.organisationId, version) : [],
    standing: versionStanding(store, version.id),
    canRevoke: allows(actor, "revocation.manage"),
    uploadHref: mayUpload(actor, app) ? `/apps/${app.id}/upload` : null,
  };
}

/** What each action asks first, and says afterwards. */
const ACTIONS = [
  {
    verb: "submit",
    access: "version.submit",
    act: submitVersion,
    question: "submit.title",
    consequence: "submit.consequence",
    label: "action.submit",
    destructive: false,
    flash: "version_submitted",
  },
  {
    verb: "withdraw",
    access: "version.withdraw",
    act: withdrawVersion,
    question: "withdraw.title",
    consequence: "withdraw.consequence",
    label: "action.withdraw",
    destructive: true,
    flash: "version_withdrawn",
  },
  {
    verb: "publish",
    access: "version.publish",
    act: publishVersion,
    question: "publish.title",
    consequence: "publish.consequence",
    label: "action.publish",
    destructive: false,
    flash: "version_published",
  },
] as const;

export const versionRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "version.read",
    name: "versionPage",
    summary: "One version: its progress, findings and history",
    params: PARAMS,
    handle: (call) =>
      show(call, (ctx) => {
        const props = versionProps(call, ctx, call.params);
        return versionPage(ctx, props, isOnItsWay(props.version) ? liveHref(call, props) : null);
      }),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/events`,
    access: "version.read",
    name: "versionEvents",
    summary: "The page of a version as it goes on its way",
    stream: true,
    params: PARAMS,
    query: Type.Object(SEEN),
    handle: (call) =>
      followPart(call, {
        props: (now, ctx) => versionProps(now, ctx(), call.params),
        view: versionPart,
        topics: ({ version }) => topicsOfVersion(version),
        isLast: ({ version }) => !isOnItsWay(version),
      }),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/package`,
    access: "version.read",
    name: "packageOfVersion",
    summary: "Download the package",
    params: PARAMS,
    handle: ({ store, actor, params, request, info }) => {
      const file = readPackage(store, actor, params.appId, params.versionId);
      return serveBlob(store, request, info, {
        key: file.key,
        etag: `"${file.sha256}"`,
        type: PACKAGE_TYPE,
        caching: "private, no-cache",
        fileName: file.fileName,
      });
    },
  }),
  ...ACTIONS.flatMap(({ verb, access, act, question, consequence, label, destructive, flash }) => [
    defineRoute({
      area: "page",
      method: "GET",
      path: `${PATH}/${verb}`,
      access,
      name: `${verb}VersionPage`,
      summary: `The question before a version changes: ${verb}`,
      params: PARAMS,
      handle: (call) => {
        const { store, actor, params } = call;
        const app = readApp(store, actor, params.appId);
        authorise(actor, access, { organisationId: app.organisationId });
        const version = readVersion(store, actor, app.id, params.versionId);
        const address = `/apps/${app.id}/versions/${version.id}`;
        return show(call, (ctx) =>
          confirmPage(ctx, {
            title: ctx.t(question, { version: `${app.name} ${version.version}` }),
            consequences: [ctx.t(consequence)],
            action: `${address}/${verb}`,
            revision: version.revision,
            confirmLabel: ctx.t(label),
            destructive,
            cancelHref: address,
          }),
        );
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path: `${PATH}/${verb}`,
      access,
      name: `${verb}VersionForm`,
      summary: `Change a version: ${verb}`,
      params: PARAMS,
      body: formBody(["revision"]),
      handle: (call) => {
        const { store, actor, params, body } = call;
        act(store, actor, params.appId, params.versionId, revisionField(body.revision));
        return goOn(call, `/apps/${params.appId}/versions/${params.versionId}`, flash);
      },
    }),
  ]),
];
