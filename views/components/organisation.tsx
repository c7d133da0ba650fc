/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";

/** An organisation as somebody reads of it. */
export type NamedOrganisation = {
  readonly name: string;
  /** Its page; null for who may not open that. */
  readonly href: string | null;
};

/** Its name, which leads to it where that is for who reads. */
export function OrganisationName(props: { of: NamedOrganisation }): JSX.Element {
  const { name, href } = props.of;
  if (href === null) return <bdi safe>{name}</bdi>;
  return (
    <a dir="auto" href={href} safe>
      {name}
    </a>
  );
}

/** Several, one after another; a dash for none. */
export function OrganisationNames(props: { of: readonly NamedOrganisation[] }): JSX.Element {
  if (props.of.length === 0) return <span>–</span>;
  return (
    <>
      {props.of.map((each, place) => (
        <>
          {place > 0 && ", "}
          <OrganisationName of={each} />
        </>
      ))}
    </>
  );
}
