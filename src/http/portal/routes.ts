/** The pages, each in a file of its own. What is not here does not exist. */
import type { Route } from "../route.ts";
import { accessRoutes } from "./access.ts";
import { accountRoutes } from "./account.ts";
import { activateRoutes } from "./activate.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { appRoutes } from "./app.ts";
import { appDeletionRoutes } from "./app-deletion.ts";
import { appearancePageRoutes } from "./appearance.ts";
import { appListRoute } from "./apps.ts";
import { auditRoutes } from "./audit.ts";
import { catalogRoutes } from "./catalog.ts";
import { catalogPublisherRoutes } from "./catalog-publisher.ts";
import { categoryRoutes } from "./categories.ts";
import { collectionRoutes } from "./collection.ts";
import { collectionsRoutes } from "./collections.ts";
import { compareRoutes } from "./compare.ts";
import { createAppRoutes } from "./create-app.ts";
import { createOrganisationRoutes } from "./create-organisation.ts";
import { dashboardEventsRoute, dashboardRoute } from "./dashboard.ts";
import { deletionRoutes } from "./deletion.ts";
import { deviceRoutes } from "./devices.ts";
import { docsRoutes } from "./docs.ts";
import { enrolmentCodeRoutes } from "./enrolment-codes.ts";
import { groupRoutes } from "./groups.ts";
import { jobRoutes } from "./jobs.ts";
import { keyRoutes } from "./key.ts";
import { keysRoutes } from "./keys.ts";
import { landingRoute } from "./landing.ts";
import { listingRoutes } from "./listing.ts";
import { listingPictureRoutes } from "./listing-pictures.ts";
import { logRoute } from "./log.ts";
import { logoRoutes } from "./logos.ts";
import { memberPageRoutes } from "./member.ts";
import { memberRoutes } from "./members.ts";
import { notificationRoutes } from "./notifications.ts";
import { organisationRequestRoutes } from "./organisation-requests.ts";
import { outboxRoutes } from "./outbox.ts";
import { ownerlessRoutes } from "./ownerless.ts";
import { partialUploadRoutes } from "./partial-uploads.ts";
import { peopleRoutes } from "./people.ts";
import { pictureRoute } from "./pictures.ts";
import { providerRoutes } from "./providers.ts";
import { publisherRoutes } from "./publishers.ts";
import { ratingRoutes } from "./ratings.ts";
import { recoverRoutes } from "./recover.ts";
import { recoveryRoutes } from "./recoveries.ts";
import { releaseNotesRoutes } from "./release-notes.ts";
import { reportRoutes } from "./reports.ts";
import { reviewRoutes } from "./review.ts";
import { reviewQueueRoutes } from "./review-queue.ts";
import { revocationRoutes } from "./revocations.ts";
import { secondFactorRoutes } from "./second-factor.ts";
import { secondStepRoutes } from "./second-step.ts";
import { settingRoutes } from "./settings.ts";
import { setupRoutes } from "./setup.ts";
import { setupWizardRoutes } from "./setup-wizard.ts";
import { signInRoutes } from "./sign-in.ts";
import { storageRoutes } from "./storage.ts";
import { endTokensRoute, storeKeysRoute } from "./store-keys.ts";
import { storeListingRoutes } from "./store-listing.ts";
import { storeRatingRoutes } from "./store-ratings.ts";
import { choiceRoutes } from "./theme.ts";
import { transferRoutes } from "./transfers.ts";
import { uploadRoutes } from "./upload.ts";
import { versionRoutes } from "./version.ts";
import { versionFileRoutes } from "./version-files.ts";
import { visibilityRoutes } from "./visibility.ts";
import { yankRoutes } from "./yank.ts";

export const pageRoutes: readonly Route[] = [
  landingRoute,
  ...catalogRoutes,
  ...catalogPublisherRoutes,
  ...storeRatingRoutes,
  ...reportRoutes,
  ...appearancePageRoutes,
  ...logoRoutes,
  ...categoryRoutes,
  ...collectionsRoutes,
  ...collectionRoutes,
  ...setupRoutes,
  ...signInRoutes,
  ...secondStepRoutes,
  ...providerRoutes,
  ...accessRoutes,
  ...choiceRoutes,
  dashboardRoute,
  dashboardEventsRoute,
  ...accountRoutes,
  ...notificationRoutes,
  ...activateRoutes,
  ...apiKeyRoutes,
  ...secondFactorRoutes,
  ...createOrganisationRoutes,
  ...organisationRequestRoutes,
  ...memberRoutes,
  ...memberPageRoutes,
  ...ownerlessRoutes,
  ...deletionRoutes,
  ...peopleRoutes,
  ...groupRoutes,
  ...enrolmentCodeRoutes,
  ...deviceRoutes,
  ...compareRoutes,
  ...createAppRoutes,
  appListRoute,
  ...appRoutes,
  ...ratingRoutes,
  ...publisherRoutes,
  ...storeListingRoutes,
  ...listingPictureRoutes,
  ...visibilityRoutes,
  ...versionRoutes,
  ...releaseNotesRoutes,
  ...versionFileRoutes,
  ...yankRoutes,
  ...listingRoutes,
  ...appDeletionRoutes,
  ...uploadRoutes,
  ...partialUploadRoutes,
  ...keysRoutes,
  ...keyRoutes,
  ...transferRoutes,
  ...recoverRoutes,
  ...recoveryRoutes,
  ...outboxRoutes,
  ...reviewQueueRoutes,
  ...reviewRoutes,
  ...jobRoutes,
  ...settingRoutes,
  ...auditRoutes,
  logRoute,
  ...setupWizardRoutes,
  ...storageRoutes,
  ...revocationRoutes,
  storeKeysRoute,
  endTokensRoute,
  pictureRoute,
  ...docsRoutes,
];
