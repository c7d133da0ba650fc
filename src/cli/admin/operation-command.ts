/**
 * What most commands of `mosis admin` are: one operation of the store, of which the answer is a table or some lines. What a
 * command takes beside the store's folder goes to the operation under the same names.
 */
import { Problem } from "../../errors.ts";
import {
  type AnyCommand,
  type Arguments,
  type Command,
  type Context,
  defineCommand,
  flag,
  type Options,
} from "../command.ts";
import { withOperator } from "../operator.ts";
import { type DataOptions, dataOptions } from "../store-options.ts";
import { type Style, table } from "../style.ts";
import { everyItem } from "./pages.ts";

type Input = Readonly<Record<string, unknown>>;
type Words = Pick<Command, "summary" | "description" | "examples">;
type Given<A extends Arguments, O extends Options> = Context<A, O & DataOptions>;

export type CellOf<Item> = readonly [title: string, cell: (item: Item) => string, align?: "end"];

/** A command that prints a list, in a table. */
export function listCommand<Item>(
  list: Words & {
    /** `list` unless told. */
    readonly name?: string;
    readonly operation: string;
    readonly arguments?: Arguments;
    readonly options?: Options;
    readonly columns: readonly CellOf<Item>[];
    /** What is said of a list with nothing in it. */
    readonly empty?: string;
    /** The operation gives all that it gives in one answer, and not a page at a time. */
    readonly isWhole?: true;
  },
): AnyCommand {
  const { name = "list", operation, columns, empty = "There are none.", isWhole, ...taken } = list;
  const { arguments: given, options, ...words } = taken;
  return defineCommand({
    ...words,
    name,
    arguments: { ...given },
    options: { ...dataOptions, ...options },
    run: (context) =>
      withOperator(context, async (operator) => {
        const input = inputOf(context);
        const items = isWhole
          ? (await operator.call<{ items: Item[] }>(operation, input)).items
          : await everyItem<Item>(operator, operation, input);
        return {
          data: { items },
          text: (style) => (items.length === 0 ? empty : tableOf(style, columns, items)),
        };
      }),
  });
}

export function tableOf<Item>(
  style: Style,
  columns: readonly CellOf<Item>[],
  items: readonly Item[],
): string {
  return table(
    style,
    columns.map(([title, , align]) => (align === undefined ? { title } : { title, align })),
    items.map((item) => columns.map(([, cell]) => cell(item))),
  );
}

/** A command that has one operation run, and says what became of it. */
export function callCommand<
  Answer,
  A extends Arguments = Record<never, never>,
  O extends Options = Record<never, never>,
>(
  call: Words & {
    readonly name: string;
    readonly operation: string;
    readonly arguments?: A;
    readonly options?: O;
    /** In the place of what was given, or beside it. */
    readonly input?: (context: Given<A, O>) => Input;
    /** It needs --yes: what that does, and what is said without, before the advice to add it. */
    readonly confirm?: { readonly meaning: string; readonly asks: (context: Given<A, O>) => string };
    readonly says: (answer: Answer, context: Given<A, O>, style: Style) => string;
  },
): AnyCommand {
  const { name, operation, input, confirm, says, arguments: taken, options, ...words } = call;
  return defineCommand({
    ...words,
    name,
    arguments: { ...taken },
    options: {
      ...dataOptions,
      ...options,
      ...(confirm === undefined ? {} : { [YES]: flag("--yes", confirm.meaning) }),
    },
    run: async (context) => {
      // Sound because the parsers that the context's values come from are those of `taken` and `options`.
      const own = context as unknown as Given<A, O>;
      if (confirm !== undefined && !Object.entries(context.options).some(([key, on]) => key === YES && on)) {
        throw new Problem("usage", "usage.not_confirmed", `${confirm.asks(own)} Add --yes to do it.`);
      }
      return withOperator(context, async (operator) => {
        const answer = await operator.call<Answer>(operation, { ...inputOf(context), ...input?.(own) });
        return { data: answer, text: (style) => says(answer, own, style) };
      });
    },
  });
}

const YES = "yes";
/** What tells where the store is, and is no matter of the operation. */
const OF_THE_COMMAND: ReadonlySet<string> = new Set([...Object.keys(dataOptions), YES]);

/** What was given; an option that was not is no part of it, and neither is a flag that was not set. */
function inputOf(context: { readonly arguments: Input; readonly options: Input }): Input {
  return Object.fromEntries(
    [...Object.entries(context.arguments), ...Object.entries(context.options)].filter(
      ([name, value]) => value !== undefined && value !== false && !OF_THE_COMMAND.has(name),
    ),
  );
}
