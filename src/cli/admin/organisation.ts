import { argument, flag, option, requiredOption } from "../command.ts";
import { formatTime } from "../style.ts";
import { names } from "./names.ts";
import { callCommand, listCommand } from "./operation-command.ts";
import { ORGANISATION_ROLE_CHOICES, organisationRole } from "./roles.ts";

type Organisation = { id: string; name: string; createdAt: string; members?: number };

const ORGANISATION = argument("ORGANISATION", "its id or exact name");

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
    organisation: ORGANISATION,
    user: argument("USER", "the person's e-mail address or id"),
    role: argument("ROLE", ORGANISATION_ROLE_CHOICES, organisationRole),
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

export const organisationRenameCommand = callCommand({
  name: "rename",
  summary: "Give an organisation another name.",
  description: [
    "Its id stays. Its apps are shown under the new name as soon as the catalogue is signed with it.",
  ],
  operation: "organisation.rename",
  arguments: { organisation: ORGANISATION, name: argument("NAME", "how it is called from now on") },
  examples: [
    {
      line: 'mosis admin organisation rename org-0190… "Example Apps" --data /srv/mosis',
      does: "calls it that from now on",
    },
  ],
  says: ({ id, name }: Organisation) => `${id}  ${name}`,
});

export const organisationOwnerlessCommand = listCommand<Organisation>({
  name: "ownerless",
  summary: "List the organisations without an owner who can sign in.",
  operation: "organisation.ownerless",
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["Members", ({ members }) => String(members ?? 0), "end"],
    ["Since", ({ createdAt }) => formatTime(createdAt)],
  ],
  empty: "Every organisation has an owner who can sign in.",
  examples: [
    {
      line: "mosis admin organisation ownerless --data /srv/mosis",
      does: "prints those that nobody answers for",
    },
  ],
});

export const organisationTakeOverCommand = callCommand({
  name: "take-over",
  summary: "Name the owner of an organisation that has none any more who can sign in.",
  description: ["Everybody in the organisation gets a message with the reason; the audit log keeps it."],
  operation: "organisation.take-over",
  arguments: {
    organisation: ORGANISATION,
    owner: argument("USER", "the new owner's e-mail address or id"),
  },
  options: { reason: requiredOption("--reason", "TEXT", "why, for those who are in the organisation") },
  examples: [
    {
      line: 'mosis admin organisation take-over "Example Apps" ada@example.com --reason "Olga has left." --data /srv/mosis',
      does: "makes her the owner, where no owner can sign in",
    },
  ],
  says: ({ id, name }: Organisation, { arguments: { owner } }) => `${owner} is owner of ${name} (${id}).`,
});

type Request = {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
  readonly state: string;
  readonly by: { readonly name: string; readonly email: string };
  readonly createdAt: string;
};

const REQUEST = argument("ID", "the request's id, orq-…");

export const organisationRequestsCommand = listCommand<Request>({
  name: "requests",
  summary: "List the organisations that people ask for.",
  description: ["Those that wait, the longest waiting first; with --closed the others, the newest first."],
  operation: "organisation.requests",
  options: { closed: flag("--closed", "those that were decided or taken back") },
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["Asked by", ({ by }) => `${by.name} <${by.email}>`],
    ["State", ({ state }) => state],
    ["Asked", ({ createdAt }) => formatTime(createdAt)],
    ["Why", ({ reason }) => reason],
  ],
  empty: "There is none.",
  examples: [
    { line: "mosis admin organisation requests --data /srv/mosis", does: "prints who waits for a decision" },
  ],
});

export const organisationAcceptCommand = callCommand({
  name: "accept",
  summary: "Make an organisation that somebody asks for, with them as its owner.",
  description: ["They are told."],
  operation: "organisation.accept",
  arguments: { id: REQUEST },
  options: { name: option("--name", "NAME", "how it is called instead of what was asked") },
  examples: [
    {
      line: "mosis admin organisation accept orq-0190… --data /srv/mosis",
      does: "makes it, and prints its id",
    },
  ],
  says: ({ by, organisationId }: Request & { readonly organisationId: string }) =>
    `${by.email} is owner of ${organisationId}.`,
});

export const organisationRefuseCommand = callCommand({
  name: "refuse",
  summary: "Refuse an organisation that somebody asks for.",
  description: ["They get a message with the reason; the audit log keeps it."],
  operation: "organisation.refuse",
  arguments: { id: REQUEST },
  options: { reason: requiredOption("--reason", "TEXT", "why, for who asks") },
  examples: [
    {
      line: 'mosis admin organisation refuse orq-0190… --reason "Your company has one." --data /srv/mosis',
      does: "tells who asked",
    },
  ],
  says: ({ name, by }: Request) => `${name} is refused; ${by.email} is told.`,
});
