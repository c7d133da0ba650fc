/** The roles there are, each kind from the one that may most to the one that may least. What they may is in accounts/rights.ts. */

/** In the store as a whole. */
export const STORE_ROLES = ["administrator", "reviewer", "support", "auditor"] as const;
export type StoreRole = (typeof STORE_ROLES)[number];

/** In an organisation. */
export const ORGANISATION_ROLES = ["owner", "maintainer", "developer", "viewer"] as const;
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];
