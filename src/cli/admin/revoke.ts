/** `mosis admin revoke`, `lift` and `lowest-version`: shows what an act concerns, asks, and does exactly that. */
import type { Enacted } from "../../catalog/revocation/act.ts";
import {
  BLAST_RADIUS_LISTED,
  type BlastRadius,
  blastRadiusText,
  confirmBlastRadius,
  exactText,
  nameText,
  reachText,
  staysText,
  THEN,
} from "../blast-radius.ts";
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
import type { Style } from "../style.ts";
import { parseAppId, parseTime, parseVersionCode } from "../values.ts";

const shared = {
  ...dataOptions,
  reason: requiredOption("--reason", "TEXT", "why, in one line: people read it on their devices"),
  yes: flag("--yes", "do not ask"),
  dryRun: flag("--dry-run", "show what it concerns, and do nothing"),
};
const target = {
  subject: argument("SUBJECT", "package, key, certificate, app or developer"),
  id: argument(
    "ID",
    "content digest, key id, SHA-256 of the certificate, app id or organisation id",
    // As people copy it: with its digits in groups.
    (text) => text.replaceAll(" ", ""),
  ),
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
    const preview = await operator.call<BlastRadius>("revocation.preview", {
      ...input,
      limit: BLAST_RADIUS_LISTED,
    });
    const then = thenOf(what);
    if (dryRun) return { data: preview, text: (style) => blastRadiusText(style, preview, then) };
    if (!yes) await confirmBlastRadius(context, preview, then);
    const { changed } = await operator.call<Enacted>("revocation.act", { ...input, scope: preview.scope });
    const { known, affected, staysOut, installed } = preview;
    return {
      data: { changed, subject: known.subject, id: known.id, affected, staysOut, installed },
      text: (style) => doneText(style, what, preview, changed),
    };
  });
}

function thenOf(what: Act): string {
  if (what.act === "lift") return "not revoked";
  if (what.act === "lowest-version") return String(what.versionCode);
  const until =
    what.approvalsUntil === undefined
      ? ""
      : `; approvals up to ${exactText(String(what.approvalsUntil))} still count`;
  return `${THEN[String(what.action)] ?? what.action}${until}`;
}

function doneText(
  style: Style,
  what: Act,
  { known, affected, returns, staysOut }: BlastRadius,
  changed: boolean,
): string {
  const name = style.bold(nameText(known));
  if (!changed) return `${name}: nothing changed, it was so already.`;
  const stays = staysOut.length === 0 ? "" : ` What stays out: ${staysText({ staysOut })}.`;
  const reach = `${returns ? "What comes back" : "What it concerns"}: ${reachText(affected)}; devices follow at their next refresh.${stays}`;
  if (what.act === "lowest-version")
    return `The lowest version code of ${name} is ${what.versionCode}. ${reach}`;
  if (what.act === "lift") return `The revocation of the ${name} is lifted. ${reach}`;
  return `The ${name} is revoked (${what.action}). ${reach}`;
}
