/** What devices are called and say of themselves. Pure. */
import { Problem, type ProblemDetail } from "../../errors.ts";
import { characterFault, nameFault, plainName } from "../name-rule.ts";

export const DEVICE_TEXT_CHARACTERS = 80;

/** By what a device is looked for, and what is looked for: in lower case, however its spaces and letters are written. */
export function nameKeyOf(name: string): string {
  return plainName(name).toLowerCase();
}

/** As it is kept; what is wrong with it is added to `faults`. A name is never empty, the rest may be. */
export function textFault(
  field: "name" | "platform" | "model" | "runtime",
  given: string,
  faults: ProblemDetail[],
): string {
  const text = plainName(given);
  const what = `A device's ${field}`;
  const fault = field === "name" ? nameFault(text, DEVICE_TEXT_CHARACTERS, what) : restFault(text, what);
  if (fault !== null) faults.push({ code: "device.text", pointer: `/${field}`, ...fault });
  return text;
}

function restFault(text: string, what: string): Pick<ProblemDetail, "message"> | null {
  if ([...text].length <= DEVICE_TEXT_CHARACTERS) return characterFault(text, what);
  return { message: `${what} has at most ${DEVICE_TEXT_CHARACTERS} characters.` };
}

/** @throws Problem `device.invalid` */
export function refuseDeviceFaults(faults: readonly ProblemDetail[]): void {
  if (faults.length === 0) return;
  throw new Problem(
    "unprocessable",
    "device.invalid",
    faults.map(({ message }) => message).join(" "),
    faults,
  );
}
