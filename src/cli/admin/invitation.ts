import { Problem } from "../../errors.ts";
import { argument, type Context, flag, option } from "../command.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig, type DataOptions } from "../store-options.ts";
import { formatTime, LINE_END } from "../style.ts";
import { names } from "./names.ts";
import { callCommand, listCommand } from "./operation-command.ts";
import { ORGANISATION_ROLE_CHOICES, organisationRole, STORE_ROLE_CHOICES, storeRole } from "./roles.ts";

type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly organisationId: string | null;
  readonly role: string | null;
  readonly apps: readonly string[] | null;
  readonly storeRole: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
};

type Linked = Invitation & { readonly link: { readonly url: string; readonly until: string } | null };

const ID = argument("ID", "the invitation's id, inv-…");
const ORGANISATION = "into this organisation: its id or exact name";

function asText({ role, apps, storeRole: inStore }: Invitation): string {
  const parts = [
    ...(role === null ? [] : [apps === null ? role : `${role} of ${apps.join(", ")}`]),
    ...(inStore === null ? [] : [`${inStore} of the store`]),
  ];
  return parts.length === 0 ? "without a role" : parts.join(", ");
}

function linkText({ email, link }: Linked): string {
  if (link === null) return "";
  return `${LINE_END}${link.url}${LINE_END}It works once, until ${formatTime(link.until)}. Hand it over to ${email} alone: whoever opens it is taken for them.`;
}

const origin = (context: Context<Record<never, never>, DataOptions>) => ({
  origin: storeAddress(commandConfig(context)),
});

export const invitationListCommand = listCommand<Invitation>({
  summary: "List the invitations that can still be taken up.",
  description: ["Those to the store; with --organisation those into it."],
  operation: "invitation.list",
  options: { organisation: option("--organisation", "ORG", ORGANISATION) },
  columns: [
    ["Id", ({ id }) => id],
    ["Address", ({ email }) => email],
    ["As", asText],
    ["Ends", ({ expiresAt }) => formatTime(expiresAt)],
  ],
  examples: [
    { line: "mosis admin invitation list --data /srv/mosis", does: "prints those to the store" },
    {
      line: 'mosis admin invitation list --organisation "Example Apps" --data /srv/mosis',
      does: "prints those into the organisation",
    },
  ],
});

export const invitationAddCommand = callCommand({
  name: "add",
  summary: "Invite somebody to the store, or into an organisation.",
  description: [
    "A mail takes the link to them; where the store sends no mail, or with --link, it is printed, once. An open invitation of the same address to the same place takes its end.",
  ],
  operation: "invitation.add",
  arguments: { email: argument("EMAIL", "the address that is invited") },
  options: {
    organisation: option("--organisation", "ORG", `${ORGANISATION}; needs --role`),
    role: option("--role", "ROLE", `there: ${ORGANISATION_ROLE_CHOICES}`, organisationRole),
    apps: option(
      "--apps",
      "LIST",
      "the ids of the apps that the role is for, with commas; without it the whole organisation",
      names,
    ),
    storeRole: option("--store-role", "ROLE", `in the store: ${STORE_ROLE_CHOICES}`, storeRole),
    link: flag("--link", "print the link also where mail takes it to them"),
  },
  input: (context) => {
    const { organisation, role, apps } = context.options;
    if ((organisation === undefined) !== (role === undefined) || (apps !== undefined && role === undefined)) {
      throw new Problem(
        "usage",
        "usage.invalid_value",
        "Say both where to and as what: --organisation ORG --role ROLE. Without an organisation somebody is invited to the store.",
      );
    }
    return origin(context);
  },
  examples: [
    {
      line: "mosis admin invitation add cy@example.com --store-role support --data /srv/mosis",
      does: "invites somebody who will help people; prints the link where there is no mail",
    },
    {
      line: 'mosis admin invitation add dee@example.com --organisation "Example Apps" --role developer --data /srv/mosis',
      does: "invites a developer into the organisation",
    },
  ],
  says: (made: Linked & { readonly mailed: boolean }, _, style) =>
    `${style.bold(made.email)} is invited, ${asText(made)}, until ${formatTime(made.expiresAt)} (${made.id}).${
      made.mailed ? " A mail is on its way." : ""
    }${linkText(made)}`,
});

export const invitationLinkCommand = callCommand({
  name: "link",
  summary: "Make the link of an invitation, to hand it over.",
  description: [
    "Whoever opens the link is taken for the person who is invited: hand it over to them alone. It works once, is shown only now, and proves no address.",
  ],
  operation: "invitation.link",
  arguments: { id: ID },
  input: origin,
  examples: [
    {
      line: "mosis admin invitation link inv-0190… --data /srv/mosis",
      does: "prints a link that works once",
    },
  ],
  says: (made: Linked, _, style) => `${style.bold(made.email)}${linkText(made)}`,
});

export const invitationRevokeCommand = callCommand({
  name: "revoke",
  summary: "Take an invitation back: its links open nothing any more.",
  operation: "invitation.revoke",
  arguments: { id: ID },
  examples: [
    {
      line: "mosis admin invitation revoke inv-0190… --data /srv/mosis",
      does: "ends it before it is taken up",
    },
  ],
  says: ({ id, email }: Invitation) => `${id} (${email}) is taken back.`,
});
