/** Groups that were ticked in a form: a checkbox each, named by the group (`views/components/group-choice.tsx`). */
import { GROUP_FIELD } from "../../../views/components/group-choice.tsx";
import { type GroupId, isId } from "../../ids.ts";

export function groupsIn(form: readonly (readonly [name: string, value: string])[]): GroupId[] {
  return form
    .filter(([name]) => name.startsWith(GROUP_FIELD))
    .map(([name]) => name.slice(GROUP_FIELD.length))
    .filter((id) => isId("grp", id));
}
