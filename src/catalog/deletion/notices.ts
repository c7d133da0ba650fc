/** What owners and administrators are told of an app that is being deleted. Pure. */
import type { By } from "../../accounts/actor.ts";
import type { Notice } from "../../accounts/messages/outbox.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";

type App = { readonly id: AppId; readonly name: string };
type About = { readonly app: App; readonly by: By };

export function askedNotice({
  app: { id, name },
  by,
  reason,
  endsAt,
}: About & { readonly reason: string; readonly endsAt: Date }): Notice {
  return {
    kind: "app.deletion",
    event: "app.deletion_asked",
    about: { appId: id },
    subject: say`${name} will be deleted on ${endsAt}`,
    body: [
      say`${by.start} asked that ${name} (${id}) is deleted. Why: ${reason}`,
      say`Nobody finds or gets it in the store any more. Devices that have it keep it, and get no updates.`,
      say`Until ${endsAt} an owner or an administrator can take that back on the page of the app, which then stands as it did. After that it is gone for good, and its id is never given to another app.`,
      say`If none of you meant this, take it back, and look who had the session or the password.`,
    ],
    path: `/apps/${id}`,
  };
}

export function keptNotice({ app: { id, name }, by }: About): Notice {
  return {
    kind: "app.deletion",
    event: "app.deletion_kept",
    about: { appId: id },
    subject: say`${name} is not deleted`,
    body: [
      say`${by.start} took back that ${name} (${id}) is deleted. It stands in the store as it did before.`,
    ],
    path: `/apps/${id}`,
  };
}

export function goneNotice({ id, name }: App): Notice {
  return {
    kind: "app.deletion",
    event: "app.deletion_done",
    about: { appId: id },
    subject: say`${name} is deleted`,
    body: [
      say`The time in which the deletion of ${name} (${id}) could be taken back is over. Its versions, listing, keys and trusted publishers are gone, and its id is never given to another app.`,
      say`What the store's log and its audit log tell of it stays. Devices that have it keep it.`,
    ],
    path: "/dashboard",
  };
}
