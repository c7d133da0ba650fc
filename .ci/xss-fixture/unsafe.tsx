/** A page that must fail the XSS scan: if the scan ever passes it, the scan itself is broken. */
import { Html } from "@kitajs/html";

export function unsafePage(props: { name: string }): JSX.Element {
  return <p>{props.name}</p>;
}
