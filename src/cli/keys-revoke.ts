/** `mosis keys revoke`: shows what revoking a key concerns, asks, and does exactly that. */
import { number, object, readPage, text } from "./answers.ts";
import {
  BLAST_RADIUS_LISTED,
  type BlastRadius,
  blastRadiusText,
  confirmBlastRadius,
  reachText,
  THEN,
} from "./blast-radius.ts";
import { apiPath } from "./client.ts";
import {
  argument,
  type Context,
  defineCommand,
  flag,
  option,
  type Result,
  requiredOption,
} from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { readKeyAnswer } from "./key-answers.ts";
import { fields, LINE_END } from "./style.ts";
import { connect } from "./version-calls.ts";

const args = { key: argument("KEY", "the key id, with or without the spaces of its fingerprint", keyId) };
const options = {
  reason: requiredOption("--reason", "TEXT", "why, shown to people on their devices"),
  action: option(
    "--action",
    "WHAT",
    "block (default): nothing more is installed; disable: installed copies do not start either; remove: they are taken away",
  ),
  yes: flag("--yes", "do not ask"),
  dryRun: flag("--dry-run", "show what it concerns, and do nothing"),
  ...STORE_OPTIONS,
};

function keyId(text: string): string {
  const id = text.replaceAll(/\s/g, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(id))
    throw new Error("a key id has 64 hexadecimal digits; mosis keys list shows it");
  return id;
}

export const keysRevokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke a signing key: devices take nothing more that it signed.",
  description: [
    "For the organisation's owners; administrators use mosis admin revoke key. It shows which apps and versions that " +
      "concerns and asks. It takes effect at each device's next refresh, also for versions that were published before, " +
      "and cannot be undone by a developer: let another key sign first (mosis keys rotate). Keys that it added stay. " +
      "The same command with a stricter action makes it stricter.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis keys revoke 3f2a…91bc --reason "It was stolen." --dry-run --store https://store.example.com',
      does: "shows what that would concern",
    },
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis keys revoke 3f2a…91bc --reason "It was stolen." --yes --store https://store.example.com',
      does: "revokes that key",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { options: given } = context;
  const { action = "block", reason, yes, dryRun } = given;
  const client = await connect(context, given);
  const path = (...more: string[]) => apiPath("developer-keys", context.arguments.key, "revoke", ...more);
  const shown = await client.call({
    method: "POST",
    path: path("preview"),
    query: { limit: BLAST_RADIUS_LISTED },
    json: { action, reason },
  });
  const radius = readBlastRadius(shown.json);
  const then = THEN[action] ?? action;
  if (dryRun) return { data: shown.json, text: (style) => blastRadiusText(style, radius, then) };
  if (!yes) await confirmBlastRadius(context, radius, then);
  const { json } = await client.call({
    method: "POST",
    path: path(),
    json: { action, reason, scope: radius.scope },
  });
  const key = readKeyAnswer(json);
  return {
    data: key.raw,
    text: (style) =>
      [
        `${style.good("Revoked")} at ${client.origin} (${action})`,
        fields(style, [
          ["key", key.fingerprint],
          ["may not sign", key.apps.map(({ appId }) => appId).join(", ") || "anything"],
          ["concerns", `${reachText(radius.affected)}; devices follow at their next refresh`],
        ]),
      ].join(LINE_END),
  };
}

/** What the store answers about the act, in the form that the text is made from. */
function readBlastRadius(json: unknown): BlastRadius {
  const shown = object(json, "the preview");
  const affected = object(shown.affected, "what it concerns");
  const installed = object(shown.installed, "where it is installed");
  const { before } = shown;
  return {
    known: {
      subject: text(shown, "subject"),
      id: text(shown, "id"),
      label: text(shown, "label"),
      isRelease: false,
    },
    before: before === null ? null : readBefore(before),
    lowestBefore: null,
    returns: false,
    affected: {
      apps: number(affected, "apps"),
      versions: number(affected, "versions"),
      published: number(affected, "published"),
      waiting: number(affected, "waiting"),
    },
    // Times are named for the store's own keys alone.
    offeredAgain: 0,
    staysOut: [],
    lineages: 0,
    installed:
      installed.known === true
        ? {
            known: true,
            devices: number(installed, "devices"),
            reportedSince: text(installed, "reportedSince"),
          }
        : { known: false },
    fetches: number(shown, "fetches"),
    versions: { items: readPage(shown.versions, readAffectedVersion).items },
    scope: text(shown, "scope"),
  };
}

function readBefore(json: unknown): BlastRadius["before"] {
  const before = object(json, "what is in force");
  return { action: text(before, "action"), reason: text(before, "reason"), approvalsUntil: null };
}

function readAffectedVersion(json: unknown): BlastRadius["versions"]["items"][number] {
  const version = object(json, "a version");
  return {
    appId: text(version, "appId"),
    versionCode: number(version, "versionCode"),
    version: text(version, "version"),
    state: text(version, "state"),
    organisationName: text(version, "organisationName"),
  };
}
