/** Structured log: one JSON object a line. Secrets never reach it; callers log ids. */
import type { Clock } from "./clock.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * A log that writes to `write` what is at least as grave as `level`.
 * @param level Asked with each line where it can change
 */
export function createLog(
  clock: Clock,
  level: LogLevel | (() => LogLevel),
  write: (line: string) => void,
): Log {
  const least = () => LEVELS.indexOf(typeof level === "string" ? level : level());
  const at =
    (name: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(name) < least()) return;
      write(`${JSON.stringify({ time: clock.now().toISOString(), level: name, event, ...fields })}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
