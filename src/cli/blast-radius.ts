/** What revoking, lifting or a lowest version concerns, for people: shown before it is asked whether to do it. */
import type { Installed } from "../catalog/revocation/installed.ts";
import { digitsText } from "../signing/keys.ts";
import { formatTime as exact } from "../signing/times.ts";
import { type Asking, confirm } from "./confirm.ts";
import { fields, formatTime, LINE_END, type Style, table } from "./style.ts";

export type Affected = { apps: number; versions: number; published: number; waiting: number };

export type BlastRadius = {
  known: { subject: string; id: string; label: string; isRelease: boolean };
  before: { action: string; reason: string; approvalsUntil: string | null } | null;
  lowestBefore: number | null;
  /** Whether what it concerns comes back. */
  returns: boolean;
  affected: Affected;
  /** Versions that come back beside, with a later time up to which approvals count. */
  offeredAgain: number;
  /** What a lift does not bring back, and why. */
  staysOut: readonly { because: string; versions: number }[];
  lineages: number;
  fetches: number;
  installed: Extract<Installed, { known: false }> | { known: true; devices: number; reportedSince: string };
  versions: {
    items: readonly {
      appId: string;
      versionCode: number;
      version: string;
      state: string;
      organisationName: string;
    }[];
  };
  scope: string;
};

/** How many versions are named; how many there are is said in any case. */
export const BLAST_RADIUS_LISTED = 20;

/** What holds with each action. */
export const THEN: Readonly<Record<string, string>> = {
  block: "block: nobody installs it any more; installed copies stay",
  disable: "disable: nobody installs it any more; installed copies do not start",
  remove: "remove: nobody installs it any more; installed copies are taken away, their data stays",
};

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** With the digits of a key or certificate in groups, as people compare them. */
export function nameText({ subject, id }: BlastRadius["known"]): string {
  return `${subject} ${digitsText(id)}`;
}

const reachedApps = ({ apps }: Affected): string => (apps === 1 ? "the app" : "the apps");

export function reachText({ apps, versions }: Affected): string {
  return `${counted(versions, "version")} of ${counted(apps, "app")}`;
}

const BECAUSE: Readonly<Record<string, string>> = {
  app: "the app is revoked",
  package: "the package itself is revoked",
  developer: "the developer is revoked",
  key: "the key that signed is revoked",
  certificate: "the certificate that signed is revoked",
  lowest: "below the app's lowest version",
};

/** What is not offered again, and what keeps it. */
export function staysText({ staysOut }: Pick<BlastRadius, "staysOut">): string {
  return staysOut
    .map(({ because, versions }) => `${counted(versions, "version")}: ${BECAUSE[because] ?? because}`)
    .join("; ");
}

/** @param then What holds afterwards, in words. */
export function blastRadiusText(style: Style, radius: BlastRadius, then: string): string {
  const { affected, versions } = radius;
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
    fields(style, facts(radius, then)),
    ...(rows.length === 0 ? [] : ["", table(style, columns, rows)]),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ].join(LINE_END);
}

function facts(radius: BlastRadius, then: string): (readonly [string, string])[] {
  const { known, before, lowestBefore, returns, affected, lineages, installed } = radius;
  const { published, waiting } = affected;
  return [
    ["subject", nameText(known)],
    ["called", known.label === "" ? "–" : known.label],
    ...(lowestBefore === null
      ? ([
          [
            "now",
            before === null
              ? "not revoked"
              : `${before.action}${untilText(before.approvalsUntil)}: ${before.reason}`,
          ],
          ["then", then],
        ] as const)
      : ([["lowest version code", `${lowestBefore} now, ${then} then`]] as const)),
    [
      returns ? "comes back" : "concerns",
      `${reachText(affected)}: ${published} published, ${waiting} on their way`,
    ],
    ...(radius.offeredAgain === 0
      ? []
      : ([
          [
            "offered again",
            `${counted(radius.offeredAgain, "version")}, approved before the time that is named`,
          ],
        ] as const)),
    ...(radius.staysOut.length === 0 ? [] : ([["stays out", staysText(radius)]] as const)),
    ...(lineages === 0
      ? []
      : ([
          ["key lineages", `of ${counted(lineages, "app")}, of which new devices install nothing meanwhile`],
        ] as const)),
    // What the store signed itself it can sign again.
    ...(known.isRelease && !returns
      ? ([["signed again", "all of it, by itself, once the store has another release key"]] as const)
      : []),
    [
      "installed",
      installed.known
        ? `on ${counted(installed.devices, "device")}, as they reported since ${formatTime(installed.reportedSince)}`
        : "not known: devices do not report to this store",
    ],
    [
      "fetched",
      `${reachedApps(affected)} ${counted(radius.fetches, "time")} in all, by installations and updates`,
    ],
  ];
}

const untilText = (until: string | null | undefined): string =>
  until ? `, approvals up to ${exactText(until)} still count` : "";

/** With the seconds, which decide which approvals count. */
export function exactText(time: string): string {
  return exact(new Date(time));
}

/** Shows it and asks. @throws Problem as confirm */
export async function confirmBlastRadius(asking: Asking, radius: BlastRadius, then: string): Promise<void> {
  await confirm(
    asking,
    (style) => blastRadiusText(style, radius, then),
    "This reaches every device: look at what it concerns with --dry-run, and add --yes to do it.",
  );
}
