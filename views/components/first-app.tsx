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

/** The commands for the next version of an app that is there. */
export function commandsForUpdate(storeUrl: string, appId: string): string {
  return [
    `export MOSIS_STORE=${storeUrl}`,
    `mosis pack . -o ${appId}.mosis`,
    `mosis sign ${appId}.mosis`,
    `mosis submit ${appId}.mosis --notes "What is new"`,
  ].join("\n");
}

/** Commands in a block, with a title. */
export function Commands(props: { ctx: PageContext; id: string; code: string }): JSX.Element {
  return (
    <CodeBlock ctx={props.ctx} id={props.id} title={props.ctx.t("code.in_terminal")} code={props.code} />
  );
}
