import type { LogEntry } from "../../format/log/entries.ts";

/** What a leaf is found by. */
export function subjectOf(entry: LogEntry): string {
  switch (entry.type) {
    case "approval":
    case "publication":
      return entry.contentDigest;
    case "revocation":
    case "ended":
      return entry.id;
    case "lowest-version":
      return entry.appId;
    case "developer-key":
    case "store-key":
      return entry.keyId;
    case "store-threshold":
      return entry.role;
    case "certificate":
      return entry.sha256;
  }
}
