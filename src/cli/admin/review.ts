import type { FindingView, VersionView } from "../../catalog/views.ts";
import { Problem } from "../../errors.ts";
import { isVersionCode } from "../../ids.ts";
import { pause } from "../client.ts";
import {
  argument,
  type Context,
  defineCommand,
  flag,
  option,
  type Result,
  requiredOption,
} from "../command.ts";
import { type Operator, withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { fields, formatSize, formatTime, LINE_END } from "../style.ts";
import { listCommand } from "./operation-command.ts";

/** As JSON has it. */
type Version = Pick<
  VersionView,
  "id" | "version" | "versionCode" | "state" | "notes" | "translatedNotes" | "uploadSizeBytes"
> & {
  appId: string;
  submittedAt: string | null;
};
type QueueItem = {
  app: { id: string; name: string; organisationName: string };
  version: Version;
  texts: { name: string; summary: string } | null;
};
type Details = {
  app: QueueItem["app"];
  texts: QueueItem["texts"];
  version: Version & { contentDigest: string | null; developerKeyid: string | null };
  published: Version | null;
  findings: FindingView[];
  checks: { name: string; verdict: string }[];
  manifest: { permissions?: { name: string }[]; network?: { hosts: string[] } } | null;
};

const reference = {
  app: argument("APP", "the app's id"),
  code: argument("CODE", "the version code", versionCode),
};

function versionCode(text: string): number {
  const code = Number(text);
  if (!/^\d+$/.test(text) || !isVersionCode(code))
    throw new Error("a version code is a whole number from 1 to 2147483647");
  return code;
}

export const reviewListCommand = listCommand<QueueItem>({
  summary: "List what waits for a review, oldest first.",
  operation: "review.list",
  columns: [
    ["App", ({ app }) => app.id],
    ["Version", ({ version }) => version.version],
    ["Code", ({ version }) => String(version.versionCode), "end"],
    ["Publisher", ({ app }) => app.organisationName],
    ["Waits since", ({ version }) => formatTime(version.submittedAt)],
  ],
  empty: "Nothing waits for a review.",
  examples: [{ line: "mosis admin review list --data /srv/mosis", does: "prints the queue" }],
});

export const reviewShowCommand = defineCommand({
  name: "show",
  summary: "Show what a reviewer needs to know about a version.",
  arguments: reference,
  options: dataOptions,
  examples: [
    {
      line: "mosis admin review show com.example.notes 3 --data /srv/mosis",
      does: "prints facts, checks and findings",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const details = await operator.call<Details>("review.show", named(context));
      const { app, version, texts, published, manifest } = details;
      return {
        data: details,
        text: (style) =>
          [
            fields(style, [
              ["app", `${app.id} (${texts?.name ?? app.name}), by ${app.organisationName}`],
              ["summary", texts?.summary || "none"],
              ["version", `${version.version} (${version.versionCode}), ${version.state.replace("_", " ")}`],
              [
                "published",
                published ? `${published.version} (${published.versionCode}), as ${app.name}` : "nothing yet",
              ],
              ["size", formatSize(version.uploadSizeBytes)],
              ["content digest", version.contentDigest ?? "not known yet"],
              ["signing key", version.developerKeyid ?? "not known yet"],
              ["permissions", manifest?.permissions?.map(({ name }) => name).join(", ") || "none"],
              ["hosts", manifest?.network?.hosts.join(", ") || "none"],
              ["notes", version.notes || "none"],
              ...Object.entries(version.translatedNotes).map(
                ([tag, text]) => [`notes (${tag})`, text] as const,
              ),
              ["checks", details.checks.map((check) => `${check.name} ${check.verdict}`).join(", ")],
            ]),
            ...details.findings.map(
              (finding) => `${finding.severity} ${finding.code} ${finding.entry ?? ""}: ${finding.message}`,
            ),
          ].join(LINE_END),
      };
    }),
});

const waiting = { noWait: flag("--no-wait", "do not wait until it is signed and published") };

export const reviewApproveCommand = defineCommand({
  name: "approve",
  summary: "Approve a version: the store signs it and, unless it is on hold, publishes it.",
  arguments: reference,
  options: { ...dataOptions, reason: option("--reason", "TEXT", "a word to the developer"), ...waiting },
  examples: [
    {
      line: "mosis admin review approve com.example.notes 3 --data /srv/mosis",
      does: "approves and waits until it is out",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { reason, noWait } = context.options;
      const input = named(context);
      const version = await operator.call<Version>("review.approve", {
        ...input,
        ...(reason === undefined ? {} : { reason }),
      });
      if (noWait) return decided(version);
      const outcome = await settled(operator, input, context);
      if (outcome.state !== "failed") return decided(outcome);
      throw new Problem(
        "conflict",
        "review.file_damaged",
        `${outcome.appId} ${outcome.version} (${outcome.versionCode}) was approved and not signed: the stored file is not the one that was approved any more. The developer has to upload it again, and “mosis admin reconcile” names what else is damaged.`,
      );
    }),
});

export const reviewRejectCommand = defineCommand({
  name: "reject",
  summary: "Reject a version and tell the developer why.",
  arguments: reference,
  options: { ...dataOptions, reason: requiredOption("--reason", "TEXT", "what is to be mended") },
  examples: [
    {
      line: 'mosis admin review reject com.example.notes 3 --reason "It crashes at start." --data /srv/mosis',
      does: "rejects it",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      decided(
        await operator.call<Version>("review.reject", { ...named(context), reason: context.options.reason }),
      ),
    ),
});

const WAIT_MS = 60_000;

/** Signing and publishing are jobs of the server; they take well under a second unless something is wrong. */
async function settled(
  operator: Operator,
  input: { appId: string; versionCode: number },
  context: Pick<Context, "io" | "note">,
): Promise<Version> {
  const until = context.io.clock.now().getTime() + WAIT_MS;
  for (;;) {
    const { version } = await operator.call<Details>("review.show", input);
    if (version.state !== "signing" && version.state !== "publishing") return version;
    if (context.io.clock.now().getTime() > until) {
      throw new Problem(
        "unreachable",
        "review.not_settled",
        `The approval is recorded, but the version is still ${version.state} after ${WAIT_MS / 1000} seconds: “mosis admin jobs” says what holds it up.`,
      );
    }
    await pause(50, context.io.signal);
  }
}

function named(context: { arguments: { app: string; code: number } }): {
  appId: string;
  versionCode: number;
} {
  return { appId: context.arguments.app, versionCode: context.arguments.code };
}

function decided(version: Version): Result {
  return {
    data: version,
    text: (style) =>
      `${style.bold(`${version.appId} ${version.version} (${version.versionCode})`)} is ${version.state.replace("_", " ")}.`,
  };
}
