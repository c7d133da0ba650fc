import type { Topic } from "../../db/announcements.ts";
import type { AppId } from "../../ids.ts";

/** What changes how an app is shown with its versions. What is revoked may name it by its developer or a key: each is looked at. */
export function topicsOfApp(id: AppId): Topic[] {
  return [`app:${id}`, "revocations"];
}
