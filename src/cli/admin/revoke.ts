/** `mosis admin revoke`, `lift` and `lowest-version`: shows what an act concerns, asks, and does exactly that. */
import type { Enacted } from "../../catalog/revocation/act.ts";
import type { Installed } from "../../catalog/revocation/installed.ts";
import { Problem } from "../../errors.ts";
import {
  type Arguments,
  argument,
  type Context,
  defineCommand,
  flag,
  type Options,
  option,
  type Result,
  requiredOption,
} from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { createStyle, fields, formatTime, type Style, table } from "../style.ts";
import { parseAppId, parseTime, parseVersionCode } from "../values.ts";

type Affected = { apps: number; versions: number; published: number; waiting: number };
type AffectedVersion = {
  appId: string;
  versionCode: number;
  version: string;
  state: string;
  organisationName: string;
};
type Preview = {
  known: { subject: string; id: string; label: string; isRelease: boolean };
  before: { action: string; reason: string } | null;
  lowestBefore: number | null;
  affected: Affected;
  lineages: number;
  installed: Extract<Installed, { known: false }> | { known: true; devices: number; reportedSince: string };
  versions: { items: AffectedVersion[]; nextCursor: string | null };
  scope: string;
};

const LISTED = 20;
const shared = {
  ...dataOptions,
  reason: requiredOption("--reason", "TEXT", "why, in one line: people read it on their devices"),
  yes: flag("--yes", "do not ask"),
  dryRun: flag("--dry-run", "show what it concerns, and do nothing"),
};
const target = {
  subject: argument("SUBJECT", "package, key, certificate, app or developer"),
  id: argument("ID", "content digest, key id, SHA-256 of the certificate, app id or organisation id"),
};

export const revokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke a package, key, certificate, app or developer.",
  description: [
    "block: it is not installed any more. disable: installed copies do not start either. remove: they are taken away, and the app's data stays. Devices follow at their next refresh. The same command with another action raises or lowers it.",
    "It shows which apps and versions that concerns and asks. A key or certificate is a developer's, or the one that the store signs approvals with; only for the latter does --approvals-until say which approvals still count.",
  ],
  arguments: target,
  options: {
    ...shared,
    action: requiredOption<string>("--action", "ACTION", "block, disable or remove"),
    approvalsUntil: option(
      "--approvals-until",
      "TIME",
      "of the store's release key or certificate: what it approved up to then still counts",
      parseTime,
    ),
  },
  examples: [
    {
      line: 'mosis admin revoke app com.example.notes --action block --reason "It sends notes to strangers." --dry-run --data /srv/mosis',
      does: "shows what that would concern",
    },
    {
      line: 'mosis admin revoke app com.example.notes --action disable --reason "It sends notes to strangers." --yes --data /srv/mosis',
      does: "stops every installed copy at its device's next refresh",
    },
  ],
  run: (context) => {
    const { action, approvalsUntil } = context.options;
    return act(context, {
      act: "revoke",
      subject: context.arguments.subject,
      id: context.arguments.id,
      action,
      ...(approvalsUntil === undefined ? {} : { approvalsUntil: approvalsUntil.toISOString() }),
    });
  },
});

export const liftCommand = defineCommand({
  name: "lift",
  summary: "Lift a revocation: what it took out of the catalogue is offered again.",
  description: ["What was withdrawn because of it stays withdrawn: its developer uploads it again."],
  arguments: target,
  options: {
    ...shared,
    reason: requiredOption<string>("--reason", "TEXT", "why, in one line: the owners read it"),
  },
  examples: [
    {
      line: 'mosis admin lift app com.example.notes --reason "A mistake of ours." --yes --data /srv/mosis',
      does: "lets it be installed and started again",
    },
  ],
  run: (context) => {
    const { subject, id } = context.arguments;
    return act(context, { act: "lift", subject, id });
  },
});

export const lowestVersionCommand = defineCommand({
  name: "lowest-version",
  summary: "Set the lowest version code of an app that devices may have.",
  description: [
    "Lower versions are not installed any more, and installed copies of them do not start until they are updated. With 1 every version is allowed again.",
  ],
  arguments: {
    app: argument("APP", "the app's id", parseAppId),
    code: argument("CODE", "the lowest version code that is allowed", parseVersionCode),
  },
  options: {
    ...shared,
    reason: requiredOption<string>("--reason", "TEXT", "why, in one line: the owners read it"),
  },
  examples: [
    {
      line: 'mosis admin lowest-version com.example.notes 3 --reason "Older ones lose notes." --yes --data /srv/mosis',
      does: "keeps devices from versions below 3",
    },
  ],
  run: (context) => {
    const { app, code } = context.arguments;
    return act(context, { act: "lowest-version", appId: app, versionCode: code });
  },
});

type Act = Readonly<Record<string, string | number>> & { readonly act: string };
type ActContext = Pick<Context<Arguments, Options>, "io" | "note"> & {
  readonly options: {
    readonly data: string | undefined;
    readonly configFile?: string | undefined;
    readonly reason: string;
    readonly yes: boolean;
    readonly dryRun: boolean;
  };
};

function act(context: ActContext, what: Act): Promise<Result> {
  const { reason, yes, dryRun } = context.options;
  return withOperator(context, async (operator) => {
    const input = { ...what, reason };
    const preview = await operator.call<Preview>("revocation.preview", { ...input, limit: LISTED });
    if (dryRun) return { data: preview, text: (style) => previewText(style, what, preview) };
    if (!yes) await confirm(context, what, preview);
    const { changed } = await operator.call<Enacted>("revocation.act", { ...input, scope: preview.scope });
    const { known, affected, installed } = preview;
    return {
      data: { changed, subject: known.subject, id: known.id, affected, installed },
      text: (style) => doneText(style, what, preview, changed),
    };
  });
}

async function confirm(context: ActContext, what: Act, preview: Preview): Promise<void> {
  const { io } = context;
  if (io.ask === null) {
    throw new Problem(
      "usage",
      "usage.not_confirmed",
      "This reaches every device: look at what it concerns with --dry-run, and add --yes to do it.",
    );
  }
  context.note(previewText(createStyle(io.errorColor, io.columns), what, preview));
  const answer = await io.ask("Type yes to do this: ");
  if (answer.trim().toLowerCase() !== "yes") {
    throw new Problem("usage", "usage.not_confirmed", "Nothing was done.");
  }
}

function previewText(style: Style, what: Act, preview: Preview): string {
  const { affected, versions } = preview;
  const rows = versions.items.map((row) => [
    row.appId,
    row.version,
    String(row.versionCode),
    row.state.replace("_", " "),
    row.organisationName,
  ]);
  const columns = [
    { title: "APP" },
    { title: "VERSION" },
    { title: "CODE", align: "end" },
    { title: "STATE" },
    { title: "PUBLISHER" },
  ] as const;
  const more = affected.versions - versions.items.length;
  return [
    fields(style, facts(what, preview)),
    ...(rows.length === 0 ? [] : ["", table(style, columns, rows)]),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ].join("\n");
}

function facts(what: Act, preview: Preview): [string, string][] {
  const { known, before, lowestBefore, affected, lineages, installed } = preview;
  const now = before === null ? "not revoked" : `${before.action}: ${before.reason}`;
  return [
    ["subject", `${known.subject} ${known.id}`],
    ["called", known.label === "" ? "–" : known.label],
    ...(lowestBefore === null
      ? ([
          ["now", now],
          ["then", thenOf(what)],
        ] as [string, string][])
      : ([["lowest version code", `${lowestBefore} now, ${what.versionCode} then`]] as [string, string][])),
    [
      "concerns",
      `${affected.versions} versions of ${affected.apps} apps: ${affected.published} published, ${affected.waiting} on their way`,
    ],
    ...(lineages === 0
      ? []
      : ([["key lineages", `of ${lineages} apps, of which new devices install nothing meanwhile`]] as [
          string,
          string,
        ][])),
    ...(isOwnKey(what, preview)
      ? ([["signed again", "all of it, by itself, once the store has another release key"]] as [
          string,
          string,
        ][])
      : []),
    [
      "installed",
      installed.known
        ? `on ${installed.devices} devices, as they reported since ${formatTime(installed.reportedSince)}`
        : "not known: devices do not report to this store",
    ],
  ];
}

const THEN: Readonly<Record<string, string>> = {
  block: "block: nobody installs it any more; installed copies stay",
  disable: "disable: nobody installs it any more; installed copies do not start",
  remove: "remove: nobody installs it any more; installed copies are taken away, their data stays",
};

/** What the store signed itself it can sign again. */
function isOwnKey(what: Act, { known }: Preview): boolean {
  return what.act === "revoke" && known.isRelease;
}

function thenOf(what: Act): string {
  if (what.act === "lift") return "not revoked";
  const until =
    what.approvalsUntil === undefined ? "" : `; approvals up to ${what.approvalsUntil} still count`;
  return `${THEN[String(what.action)] ?? what.action}${until}`;
}

function doneText(style: Style, what: Act, { known, affected }: Preview, changed: boolean): string {
  const name = style.bold(`${known.subject} ${known.id}`);
  if (!changed) return `${name}: nothing changed, it was so already.`;
  const reach = `It concerns ${affected.versions} versions of ${affected.apps} apps; devices follow at their next refresh.`;
  if (what.act === "lowest-version")
    return `The lowest version code of ${name} is ${what.versionCode}. ${reach}`;
  if (what.act === "lift") return `The revocation of the ${name} is lifted. ${reach}`;
  return `The ${name} is revoked (${what.action}). ${reach}`;
}
