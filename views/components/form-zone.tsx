/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";

/** What carries it in a form. */
export const ZONE_FIELD = "zone";

/**
 * In a form with times, before them: the zone that they are shown in, for they are sent without one, and by then it may be
 * another that pages show.
 */
export function FormZone(props: { zone: string }): JSX.Element {
  return <input type="hidden" name={ZONE_FIELD} value={props.zone} />;
}
