/** The table of all routes. What is not here does not exist. */

import { accountRoutes } from "./api/accounts.ts";
import { apiKeyRoutes } from "./api/api-keys.ts";
import { appEventsRoute } from "./api/app-events.ts";
import { appearanceRoutes } from "./api/appearance.ts";
import { appRoutes } from "./api/apps.ts";
import { auditRoutes } from "./api/audit.ts";
import { catalogRoutes } from "./api/catalog.ts";
import { catalogPublisherRoutes } from "./api/catalog-publishers.ts";
import { categoryRoutes } from "./api/categories.ts";
import { collectionRoutes } from "./api/collections.ts";
import { compareRoutes } from "./api/compare.ts";
import { deletionRoutes } from "./api/deletions.ts";
import { developerKeyRoutes } from "./api/developer-keys.ts";
import { deviceRoutes } from "./api/devices.ts";
import { enrolmentCodeRoutes } from "./api/enrolment-codes.ts";
import { groupRoutes } from "./api/groups.ts";
import { identityRoutes } from "./api/identities.ts";
import { jobRoutes } from "./api/jobs.ts";
import { lineageRoutes } from "./api/lineage.ts";
import { jobEventsRoute, needEventsRoute, queueEventsRoute } from "./api/list-events.ts";
import { listingRoutes } from "./api/listing.ts";
import { listingPictureRoutes } from "./api/listing-pictures.ts";
import { logRoutes } from "./api/log.ts";
import { logoRoutes } from "./api/logos.ts";
import { meRoutes } from "./api/me.ts";
import { needsRoute } from "./api/needs.ts";
import { notificationRoutes } from "./api/notifications.ts";
import { oauthRoutes } from "./api/oauth.ts";
import { organisationRequestRoutes } from "./api/organisation-requests.ts";
import { organisationRoutes } from "./api/organisations.ts";
import { outboxRoutes } from "./api/outbox.ts";
import { ownDataRoutes } from "./api/own-data.ts";
import { partialUploadRoutes } from "./api/partial-uploads.ts";
import { publisherRoutes } from "./api/publishers.ts";
import { ratingRoutes } from "./api/ratings.ts";
import { recoveryRoutes } from "./api/recoveries.ts";
import { reportRoutes } from "./api/reports.ts";
import { reviewRoutes } from "./api/review.ts";
import { reviewEventsRoute } from "./api/review-events.ts";
import { revocationRoutes } from "./api/revocations.ts";
import { settingRoutes } from "./api/settings.ts";
import { setupRoutes } from "./api/setup.ts";
import { storageRoutes } from "./api/storage.ts";
import { storeRoutes } from "./api/store.ts";
import { storeKeyRoutes } from "./api/store-keys.ts";
import { storeListingRoutes } from "./api/store-listing.ts";
import { tokenKeyRoutes } from "./api/token-keys.ts";
import { transferRoutes } from "./api/transfers.ts";
import { uploadRoutes } from "./api/uploads.ts";
import { versionEventsRoute } from "./api/version-events.ts";
import { versionRoutes } from "./api/versions.ts";
import { visibilityRoutes } from "./api/visibility.ts";
import { yankRoutes } from "./api/yanks.ts";
import { healthRoutes } from "./health.ts";
import { openApiDocument } from "./openapi.ts";
import { json } from "./reply.ts";
import { defineRoute, type Route } from "./route.ts";
import { staticFileRoutes } from "./static-files.ts";
import { storeFileRoutes } from "./store-files.ts";
import { wellKnownRoutes } from "./well-known.ts";

export const apiRoutes: readonly Route[] = [
  ...storeRoutes,
  ...catalogRoutes,
  ...catalogPublisherRoutes,
  ...ratingRoutes,
  ...reportRoutes,
  ...appearanceRoutes,
  ...logoRoutes,
  ...categoryRoutes,
  ...collectionRoutes,
  ...appRoutes,
  ...storeListingRoutes,
  ...listingPictureRoutes,
  ...visibilityRoutes,
  ...listingRoutes,
  ...deletionRoutes,
  ...versionRoutes,
  appEventsRoute,
  versionEventsRoute,
  queueEventsRoute,
  reviewEventsRoute,
  jobEventsRoute,
  needEventsRoute,
  ...compareRoutes,
  ...yankRoutes,
  ...uploadRoutes,
  ...partialUploadRoutes,
  ...publisherRoutes,
  ...developerKeyRoutes,
  ...lineageRoutes,
  ...recoveryRoutes,
  ...organisationRoutes,
  ...organisationRequestRoutes,
  ...transferRoutes,
  ...accountRoutes,
  ...meRoutes,
  needsRoute,
  ...notificationRoutes,
  ...ownDataRoutes,
  ...groupRoutes,
  ...deviceRoutes,
  ...enrolmentCodeRoutes,
  ...identityRoutes,
  ...apiKeyRoutes,
  ...oauthRoutes,
  ...outboxRoutes,
  ...reviewRoutes,
  ...revocationRoutes,
  ...jobRoutes,
  ...settingRoutes,
  ...storeKeyRoutes,
  ...tokenKeyRoutes,
  ...logRoutes,
  ...setupRoutes,
  ...storageRoutes,
  ...auditRoutes,
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/openapi.json",
    access: "public",
    name: "readOpenApi",
    summary: "This document",
    tag: "Store",
    replies: [
      {
        status: 200,
        description: "OpenAPI 3.1.",
        mediaType: "application/json",
        plainSchema: { type: "object" },
      },
    ],
    handle: ({ info }) => json(openApiDocument(apiRoutes, info.origin)),
  }),
];

export const fileRoutes: readonly Route[] = [
  ...healthRoutes,
  ...wellKnownRoutes,
  ...storeFileRoutes,
  ...staticFileRoutes,
];
