/** The pages of how people come to a store, and of who is in it, in every state worth looking at. */

import { ALL_APPS, type RoleApps } from "../components/role-apps.tsx";
import type { PageContext } from "../page.ts";
import { forgottenPage, signUpPage } from "../pages/access/asking.tsx";
import {
  confirmAddressPage,
  type InvitationProps,
  invitationPage,
  newPasswordPage,
} from "../pages/access/links.tsx";
import { type ProviderLinkProps, providerLinkPage } from "../pages/access/provider-link.tsx";
import { type MemberProps, memberPage } from "../pages/member.tsx";
import { leavingPage, type MemberRow, type MembersProps, membersPage } from "../pages/members.tsx";
import { type PeopleProps, type PersonRow, peoplePage } from "../pages/people.tsx";
import { personPage } from "../pages/person.tsx";
import { ADMINISTRATOR, before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT, linked, NO_PAGER, PAGER, SESSIONS } from "./data.ts";
import type { Sample } from "./samples.ts";

const asking = { email: "", errors: [], sent: false, mails: true };
const wrong = (field: string, message: string) => [{ field, message }];

const invitation = (changes: Partial<InvitationProps> = {}): InvitationProps => ({
  token: "t",
  email: "mara@northwind.example",
  organisation: "Northwind Field Services",
  role: "developer",
  storeRole: null,
  apps: null,
  by: "Ada Okafor",
  expiresAt: before(-14, "days"),
  step: "make",
  signInHref: "/sign-in",
  name: "",
  errors: [],
  passwordMinLength: 12,
  ...changes,
});

const offered = (changes: Partial<ProviderLinkProps> = {}): ProviderLinkProps => ({
  provider: "Google",
  identity: "mara@northwind.example",
  account: { name: "Mara Lindqvist", email: "mara@northwind.example" },
  errors: [],
  ...changes,
});

const LINKED = {
  id: "idn-1",
  provider: { name: "Google" },
  email: "mara@northwind.example",
  since: before(90, "days"),
  seen: before(2, "hours"),
};

const member = (changes: Partial<MemberRow> = {}): MemberRow => ({
  accountId: "acc-1",
  name: "Mara Lindqvist",
  email: "mara@northwind.example",
  role: "owner",
  since: before(90, "days"),
  disabled: false,
  group: null,
  apps: null,
  self: true,
  ...changes,
});

const OFFERED = {
  apps: [
    { id: "org.northwind.inspect", name: "Site Inspect" },
    { id: "org.northwind.van", name: "Van Log" },
  ],
  hasMore: true,
};
const NARROWED: RoleApps = { reach: "some", chosen: ["org.northwind.van"], more: "" };

const memberProps = (changes: Partial<MemberProps> = {}): MemberProps => ({
  organisation: { id: "org-1", name: "Northwind Field Services" },
  member: { accountId: "acc-2", name: "Ida Berg", email: "ida@northwind.example", disabled: false },
  group: null,
  role: "developer",
  apps: NARROWED,
  offered: OFFERED,
  errors: [],
  ...changes,
});

const invited = {
  id: "inv-1",
  email: "sam@northwind.example",
  role: "Developer",
  by: "Mara Lindqvist",
  expiresAt: before(-9, "days"),
};

const members = (changes: Partial<MembersProps> = {}): MembersProps => ({
  organisation: { id: "org-1", name: "Northwind Field Services" },
  name: "Northwind Field Services",
  members: [
    member(),
    member({
      accountId: "acc-2",
      name: "Ida Berg",
      email: "ida@northwind.example",
      role: "viewer",
      group: { provider: "Example SSO", paused: true },
      self: false,
    }),
    member({
      accountId: "acc-3",
      name: LONG_NAME,
      email: `${"long".repeat(12)}@northwind.example`,
      role: "maintainer",
      self: false,
      disabled: true,
      apps: 2,
    }),
  ],
  manages: true,
  invitations: [invited],
  pager: NO_PAGER,
  values: { email: "", role: "developer", apps: ALL_APPS },
  offered: OFFERED,
  errors: [],
  strangersToo: true,
  seesKeys: true,
  seesTransfers: true,
  ...changes,
});

const person = (changes: Partial<PersonRow> = {}): PersonRow => ({
  id: "acc-1",
  name: "Mara Lindqvist",
  email: "mara@northwind.example",
  proven: true,
  storeRole: null,
  organisations: [linked("Northwind Field Services")],
  since: before(90, "days"),
  disabled: false,
  deletionAt: null,
  staysDisabled: false,
  ...changes,
});

const people = (changes: Partial<PeopleProps> = {}): PeopleProps => ({
  people: [
    person(),
    person({ id: "acc-2", name: "Ada Okafor", storeRole: "administrator", proven: false, organisations: [] }),
    person({
      id: "acc-3",
      name: LONG_NAME,
      organisations: [linked(LONG_NAME), { name: "Northwind", href: null }],
      disabled: true,
      staysDisabled: true,
    }),
    person({ id: "acc-4", name: "Ida Berg", disabled: true, deletionAt: before(-5, "days") }),
  ],
  search: "",
  pager: PAGER,
  manages: true,
  opens: true,
  invitations: [{ ...invited, role: "Reviewer" }],
  values: { email: "", storeRole: "" },
  errors: [],
  strangersToo: true,
  ...changes,
});

const MEMBERS = "/organisations/org-1/members";
const PEOPLE = "/admin/people";

export const ACCESS_SAMPLES: readonly Sample[] = [
  {
    name: "provider-link",
    path: "/sign-in/link",
    viewer: DEVELOPER,
    render: (ctx) =>
      providerLinkPage(ctx, offered({ errors: wrong("current", "This is not your present password.") })),
  },
  {
    name: "provider-link-visitor",
    path: "/sign-in/link",
    viewer: null,
    render: (ctx) => providerLinkPage(ctx, offered({ account: null })),
  },
  {
    name: "forgotten",
    path: "/forgotten",
    viewer: null,
    render: (ctx) => forgottenPage(ctx, asking),
  },
  {
    name: "forgotten-failing",
    path: "/forgotten",
    viewer: null,
    render: (ctx) =>
      forgottenPage(ctx, {
        ...asking,
        email: "mara@",
        errors: wrong("email", "An address looks like name@example.org."),
      }),
  },
  {
    name: "forgotten-sent",
    path: "/forgotten",
    viewer: null,
    render: (ctx) => forgottenPage(ctx, { ...asking, sent: true }),
  },
  {
    name: "sign-up",
    path: "/sign-up",
    viewer: null,
    render: (ctx) => signUpPage(ctx, { ...asking, domains: null }),
  },
  {
    name: "sign-up-domains",
    path: "/sign-up",
    viewer: null,
    render: (ctx) =>
      signUpPage(
        { ...ctx, storeName: LONG_NAME },
        { ...asking, domains: ["northwind.example", "example.org"] },
      ),
  },
  {
    name: "sign-up-sent",
    path: "/sign-up",
    viewer: null,
    render: (ctx) => signUpPage(ctx, { ...asking, sent: true, domains: null }),
  },
  {
    name: "sign-up-no-mail",
    path: "/sign-up",
    viewer: null,
    render: (ctx) => signUpPage(ctx, { ...asking, mails: false, domains: null }),
  },
  {
    name: "sign-up-kept",
    path: "/sign-up",
    viewer: null,
    render: (ctx) => signUpPage(ctx, { ...asking, mails: false, sent: true, domains: null }),
  },
  {
    name: "forgotten-no-mail",
    path: "/forgotten",
    viewer: null,
    render: (ctx) => forgottenPage(ctx, { ...asking, mails: false }),
  },
  {
    name: "forgotten-kept",
    path: "/forgotten",
    viewer: null,
    render: (ctx) => forgottenPage(ctx, { ...asking, mails: false, sent: true }),
  },
  {
    name: "new-password",
    path: "/new-password",
    viewer: null,
    render: (ctx) =>
      newPasswordPage(ctx, {
        token: "t",
        email: "mara@northwind.example",
        errors: [],
        passwordMinLength: 12,
      }),
  },
  {
    name: "new-password-failing",
    path: "/new-password",
    viewer: null,
    render: (ctx) =>
      newPasswordPage(ctx, {
        token: "t",
        email: "mara@northwind.example",
        errors: wrong("password", "This password is among the first that are guessed."),
        passwordMinLength: 12,
      }),
  },
  {
    name: "confirm-address",
    path: "/confirm-address",
    viewer: null,
    render: (ctx) =>
      confirmAddressPage(ctx, { token: "t", email: "mara@northwind.example", name: "Mara", isOther: false }),
  },
  {
    name: "confirm-address-other",
    path: "/confirm-address",
    viewer: null,
    render: (ctx) =>
      confirmAddressPage(ctx, { token: "t", email: "m@northwind.example", name: LONG_NAME, isOther: true }),
  },
  {
    name: "invitation",
    path: "/invitation",
    viewer: null,
    render: (ctx) => invitationPage(ctx, invitation()),
  },
  {
    name: "invitation-failing",
    path: "/invitation",
    viewer: null,
    render: (ctx) =>
      invitationPage(
        ctx,
        invitation({
          organisation: LONG_NAME,
          storeRole: "reviewer",
          apps: ["org.northwind.inspect", `org.${"long".repeat(20)}`],
          errors: [
            ...wrong("name", "A name has 1 to 80 characters."),
            ...wrong("password", "A password has at least 12 characters."),
          ],
        }),
      ),
  },
  {
    name: "invitation-own",
    path: "/invitation",
    viewer: null,
    render: (ctx) => invitationPage(ctx, invitation({ by: null, organisation: null, role: null })),
  },
  {
    name: "invitation-sign-in",
    path: "/invitation",
    viewer: null,
    render: (ctx) => invitationPage(ctx, invitation({ step: "sign_in" })),
  },
  {
    name: "invitation-agree",
    path: "/invitation",
    viewer: DEVELOPER,
    render: (ctx) => invitationPage(ctx, invitation({ step: "agree" })),
  },
  {
    name: "members",
    path: MEMBERS,
    viewer: DEVELOPER,
    flash: "invited",
    render: (ctx) => membersPage(ctx, members()),
  },
  {
    name: "members-viewer",
    path: MEMBERS,
    viewer: DEVELOPER,
    render: (ctx) => membersPage(ctx, members({ manages: false, invitations: null })),
  },
  {
    name: "members-failing",
    path: MEMBERS,
    viewer: DEVELOPER,
    render: (ctx) =>
      membersPage(
        ctx,
        members({
          values: {
            email: "mara@northwind.example",
            role: "maintainer",
            apps: { reach: "some", chosen: [], more: "org.other.app" },
          },
          errors: [
            ...wrong("email", "They are a member already. Change their role instead."),
            ...wrong("reach", 'The organisation has no app "org.other.app".'),
          ],
          invitations: [],
          strangersToo: false,
        }),
      ),
  },
  {
    name: "members-without-apps",
    path: MEMBERS,
    viewer: DEVELOPER,
    render: (ctx) => membersPage(ctx, members({ offered: { apps: [], hasMore: false } })),
  },
  {
    name: "member",
    path: `${MEMBERS}/acc-2`,
    viewer: DEVELOPER,
    render: (ctx) => memberPage(ctx, memberProps()),
  },
  {
    name: "member-failing",
    path: `${MEMBERS}/acc-2`,
    viewer: DEVELOPER,
    render: (ctx) =>
      memberPage(
        ctx,
        memberProps({
          member: { accountId: "acc-2", name: LONG_NAME, email: LONG_NAME, disabled: true },
          group: "Example SSO",
          apps: { ...NARROWED, more: "org.other.app" },
          offered: { apps: [{ id: `org.${"long".repeat(20)}`, name: LONG_NAME }], hasMore: true },
          errors: wrong("reach", 'The organisation has no app "org.other.app".'),
        }),
      ),
  },
  ...(["leave", "remove"] as const).map((act) => ({
    name: `members-${act}`,
    path: `${MEMBERS}/${act}`,
    viewer: DEVELOPER,
    render: (ctx: PageContext) =>
      leavingPage(ctx, {
        act,
        organisation: LONG_NAME,
        name: "Ida Berg",
        action: `${MEMBERS}/${act}`,
        cancelHref: MEMBERS,
      }),
  })),
  {
    name: "people",
    path: PEOPLE,
    viewer: ADMINISTRATOR,
    render: (ctx) => peoplePage(ctx, people()),
  },
  {
    name: "people-looking",
    path: PEOPLE,
    viewer: { ...ADMINISTRATOR, storeRole: "support" },
    render: (ctx) => peoplePage(ctx, people({ manages: false, invitations: null })),
  },
  {
    name: "people-auditor",
    path: PEOPLE,
    viewer: { ...ADMINISTRATOR, storeRole: "auditor" },
    render: (ctx) => peoplePage(ctx, people({ manages: false })),
  },
  {
    name: "people-none",
    path: PEOPLE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      peoplePage(
        ctx,
        people({ people: [], search: LONG_TEXT.slice(0, 60), pager: NO_PAGER, invitations: [] }),
      ),
  },
  {
    name: "people-failing",
    path: PEOPLE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      peoplePage(
        ctx,
        people({
          values: { email: "ada@store.example", storeRole: "support" },
          errors: wrong("email", "There is an account with this address already."),
        }),
      ),
  },
  {
    name: "person",
    path: `${PEOPLE}/acc-1`,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      personPage(ctx, {
        identities: [LINKED],
        person: person(),
        groups: [
          { id: "grp-1", name: "Field testers", in: true },
          { id: "grp-2", name: "Kiosks", in: false },
        ],
        sessions: SESSIONS.map((session) => ({ ...session, current: false })),
        secondFactors: 2,
        manages: true,
        managesGroups: true,
        errors: [],
        self: false,
      }),
  },
  {
    name: "person-auditor",
    path: `${PEOPLE}/acc-1`,
    viewer: { ...ADMINISTRATOR, storeRole: "auditor" },
    render: (ctx) =>
      personPage(ctx, {
        identities: [LINKED],
        person: person({ storeRole: "reviewer" }),
        groups: [
          { id: "grp-1", name: "Field testers", in: true },
          { id: "grp-2", name: "Kiosks", in: false },
        ],
        sessions: SESSIONS.map((session) => ({ ...session, current: false })),
        secondFactors: 2,
        manages: false,
        managesGroups: false,
        errors: [],
        self: false,
      }),
  },
  {
    name: "person-disabled",
    path: `${PEOPLE}/acc-1`,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      personPage(ctx, {
        identities: [],
        person: person({ disabled: true, staysDisabled: true, name: LONG_NAME, storeRole: "administrator" }),
        groups: [],
        sessions: [],
        secondFactors: 0,
        manages: true,
        managesGroups: true,
        errors: [
          ...wrong("", "This is the store's only administrator. Make another one first."),
          ...wrong("confirm", "This is not the address of the account that is to be deleted."),
        ],
        self: true,
      }),
  },
  {
    name: "person-deletion",
    path: `${PEOPLE}/acc-1`,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      personPage(ctx, {
        identities: [],
        person: person({ disabled: true, deletionAt: before(-5, "days") }),
        groups: [],
        sessions: [],
        secondFactors: 0,
        manages: true,
        managesGroups: true,
        errors: [],
        self: false,
      }),
  },
];

const hostileInvited = {
  id: HOSTILE,
  email: HOSTILE,
  role: HOSTILE,
  by: HOSTILE,
  expiresAt: before(-9, "days"),
};

export const HOSTILE_ACCESS_SAMPLES: readonly Sample[] = [
  {
    name: "provider-link",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      providerLinkPage(
        ctx,
        offered({
          provider: HOSTILE,
          identity: HOSTILE,
          account: { name: HOSTILE, email: HOSTILE },
          errors: wrong("current", HOSTILE),
        }),
      ),
  },
  {
    name: "provider-link-visitor",
    path: HOSTILE,
    viewer: null,
    render: (ctx) => providerLinkPage(ctx, offered({ provider: HOSTILE, identity: HOSTILE, account: null })),
  },
  {
    name: "forgotten",
    path: "/forgotten",
    viewer: null,
    render: (ctx) => forgottenPage(ctx, { ...asking, email: HOSTILE, errors: wrong("email", HOSTILE) }),
  },
  {
    name: "sign-up",
    path: "/sign-up",
    viewer: null,
    render: (ctx) => signUpPage({ ...ctx, storeName: HOSTILE }, { ...asking, domains: [HOSTILE] }),
  },
  {
    name: "new-password",
    path: "/new-password",
    viewer: null,
    render: (ctx) =>
      newPasswordPage(ctx, {
        token: HOSTILE,
        email: HOSTILE,
        errors: wrong("password", HOSTILE),
        passwordMinLength: 12,
      }),
  },
  {
    name: "confirm-address",
    path: "/confirm-address",
    viewer: null,
    render: (ctx) =>
      confirmAddressPage(ctx, { token: HOSTILE, email: HOSTILE, name: HOSTILE, isOther: true }),
  },
  {
    name: "invitation",
    path: "/invitation",
    viewer: null,
    render: (ctx) =>
      invitationPage(
        ctx,
        invitation({
          token: HOSTILE,
          email: HOSTILE,
          organisation: HOSTILE,
          by: HOSTILE,
          name: HOSTILE,
          errors: wrong("name", HOSTILE),
        }),
      ),
  },
  {
    name: "invitation-sign-in",
    path: "/invitation",
    viewer: null,
    render: (ctx) =>
      invitationPage(ctx, invitation({ step: "sign_in", email: HOSTILE, signInHref: HOSTILE })),
  },
  {
    name: "members",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      membersPage(
        ctx,
        members({
          organisation: { id: HOSTILE, name: HOSTILE },
          name: HOSTILE,
          members: [
            member({
              accountId: HOSTILE,
              name: HOSTILE,
              email: HOSTILE,
              group: { provider: HOSTILE, paused: true },
            }),
          ],
          invitations: [hostileInvited],
          values: { email: HOSTILE, role: "viewer", apps: ALL_APPS },
          errors: wrong("email", HOSTILE),
        }),
      ),
  },
  {
    name: "members-remove",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      leavingPage(ctx, {
        act: "remove",
        organisation: HOSTILE,
        name: HOSTILE,
        action: HOSTILE,
        cancelHref: HOSTILE,
      }),
  },
  {
    name: "people",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      peoplePage(
        ctx,
        people({
          people: [
            person({
              id: HOSTILE,
              name: HOSTILE,
              email: HOSTILE,
              organisations: [{ name: HOSTILE, href: HOSTILE }],
            }),
          ],
          search: HOSTILE,
          invitations: [hostileInvited],
          values: { email: HOSTILE, storeRole: "" },
          errors: wrong("email", HOSTILE),
        }),
      ),
  },
  {
    name: "person",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      personPage(ctx, {
        identities: [],
        person: person({ id: HOSTILE, name: HOSTILE, email: HOSTILE }),
        groups: [{ id: "grp-1", name: HOSTILE, in: true }],
        sessions: SESSIONS.map((session) => ({
          ...session,
          id: HOSTILE,
          browser: HOSTILE,
          system: HOSTILE,
          address: HOSTILE,
        })),
        secondFactors: 1,
        manages: true,
        managesGroups: true,
        errors: wrong("storeRole", HOSTILE),
        self: false,
      }),
  },
];
