/** An app as lists have it for those who make or look after it. */
import type { AppRow } from "../../../views/components/app-table.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { shownAppStates } from "../../catalog/app-state.ts";
import type { AppView } from "../../catalog/views.ts";
import { ownerLink } from "./organisation-link.ts";
import { pictureUrl } from "./page.ts";

export function appRow(actor: Actor, app: AppView): AppRow {
  const { id, name, iconKey, newestVersion, offeredVersion, publishedAt, installs } = app;
  return {
    id,
    name,
    organisation: ownerLink(actor, app),
    iconUrl: pictureUrl(iconKey),
    states: shownAppStates(app),
    installs: publishedAt === null ? null : installs,
    offered: offeredVersion?.version ?? null,
    newest:
      newestVersion === null
        ? null
        : {
            id: newestVersion.id,
            version: newestVersion.version,
            code: newestVersion.versionCode,
            at: newestVersion.stateChangedAt,
          },
  };
}
