/** The labels in `created_by`, `actor` and `reviewer` columns, as people read them. */
import type { Store } from "../context.ts";
import type { AccountId, ApiKeyId, DeviceId, PublisherId } from "../ids.ts";
import { SYSTEM_LABEL } from "./actor.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { deviceById } from "./devices/records.ts";
import { accountById } from "./records.ts";
import { publisherName } from "./trusted-publishing/conditions.ts";
import { publisherById } from "./trusted-publishing/records.ts";

export type Author =
  | { readonly kind: "person"; readonly name: string }
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "publisher"; readonly name: string }
  | { readonly kind: "device"; readonly name: string }
  | { readonly kind: "operator" }
  | { readonly kind: "system" }
  /** Of somebody or something that the store does not know any more. */
  | { readonly kind: "unknown" };

/** Who stands behind a label that `actorLabel` made. */
export function authorOf(store: Store, label: string): Author {
  if (label === "operator") return { kind: "operator" };
  if (label === SYSTEM_LABEL) return { kind: "system" };
  const [kind, id = ""] = label.split(/:(.*)/s);
  if (kind === "account") {
    const account = accountById(store.db.orm, id as AccountId);
    if (account) return { kind: "person", name: account.name };
  }
  if (kind === "key") {
    const key = apiKeyById(store.db.orm, id as ApiKeyId);
    if (key) return { kind: "key", name: key.name };
  }
  if (kind === "publisher") {
    const publisher = publisherById(store.db.orm, id as PublisherId);
    if (publisher) return { kind: "publisher", name: publisherName(publisher) };
  }
  if (kind === "device") {
    const device = deviceById(store.db.orm, id as DeviceId);
    if (device) return { kind: "device", name: device.name };
  }
  return { kind: "unknown" };
}
