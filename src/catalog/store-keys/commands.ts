/** The commands of a next step, as they are typed: on the store's machine, and on the one that holds the keys. Pure. */
import { RENEWABLE_CERTIFICATES, type Renewable } from "./changes.ts";
import type { NextStep } from "./overview.ts";

export type StepCommands = {
  readonly where: "here" | "there";
  readonly lines: readonly string[];
};

const RENEWABLES: readonly Renewable[] = [
  "root",
  "targets",
  "apps",
  ...(Object.keys(RENEWABLE_CERTIFICATES) as (keyof typeof RENEWABLE_CERTIFICATES)[]),
];
/** Where the guide has the other machine keep its keys. */
const OFFLINE = "./mosis-keys";

export function commandsOf(step: NextStep, dataDir: string): readonly StepCommands[] {
  const at = `--data ${quoted(dataDir)}`;
  const keys = "mosis admin keys";
  const here = (...lines: string[]): StepCommands => ({ where: "here", lines });
  const sign: StepCommands = {
    where: "there",
    lines: [
      `${keys} sign-request request.json --offline ${OFFLINE}`,
      `${keys} sign-request request.json --offline ${OFFLINE} --yes --out signed.json`,
    ],
  };
  const bring = here(`${keys} import signed.json ${at}`);
  const exported = (more = ""): readonly StepCommands[] => [
    here(`${keys} export-request${more} --out request.json ${at}`),
    sign,
    bring,
  ];
  switch (step.do) {
    case "release_revoked":
      return [here(step.waits ? `${keys} show ${at}` : `${keys} replace ${step.what} ${at}`)];
    // Put right by hand, in a file or in the configuration; these lines show whether it is.
    case "master_key":
    case "command_missing":
    case "command_fails":
      return [here(`${keys} show ${at}`)];
    case "overlong": {
      const byHand = Object.keys(RENEWABLE_CERTIFICATES).includes(step.what);
      if (step.inRequest) return [sign, bring];
      const renew = byHand ? [here(`${keys} renew ${step.what} ${at}`)] : [];
      if (step.renewedBy === "request") return [...renew, ...exported()];
      return byHand ? renew : [here(`mosis admin jobs list --state dead ${at}`)];
    }
    case "expired":
    case "list_expired":
    case "renewal_fails":
      if (step.do !== "renewal_fails" && step.renewedBy === "request")
        return step.inRequest ? [sign, bring] : exported();
      return [
        here(
          `mosis admin jobs list --state dead ${at}`,
          ...(RENEWABLES.some((what) => what === step.what) ? [`${keys} renew ${step.what} ${at}`] : []),
        ),
      ];
    case "request_renewal":
      return step.inRequest ? [sign, bring] : exported();
    case "export":
    case "export_newer":
    case "export_due":
    case "export_list":
      return exported();
    case "held_here":
      return [
        {
          where: "there",
          lines: [
            `${keys} init --offline ${OFFLINE}-new --only ${/^tuf-(targets|apps)/.exec(step.what)?.[1] ?? "root --root-keys 1"}`,
          ],
        },
        here(`${keys} replace ${step.what} --offline-keys public-keys.json ${at}`),
        ...exported(),
      ];
    case "import":
      return [sign, bring];
    case "move_offline":
      return [
        { where: "there", lines: [`${keys} init --offline ${OFFLINE}`] },
        ...exported(" --offline-keys public-keys.json"),
      ];
  }
}

/** As a POSIX shell reads it back. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
