/** The cookies of the pages beside the session: the theme, the language of a visitor, and the notice for the next page. */
import type { FlashCode } from "../../../views/page.ts";
import type { RequestInfo } from "../transport.ts";

const THEME = "mosis_theme";
const LANGUAGE = "mosis_language";
const FLASH = "mosis_flash";
const YEAR_SECONDS = 365 * 86_400;
/** The next page comes at once; what was not shown by then would surprise. */
const FLASH_SECONDS = 30;

export type Theme = "light" | "dark";

/** Only these travel back: a cookie can be set by others (another port of the host), and is no place for words. */
const FLASH_CODES: Readonly<Record<FlashCode, true>> = {
  account_deleted: true,
  account_kept: true,
  account_kept_disabled: true,
  account_made: true,
  address_asked: true,
  address_confirmed: true,
  api_key_revoked: true,
  appearance_changed: true,
  app_created: true,
  draft_discarded: true,
  draft_saved: true,
  app_being_deleted: true,
  app_deleted: true,
  app_kept: true,
  category_changed: true,
  category_chosen: true,
  category_created: true,
  category_merged: true,
  category_removed: true,
  collection_app_added: true,
  collection_app_removed: true,
  collection_changed: true,
  collection_created: true,
  collection_removed: true,
  app_unlisted: true,
  app_undeprecated: true,
  app_listed: true,
  app_deprecated: true,
  device_changed: true,
  device_revoked: true,
  enrolment_code_revoked: true,
  deletion_asked: true,
  factor_added: true,
  factor_removed: true,
  group_changed: true,
  group_created: true,
  group_deleted: true,
  identity_linked: true,
  identity_unlinked: true,
  invitation_accepted: true,
  invitation_revoked: true,
  invited: true,
  job_replayed: true,
  storage_counting: true,
  key_revoked: true,
  program_let_in: true,
  program_sent_away: true,
  language_chosen: true,
  letter_written: true,
  time_zone_chosen: true,
  member_changed: true,
  member_left: true,
  member_removed: true,
  organisation_asked: true,
  organisation_created: true,
  organisation_request_accepted: true,
  organisation_request_refused: true,
  organisation_request_withdrawn: true,
  notifications_chosen: true,
  notifications_read: true,
  owner_named: true,
  password_changed: true,
  password_reset: true,
  person_changed: true,
  publisher_added: true,
  publisher_removed: true,
  recovery_approved: true,
  recovery_ended: true,
  recovery_requested: true,
  review_approved: true,
  review_rejected: true,
  revocation_done: true,
  revocation_unchanged: true,
  session_ended: true,
  browser_forgotten: true,
  name_changed: true,
  organisation_renamed: true,
  sessions_ended: true,
  setting_changed: true,
  setup_done: true,
  setup_confirmed: true,
  signed_out: true,
  tokens_ended: true,
  transfer_accepted: true,
  transfer_declined: true,
  notes_changed: true,
  transfer_offered: true,
  transfer_withdrawn: true,
  trusted_only_off: true,
  trusted_only_on: true,
  upload_discarded: true,
  upload_repeated: true,
  upload_repeated_notes: true,
  version_published: true,
  version_submitted: true,
  version_withdrawn: true,
  rated: true,
  reported: true,
  report_closed: true,
  rating_hidden: true,
  rating_shown: true,
  rating_answered: true,
  rating_answer_removed: true,
  rating_withdrawn: true,
  version_yanked: true,
  version_unyanked: true,
  listing_changed: true,
  listing_restored: true,
  listing_picture_added: true,
  listing_picture_changed: true,
  listing_picture_moved: true,
  listing_picture_removed: true,
  logo_changed: true,
  logo_removed: true,
  visibility_changed: true,
};

type ReadCookie = (name: string) => string;

/** null leaves the choice to the system. */
export function themeOf(cookie: ReadCookie): Theme | null {
  const value = cookie(THEME);
  return value === "light" || value === "dark" ? value : null;
}

/** As it was chosen, whether or not there is such a language; null: the browser says. */
export function languageCookieOf(cookie: ReadCookie): string | null {
  return cookie(LANGUAGE) || null;
}

export function languageCookie(info: RequestInfo, language: string | null): string {
  return line(info, LANGUAGE, language ?? "", language === null ? 0 : YEAR_SECONDS);
}

export function flashOf(cookie: ReadCookie): FlashCode | null {
  return flashCodeOf(cookie(FLASH));
}

/** null for what is none. */
export function flashCodeOf(text: string): FlashCode | null {
  return Object.hasOwn(FLASH_CODES, text) ? (text as FlashCode) : null;
}

export function themeCookie(info: RequestInfo, theme: Theme | null): string {
  return line(info, THEME, theme ?? "", theme === null ? 0 : YEAR_SECONDS);
}

export function flashCookie(info: RequestInfo, code: FlashCode): string {
  return line(info, FLASH, code, FLASH_SECONDS);
}

export function spentFlashCookie(info: RequestInfo): string {
  return line(info, FLASH, "", 0);
}

/** Secure over https only: the theme works over plain HTTP too, where a Secure cookie would not come back. */
function line(info: RequestInfo, name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${info.https ? "; Secure" : ""}`;
}
