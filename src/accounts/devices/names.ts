/** What devices are called and say of themselves. Pure. */
import { Problem, type ProblemDetail } from "../../errors.ts";

export const DEVICE_TEXT_CHARACTERS = 80;

/** As it is kept; what is wrong with it is added to `faults`. A name is never empty, the rest may be. */
export function textFault(
  field: "name" | "platform" | "model" | "runtime",
  given: string,
  faults: ProblemDetail[],
): string {
  const text = given.trim().normalize("NFC");
  const least = field === "name" ? 1 : 0;
  const characters = [...text].length;
  if (
    characters < least ||
    characters > DEVICE_TEXT_CHARACTERS ||
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
  ) {
    const message = `A device's ${field} has ${least} to ${DEVICE_TEXT_CHARACTERS} characters and no control characters.`;
    faults.push({ code: "device.text", pointer: `/${field}`, message });
  }
  return text;
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
