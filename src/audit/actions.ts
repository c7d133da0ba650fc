/** What the audit log tells of: one word for each kind of change, with what it means. Pages, filters and docs are made from it. */
import { ACCOUNT_ACTIONS } from "./actions.accounts.ts";
import { CATALOG_ACTIONS } from "./actions.catalog.ts";
import { STORE_ACTIONS } from "./actions.store.ts";

export const AUDIT_ACTIONS = { ...STORE_ACTIONS, ...ACCOUNT_ACTIONS, ...CATALOG_ACTIONS } as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
