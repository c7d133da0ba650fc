/** What an app's page shows, part by part. */
import type { ShownAppState, ShownVersionState } from "../../src/catalog/app-state.ts";
import type { OrganisationRole } from "../../src/roles.ts";
import type { FindingCounts } from "../components/findings.tsx";
import type { LineageRow } from "../components/lineage.tsx";
import type { NamedOrganisation } from "../components/organisation.tsx";
import type { Standing } from "../components/standing.tsx";
import type { VersionAction } from "../components/version-actions.tsx";
import type { Pager } from "../page.ts";
import type { ShownDeletion } from "./app-deletion.tsx";

export type VersionRow = {
  readonly id: string;
  readonly version: string;
  readonly code: number;
  readonly state: ShownVersionState;
  readonly sizeBytes: number;
  readonly by: string;
  readonly at: Date;
  readonly revision: number | string;
  /** The first line of its release notes, as text; empty: it has none. */
  readonly notes: string;
  readonly findings: FindingCounts;
  readonly actions: readonly VersionAction[];
};

/** What the page is divided into, each with an address of its own. */
export const APP_PARTS = [
  "overview",
  "versions",
  "listing",
  "ratings",
  "access",
  "team",
  "keys",
  "settings",
] as const;
export type AppPart = (typeof APP_PARTS)[number];

/** Parts that are pages of their own, since they have forms or pages of their own. */
export const OWN_PAGES: Readonly<Partial<Record<AppPart, string>>> = {
  ratings: "ratings",
  access: "visibility",
};

/** The parts' addresses: the first is the app's own. */
export function appPartHref(appId: string, part: AppPart): string {
  const own = OWN_PAGES[part];
  if (own !== undefined) return `/apps/${appId}/${own}`;
  return part === "overview" ? `/apps/${appId}` : `/apps/${appId}?part=${part}`;
}

/** Somebody whose role lets them do something with the app. */
export type TeamRow = {
  readonly name: string;
  readonly email: string;
  readonly role: OrganisationRole;
  /** The role is for some apps, of which this is one. */
  readonly isNarrow: boolean;
  readonly disabled: boolean;
  /** Where it is changed; null for who may not change it. */
  readonly href: string | null;
};

export type Team = {
  /** By name; at most as many as fit a page. */
  readonly rows: readonly TeamRow[];
  readonly hasMore: boolean;
  /** Everybody in the organisation. */
  readonly href: string;
};

/** What stands above each part. */
export type AppHeadProps = {
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly summary: string | null;
    readonly iconUrl: string | null;
    readonly revision: number | string;
    /** As lists say them. */
    readonly states: readonly ShownAppState[];
    /** What devices get and the newest version, where that is another. */
    readonly behind: { readonly offered: string; readonly newest: string } | null;
  };
  /** Those that there are for this person. */
  readonly parts: readonly AppPart[];
  /** The one that is shown: what belongs to the others is not here. */
  readonly part: AppPart;
  /** Whether this person may send a version of it now. */
  readonly canUpload: boolean;
  /** Somebody asked that it is deleted: it rests; null: nobody did. */
  readonly deletion: ShownDeletion | null;
  /** Its page in the store, where this person meets it there. */
  readonly storeHref: string | null;
  readonly standing: Standing;
};

export type AppProps = AppHeadProps & {
  readonly app: {
    readonly organisation: NamedOrganisation;
    readonly createdAt: Date;
    /** How often devices fetched it. */
    readonly installs: number;
    /** What devices get now. */
    readonly wasPublished: boolean;
    /** What devices are offered; null before the first, and while all of them are revoked. */
    readonly published: { readonly id: string; readonly version: string; readonly code: number } | null;
  };
  /** Newest first; no more than a few but where all are listed. */
  readonly versions: readonly VersionRow[];
  /** Of all its versions. */
  readonly pager: Pager;
  readonly lineage: readonly LineageRow[];
  readonly canOpenKeys: boolean;
  /** Who may do what with it; null for who may not see that. */
  readonly team: Team | null;
  /** Whom the app trusts to upload its versions; null for who may not see that. */
  readonly publishing: { readonly count: number; readonly trustedOnly: boolean } | null;
  readonly category: {
    /** The id of the one that was chosen; null: what the package says holds. */
    readonly chosen: string | null;
    /** What the package says, as people call it where the store has it. */
    readonly fromPackage: string | null;
    /** The name of the one that holds; null: none of the store's. */
    readonly name: string | null;
    /** Those to choose from; null for who may not choose. */
    readonly choice: readonly { readonly id: string; readonly name: string }[] | null;
  } | null;
  /** How it stands in the store. */
  readonly listing: {
    readonly listed: boolean;
    /** What is said against it; null: nothing. */
    readonly deprecated: string | null;
    /** Whether this person may change it. */
    readonly manages: boolean;
  } | null;
  /** To whom it is offered; null for who may not offer it. */
  readonly transfer: { readonly open: { readonly href: string; readonly named: string } | null } | null;
  /** True only while the app was never published. */
  readonly canDelete: boolean;
  /** To ask that it is deleted, once something of it was published. */
  readonly canRemove: boolean;
  readonly storeUrl: string;
  /** For administrators alone. */
  readonly canRevoke: boolean;
};
