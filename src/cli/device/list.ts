import { identity } from "../../device/device.ts";
import { type InstalledApp, list } from "../../device/inventory.ts";
import { type Context, defineCommand, type Result } from "../command.ts";
import { formatTime, type Style, table } from "../style.ts";
import { deviceOptions, onDevice, strange } from "./device-command.ts";

export const deviceListCommand = defineCommand({
  name: "list",
  summary: "List what is installed on the device.",
  description: [
    "Works without a network. What the store has revoked stands there with the reason, as of the last refresh: blocked starts still and is not installed again, disabled does not start.",
  ],
  arguments: {},
  options: deviceOptions,
  examples: [
    { line: "mosis device list --home ~/device", does: "shows apps, versions and what may be gone back to" },
  ],
  run,
});

async function run(context: Context<Record<never, never>, typeof deviceOptions>): Promise<Result> {
  const { device, apps } = await onDevice(context, async (opened) => ({
    device: identity(opened),
    apps: list(opened),
  }));
  return {
    data: { ...device, apps: apps.map(({ appId, ...app }) => ({ id: appId, ...app })) },
    text: (style) => listText(style, apps),
  };
}

function listText(style: Style, apps: readonly InstalledApp[]): string {
  if (apps.length === 0) return "Nothing is installed.";
  const rows = apps.map((app) => [
    app.appId,
    strange(app.name),
    strange(app.version),
    String(app.versionCode),
    app.previousVersionCode === null ? "–" : String(app.previousVersionCode),
    formatTime(app.installedAt),
    stateText(style, app),
  ]);
  const columns = [
    { title: "APP" },
    { title: "NAME" },
    { title: "VERSION" },
    { title: "CODE", align: "end" },
    { title: "KEPT", align: "end" },
    { title: "INSTALLED" },
    { title: "STATE" },
  ] as const;
  return table(style, columns, rows);
}

function stateText(style: Style, { state, reason, noticed }: InstalledApp): string {
  if (state === "ready") return [style.good(state), ...noticedTexts(style, noticed)].join("; ");
  const shown = state === "blocked" ? style.warn(state) : style.bad(state);
  return `${shown}: ${strange(reason ?? "")}`;
}

function noticedTexts(style: Style, { yanked, deprecated }: InstalledApp["noticed"]): readonly string[] {
  const instead = deprecated?.instead ? ` (instead: ${deprecated.instead})` : "";
  return [
    ...(yanked === null ? [] : [`${style.warn("yanked")}: ${strange(yanked)}`]),
    ...(deprecated === null ? [] : [`${style.warn("deprecated")}: ${strange(deprecated.text)}${instead}`]),
  ];
}
