/** `mosis admin keys distrust`: shows what devices would refuse, and does it with --yes. */
import type { DistrustScope } from "../../../catalog/store-keys/distrust.ts";
import type { ChangeOutcome } from "../../../catalog/store-keys/operations.ts";
import { fingerprintText } from "../../../signing/keys.ts";
import { counted } from "../../blast-radius.ts";
import { argument, defineCommand, flag } from "../../command.ts";
import { withOperator } from "../../operator.ts";
import { dataOptions } from "../../store-options.ts";
import { BLANK_LINE, LINE_END, type Style, table } from "../../style.ts";
import { leftLines, type WithLeft } from "./left.ts";

export const keysDistrustCommand = defineCommand({
  name: "distrust",
  summary:
    "Take the certificates of an authority's old key from trust/ca.pem, since somebody else may have it.",
  description: [
    "Replace the key first. Devices then refuse every package whose developer's or store's signature rests on those certificates alone, and new devices every app whose list of signing keys does: without --yes it lists them and changes nothing.",
    "Its own signatures the store gives again by itself. Developers whose certificates are among those that are refused enrol their keys again, and submit a new version of each app that is listed.",
  ],
  arguments: { name: argument("NAME", "the key's name: an old one of the root or of the Developer CA") },
  options: { ...dataOptions, yes: flag("--yes", "do it") },
  examples: [
    {
      line: "mosis admin keys distrust ca-developer --data /srv/mosis",
      does: "shows what devices would refuse",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { name } = context.arguments;
      if (!context.options.yes) {
        const scope = await operator.call<DistrustScope>("keys.distrust_scope", { name });
        return {
          data: { applied: false, scope },
          text: (style) => `${shown(style, scope)}${BLANK_LINE}Nothing was changed: add --yes to do it.`,
        };
      }
      type Done = ChangeOutcome & WithLeft & { scope: DistrustScope };
      const done = await operator.call<Done>("keys.distrust", { name });
      const last = done.applied
        ? "Done: devices follow at their next refresh."
        : "It waits for keys that are on another machine. Next: mosis admin keys export-request";
      return {
        data: done,
        text: (style) =>
          `${shown(style, done.scope)}${BLANK_LINE}${[last, ...leftLines(done)].join(LINE_END)}`,
      };
    }),
});

const RESTS_ON = { developer: "the developer's", release: "the store's", both: "both" } as const;

function byWhom({ signedAgain, restsOn }: DistrustScope["versions"][number]): string {
  if (signedAgain) return "the store, by itself";
  return restsOn === "release" ? "nobody" : "its developer, as a new version";
}

function shown(style: Style, scope: DistrustScope): string {
  const { certificates, versions, lineages, apps, developerCertificates, developers, moreDevelopers } = scope;
  const healed = [...versions, ...lineages].filter(({ signedAgain }) => signedAgain).length;
  return [
    ...certificates.map(({ kind, sha256 }) => `${fingerprintText(sha256)}  ${kind}`),
    "",
    `Devices would refuse ${counted(versions.length, "version")} and ${counted(lineages.length, "key lineage")} of ${counted(apps, "app")}, and ${counted(developerCertificates, "certificate")} of developers.`,
    ...(developers.length === 0
      ? []
      : [
          "",
          "These organisations would have to enrol keys again, or sign versions again. Their owners are told when it takes effect:",
          "",
          table(
            style,
            [
              { title: "Organisation" },
              { title: "Id" },
              { title: "Keys", align: "end" },
              { title: "Versions", align: "end" },
            ],
            developers.map(({ name, developerId, keys, versions: its }) => [
              name,
              developerId,
              String(keys),
              String(its),
            ]),
          ),
          ...(moreDevelopers === 0 ? [] : [`and ${counted(moreDevelopers, "organisation")} more`]),
        ]),
    ...(healed === 0 ? [] : [`The store signs ${healed} of them again by itself right after.`]),
    ...(versions.length === 0
      ? []
      : [
          "",
          table(
            style,
            [
              { title: "App" },
              { title: "Version" },
              { title: "Code", align: "end" },
              { title: "State" },
              { title: "Signature" },
              { title: "Signed again by" },
            ],
            versions.map((one) => [
              one.appId,
              one.version,
              String(one.versionCode),
              one.state,
              RESTS_ON[one.restsOn],
              byWhom(one),
            ]),
          ),
        ]),
    ...(lineages.length === 0
      ? []
      : [
          "",
          "New devices would take no version at all of these, since they would refuse the list of keys that may sign them:",
          "",
          table(
            style,
            [
              { title: "App" },
              { title: "Keys", align: "end" },
              { title: "Signature" },
              { title: "Signed again by" },
            ],
            lineages.map((one) => [
              one.appId,
              String(one.keys),
              RESTS_ON[one.restsOn],
              one.signedAgain ? "the store, by itself" : "nobody",
            ]),
          ),
        ]),
  ].join(LINE_END);
}
