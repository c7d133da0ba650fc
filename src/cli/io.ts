/** What a command may touch of the world around the process; main.ts gives the real one, tests and the demo their own. */
import type { Clock } from "../clock.ts";
import type { Environment } from "../config.ts";

export type Io = {
  /** The answer, and nothing else. */
  readonly stdout: (text: string) => void;
  /** Errors, progress and questions. */
  readonly stderr: (text: string) => void;
  /**
   * Asks the person at the terminal for a line without showing it; null when nobody sits there. Rejects when `signal`
   * fires.
   */
  readonly askSecret: ((question: string) => Promise<string>) | null;
  /** The same for what may be seen: a word that confirms. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** stdout is a terminal. */
  readonly isTerminal: boolean;
  /** stderr is a terminal, so progress may be drawn there. */
  readonly errorIsTerminal: boolean;
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Colours on stdout and on stderr. */
  readonly color: boolean;
  readonly errorColor: boolean;
  readonly environment: Environment;
  /** Relative paths of arguments start here. */
  readonly cwd: string;
  /** Fires when the person wants the command to end (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
  readonly clock: Clock;
};

/** What a command line has where nobody sits at a terminal. */
export const NO_TERMINAL = {
  askSecret: null,
  ask: null,
  isTerminal: false,
  errorIsTerminal: false,
  columns: 100,
  color: false,
  errorColor: false,
  environment: {},
} as const satisfies Partial<Io>;

/** Whether colours go to a stream: never when piped, with NO_COLOR (no-color.org) or on a dumb terminal. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const noColor = environment.NO_COLOR;
  return isTerminal && (noColor === undefined || noColor === "") && environment.TERM !== "dumb";
}
