/** reference/rights.md, made from the table of rights. */

import { PROOF_MINUTES } from "../../src/accounts/proof.ts";
import { RIGHTS } from "../../src/accounts/rights.ts";
import { ORGANISATION_ROLES, STORE_ROLES } from "../../src/roles.ts";
import { code, MADE, page, table } from "./markdown.ts";

type Grant = {
  readonly meaning: string;
  readonly organisation: readonly string[];
  readonly store: readonly string[];
  readonly everyone?: true;
  readonly peopleOnly?: true;
  readonly ofApp?: true;
  readonly publisher?: true;
  readonly proof?: true;
  readonly visitors?: true;
};

export function rightsPage(): string {
  const rows = Object.entries<Grant>(RIGHTS).map(([action, grant]) => {
    const mark = (has: boolean) => (has || grant.everyone ? "yes" : "–");
    const key = !grant.peopleOnly && (grant.everyone || grant.organisation.includes("developer"));
    return [
      code(action),
      grant.meaning,
      grant.visitors ? "yes" : "–",
      ...ORGANISATION_ROLES.map((role) => mark(grant.organisation.includes(role))),
      key ? "yes" : "–",
      grant.ofApp ? "yes" : "–",
      grant.publisher ? "yes" : "–",
      grant.proof ? "yes" : "–",
      ...STORE_ROLES.map((role) => mark(grant.store.includes(role))),
    ];
  });
  return page(
    "# Rights",
    "Who may do what: every action of the product, by role.",
    `An account has a role in each organisation that it belongs to, and may have one in the store as a whole. An organisation's API key acts as a developer of that organisation: it also enrols signing keys and lets one of them add another, but it never manages people or API keys, and neither revokes nor recovers signing keys. A person's API key has the person's rights. Every key can be narrowed to named actions of this table, and to named apps: it then does only what the column “Of one app” says, to those apps ([API keys and limits](../guides/api-keys.md)). So can a role in an organisation, but for an owner’s: who has it sees no other app, makes none, and sees neither who is in the organisation nor its keys ([Roles for certain apps](../guides/administrator.md#roles-for-certain-apps)). A visitor is whoever is not signed in and sends no key: the column says what is open to them, on pages and in the API, as far as things are for everybody. A [trusted publisher](../guides/ci.md) does what its column says, to its one app. On pages, what the column “Proof” marks needs a proof of the last ${PROOF_MINUTES} minutes that it is the person who asks: the password, a code of an authenticator app, or a passkey ([Second factors and proofs](../guides/second-factors.md)). What somebody may not even see is answered as if it were not there (404), the rest with [rights.forbidden](../errors.md#rights.forbidden). ${MADE}`,
    "## Roles",
    table(
      ["Role", "Where", "For"],
      [
        ["owner", "organisation", "Whoever answers for it: members, keys, apps."],
        ["maintainer", "organisation", "Runs its apps, deletes unpublished ones, makes API keys."],
        ["developer", "organisation", "Uploads, submits, withdraws, publishes what was held."],
        ["viewer", "organisation", "Sees its apps, versions and findings."],
        ["administrator", "store", "Accounts, organisations, jobs; may also review."],
        ["reviewer", "store", "Sees every submission and decides about it."],
        [
          "support",
          "store",
          "Helps people: sees accounts, organisations, apps and versions. Changes nothing, and sees no keys, logs or messages.",
        ],
        [
          "auditor",
          "store",
          "Reads all that administrators may read, and the audit log; changes nothing. Messages are closed to auditors, since one may hold a link that lets its reader act as somebody else.",
        ],
      ],
    ),
    "`mosis admin` on the store's own machine acts as its operator and may do everything: it is protected by who may read the data folder.",
    "## Actions",
    table(
      [
        "Action",
        "What it is",
        "Visitor",
        "Owner",
        "Maintainer",
        "Developer",
        "Viewer",
        "Organisation's key",
        "Of one app",
        "Trusted publisher",
        "Proof",
        "Administrator",
        "Reviewer",
        "Support",
        "Auditor",
      ],
      rows,
    ),
  );
}
