/** Changes of accounts, sessions, organisations and API keys. */
export const ACCOUNT_ACTIONS = {
  "account.created": "An account was made.",
  "account.changed": "An account's name or address was changed.",
  "account.store_role": "An account's role in the store was changed.",
  "account.disabled": "An account was disabled.",
  "account.enabled": "An account was enabled again.",
  "account.password": "An account's password was set or changed.",
  "session.started": "Somebody signed in.",
  "session.ended": "A session was ended.",
  "organisation.created": "An organisation was made.",
  "member.role": "Somebody became a member of an organisation, or got another role in it.",
  "member.removed": "Somebody is a member of an organisation no more.",
  "apikey.created": "An API key was made.",
  "apikey.revoked": "An API key was revoked.",
} as const;
