import { argument, option, optionalArgument } from "../command.ts";
import { nameOf, placeArgument, textOptions, textsOf } from "./front-texts.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type Category = {
  id: string;
  names: Record<string, string>;
  aliases: string[];
  apps: number;
};

const ID = argument("ID", "what manifests say: small letters, digits and hyphens");
const texts = {
  ...textOptions("what belongs into it"),
  icon: option("--icon", "NAME", "a name in the store's sprite of icons, such as category-tools"),
};

export const categoryListCommand = listCommand<Category>({
  summary: "List the store's categories, in their order.",
  operation: "category.list",
  isWhole: true,
  columns: [
    ["Id", ({ id }) => id],
    ["Name", nameOf],
    ["Apps", ({ apps }) => String(apps), "end"],
    ["Merged into it", ({ aliases }) => aliases.join(", ")],
  ],
  examples: [{ line: "mosis admin category list --data /srv/mosis", does: "prints each with its apps" }],
});

export const categoryAddCommand = callCommand({
  name: "add",
  summary: "Make a category; it comes last.",
  operation: "category.add",
  arguments: { id: ID },
  options: texts,
  input: ({ options }) => ({ names: {}, ...textsOf(options) }),
  examples: [
    {
      line: "mosis admin category add field-work --name en=Fieldwork --name de=Außendienst --icon category-maps --data /srv/mosis",
      does: "makes one that is called so in two languages",
    },
  ],
  says: (category: Category) => `${category.id}  ${nameOf(category)}`,
});

export const categoryChangeCommand = callCommand({
  name: "change",
  summary: "Change a category's names, descriptions or icon.",
  description: ["Languages that are not named stay as they are; an empty text takes one away."],
  operation: "category.change",
  arguments: { id: ID },
  options: texts,
  input: ({ options }) => textsOf(options),
  examples: [
    {
      line: "mosis admin category change field-work --description en=Out-and-about --data /srv/mosis",
      does: "says what belongs into it",
    },
  ],
  says: (category: Category) => `${category.id}  ${nameOf(category)}`,
});

export const categoryMoveCommand = callCommand({
  name: "move",
  summary: "Put a category at another place.",
  operation: "category.move",
  arguments: { id: ID, place: placeArgument },
  examples: [
    { line: "mosis admin category move field-work 1 --data /srv/mosis", does: "shows it before all others" },
  ],
  says: ({ id }: Category, { arguments: { place } }) => `${id} has place ${place}.`,
});

export const categoryMergeCommand = callCommand({
  name: "merge",
  summary: "Merge a category into another one.",
  description: [
    "Its apps are in the other one from then on, also those whose packages go on saying its id. A category of that id that is made again takes that back.",
  ],
  operation: "category.merge",
  arguments: { id: ID, into: argument("INTO", "the id of the other one") },
  confirm: {
    meaning: "do it: its names and descriptions are lost",
    asks: ({ arguments: { id, into } }) =>
      `What is in ${id} will be in ${into}, and the names and descriptions of ${id} are lost.`,
  },
  examples: [
    {
      line: "mosis admin category merge field-work productivity --yes --data /srv/mosis",
      does: "moves its apps there",
    },
  ],
  says: ({ id, apps }: Category) => `${id} has ${apps === 1 ? "1 app" : `${apps} apps`} now.`,
});

export const categoryRemoveCommand = callCommand({
  name: "remove",
  summary: "Remove a category; its apps stay, in no category.",
  operation: "category.remove",
  arguments: { id: ID },
  confirm: {
    meaning: "do it: its names and descriptions are lost",
    asks: ({ arguments: { id } }) =>
      `What is in ${id} will be in no category, and its names and descriptions are lost.`,
  },
  examples: [{ line: "mosis admin category remove news --yes --data /srv/mosis", does: "removes it" }],
  says: ({ id }: Pick<Category, "id">) => `${id} is removed.`,
});

export const categoryChooseCommand = callCommand({
  name: "choose",
  summary: "Choose the category that an app is in, in the place of what its package says.",
  operation: "category.choose",
  arguments: {
    app: argument("APP", "the app's id"),
    category: optionalArgument("ID", "the category's id; without it what the package says holds"),
  },
  examples: [
    {
      line: "mosis admin category choose com.example.notes tools --data /srv/mosis",
      does: "shows the app under that one",
    },
    {
      line: "mosis admin category choose com.example.notes --data /srv/mosis",
      does: "shows it under what its package says",
    },
  ],
  says: ({ appId, category }: { appId: string; category: string | null }) =>
    category === null ? `${appId} is in no category.` : `${appId} is in ${category}.`,
});
