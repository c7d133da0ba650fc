/**
 * What is done on a page is done by the REST API too, and what a page lists or shows is read there: each route of a page names its
 * twin here, or the reason why it has none. A new page's act without either fails.
 */
import { describe, expect, test } from "bun:test";
import { pageRoutes } from "./portal/routes.ts";
import type { Route } from "./route.ts";
import { apiRoutes } from "./routes.ts";

const BROWSER =
  "It signs a person in or out, which is a browser's matter: programs come with a key or token.";
const LETTER = "By the link of a message, which is for the person who reads it and is opened in a browser.";
const STRANGER = "For who has no account or cannot sign in, and so has no key.";
const PASSWORD =
  "It takes the present password, or is the proof that it is the person: a key is no such proof.";
const CEREMONY = "A second factor is shown by who is there, in a browser: a key is no such proof.";
const PROGRAM =
  "A person decides in their browser on the program that waits; the program itself has its calls.";
const FORM = "A step or a form of a page, and nothing is changed by it.";
const DOCUMENTS = "A document, or a file that a page is made of.";

type Twin = string | readonly string[] | { readonly none: string };
const none = (reason: string): Twin => ({ none: reason });

/** By the name of the page's route: that of the API's route, or several that come to the same together. */
const TWINS: Readonly<Record<string, Twin>> = {
  // Coming in.
  setUp: none(LETTER),
  setupPage: none(LETTER),
  signIn: none(BROWSER),
  signInPage: none(BROWSER),
  signOut: none(BROWSER),
  secondStep: none(CEREMONY),
  secondStepPage: none(CEREMONY),
  signInWithPasskey: none(CEREMONY),
  signInWithProvider: none(BROWSER),
  comeBackFromProvider: none(BROWSER),
  linkProviderForm: none(BROWSER),
  providerLinkPage: none(BROWSER),
  askForPassword: none(STRANGER),
  forgottenPage: none(STRANGER),
  askForAccount: none(STRANGER),
  signUpPage: none(STRANGER),
  resetPassword: none(LETTER),
  newPasswordPage: none(LETTER),
  acceptInvitation: none(LETTER),
  invitationPage: none(LETTER),
  confirmAddress: none(LETTER),
  confirmAddressPage: none(LETTER),
  keepAccount: none(LETTER),
  keepAccountPage: none(LETTER),
  chooseTheme: none("How pages look in this browser."),
  chooseLanguage: none("How pages look in this browser."),
  letInForm: none(PROGRAM),
  sendAwayForm: none(PROGRAM),
  activatePage: none(PROGRAM),
  findProgramForm: none(PROGRAM),
  // One's own account.
  dashboardPage: ["listOwnNeeds", "listApps", "listOwnMessages"],
  dashboardEvents: ["listOwnNeeds", "listApps", "listOwnMessages"],
  putAwayForm: "putAwayMessage",
  notificationsPage: ["listOwnNotifications", "countOwnNotifications"],
  readNotificationsForm: "readOwnNotifications",
  readNotificationForm: "readOwnNotification",
  openNotificationForm: "readOwnNotification",
  notificationSettingsPage: "readOwnNotificationSettings",
  changeNotificationSettingsForm: "changeOwnNotificationSettings",
  accountPage: [
    "readMe",
    "readOwnLanguage",
    "listOwnSessions",
    "listOwnIdentities",
    "listOwnBrowsers",
    "listOwnSecondFactors",
  ],
  changeLanguageForm: "changeOwnLanguage",
  changeNameForm: "changeOwnName",
  changePasswordForm: none(PASSWORD),
  proveAddressForm: "proveOwnAddress",
  changeAddressForm: none(PASSWORD),
  exportOwnDataForm: "exportOwnData",
  endOtherSessionsForm: "endOwnSessions",
  endSessionForm: "endOwnSession",
  unlinkIdentityForm: "unlinkOwnIdentity",
  forgetBrowserForm: "forgetOwnBrowser",
  deleteAccountForm: "deleteOwnAccount",
  deletionPage: none(FORM),
  secondFactorPage: "listOwnSecondFactors",
  offerAppForm: none(CEREMONY),
  addAppForm: none(CEREMONY),
  offerPasskeyForm: none(CEREMONY),
  addPasskeyForm: none(CEREMONY),
  recoveryCodesForm: none(CEREMONY),
  recoveryCodesFile: none(CEREMONY),
  removeFactorForm: none(CEREMONY),
  ownApiKeysPage: "listOwnApiKeys",
  ownApiKeyPage: "readOwnApiKey",
  ownApiKeysForm: "createOwnApiKey",
  ownApiKeyRotateForm: "rotateOwnApiKey",
  ownApiKeyRevokeForm: "revokeOwnApiKey",
  // Organisations.
  createOrganisationForm: "createOrganisation",
  createOrganisationPage: none(FORM),
  askOrganisationPage: "readOwnOrganisationRequest",
  askOrganisationForm: "askForOrganisation",
  withdrawOrganisationRequestForm: "withdrawOrganisationRequest",
  organisationRequestsPage: "listOrganisationRequests",
  organisationRequestPage: "readOrganisationRequest",
  acceptOrganisationRequestForm: "acceptOrganisationRequest",
  refuseOrganisationRequestForm: "refuseOrganisationRequest",
  renameOrganisationForm: "renameOrganisation",
  membersPage: ["readOrganisation", "listMembers", "listInvitations"],
  memberPage: "listMembers",
  inviteMemberForm: "inviteMember",
  revokeInvitationForm: "revokeInvitation",
  changeMemberForm: "changeMemberRole",
  removeMemberForm: "removeMember",
  removeMemberPage: none(FORM),
  leaveMemberForm: "leaveOrganisation",
  leaveMemberPage: none(FORM),
  organisationsPage: "listOrganisations",
  ownerlessPage: "listOwnerless",
  takeOverForm: "takeOverOrganisation",
  takeOverPage: none(FORM),
  apiKeysPage: "listApiKeys",
  apiKeyPage: "readApiKey",
  apiKeysForm: "createApiKey",
  apiKeyRotateForm: "rotateApiKey",
  apiKeyRevokeForm: "revokeApiKey",
  organisationAuditPage: "listAudit",
  organisationAuditExportPage: "exportAudit",
  // People of the store.
  peoplePage: ["listAccounts", "listStoreInvitations"],
  personPage: ["readAccount", "listSessionsOfAccount"],
  invitePersonForm: "invitePerson",
  revokePersonsInvitationForm: "revokeStoreInvitation",
  storeRoleForm: "setStoreRole",
  passwordLinkForm: "sendPasswordLink",
  deletePersonForm: "deleteAccount",
  keepPersonForm: "keepAccountOf",
  endPersonsSessionForm: "endSessionOfAccount",
  endPersonsSessionsForm: "endSessionsOfAccount",
  resetSecondFactorsForm: "resetSecondFactors",
  disableAccountForm: "disableAccount",
  enableAccountForm: "enableAccount",
  setPersonGroupsForm: ["addGroupPerson", "removeGroupPerson"],
  // Groups and devices.
  groupsPage: "listGroups",
  groupPage: ["readGroup", "listGroupPeople", "listGroupDevices", "listGroupApps"],
  createGroupForm: "createGroup",
  changeGroupForm: "changeGroup",
  deleteGroupForm: "deleteGroup",
  deleteGroupPage: none(FORM),
  addGroupPersonForm: "addGroupPerson",
  removeGroupPersonForm: "removeGroupPerson",
  removeGroupDeviceForm: "removeGroupDevice",
  devicesPage: ["listDevices", "countUnseenDevices"],
  devicePage: "readDevice",
  renameDeviceForm: "renameDevice",
  setDeviceGroupsForm: ["addGroupDevice", "removeGroupDevice"],
  revokeDeviceForm: "revokeDevice",
  enrolmentCodesPage: "listEnrolmentCodes",
  createEnrolmentCodeForm: "createEnrolmentCode",
  revokeEnrolmentCodeForm: "revokeEnrolmentCode",
  // Apps and versions.
  landingPage: "readCatalogFront",
  catalogPage: ["listCatalog", "listCatalogCategories", "listCatalogCollections"],
  catalogCollectionsPage: "listCatalogCollections",
  catalogCollectionPage: ["readCatalogCollection", "listCatalogCollectionApps"],
  catalogCategoryPage: ["listCatalog", "listCatalogCategories"],
  catalogAppPage: ["readCatalogApp", "listCatalogVersions", "listCatalogRatings"],
  catalogRatingsPage: ["readRatingSummary", "listCatalogRatings", "readOwnRating"],
  rateAppForm: "rateApp",
  withdrawRatingForm: "withdrawOwnRating",
  reportAppPage: none(FORM),
  reportAppForm: "reportApp",
  reportRatingPage: none(FORM),
  reportRatingForm: "reportRating",
  reportsPage: "listReports",
  reportPage: "readReport",
  hideListedRatingPage: none(FORM),
  hideListedRatingForm: "hideRating",
  showListedRatingForm: "showRating",
  closeReportForm: "closeReport",
  hideRatingForm: "hideRating",
  showRatingForm: "showRating",
  ratingsPage: ["listRatings", "readRatingSummary"],
  answerRatingPage: none(FORM),
  answerRatingForm: "answerRating",
  removeRatingAnswerForm: "removeRatingAnswer",
  packageOfCatalog: "downloadCatalogPackage",
  appPage: ["readApp", "listVersions", "readLineage", "readAppCategory"],
  createAppForm: "createApp",
  createAppPage: none(FORM),
  checkAppIdPage: "checkAppId",
  deleteAppForm: "deleteApp",
  deleteAppPage: none(FORM),
  removeAppForm: "askToDeleteApp",
  removeAppPage: "readAppDeletion",
  keepAppForm: "keepApp",
  keepAppPage: none(FORM),
  appDeletionsPage: "listAppDeletions",
  publishersPage: "readTrustedPublishing",
  publishersForm: "addTrustedPublisher",
  publisherRemoveForm: "removeTrustedPublisher",
  trustedOnlyForm: "setTrustedOnly",
  storeListingPage: ["readStoreListing", "listStoreListingRevisions"],
  storeListingForm: "changeStoreListing",
  restoreStoreListingForm: "restoreStoreListing",
  listingPicturesPage: "readListingPictures",
  listingPicturePage: "readListingPictures",
  addScreenshotForm: "addListingPicture",
  changeIconForm: "addListingPicture",
  changeListingPictureForm: "changeListingPicture",
  moveListingPictureForm: "changeListingPicture",
  removeListingPictureForm: "removeListingPicture",
  removeListingPicturePage: none(FORM),
  visibilityPage: ["readVisibility", "listGroupsForVisibility"],
  previewVisibilityForm: "previewVisibility",
  visibilityForm: "changeVisibility",
  comparePage: "compareVersions",
  compareFilePage: "compareFile",
  versionFilesPage: "listVersionFiles",
  versionFilePage: "readVersionFile",
  versionPage: ["readVersion", "listFindings"],
  versionEvents: "followVersion",
  packageOfVersion: "downloadPackage",
  releaseNotesPage: "readVersion",
  changeReleaseNotesForm: "changeReleaseNotes",
  submitVersionForm: "submitVersion",
  submitVersionPage: none(FORM),
  withdrawVersionForm: "withdrawVersion",
  withdrawVersionPage: none(FORM),
  publishVersionForm: "publishVersion",
  publishVersionPage: none(FORM),
  unlistAppForm: "unlistApp",
  unlistAppPage: none(FORM),
  relistAppForm: "relistApp",
  relistAppPage: none(FORM),
  deprecateAppForm: "deprecateApp",
  deprecateAppPage: "readListing",
  undeprecateAppForm: "undeprecateApp",
  undeprecateAppPage: none(FORM),
  yankVersionForm: "yankVersion",
  yankVersionPage: none(FORM),
  unyankVersionForm: "unyankVersion",
  unyankVersionPage: none(FORM),
  uploadPage: "listUploads",
  uploadVersionPage: "listUploads",
  uploadPackageForm: ["uploadPackage", "finishUpload"],
  uploadVersionForm: ["uploadVersion", "finishUpload"],
  previewNotesForm: none(FORM),
  beginUploadForm: "beginUpload",
  uploadStandingPage: "readUpload",
  continueUploadForm: "continueUpload",
  removeUploadForm: "discardUpload",
  discardUploadForm: "discardUpload",
  readPicture: none(DOCUMENTS),
  // Keys.
  keysPage: ["listDeveloperKeys", "listRecoveries"],
  keyPage: "readDeveloperKey",
  revokeKeyAgainPage: none(FORM),
  revokeKeyPreviewPage: "previewKeyRevocation",
  revokeKeyForm: "revokeDeveloperKey",
  recoverForm: "requestRecovery",
  recoverPage: none(FORM),
  recoveryPage: "readRecovery",
  recoveriesPage: "listRecoveries",
  objectRecoveryForm: "objectToRecovery",
  refuseRecoveryForm: "refuseRecovery",
  approveRecoveryForm: "approveRecovery",
  // Transfers.
  offerAppPage: none(FORM),
  offerTransferForm: "offerApp",
  transfersPage: "listTransfers",
  transferPage: "readTransfer",
  acceptTransferForm: "acceptTransfer",
  declineTransferForm: "declineTransfer",
  withdrawTransferForm: "withdrawTransfer",
  // Review, and the store itself.
  reviewQueuePage: "listReviewQueue",
  reviewQueueEvents: "listReviewQueue",
  reviewPage: "readReview",
  approveVersionForm: "approveVersion",
  approveVersionPage: none(FORM),
  rejectVersionForm: "rejectVersion",
  rejectVersionPage: none(FORM),
  outboxPage: "listMessages",
  makeMessageLinkForm: "makeMessageLink",
  appearancePage: ["readAppearance", "readLogos"],
  changeLightLogoForm: "changeLightLogo",
  changeDarkLogoForm: "changeDarkLogo",
  removeLightLogoForm: "removeLightLogo",
  removeDarkLogoForm: "removeDarkLogo",
  removeLightLogoPage: none(FORM),
  removeDarkLogoPage: none(FORM),
  changeAppearanceForm: "changeAppearance",
  previewAppearanceForm: none(FORM),
  settingPage: "readSetting",
  changeSettingForm: "changeSetting",
  resetSettingForm: "changeSetting",
  categoriesPage: "listCategories",
  categoryPage: "readCategory",
  createCategoryForm: "createCategory",
  changeCategoryForm: "changeCategory",
  moveCategoryForm: "moveCategory",
  mergeCategoryPage: none(FORM),
  mergeCategoryForm: "mergeCategory",
  removeCategoryPage: none(FORM),
  removeCategoryForm: "removeCategory",
  chooseCategoryForm: "chooseCategory",
  collectionsPage: "listCollections",
  createCollectionForm: "createCollection",
  moveCollectionForm: "moveCollection",
  collectionPage: ["readCollection", "listCollectionApps", "listCatalog"],
  changeCollectionForm: "changeCollection",
  addCollectionAppForm: "putCollectionApp",
  moveCollectionAppForm: "putCollectionApp",
  removeCollectionAppForm: "removeCollectionApp",
  removeCollectionPage: none(FORM),
  removeCollectionForm: "removeCollection",
  jobsPage: "listJobs",
  jobsEvents: "listJobs",
  settingsPage: "listSettings",
  replayJobForm: "replayJob",
  auditPage: ["listAudit", "readAuditHead"],
  auditExportPage: "exportAudit",
  logPage: "listLog",
  setupOverviewPage: "readSetup",
  setupStepPage: ["readSetup", "readSetting", "readAppearance"],
  decideSetupStepForm: "decideSetupStep",
  saveStoreNameForm: ["changeAppearance", "changeOwnLanguage"],
  tryMailForm: "tryMail",
  tryStorageForm: "tryStorage",
  storagePage: ["readStorageUse", "listStorageOfApps"],
  revocationsPage: ["listRevocations", "listRevocationEvents", "listLowestVersions"],
  revokePage: none(FORM),
  revokeAgainPage: none(FORM),
  revokePreviewPage: "previewRevocation",
  revokeForm: ["revoke", "liftRevocation", "setLowestVersion"],
  storeKeysPage: ["readStoreKeys", "listTokenKeys"],
  endTokensForm: "rotateTokenKeys",
  docsStartPage: none(DOCUMENTS),
  searchDocsPage: none(DOCUMENTS),
  docsPage: none(DOCUMENTS),
};

const isNone = (twin: Twin): twin is { readonly none: string } => typeof twin === "object" && "none" in twin;
const named = (twin: Twin): readonly string[] =>
  isNone(twin) ? [] : typeof twin === "string" ? [twin] : twin;
const api = new Map(apiRoutes.map((route) => [route.name, route]));
const isRead = ({ method }: Route) => method === "GET";

test("each route of a page has its twins, or the reason why it has none; and no other is named", () => {
  expect(pageRoutes.map(({ name }) => name).filter((name) => TWINS[name] === undefined)).toEqual([]);
  const pages = new Set(pageRoutes.map(({ name }) => name));
  expect(Object.keys(TWINS).filter((name) => !pages.has(name))).toEqual([]);
  expect(new Set(pageRoutes.map(({ name }) => name)).size).toBe(pageRoutes.length);
});

describe.each(pageRoutes.map((route) => [route.name, route] as const))("%s", (name, route) => {
  const twin = TWINS[name] ?? none("");

  test("is twinned with what the API has, for whom it is for", () => {
    for (const other of named(twin)) {
      const its = api.get(other);
      expect([other, its !== undefined]).toEqual([other, true]);
      // What changes something there changes it here; a preview is asked for with a form, and changes nothing.
      if (!isRead(route)) expect([other, its && isRead(its)]).toEqual([other, false]);
      // The same action of the table of rights, so that whoever may do the one may do the other.
      if (!isRead(route) && named(twin).length === 1)
        expect([other, its?.access]).toEqual([other, route.access]);
    }
  });

  test("says why it has no twin", () => {
    if (isNone(twin)) expect(twin.none).not.toBe("");
  });
});

test("acts of the API without a page are those of programs and devices, and the name of an app before its first package", () => {
  const twinned = new Set(Object.values(TWINS).flatMap(named));
  const alone = apiRoutes
    .filter((route) => !isRead(route) && !twinned.has(route.name))
    .map(({ name }) => name);
  expect(alone.sort()).toEqual([
    "addLineageKey",
    "beginDeviceAuthorization",
    "changeApp",
    "collectDeviceToken",
    "enrolDevice",
    "enrollKey",
    "exchangeIdentityToken",
    "rateAppByDevice",
    "reportLeakedKeys",
    "tokenForDevice",
    "withdrawDeviceRating",
  ]);
});
