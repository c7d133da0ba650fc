/** The id of a store, as it stands in release certificates and in the catalogue: `[a-z0-9-]{1,64}`. */
export function isStoreId(value: unknown): value is string {
  return typeof value === "string" && /^[a-z0-9-]{1,64}$/.test(value);
}
