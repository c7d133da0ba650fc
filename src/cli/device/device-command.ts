/** What all device commands share: which home they work on, their progress bar, and texts of strangers made harmless. */
import type { Device, DeviceProgress } from "../../device/context.ts";
import { type DeviceOptions, withDevice } from "../../device/device.ts";
import type { Enforced } from "../../device/revocations.ts";
import { Problem } from "../../errors.ts";
import { type Arguments, type Context, option } from "../command.ts";
import type { Progress } from "../progress.ts";
import { safeForTerminal } from "../style.ts";

export const deviceOptions = {
  home: option("--home", "DIR", "the device's folder (or MOSIS_DEVICE_HOME)"),
};

type DeviceContext = Pick<
  Context<Arguments, typeof deviceOptions>,
  "options" | "io" | "json" | "path" | "progress" | "note"
>;

/** Opens the device that the command line names, runs `work`, and closes it whatever happens. */
export async function onDevice<T>(context: DeviceContext, work: (device: Device) => Promise<T>): Promise<T> {
  return withDeviceOptions(context, (options) => withDevice(options, work));
}

/** The same for what does not open a device: the progress bar goes when `work` ends. @throws Problem `device.home_missing` */
export async function withDeviceOptions<T>(
  context: DeviceContext,
  work: (options: DeviceOptions) => Promise<T>,
): Promise<T> {
  const bar = downloadBar(context);
  try {
    return await work({
      home: chosenHome(context),
      clock: context.io.clock,
      signal: context.io.signal,
      onProgress: bar.show,
      onEnforced: (change) => {
        bar.end();
        context.note(enforcedLine(change));
      },
    });
  } finally {
    bar.end();
  }
}

function chosenHome(context: DeviceContext): string {
  const home = context.options.home ?? context.io.environment.MOSIS_DEVICE_HOME;
  if (home !== undefined && home !== "") return context.path(home);
  throw new Problem(
    "usage",
    "device.home_missing",
    "Say which folder is the device's: --home DIR, or MOSIS_DEVICE_HOME.",
  );
}

const LABELS = { download: "Downloading", check: "Checking", write: "Installing" } as const;

/** One bar for each app and phase whose size is known. */
function downloadBar(context: DeviceContext) {
  let bar: Progress | null = null;
  let of = "";
  const end = () => {
    bar?.end();
    bar = null;
    of = "";
  };
  return {
    end,
    show({ phase, appId, doneBytes, totalBytes }: DeviceProgress) {
      if (phase === "catalogue" || totalBytes === null) return end();
      const now = `${LABELS[phase]} ${appId ?? ""}`;
      if (now !== of) {
        end();
        bar = context.progress(now, totalBytes);
        of = now;
      }
      bar?.update(doneBytes);
    },
  };
}

const ENFORCED: Readonly<Record<Enforced["action"], string>> = {
  disabled: "may not be started any more: the store revoked it",
  removed: "was removed: the store revoked it",
  enabled: "may be started again: the store took its revocation back",
};

function enforcedLine({ appId, action, reason }: Enforced): string {
  return `${appId} ${ENFORCED[action]}${reason === null ? "." : `. Reason: ${strange(reason)}`}`;
}

/** A text that came from a store or package: on one line, and without anything that a terminal obeys, colours too. */
export function strange(text: string): string {
  return safeForTerminal(text.replaceAll(/\s+/gu, " ").trim());
}
