/** What operations take of things that an administrator names in several languages, and of apps. */
import { Type as t } from "@sinclair/typebox";
import type { LocalTexts } from "../../catalog/local-texts.ts";
import { Problem } from "../../errors.ts";
import { type AppId, isAppId } from "../../ids.ts";

const TEXTS = t.Record(t.String(), t.String());

/** Of a new thing. */
export const LOCAL_TEXTS = { names: TEXTS, descriptions: t.Optional(TEXTS) };
export const CHANGED_TEXTS = { names: t.Optional(TEXTS), descriptions: t.Optional(TEXTS) };

type Texts = { readonly names: LocalTexts; readonly descriptions: LocalTexts };

/** Languages that are not said stay; one with an empty text goes. */
export function withTexts(before: Texts, { names = {}, descriptions = {} }: Partial<Texts>): Texts {
  return {
    names: { ...before.names, ...names },
    descriptions: { ...before.descriptions, ...descriptions },
  };
}

/** @throws Problem `app.not_found` */
export function appIdIn(text: string): AppId {
  if (isAppId(text)) return text;
  throw new Problem("not_found", "app.not_found", `There is no app ${text}.`);
}
