import {
  type DeviceVerification,
  type Verification,
  verify,
  verifyWithCatalogue,
} from "../../device/verification.ts";
import { type ExitCode, PROBLEM_KINDS } from "../../errors.ts";
import { type Context, defineCommand, flag, optionalArgument, type Result } from "../command.ts";
import { detailLine } from "../report.ts";
import { LINE_END, type Style } from "../style.ts";
import { parseAppId } from "../values.ts";
import { deviceOptions, onDevice, strange } from "./device-command.ts";

const args = { app: optionalArgument("APP", "the app's id; without it all installed apps", parseAppId) };
const options = {
  offline: flag("--offline", "do not follow the catalogue: check against what was last seen of it"),
  ...deviceOptions,
};

export const deviceVerifyCommand = defineCommand({
  name: "verify",
  summary: "Check that what is installed still is what was signed.",
  description: [
    "Hashes every installed file, also of the versions that are kept to go back to, checks the developer's and the store's signature, follows the store's catalogue, and proves that the approval and the publication of what is installed are in the store's log.",
    "A release that the store's index does not list any more cannot be looked up in the log; that is told and is no failure. With --offline the log is not asked.",
    "Exit code 1 when something is not as it was signed, 3 when all is, but the catalogue could not be reached. What is changed is mended by `mosis device install APP`; what rests on an authority that is not trusted any more, by an update: the output says which.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis device verify --home ~/device", does: "checks everything" },
    {
      line: "mosis device verify com.example.notes --offline --home ~/device",
      does: "checks one app, without a network",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { offline } = context.options;
  const app = context.arguments.app ?? null;
  const { apps, catalogueProblem } = await onDevice(
    context,
    async (device): Promise<DeviceVerification> =>
      offline
        ? { apps: await verify(device, app), catalogueProblem: null }
        : verifyWithCatalogue(device, app),
  );
  const whole = apps.every(({ ok }) => ok);
  const catalogue = {
    verdict: offline ? "not checked" : catalogueProblem === null ? "ok" : "failed",
    problem:
      catalogueProblem === null
        ? null
        : {
            code: catalogueProblem.code,
            message: catalogueProblem.message,
            details: catalogueProblem.details,
          },
  };
  const exitCode: ExitCode = !whole
    ? 1
    : catalogueProblem === null
      ? 0
      : PROBLEM_KINDS[catalogueProblem.kind].exitCode;
  return {
    data: {
      ok: whole && catalogueProblem === null,
      catalogue,
      apps: apps.map(({ appId, ...rest }) => ({ id: appId, ...rest })),
    },
    exitCode,
    text: (style) =>
      [
        ...(offline ? [] : [catalogueText(style, catalogue)]),
        ...apps.flatMap((one) => appText(style, one)),
        ...(apps.length === 0 ? ["Nothing is installed."] : []),
        ...advice(apps),
      ].join(LINE_END),
  };
}

const DISTRUSTED = {
  developer:
    "the authority of its developer's certificate is not trusted any more: only a new version mends it",
  store:
    "the authority of the store's signature is not trusted any more: mended once the store has signed it again",
} as const;

/** What a person can do here: nothing about a signature that its developer has to give again. */
function advice(apps: readonly Verification[]): string[] {
  const failed = apps.filter(({ ok }) => !ok);
  const current = failed.filter(({ role }) => role === "current");
  const mendable = failed.filter(({ distrusted }) => distrusted === null);
  return [
    ...(mendable.length === 0 ? [] : ["", "Mend an app with: mosis device install APP"]),
    ...(failed.some(({ distrusted }) => distrusted === "store")
      ? ["", "Fetch what the store has signed again with: mosis device update"]
      : []),
    ...(current.some(({ distrusted }) => distrusted === "developer")
      ? [
          "",
          "What runs goes on running. A new version comes with mosis device update, once its developer has signed one.",
        ]
      : []),
  ];
}

type CatalogueData = { readonly problem: { readonly code: string; readonly message: string } | null };

function catalogueText(style: Style, { problem }: CatalogueData): string {
  return problem === null
    ? `${style.good("ok")}      the store's catalogue`
    : `${style.bad("failed")}  the store's catalogue: ${strange(problem.message)} ${style.dim(`[${problem.code}]`)}`;
}

function appText(style: Style, one: Verification): string[] {
  const kept = one.role === "previous" ? ", kept" : "";
  return [
    `${one.ok ? style.good("ok    ") : style.bad("failed")}  ${style.bold(one.appId)} (${one.versionCode}${kept})`,
    ...(one.distrusted === null ? [] : [`  ${DISTRUSTED[one.distrusted]}`]),
    ...one.problems.map(({ path, problem }) => `  ${strange(path)} is ${problem}`),
    ...(one.log === "not listed" ? ["  is not listed any more, so its place in the log is not known"] : []),
    ...one.findings.map((finding) => detailLine(finding, style)),
  ];
}
