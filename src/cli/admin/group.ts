import { argument, flag, option } from "../command.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type Group = {
  id: string;
  name: string;
  description: string;
  offered: boolean;
  people: number;
  devices: number;
};

const GROUP = argument("GROUP", "its id or its name");
const WHO = argument("WHO", "a person's e-mail address or id, or a device's id");

export const groupListCommand = listCommand<Group>({
  summary: "List the groups of people and devices.",
  operation: "group.list",
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["People", ({ people }) => String(people), "end"],
    ["Devices", ({ devices }) => String(devices), "end"],
    ["Offered", ({ offered }) => (offered ? "yes" : "no")],
    ["For", ({ description }) => description],
  ],
  examples: [{ line: "mosis admin group list --data /srv/mosis", does: "prints each with its id and size" }],
});

export const groupAddCommand = callCommand({
  name: "add",
  summary: "Make a group.",
  operation: "group.add",
  arguments: { name: argument("NAME", "how it is called; no other group is called so, in any case") },
  options: {
    description: option("--description", "TEXT", "what it is for, in one line"),
    offered: flag("--offered", "let owners and maintainers choose it for their apps, and so read its name"),
  },
  examples: [{ line: "mosis admin group add Kiosks --data /srv/mosis", does: "prints its id" }],
  says: ({ id, name }: Group) => `${id}  ${name}`,
});

export const groupOfferCommand = callCommand({
  name: "offer",
  summary: "Let owners and maintainers choose a group for their apps, or not any more.",
  operation: "group.offer",
  arguments: { group: GROUP },
  options: {
    stop: flag("--stop", "not any more; apps that are for it stay so, until somebody says otherwise"),
  },
  examples: [
    { line: "mosis admin group offer Kiosks --data /srv/mosis", does: "lets them, and shows them its name" },
    { line: "mosis admin group offer Kiosks --stop --data /srv/mosis", does: "keeps it to administrators" },
  ],
  says: ({ name, offered }: Group) =>
    offered
      ? `${name} can be chosen by owners and maintainers.`
      : `${name} can be chosen by administrators alone.`,
});

export const groupDeleteCommand = callCommand({
  name: "delete",
  summary: "Delete a group; the people and devices stay.",
  operation: "group.delete",
  arguments: { group: GROUP },
  confirm: {
    meaning: "do it: it cannot be undone",
    asks: ({ arguments: { group } }) =>
      `Nobody and nothing is in ${group} any more once it is deleted, which cannot be undone.`,
  },
  examples: [{ line: "mosis admin group delete Kiosks --yes --data /srv/mosis", does: "deletes it" }],
  says: ({ id }: Pick<Group, "id">) => `${id} is deleted.`,
});

export const groupPutCommand = callCommand({
  name: "put",
  summary: "Put a person or a device into a group.",
  operation: "group.put",
  arguments: { group: GROUP, who: WHO },
  examples: [
    { line: "mosis admin group put Kiosks ada@example.com --data /srv/mosis", does: "puts a person into it" },
    { line: "mosis admin group put Kiosks dev-0190… --data /srv/mosis", does: "puts a device into it" },
  ],
  says: (_, { arguments: { group, who } }) => `${who} is in ${group}.`,
});

export const groupTakeCommand = callCommand({
  name: "take",
  summary: "Take a person or a device out of a group.",
  operation: "group.take",
  arguments: { group: GROUP, who: WHO },
  examples: [
    { line: "mosis admin group take Kiosks ada@example.com --data /srv/mosis", does: "takes a person out" },
  ],
  says: (_, { arguments: { group, who } }) => `${who} is not in ${group}.`,
});
