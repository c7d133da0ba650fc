/** An app of the store as its cards show it. */
import type { StoreApp } from "../../../views/components/store-front.tsx";
import type { ShownApp } from "../../catalog/visibility/visible.ts";
import type { OrganisationId } from "../../ids.ts";
import { pictureUrl } from "./page.ts";

export const CATALOG_PATH = "/catalog";

export const PUBLISHERS_PATH = `${CATALOG_PATH}/publishers`;

/** The page of a publisher; where a visitor sees an app of its in a list, it is there for them. */
export const publisherPath = (id: OrganisationId): string => `${PUBLISHERS_PATH}/${id}`;

export function storeApp(app: ShownApp): StoreApp {
  const { id, name, summary, publisher, publisherId, version, visibility, deprecated } = app;
  return {
    id,
    name,
    summary: summary === "" ? null : summary,
    publisher,
    publisherHref: app.listed ? publisherPath(publisherId) : null,
    version,
    installs: app.installs,
    rating:
      app.rating === null || app.rating.average === null
        ? null
        : { average: app.rating.average, count: app.rating.count },
    iconUrl: pictureUrl(app.iconKey),
    href: `${CATALOG_PATH}/${id}`,
    only: visibility === "everyone" ? null : visibility,
    deprecated: deprecated && {
      text: deprecated.text,
      instead: deprecated.instead && {
        name: deprecated.instead.name,
        href: `${CATALOG_PATH}/${deprecated.instead.id}`,
      },
    },
  };
}
