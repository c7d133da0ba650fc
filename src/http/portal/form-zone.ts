/** Forms with a day and a time, which browsers send without a zone: each says in which its page showed them. */
import { ZONE_FIELD } from "../../../views/components/form-zone.tsx";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { localText, momentIn, zoneOf } from "../../zones.ts";
import type { Pairs } from "./kept-forms.ts";

/**
 * The zone that a form says; of one that says none, the reader's.
 * @throws Problem `request.invalid` where it is none: in any other one its times would be others
 */
export function formZone(form: Pairs, otherwise: string): string {
  const said = zoneSaid(form);
  if (said === "") return otherwise;
  const zone = zoneOf(said);
  if (zone !== null) return zone;
  const message = say`The form says a time zone that is not known here. Load its page again.`;
  throw new Problem("invalid", "request.invalid", message);
}

/** The zone to show a form in that may have been refused: its own, where that is one. */
export function shownZone(form: Pairs, otherwise: string): string {
  return zoneOf(zoneSaid(form)) ?? otherwise;
}

/** The zone that a form says, whether there is one or not; "": none. */
export const zoneSaid = (form: Pairs): string => form.find(([name]) => name === ZONE_FIELD)?.[1] ?? "";

/** What is typed into a field of a form in one zone, as the same moment is typed in another one; what is no time stays. */
export function timeElsewhere(text: string, from: string, to: string): string {
  const [was, is] = [zoneOf(from), zoneOf(to)];
  if (was === null || is === null || was === is) return text;
  const at = momentIn(was, text);
  return Number.isNaN(at.getTime()) ? text : localText(is, at);
}
