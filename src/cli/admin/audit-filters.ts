/** The filters of the audit log on the command line, as the API has them. */
import { AUDIT_ACTIONS } from "../../audit/actions.ts";
import { type OptionValues, option } from "../command.ts";
import { parseTime } from "../values.ts";

function parseAction(text: string): string {
  if (text in AUDIT_ACTIONS) return text;
  throw new Error(`an action is one of ${Object.keys(AUDIT_ACTIONS).join(", ")}`);
}

export const auditFilterOptions = {
  actor: option(
    "--actor",
    "ACTOR",
    "who did it: an account's address, account:acc-…, key:key-…, operator or system",
  ),
  action: option("--action", "ACTION", "what was done, such as account.disabled", parseAction),
  subject: option("--subject", "ID", "the id of what it was done to, or an account's address"),
  organisation: option("--organisation", "ORG", "only what is this organisation's: its id or name"),
  requestId: option("--request", "ID", "the request that it came with, as the program's log names it"),
  since: option("--since", "TIME", "of this time and later", parseTime),
  until: option("--until", "TIME", "before this time", parseTime),
  search: option("--search", "TEXT", "text in an entry, or in a name"),
};

/** What the operations take: those that were given. */
export function auditFiltersOf(
  options: OptionValues<typeof auditFilterOptions>,
): Readonly<Record<string, string>> {
  const { actor, action, subject, organisation, requestId, since, until, search } = options;
  const given = {
    actor,
    action,
    subject,
    organisation,
    requestId,
    search,
    since: since?.toISOString(),
    until: until?.toISOString(),
  };
  return Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
