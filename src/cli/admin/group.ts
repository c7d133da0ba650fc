import { Problem } from "../../errors.ts";
import { argument, defineCommand, flag, option } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { table } from "../style.ts";
import { everyItem } from "./pages.ts";

type Group = { id: string; name: string; description: string; people: number; devices: number };

const GROUP = argument("GROUP", "its id or its name");
const WHO = argument("WHO", "a person's e-mail address or id, or a device's id");

export const groupListCommand = defineCommand({
  name: "list",
  summary: "List the groups of people and devices.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin group list --data /srv/mosis", does: "prints each with its id and size" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const items = await everyItem<Group>(operator, "group.list");
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "There are none."
            : table(
                style,
                [
                  { title: "Id" },
                  { title: "Name" },
                  { title: "People", align: "end" },
                  { title: "Devices", align: "end" },
                  { title: "For" },
                ],
                items.map(({ id, name, people, devices, description }) => [
                  id,
                  name,
                  String(people),
                  String(devices),
                  description,
                ]),
              ),
      };
    }),
});

export const groupAddCommand = defineCommand({
  name: "add",
  summary: "Make a group.",
  arguments: { name: argument("NAME", "how it is called; no other group is called so, in any case") },
  options: { ...dataOptions, description: option("--description", "TEXT", "what it is for, in one line") },
  examples: [{ line: "mosis admin group add Kiosks --data /srv/mosis", does: "prints its id" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { description } = context.options;
      const made = await operator.call<Group>("group.add", {
        name: context.arguments.name,
        ...(description === undefined ? {} : { description }),
      });
      return { data: made, text: () => `${made.id}  ${made.name}` };
    }),
});

export const groupDeleteCommand = defineCommand({
  name: "delete",
  summary: "Delete a group; the people and devices stay.",
  arguments: { group: GROUP },
  options: { ...dataOptions, yes: flag("--yes", "do it: it cannot be undone") },
  examples: [{ line: "mosis admin group delete Kiosks --yes --data /srv/mosis", does: "deletes it" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { group } = context.arguments;
      if (!context.options.yes) {
        throw new Problem(
          "usage",
          "usage.not_confirmed",
          `What is shown to ${group} alone is shown to nobody once it is deleted. Add --yes to do it.`,
        );
      }
      const { id } = await operator.call<{ id: string }>("group.delete", { group });
      return { data: { id }, text: () => `${id} is deleted.` };
    }),
});

export const groupPutCommand = defineCommand({
  name: "put",
  summary: "Put a person or a device into a group.",
  arguments: { group: GROUP, who: WHO },
  options: dataOptions,
  examples: [
    { line: "mosis admin group put Kiosks ada@example.com --data /srv/mosis", does: "puts a person into it" },
    { line: "mosis admin group put Kiosks dev-0190… --data /srv/mosis", does: "puts a device into it" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { group, who } = context.arguments;
      const data = await operator.call<{ groupId: string }>("group.put", { group, who });
      return { data, text: () => `${who} is in ${group}.` };
    }),
});

export const groupTakeCommand = defineCommand({
  name: "take",
  summary: "Take a person or a device out of a group.",
  arguments: { group: GROUP, who: WHO },
  options: dataOptions,
  examples: [
    { line: "mosis admin group take Kiosks ada@example.com --data /srv/mosis", does: "takes a person out" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { group, who } = context.arguments;
      const data = await operator.call<{ groupId: string }>("group.take", { group, who });
      return { data, text: () => `${who} is not in ${group}.` };
    }),
});
