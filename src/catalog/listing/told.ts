/** What the owners of an app are told when it goes out of the store's lists or is deprecated, and when that ends. Pure. */
import type { By } from "../../accounts/actor.ts";
import type { Notice } from "../../accounts/messages/outbox.ts";
import type { AppId } from "../../ids.ts";
import { type Said, say, type Words } from "../../say.ts";
import type { ListingAct } from "./decide.ts";

type App = { readonly id: AppId; readonly name: string };

const SAID: Readonly<
  Record<ListingAct, (app: App, by: Words) => readonly [subject: Said, done: Said, more: Said]>
> = {
  unlist: ({ id, name }, by) => [
    say`${name} stands in no list any more`,
    say`${by} took it out of the store's lists and search: ${name} (${id}).`,
    say`Its address works for who may see it, and devices that have it still get updates.`,
  ],
  relist: ({ id, name }, by) => [
    say`${name} stands in the lists again`,
    say`${by} put it back into the store's lists and search: ${name} (${id}).`,
    say`Who may see it finds it there.`,
  ],
  deprecate: ({ id, name }, by) => [
    say`${name} is deprecated`,
    say`${by} deprecated it: ${name} (${id}).`,
    say`It is offered as before; the store and devices say what stands above.`,
  ],
  undeprecate: ({ id, name }, by) => [
    say`${name} is not deprecated any more`,
    say`${by} took back that it is deprecated: ${name} (${id}).`,
    say`Nothing is said of it any more.`,
  ],
};

const EVENTS = {
  unlist: "app.unlisted",
  relist: "app.listed",
  deprecate: "app.deprecated",
  undeprecate: "app.undeprecated",
} as const satisfies Record<ListingAct, string>;

export function listingNotice(about: {
  readonly app: App;
  readonly act: ListingAct;
  readonly by: By;
  readonly text: string | null;
}): Notice {
  const { app, act, by, text } = about;
  const [subject, done, more] = SAID[act](app, by.start);
  return {
    kind: "app.listing",
    event: EVENTS[act],
    about: { appId: app.id },
    subject,
    body: [done, ...(text === null ? [] : [say`What is said of it: ${text}`]), more],
    path: `/apps/${app.id}`,
  };
}
