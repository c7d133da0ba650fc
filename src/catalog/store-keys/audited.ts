/** What the audit log says of the store's own keys: an entry for each change that was asked for. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import type { AuditChange, AuditFacts } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { KeyChange, KeyState } from "./changes.ts";

/** `waits`: for a signature of another machine. `state` is that of before. */
export function tellOfChanges(
  tx: Tx,
  actor: Actor,
  changes: readonly KeyChange[],
  { state, waits, now }: { readonly state: KeyState; readonly waits: boolean; readonly now: Date },
): void {
  for (const change of changes) {
    const { after, ...told } = changeOf(state, change);
    recordChange(tx, auditAuthor(actor), { ...told, after: { ...after, waits } }, now);
  }
}

type Told = Omit<AuditChange, "after"> & { readonly after?: AuditFacts };

function changeOf(state: KeyState, change: KeyChange): Told {
  switch (change.type) {
    case "add":
      return { action: "storekey.added", subject: ofKey(change.key), after: { role: change.role } };
    case "remove":
      return { action: "storekey.removed", subject: ofKey(change.key), before: { role: change.role } };
    case "replace":
      return replaced(change.old, change.key, change.role);
    case "certificate-key":
      return replaced(state.certificateKeys[change.kind].name, change.key, change.kind);
    case "threshold":
      return {
        action: "storekey.threshold",
        subject: { type: "store-role", id: change.role },
        before: { threshold: state.sets.get(change.role)?.threshold ?? null },
        after: { threshold: change.threshold },
      };
    case "renew":
      return { action: "storekey.renewed", subject: { type: "store-role", id: change.what } };
    case "distrust":
      return { action: "storekey.distrusted", subject: ofKey(change.key) };
  }
}

function replaced(old: string, key: string, role: string): Told {
  return { action: "storekey.replaced", subject: ofKey(old), before: { role }, after: { by: key } };
}

/** One that waited for another machine gave its place to another that waits. */
export function tellOfAwaited(tx: Tx, actor: Actor, taken: ReadonlyMap<string, string>, now: Date): void {
  for (const [name, by] of taken) {
    const change: AuditChange = {
      action: "storekey.replaced",
      subject: ofKey(name),
      before: { waits: true },
      after: { by, waits: true },
    };
    recordChange(tx, auditAuthor(actor), change, now);
  }
}

/** A request to sign that went to another machine, or came back. */
export function tellOfRequest(
  tx: Tx,
  actor: Actor,
  action: "storekey.request_exported" | "storekey.request_imported",
  request: { readonly id: string; readonly added: readonly string[]; readonly removed: readonly string[] },
  now: Date,
): void {
  const { id, added, removed } = request;
  const subject = { type: "key-request", id };
  recordChange(tx, auditAuthor(actor), { action, subject, after: { added, removed } }, now);
}

function ofKey(id: string): AuditChange["subject"] {
  return { type: "store-key", id };
}
