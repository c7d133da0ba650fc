/** One thing that `mosis admin` can ask of a store: the form of its input, and what answers it. */
import { type TObject, Type as t } from "@sinclair/typebox";
import type { Store } from "../../context.ts";

export type Operation = {
  readonly input: TObject;
  readonly run: (store: Store, input: Readonly<Record<string, unknown>>) => unknown | Promise<unknown>;
};

/** The input is checked by its schema before `run` sees it. */
export function operation<Schema extends TObject>(
  input: Schema,
  run: (store: Store, input: Schema["static"]) => unknown | Promise<unknown>,
): Operation {
  return { input, run: (store, value) => run(store, value as Schema["static"]) };
}

/** Under which address people and devices reach the store: the command knows better than the server. */
export const ORIGIN = t.String({ maxLength: 300 });

/** What an operation takes that lists: the last of the page before, and how many at most. */
export const PAGE = { after: t.Optional(t.String()), limit: t.Integer({ minimum: 1, maximum: 1000 }) };
