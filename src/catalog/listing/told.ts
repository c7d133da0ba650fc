/** What the owners of an app are told when it goes out of the store's lists or is deprecated, and when that ends. Pure. */
import { atStart } from "../../accounts/actor.ts";
import type { Notice } from "../../accounts/messages/outbox.ts";
import type { ListingAct } from "./decide.ts";

const SAID: Readonly<Record<ListingAct, readonly [subject: string, words: string, more: string]>> = {
  unlist: [
    "stands in no list any more",
    "took it out of the store's lists and search",
    "Its address works for who may see it, and devices that have it still get updates.",
  ],
  relist: [
    "stands in the lists again",
    "put it back into the store's lists and search",
    "Who may see it finds it there.",
  ],
  deprecate: [
    "is deprecated",
    "deprecated it",
    "It is offered as before; the store and devices say what stands above.",
  ],
  undeprecate: [
    "is not deprecated any more",
    "took back that it is deprecated",
    "Nothing is said of it any more.",
  ],
};

export function listingNotice(about: {
  readonly app: { readonly id: string; readonly name: string };
  readonly act: ListingAct;
  readonly by: string;
  readonly text: string | null;
}): Notice {
  const { app, act, by, text } = about;
  const [subject, words, more] = SAID[act];
  return {
    kind: "app.listing",
    subject: `${app.name} ${subject}`,
    body: [
      `${atStart(by)} ${words}: ${app.name} (${app.id}).`,
      ...(text === null ? [] : [`What is said of it: ${text}`]),
      more,
    ].join("\n\n"),
    path: `/apps/${app.id}`,
  };
}
