/** What a demo says when it is ready: for a person an address, three logins and what to try; with --json one line. */
import { dirname, relative } from "node:path";
import type { Result } from "../command.ts";
import { LINE_END, type Style, shellWord, table } from "../style.ts";
import type { Demo } from "./seed.ts";

export type Shown = {
  readonly isKept: boolean;
  /** What a shell has to be told so that `mosis` is this program; null when nothing. */
  readonly alias: string | null;
};

export function demoResult(demo: Demo, shown: Shown): Result {
  return { data: demo, text: (style) => demoText(style, demo, shown) };
}

function demoText(style: Style, demo: Demo, { isKept, alias }: Shown): string {
  const logins = table(
    style,
    [{ title: "SIGN IN AS" }, { title: "EMAIL" }, { title: "PASSWORD" }],
    demo.accounts.map(({ role, email, password }) => [role, email, style.bold(password)]),
  );
  const apps = demo.apps.map(({ id, versionCode }) => `  ${id} (${versionCode})`);
  const folder = dirname(demo.deviceHome);
  const here = (path: string) => shellWord(relative(folder, path));
  const home = `--home ${here(demo.deviceHome)}`;
  const { file, certFile } = demo.key;
  const steps: readonly (readonly [string, string])[] = [
    ...(alias === null ? [] : [["call this program by its name", alias] as const]),
    ["go where the device and the key are", `cd ${shellWord(folder)}`],
    ["look at the device", `mosis device list ${home}`],
    ["check every byte of it", `mosis device verify ${home}`],
    ["undo the update", `mosis device rollback com.example.calculator ${home}`],
    ["sign an app of yours", `mosis sign FILE --key ${here(file)} --cert ${here(certFile)}`],
    ["speak to the store", `export MOSIS_STORE=${demo.url}`],
    ["as the developer", `export MOSIS_TOKEN=${demo.apiKey}`],
  ];
  return [
    "",
    style.good("The store is ready:"),
    `  ${style.bold(demo.url)}`,
    "",
    indented(logins),
    "",
    "Installed on the device:",
    ...apps,
    "",
    "Try next, in another terminal:",
    ...steps.flatMap(([what, line]) => [`  ${style.dim(`# ${what}`)}`, `  ${line}`]),
    "",
    ...(isKept
      ? ["Ctrl-C ends it. The folder is kept, and", "the same command starts it again:", `  ${demo.dataDir}`]
      : ["Ctrl-C ends it and removes all of it;", "--data DIR keeps it."]
    ).map(style.dim),
  ].join(LINE_END);
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
