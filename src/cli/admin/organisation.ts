import { ORGANISATION_ROLES } from "../../roles.ts";
import { argument, option } from "../command.ts";
import { names } from "./names.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type Organisation = { id: string; name: string; createdAt: string; members?: number };

function organisationRole(text: string): string {
  if (ORGANISATION_ROLES.some((role) => role === text)) return text;
  throw new Error(`a role in an organisation is ${ORGANISATION_ROLES.join(", ")}`);
}

export const organisationListCommand = listCommand<Organisation>({
  summary: "List the organisations.",
  operation: "organisation.list",
  isWhole: true,
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["Members", ({ members }) => String(members ?? 0), "end"],
  ],
  examples: [{ line: "mosis admin organisation list --data /srv/mosis", does: "prints each with its id" }],
});

export const organisationAddCommand = callCommand({
  name: "add",
  summary: "Create an organisation, which can own apps.",
  operation: "organisation.add",
  arguments: { name: argument("NAME", "how it is called") },
  examples: [
    { line: 'mosis admin organisation add "Example Apps" --data /srv/mosis', does: "prints its id" },
  ],
  says: ({ id, name }: Organisation) => `${id}  ${name}`,
});

export const organisationMemberCommand = callCommand({
  name: "member",
  summary: "Put a person into an organisation, or give a member another role.",
  operation: "organisation.member",
  arguments: {
    organisation: argument("ORGANISATION", "its id or exact name"),
    user: argument("USER", "the person's e-mail address or id"),
    role: argument("ROLE", "owner, maintainer, developer or viewer", organisationRole),
  },
  options: {
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
  says: (_, { arguments: { organisation, user, role }, options: { apps } }) =>
    `${user} is ${role} of ${apps === undefined ? organisation : `${apps.join(", ")} of ${organisation}`}.`,
});
