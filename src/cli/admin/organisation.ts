import { argument, defineCommand, option } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { table } from "../style.ts";
import { names } from "./names.ts";

type Organisation = { id: string; name: string; createdAt: string; members?: number };

const ROLES = ["owner", "maintainer", "developer", "viewer"];

function organisationRole(text: string): string {
  if (ROLES.includes(text)) return text;
  throw new Error(`a role in an organisation is ${ROLES.join(", ")}`);
}

export const organisationListCommand = defineCommand({
  name: "list",
  summary: "List the organisations.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin organisation list --data /srv/mosis", does: "prints each with its id" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: Organisation[] }>("organisation.list", {});
      return {
        data: { items },
        text: (style) =>
          table(
            style,
            [{ title: "Id" }, { title: "Name" }, { title: "Members", align: "end" }],
            items.map((item) => [item.id, item.name, String(item.members ?? 0)]),
          ),
      };
    }),
});

export const organisationAddCommand = defineCommand({
  name: "add",
  summary: "Create an organisation, which can own apps.",
  arguments: { name: argument("NAME", "how it is called") },
  options: dataOptions,
  examples: [
    { line: 'mosis admin organisation add "Example Apps" --data /srv/mosis', does: "prints its id" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const made = await operator.call<Organisation>("organisation.add", { name: context.arguments.name });
      return { data: made, text: () => `${made.id}  ${made.name}` };
    }),
});

export const organisationMemberCommand = defineCommand({
  name: "member",
  summary: "Put a person into an organisation, or give a member another role.",
  arguments: {
    organisation: argument("ORGANISATION", "its id or exact name"),
    user: argument("USER", "the person's e-mail address or id"),
    role: argument("ROLE", "owner, maintainer, developer or viewer", organisationRole),
  },
  options: {
    ...dataOptions,
    apps: option(
      "--apps",
      "LIST",
      "the ids of the apps that the role is for, with commas; without it the whole organisation",
      names,
    ),
  },
  examples: [
    {
      line: 'mosis admin organisation member "Example Apps" ada@example.com owner --data /srv/mosis',
      does: "makes her an owner",
    },
    {
      line: 'mosis admin organisation member "Example Apps" bo@example.com developer --apps com.example.notes --data /srv/mosis',
      does: "lets him work on that app, and on nothing else",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { organisation, user, role } = context.arguments;
      const { apps } = context.options;
      const narrowed = apps === undefined ? {} : { apps };
      const member = await operator.call("organisation.member", { organisation, user, role, ...narrowed });
      const what = apps === undefined ? organisation : `${apps.join(", ")} of ${organisation}`;
      return { data: member, text: () => `${user} is ${role} of ${what}.` };
    }),
});
