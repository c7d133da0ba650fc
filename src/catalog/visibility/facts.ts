/** Who may see an app, as the audit log has it. */
import { groupById } from "../../accounts/groups/records.ts";
import { type AuditFacts, GROUPS_SALT } from "../../audit/entry.ts";
import { differing } from "../../audit/facts.ts";
import type { Tx } from "../../db/database.ts";
import type { Visibility } from "./audiences.ts";
import { groupsOf } from "./groups.ts";

const SALT_BYTES = 16;

function factsOf(visibility: Visibility): AuditFacts {
  return { visibility: visibility.visibility, groups: groupsOf(visibility).join(" ") };
}

export function changeFacts(tx: Tx, before: Visibility, after: Visibility) {
  const facts = differing(factsOf(before), factsOf(after));
  return { before: facts.before, after: { ...facts.after, ...saltFor(tx, [before, after]) } };
}

/** Of an app that is new. */
export function newFacts(tx: Tx, visibility: Visibility): AuditFacts {
  if (visibility.visibility === "everyone") return {};
  const { visibility: name } = visibility;
  if (name === "signed-in") return { visibility: name };
  return { ...factsOf(visibility), ...saltFor(tx, [visibility]) };
}

/**
 * The app's people read the entry without groups that are not named to them, and with its hash: without a salt, who knows some
 * ids could try which of them it is over.
 */
function saltFor(tx: Tx, visibilities: readonly Visibility[]): AuditFacts {
  const isNamed = visibilities.flatMap(groupsOf).every((id) => groupById(tx, id)?.offered === true);
  if (isNamed) return {};
  return { [GROUPS_SALT]: Buffer.from(crypto.getRandomValues(new Uint8Array(SALT_BYTES))).toString("hex") };
}
