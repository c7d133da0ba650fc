/** Roles as they are typed. */
import { ORGANISATION_ROLES, type OrganisationRole, STORE_ROLES, type StoreRole } from "../../roles.ts";

export const STORE_ROLE_CHOICES = STORE_ROLES.join(", ");
export const ORGANISATION_ROLE_CHOICES = `${ORGANISATION_ROLES.slice(0, -1).join(", ")} or ${ORGANISATION_ROLES.at(-1)}`;

export function storeRole(text: string): StoreRole {
  const role = STORE_ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw new Error(`a store role is ${STORE_ROLE_CHOICES}`);
}

export function organisationRole(text: string): OrganisationRole {
  const role = ORGANISATION_ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw new Error(`a role in an organisation is ${ORGANISATION_ROLE_CHOICES}`);
}
