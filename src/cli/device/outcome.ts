/** What an install, an update or a rollback came to, as JSON and in words. */
import type { InstallOutcome } from "../../device/installer.ts";
import type { KeptOutcome } from "../../device/mend-copy.ts";
import type { Download } from "../../device/obtain.ts";
import type { ExitCode } from "../../errors.ts";
import { formatSize, LINE_END, type Style } from "../style.ts";
import { strange } from "./device-command.ts";

/** The names in this are an interface. */
export function outcomeData({ appId, ...outcome }: InstallOutcome) {
  return { id: appId, ...outcome };
}

/** That the version to go back to could not be mended is told by the exit code, too. */
export function outcomeExitCode({ kept }: InstallOutcome): ExitCode {
  return kept?.action === "refused" ? 1 : 0;
}

export function outcomeText(style: Style, outcome: InstallOutcome): string {
  const { kept } = outcome;
  const more = [...noticedLines(style, outcome), ...(kept === null ? [] : [keptText(style, outcome, kept)])];
  return [ownText(style, outcome), ...more].join(LINE_END);
}

/** What the store tells people beside; the reason of what is yanked stands where that is said. */
function noticedLines(style: Style, { appId, noticed: { deprecated } }: InstallOutcome): readonly string[] {
  if (deprecated === null) return [];
  const instead = deprecated.instead === null ? "" : ` Instead: ${deprecated.instead}`;
  return [`${style.warn("Deprecated")} ${style.bold(appId)}: ${strange(deprecated.text)}${instead}`];
}

function keptText(style: Style, { appId }: InstallOutcome, kept: KeptOutcome): string {
  const what = `${style.bold(appId)} ${strange(kept.version)} (${kept.versionCode}, kept)`;
  const { problem, download } = kept;
  if (kept.action === "refused")
    return `${style.bad("Not mended")} ${what}: ${strange(problem?.message ?? "")} ${style.dim(`[${problem?.code ?? ""}]`)}`;
  const size = download === null ? "" : `: ${downloadText(download)}`;
  return `${mendedText(style, kept.action, what)}${size}`;
}

function mendedText(style: Style, action: "repaired" | "signed-again", what: string): string {
  return action === "repaired"
    ? `${style.good("Repaired")} ${what}: its files were not what was signed`
    : `${style.good("Signed again")} ${what}: the store's signature did not count any more, and it gave another; the files were as they should be`;
}

function ownText(style: Style, outcome: InstallOutcome): string {
  const { download } = outcome;
  if (download === null) return actionText(style, outcome);
  return [
    `${actionText(style, outcome)}: ${downloadText(download)}`,
    ...download.refused.map(
      ({ way, code, message }) =>
        `  ${style.warn("Not by")} the ${WAYS[way]}: ${strange(message)} ${style.dim(`[${code}]`)}`,
    ),
  ].join(LINE_END);
}

const WAYS: Readonly<Record<Download["way"], string>> = {
  delta: "delta",
  compact: "compact form",
  package: "package",
};

function downloadText({ way, receivedBytes, packageBytes }: Download): string {
  const size = formatSize(receivedBytes);
  if (way === "package") return `${size} downloaded`;
  return `${size} downloaded as ${way === "delta" ? "a delta" : "its compact form"}, the package has ${formatSize(packageBytes)}`;
}

function actionText(style: Style, outcome: InstallOutcome): string {
  const what = `${style.bold(outcome.appId)} ${strange(outcome.version)} (${outcome.versionCode})`;
  const before = outcome.previousVersionCode === null ? "" : `, from ${outcome.previousVersionCode}`;
  switch (outcome.action) {
    case "installed":
      return `${style.good("Installed")} ${what}`;
    case "updated":
      return `${style.good("Updated")} ${what}${before}`;
    case "rolled-back":
      return `${style.good("Went back")} to ${what}${before}`;
    case "repaired":
    case "signed-again":
      return mendedText(style, outcome.action, what);
    case "current":
      return `${what} is installed, and the newest for this device`;
    case "yanked": {
      const { yanked } = outcome.noticed;
      return `${what} stays: its developers yanked it, so nobody else gets it, and nothing newer is offered${yanked === null ? "" : `. The reason given: ${strange(yanked)}`}`;
    }
    case "kept":
      return `${what} stays: you went back to it. Update it by name to have the newest again`;
  }
}
