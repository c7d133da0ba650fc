/**
 * What a command is: its words, its arguments and options with their types, and a function that gives a result.
 * program.ts turns command lines into calls of it. To add a command, write `src/cli/<name>.ts` with a `defineCommand`
 * and name it in commands.ts.
 */
import type { ExitCode } from "../errors.ts";
import type { Io } from "./io.ts";
import type { Progress } from "./progress.ts";
import type { Style } from "./style.ts";

/** One positional argument. `Value` is what `parse` makes of its text. */
export type Argument<Value> = {
  /** As shown in the usage line, such as `FILE`. */
  readonly name: string;
  readonly meaning: string;
  readonly optional: boolean;
  /** @throws Problem or Error that says what is allowed. */
  readonly parse: (text: string | undefined) => Value;
};

/** One option. `flags` as commander takes them: `-o, --output`; `placeholder` null for one without a value. */
export type Option<Value> = {
  readonly flags: string;
  readonly placeholder: string | null;
  readonly meaning: string;
  readonly required: boolean;
  readonly repeated: boolean;
  /** Gets every value that was given, in order; for an option without a value, one "" when it was given. */
  readonly parse: (texts: readonly string[]) => Value;
};

export type Arguments = Readonly<Record<string, Argument<unknown>>>;
export type Options = Readonly<Record<string, Option<unknown>>>;
export type ArgumentValues<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Argument<infer V> ? V : never;
};
export type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer V> ? V : never;
};

/** What a command found or did: `data` is printed with --json, `text` otherwise. */
export type Result = {
  /** Must survive JSON.stringify; its names are an interface. */
  readonly data: unknown;
  /** Lines for a person, without the last line feed, at once or in pieces; "" prints nothing. */
  readonly text: (style: Style) => string | Generator<string>;
  /** 1 when the thing that was asked about is refused or invalid; 0 unless told. */
  readonly exitCode?: ExitCode;
};

export type Context<A extends Arguments = Arguments, O extends Options = Options> = {
  readonly arguments: ArgumentValues<A>;
  readonly options: OptionValues<O>;
  readonly io: Io;
  /** --json was given: nothing but the result may go to stdout. */
  readonly json: boolean;
  /** Turns a path of the command line into an absolute one. */
  readonly path: (relative: string) => string;
  /** A progress bar on stderr; draws nothing when that is no terminal or with --json. */
  readonly progress: (label: string, totalBytes: number) => Progress;
  /** A line for the person on stderr; nothing with --json. */
  readonly note: (line: string) => void;
  /** Prints the result at once, for a command that goes on after it; `run` then returns null. */
  readonly report: (result: Result) => void;
};

export type Command<A extends Arguments = Arguments, O extends Options = Options> = {
  readonly name: string;
  /** One line, a sentence. */
  readonly summary: string;
  /** More for --help, one paragraph each. */
  readonly description?: readonly string[];
  readonly arguments: A;
  readonly options: O;
  /** It hears `io.signal` itself and ends in order; all others are cut off when it fires. */
  readonly endsItself?: boolean;
  /** Command lines with what each does, for --help. */
  readonly examples: readonly [Example, ...Example[]];
  readonly run: (context: Context<A, O>) => Promise<Result | null>;
};

export type Example = { readonly line: string; readonly does: string };

/** A command whose argument and option types no longer matter: what program.ts works with. */
export type AnyCommand = Omit<Command, "run"> & {
  readonly run: (context: Context) => Promise<Result | null>;
};

/** Names the types of a command's values and hides them again, so that commands can stand in one table. */
export function defineCommand<A extends Arguments, O extends Options>(command: Command<A, O>): AnyCommand {
  // Sound because program.ts makes the values with the very parsers of this definition.
  return { ...command, run: (context) => command.run(context as Context<A, O>) };
}

/** A required argument. */
export function argument<Value = string>(
  name: string,
  meaning: string,
  parse?: (text: string) => Value,
): Argument<Value> {
  return { name, meaning, optional: false, parse: (text) => parsed(text ?? "", parse) };
}

/** An argument that may be left out; undefined then. */
export function optionalArgument<Value = string>(
  name: string,
  meaning: string,
  parse?: (text: string) => Value,
): Argument<Value | undefined> {
  return {
    name,
    meaning,
    optional: true,
    parse: (text) => (text === undefined ? undefined : parsed(text, parse)),
  };
}

/** An option without a value: true when given. */
export function flag(flags: string, meaning: string): Option<boolean> {
  return {
    flags,
    placeholder: null,
    meaning,
    required: false,
    repeated: false,
    parse: (texts) => texts.length > 0,
  };
}

/** An option with a value; undefined when not given. */
export function option<Value = string>(
  flags: string,
  placeholder: string,
  meaning: string,
  parse?: (text: string) => Value,
): Option<Value | undefined> {
  return {
    flags,
    placeholder,
    meaning,
    required: false,
    repeated: false,
    parse: (texts) => {
      const last = texts.at(-1);
      return last === undefined ? undefined : parsed(last, parse);
    },
  };
}

/** An option that must be given. */
export function requiredOption<Value = string>(
  flags: string,
  placeholder: string,
  meaning: string,
  parse?: (text: string) => Value,
): Option<Value> {
  return {
    flags,
    placeholder,
    meaning,
    required: true,
    repeated: false,
    parse: (texts) => parsed(texts.at(-1) ?? "", parse),
  };
}

/** An option that may be given several times. */
export function repeatedOption<Value = string>(
  flags: string,
  placeholder: string,
  meaning: string,
  parse?: (text: string) => Value,
): Option<readonly Value[]> {
  return {
    flags,
    placeholder,
    meaning,
    required: false,
    repeated: true,
    parse: (texts) => texts.map((text) => parsed(text, parse)),
  };
}

function parsed<Value>(text: string, parse: ((text: string) => Value) | undefined): Value {
  // Without a parser Value is its default, string.
  return parse === undefined ? (text as Value) : parse(text);
}
