/** What the owners of an app are told when a version of it is yanked, or offered again. Pure. */
import type { By } from "../../accounts/actor.ts";
import type { Notice } from "../../accounts/messages/outbox.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { say } from "../../say.ts";

type About = {
  readonly app: { readonly id: AppId; readonly name: string };
  readonly version: { readonly id: VersionId; readonly version: string; readonly versionCode: number };
  readonly by: By;
};

const path = ({ app, version }: About) => `/apps/${app.id}/versions/${version.id}`;

export function yankedNotice(about: About & { readonly reason: string }): Notice {
  const { app, version, by, reason } = about;
  return {
    kind: "version.yanked",
    subject: say`${app.name} ${version.version} is yanked`,
    body: [
      say`${by.start} yanked version ${version.version} (code ${version.versionCode}) of ${app.name} (${app.id}).`,
      say`The reason, which people read on their devices: ${reason}`,
      say`It is offered to nobody any more. Devices that have it keep it until a higher version code comes. It can be offered again on its page:`,
    ],
    about: { appId: app.id, versionId: version.id },
    path: path(about),
  };
}

export function unyankedNotice(about: About): Notice {
  const { app, version, by } = about;
  return {
    kind: "version.unyanked",
    subject: say`${app.name} ${version.version} is offered again`,
    body: [
      say`${by.start} offers version ${version.version} (code ${version.versionCode}) of ${app.name} (${app.id}) again, which was yanked.`,
    ],
    about: { appId: app.id, versionId: version.id },
    path: path(about),
  };
}
