/** The states of a version on its way from upload to devices; what leads from which to which is in catalog/states.ts. */
export const VERSION_STATES = [
  "checking",
  "failed",
  "draft",
  "in_review",
  "rejected",
  "withdrawn",
  "signing",
  "held",
  "publishing",
  "published",
] as const;
export type VersionState = (typeof VERSION_STATES)[number];
