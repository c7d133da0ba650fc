import { argument, flag, option, optionalArgument } from "../command.ts";
import { nameOf, placeArgument, placeOf, textOptions, textsOf } from "./front-texts.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type Collection = {
  id: string;
  names: Record<string, string>;
  showing: "draft" | "scheduled" | "shown" | "ended";
  apps: number;
};

type CollectedApp = {
  place: number;
  appId: string;
  name: string;
  standing: "shown" | "unpublished" | "unlisted" | "not_offered" | "being_deleted";
  visibility: string;
};

const ID = argument("ID", "the collection's id; featured is that of the featured apps");
const APP = argument("APP", "the app's id");
const texts = textOptions("what it is about");

const said = (collection: Collection) => `${collection.id}  ${nameOf(collection)}`;

export const collectionListCommand = listCommand<Collection>({
  summary: "List the store's collections of apps, in their order.",
  operation: "collection.list",
  isWhole: true,
  columns: [
    ["Id", ({ id }) => id],
    ["Name", nameOf],
    ["State", ({ showing }) => showing],
    ["Apps", ({ apps }) => String(apps), "end"],
  ],
  examples: [{ line: "mosis admin collection list --data /srv/mosis", does: "prints each with its apps" }],
});

export const collectionAppsCommand = listCommand<CollectedApp>({
  name: "apps",
  summary: "List the apps that were put into a collection, also those that visitors do not meet.",
  operation: "collection.apps",
  arguments: { id: ID },
  columns: [
    ["Place", ({ place }) => String(place), "end"],
    ["App", ({ appId }) => appId],
    ["Name", ({ name }) => name],
    ["Shown to", ({ standing, visibility }) => (standing === "shown" ? visibility : STANDINGS[standing])],
  ],
  examples: [
    { line: "mosis admin collection apps featured --data /srv/mosis", does: "prints the featured apps" },
  ],
});

const STANDINGS = {
  unpublished: "nobody: not published yet",
  unlisted: "nobody: out of the lists",
  not_offered: "nobody: nothing is on offer",
  being_deleted: "nobody: it is being deleted",
} as const;

export const collectionAddCommand = callCommand({
  name: "add",
  summary: "Make a collection of apps: a draft, the last of all.",
  operation: "collection.add",
  arguments: { id: argument("ID", "part of its address: small letters, digits and hyphens") },
  options: texts,
  input: ({ options }) => ({ names: {}, ...textsOf(options) }),
  examples: [
    {
      line: "mosis admin collection add field-kit --name en=Field-kit --name de=Außendienst --data /srv/mosis",
      does: "makes one that is called so in two languages",
    },
  ],
  says: said,
});

export const collectionChangeCommand = callCommand({
  name: "change",
  summary: "Change what a collection says, publish it, and say when it is shown.",
  description: [
    "Languages that are not named stay as they are; an empty text takes one away. So does an empty time with a time.",
  ],
  operation: "collection.change",
  arguments: { id: ID },
  options: {
    ...texts,
    publish: flag("--publish", "visitors meet it, with the apps that they may see"),
    draft: flag("--draft", "they do not"),
    from: option("--from", "TIME", "not shown before, such as 2026-12-01T08:00Z", timeOf),
    until: option("--until", "TIME", "not shown from then on", timeOf),
  },
  input: ({ options: { publish, draft, from, until, ...rest } }) => {
    if (publish && draft) throw new Error("say --publish or --draft, not both");
    return {
      ...textsOf(rest),
      ...{ publish: undefined, draft: undefined, from: undefined, until: undefined },
      ...(publish || draft ? { published: publish } : {}),
      ...(from === undefined ? {} : { shownFrom: from }),
      ...(until === undefined ? {} : { shownUntil: until }),
    };
  },
  examples: [
    {
      line: "mosis admin collection change field-kit --publish --until 2030-01-01T00:00Z --data /srv/mosis",
      does: "shows it until then",
    },
  ],
  says: (collection: Collection) => `${said(collection)}  ${collection.showing}`,
});

/** As RFC 3339 has it, in UTC; empty: none. */
function timeOf(text: string): string {
  if (text === "") return "";
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(time.getTime()))
    throw new Error("expected a time such as 2026-12-01T08:00Z, or nothing");
  return time.toISOString();
}

export const collectionMoveCommand = callCommand({
  name: "move",
  summary: "Put a collection at another place.",
  operation: "collection.move",
  arguments: { id: ID, place: placeArgument },
  examples: [
    { line: "mosis admin collection move field-kit 1 --data /srv/mosis", does: "shows it before all others" },
  ],
  says: ({ id }: Collection, { arguments: { place } }) => `${id} has place ${place}.`,
});

export const collectionRemoveCommand = callCommand({
  name: "remove",
  summary: "Remove a collection; its apps stay in the store.",
  operation: "collection.remove",
  arguments: { id: ID },
  confirm: {
    meaning: "do it: its names, its description and the order of its apps are lost",
    asks: ({ arguments: { id } }) =>
      `The names and the description of ${id} and the order of its apps are lost.`,
  },
  examples: [{ line: "mosis admin collection remove field-kit --yes --data /srv/mosis", does: "removes it" }],
  says: ({ id }: Pick<Collection, "id">) => `${id} is removed.`,
});

export const collectionPutCommand = callCommand({
  name: "put",
  summary: "Put an app into a collection, or at another place in it.",
  operation: "collection.put",
  arguments: {
    id: ID,
    app: APP,
    place: optionalArgument("PLACE", "1 is the first; without it the last, or where it is", placeOf),
  },
  examples: [
    {
      line: "mosis admin collection put featured com.example.notes 1 --data /srv/mosis",
      does: "features an app before all others",
    },
  ],
  says: ({ id, apps }: Collection, { arguments: { app } }) =>
    `${app} is in ${id}, which has ${apps === 1 ? "1 app" : `${apps} apps`}.`,
});

export const collectionTakeCommand = callCommand({
  name: "take",
  summary: "Take an app out of a collection.",
  operation: "collection.take",
  arguments: { id: ID, app: APP },
  examples: [
    {
      line: "mosis admin collection take featured com.example.notes --data /srv/mosis",
      does: "features it no more",
    },
  ],
  says: ({ id }: Collection, { arguments: { app } }) => `${app} is not in ${id}.`,
});
