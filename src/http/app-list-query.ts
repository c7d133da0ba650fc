/** What the list of all apps can be asked for. */
import { Type } from "@sinclair/typebox";
import { APP_ORDERS, NEWEST_STATES } from "../catalog/app-list/filters.ts";
import { oneOf } from "./schemas.ts";

/** More is no question. */
export const APP_SEARCH_CHARACTERS = 200;

export const APP_LIST_QUERY = {
  search: Type.Optional(
    Type.String({
      maxLength: APP_SEARCH_CHARACTERS,
      description:
        "Beginnings of words of the name or the id, in any order and any case; each has to be there. What stands together, as in `com.exam`, has to stand so.",
      examples: ["notes"],
    }),
  ),
  state: Type.Optional({
    ...oneOf(...NEWEST_STATES),
    description: "Where its newest version is; none: nothing was uploaded yet.",
  }),
  sort: Type.Optional({
    ...oneOf(...APP_ORDERS),
    description:
      "id, which is so without it, and name: rising, by name in any case of ASCII letters; newest: what was created last first",
  }),
};
