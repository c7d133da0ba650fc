/** What `mosis admin settings` does, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { changeSetting, listSettings } from "../../accounts/store-settings/settings.ts";
import type { ToldSetting } from "../../config.told.ts";
import { type Operation, operation } from "./operation.ts";

const NAME = { name: t.String() };

const told = ({ file: name, value, fallback, origin, isLive, onPage, fault }: ToldSetting) => ({
  ...{ name, value, origin },
  default: fallback,
  changes: isLive ? "at once" : "at start",
  pageValue: onPage,
  pageFault: fault === null ? null : String(fault),
});

export const SETTING_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["settings.list", operation(t.Object({}), (store) => ({ items: listSettings(store, OPERATOR).map(told) }))],
  [
    "settings.set",
    operation(t.Object({ ...NAME, value: t.String() }), (store, { name, value }) =>
      told(changeSetting(store, OPERATOR, name, value)),
    ),
  ],
  [
    "settings.reset",
    operation(t.Object(NAME), (store, { name }) => told(changeSetting(store, OPERATOR, name, null))),
  ],
];
