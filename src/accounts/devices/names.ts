/** What devices are called and say of themselves. Pure. */
import { type Fault, Problem } from "../../errors.ts";
import { say, sayAll, type Words } from "../../say.ts";
import { characterFault, nameFault, plainName } from "../name-rule.ts";

export const DEVICE_TEXT_CHARACTERS = 80;

/** By what a device is looked for, and what is looked for: in lower case, however its spaces and letters are written. */
export function nameKeyOf(name: string): string {
  return plainName(name).toLowerCase();
}

const WHAT = {
  name: say`A device's name`,
  platform: say`A device's platform`,
  model: say`A device's model`,
  runtime: say`A device's runtime`,
} as const;

/** As it is kept; what is wrong with it is added to `faults`. A name is never empty, the rest may be. */
export function textFault(
  field: "name" | "platform" | "model" | "runtime",
  given: string,
  faults: Fault[],
): string {
  const text = plainName(given);
  const what = WHAT[field];
  const fault = field === "name" ? nameFault(text, DEVICE_TEXT_CHARACTERS, what) : restFault(text, what);
  if (fault !== null) faults.push({ code: "device.text", pointer: `/${field}`, ...fault });
  return text;
}

function restFault(text: string, what: Words): Pick<Fault, "message"> | null {
  if ([...text].length <= DEVICE_TEXT_CHARACTERS) return characterFault(text, what);
  return { message: say`${what} has at most ${DEVICE_TEXT_CHARACTERS} characters.` };
}

/** @throws Problem `device.invalid` */
export function refuseDeviceFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new Problem("unprocessable", "device.invalid", sayAll(faults.map(({ message }) => message)), faults);
}
