/**
 * What every page is given. Views are pure functions of plain data: `page(ctx, props)` gives HTML, and nothing here
 * reads a clock, a database or the environment.
 */

import type used from "../assets/icons/used.json";
import type en from "../assets/locales/en.json";
import type { VersionState } from "../src/db/version-states.ts";
import type { StoreRole } from "../src/roles.ts";
import type { Words } from "../src/say.ts";

/** A key of the message catalogue; English is the reference that other locales must equal. */
export type MessageKey = keyof typeof en;

/** Values for a message's placeholders (ICU MessageFormat). */
export type MessageParams = Readonly<Record<string, string | number | boolean | Date>>;

/** Gives the message in the page's locale. The result is text, not HTML: it is put into elements marked `safe`. */
export type Translate = (key: MessageKey, params?: MessageParams) => string;

/** Name of an icon in the sprite (assets/icons/used.json). */
export type IconName = keyof typeof used;

export type Viewer = {
  readonly name: string;
  readonly email: string;
  readonly storeRole: StoreRole | null;
  readonly organisations: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    /** How many apps the role is for, where it is not of the whole organisation. */
    readonly narrowed?: number;
  }[];
  /** How many notifications they have not read, as far as they are counted. */
  readonly unread?: number;
  /** Providers whose groups give roles that are paused, each with what leads there; null: nobody signs in with it any more. */
  readonly paused?: readonly { readonly name: string; readonly href: string | null }[];
};

/** The notices that an action may leave for the next page. Only the code travels; its words are in the catalogue. */
export type FlashCode =
  | "account_deleted"
  | "account_kept"
  | "account_kept_disabled"
  | "account_made"
  | "address_asked"
  | "address_confirmed"
  | "api_key_revoked"
  | "appearance_changed"
  | "app_created"
  | "draft_discarded"
  | "draft_saved"
  | "app_being_deleted"
  | "app_deleted"
  | "category_changed"
  | "category_chosen"
  | "category_created"
  | "category_merged"
  | "category_removed"
  | "collection_app_added"
  | "collection_app_removed"
  | "collection_changed"
  | "collection_created"
  | "collection_removed"
  | "app_unlisted"
  | "app_undeprecated"
  | "app_kept"
  | "app_listed"
  | "app_deprecated"
  | "device_changed"
  | "device_revoked"
  | "enrolment_code_revoked"
  | "deletion_asked"
  | "factor_added"
  | "factor_removed"
  | "group_changed"
  | "group_created"
  | "group_deleted"
  | "identity_linked"
  | "identity_unlinked"
  | "invitation_accepted"
  | "invitation_revoked"
  | "invited"
  | "job_replayed"
  | "storage_counting"
  | "key_revoked"
  | "program_let_in"
  | "program_sent_away"
  | "language_chosen"
  | "letter_written"
  | "time_zone_chosen"
  | "member_changed"
  | "member_left"
  | "member_removed"
  | "organisation_asked"
  | "organisation_created"
  | "organisation_request_accepted"
  | "organisation_request_refused"
  | "organisation_request_withdrawn"
  | "notifications_chosen"
  | "notifications_read"
  | "owner_named"
  | "password_changed"
  | "password_reset"
  | "person_changed"
  | "publisher_added"
  | "publisher_removed"
  | "recovery_approved"
  | "recovery_ended"
  | "recovery_requested"
  | "review_approved"
  | "review_rejected"
  | "revocation_done"
  | "revocation_unchanged"
  | "session_ended"
  | "browser_forgotten"
  | "name_changed"
  | "organisation_renamed"
  | "sessions_ended"
  | "setting_changed"
  | "setup_done"
  | "setup_confirmed"
  | "signed_out"
  | "tokens_ended"
  | "notes_changed"
  | "transfer_accepted"
  | "transfer_declined"
  | "transfer_offered"
  | "transfer_withdrawn"
  | "trusted_only_off"
  | "trusted_only_on"
  | "upload_discarded"
  | "upload_repeated"
  | "upload_repeated_notes"
  | "version_published"
  | "version_submitted"
  | "version_withdrawn"
  | "rated"
  | "reported"
  | "report_closed"
  | "rating_hidden"
  | "rating_shown"
  | "rating_answered"
  | "rating_answer_removed"
  | "rating_withdrawn"
  | "version_yanked"
  | "version_unyanked"
  | "listing_changed"
  | "listing_restored"
  | "listing_picture_added"
  | "listing_picture_changed"
  | "listing_picture_moved"
  | "listing_picture_removed"
  | "logo_changed"
  | "logo_removed"
  | "visibility_changed";

/** From the smallest to the largest; none: there is no logo for such pages. */
export type LogoSizes = readonly {
  readonly src: string;
  readonly widthPx: number;
  readonly heightPx: number;
}[];
export type StoreLogos = { readonly light: LogoSizes; readonly dark: LogoSizes };

/** The page's words for what a row has the program's for; undefined: it has none, as of a program that is newer. */
export function wordsOf({ t, keyOf }: PageContext, key: string): string | undefined {
  const known = keyOf(key);
  return known === null ? undefined : t(known);
}

export type PageContext = {
  readonly t: Translate;
  /** A key that is made of what the store holds, such as `job_kind.version.check`; null: a newer program wrote that, and no catalogue has it. */
  readonly keyOf: (key: string) => MessageKey | null;
  /** What the store says of what went wrong, in the page's language; without a translation in English. */
  readonly say: (words: Words) => string;
  /** BCP 47 tag, used for `lang` and for every Intl formatter. */
  readonly locale: string;
  /** Name of the zone in which times are told (IANA): the reader's, or the store's. */
  readonly timeZone: string;
  readonly dir: "ltr" | "rtl";
  /** Tags of all languages that the pages come in. */
  readonly languages: readonly string[];
  /** From the theme cookie; null leaves the choice to the system. */
  readonly theme: "light" | "dark" | null;
  /** Path of the request without its query, for marking the current item. */
  readonly path: string;
  /** Address of the page with its query, to come back to it. */
  readonly here: string;
  readonly viewer: null | Viewer;
  readonly storeName: string;
  /** The store's own colour, `#rrggbb`; null: Mosis's. */
  readonly accent?: string | null;
  /** The store's own logo; null: Mosis's mark. */
  readonly logos?: StoreLogos | null;
  readonly requestId: string;
  readonly now: Date;
  /** Address of a file of assets/built. */
  readonly assetUrl: (name: string) => string;
  /** Shown once, as a toast. */
  readonly flash?: FlashCode | null;
};

export type { VersionState };

/** What is wrong with one field of a form; `message` is shown beside the field of that name. */
export type FieldError = { readonly field: string; readonly message: Words };

/** Addresses of the neighbouring pages of a cursor-paged list; null where there is none. */
/** Of a text whose language is its own: as attributes. */
export type WrittenIn = { readonly lang: string; readonly dir: "ltr" | "rtl" };

export type Pager = { readonly previousHref: string | null; readonly nextHref: string | null };

export type Severity = "error" | "warning" | "info";

/** What a code of the checks stands for. Words between backticks are code. */
export type FindingMeaning = {
  readonly title: Words;
  /** What is wrong. */
  readonly explanation: Words;
  /** What to do about it. */
  readonly remedy: Words;
};

/** One result of the checks. */
export type Finding = {
  readonly code: string;
  readonly severity: Severity;
  /** Null for a code that is no more. */
  readonly meaning: FindingMeaning | null;
  /** The particulars of this one, in English. */
  readonly message: string;
  /** Name of the entry in the package. */
  readonly entry: string | null;
  /** JSON pointer into a document (RFC 6901). */
  readonly pointer: string | null;
  /** Byte offset in the file. */
  readonly offset: number | null;
  readonly found: string | null;
  readonly expected: string | null;
  /** Page of the documentation that explains the code. */
  readonly docsHref: string | null;
  /** The page with that entry, at that byte; missing or null: the package cannot be looked into. */
  readonly entryHref?: string | null;
};

export type Permission = {
  readonly name: string;
  /** What it lets the app do, in plain words; null for a name that the API manifest does not know. */
  readonly title: string | null;
  readonly meaning: string | null;
  readonly dangerous: boolean;
  readonly optional: boolean;
  readonly reason: string | null;
};
