/** Groups that were ticked in a form: a checkbox each, named by the group (`views/components/group-choice.tsx`). */
import { GROUP_FIELD } from "../../../views/components/group-choice.tsx";
import { type GroupId, isId } from "../../ids.ts";
import { tickedIn } from "./form.ts";

export function groupsIn(form: readonly (readonly [name: string, value: string])[]): GroupId[] {
  return tickedIn(form, GROUP_FIELD).filter((id) => isId("grp", id));
}
