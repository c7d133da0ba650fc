/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { CodeBlock } from "./code.tsx";

/** The way from nothing to a submitted version, in the commands of the developer's tool. */
export function commandsForNewApp(storeUrl: string, name = "hello"): string {
  return [
    `export MOSIS_STORE=${storeUrl}`,
    "export MOSIS_TOKEN=YOUR_API_KEY",
    `mosis new ${name} && cd ${name}`,
    "mosis keys new && mosis keys enroll",
    `mosis pack . -o ${name}.mosis`,
    `mosis sign ${name}.mosis`,
    `mosis submit ${name}.mosis --notes "First version"`,
  ].join("\n");
}

/** A word of a command line as shells read it (POSIX, “Quoting”). */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The way from an app that was created to its first version: each as it is to be typed. */
export function commandsForFirstVersion(
  storeUrl: string,
  app: { readonly id: string; readonly name: string },
): string {
  const folder = app.id.split(".").at(-1) ?? app.id;
  return [
    `mosis login ${storeUrl}`,
    `mosis new ${folder} --id ${app.id} --name ${quoted(app.name)}`,
    `cd ${folder}`,
    `mosis keys new && mosis keys enroll --store ${storeUrl}`,
    `mosis pack . -o ${folder}.mosis`,
    `mosis sign ${folder}.mosis`,
    `mosis submit ${folder}.mosis --store ${storeUrl} --notes 'First version.'`,
  ].join("\n");
}

/** Commands in a block, with a title. */
export function Commands(props: { ctx: PageContext; id: string; code: string }): JSX.Element {
  return (
    <CodeBlock ctx={props.ctx} id={props.id} title={props.ctx.t("code.in_terminal")} code={props.code} />
  );
}
