/** What a demo says when it is ready: for a person an address, three logins and what to try; with --json one line. */
import type { Result } from "../command.ts";
import { type Style, table } from "../style.ts";
import type { Demo } from "./seed.ts";

export function demoResult(demo: Demo, isKept: boolean): Result {
  return { data: demo, text: (style) => demoText(style, demo, isKept) };
}

function demoText(style: Style, demo: Demo, isKept: boolean): string {
  const logins = table(
    style,
    [{ title: "SIGN IN AS" }, { title: "EMAIL" }, { title: "PASSWORD" }],
    demo.accounts.map(({ role, email, password }) => [role, email, style.bold(password)]),
  );
  const apps = demo.apps.map(({ id, versionCode }) => `${id} (${versionCode})`).join(", ");
  const steps: readonly (readonly [string, string])[] = [
    ["look at the device", `mosis device list --home ${demo.deviceHome}`],
    ["check every byte of it", `mosis device verify --home ${demo.deviceHome}`],
    ["undo the update", `mosis device rollback com.example.calculator --home ${demo.deviceHome}`],
    ["speak to the store", `export MOSIS_STORE=${demo.url} MOSIS_TOKEN=${demo.apiKey}`],
    ["sign an app of yours", `mosis sign FILE --key ${demo.key.file} --cert ${demo.key.certFile}`],
  ];
  return [
    "",
    `${style.good("The store is ready:")} ${style.bold(demo.url)}`,
    "",
    indented(logins),
    "",
    `Installed on the device: ${apps}`,
    "",
    "Try next:",
    ...steps.flatMap(([what, line]) => [`  ${style.dim(`# ${what}`)}`, `  ${line}`]),
    "",
    style.dim(
      isKept
        ? `Ctrl-C ends it; ${demo.dataDir} is kept, and the same command starts it again.`
        : "Ctrl-C ends it and removes all of it; --data DIR keeps it.",
    ),
  ].join("\n");
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
