/** How a program becomes an executable. */
export const COMPILE: readonly string[] = [
  "--compile",
  "--bytecode",
  "--format=esm",
  // A command loads its own modules alone: half the time to start, and 12 MB less of memory.
  "--splitting",
  // Names stay: libraries tell their errors apart by them, and a megabyte is a fair price.
  "--minify-syntax",
  "--minify-whitespace",
  // Inside the executable: a bug in the log names the line of the source.
  "--sourcemap=inline",
  // Otherwise the executable reads .env and runs the preloads of a bunfig.toml in whatever folder it is started in.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  // unzipper can read archives from S3 if somebody installs that; nobody does.
  "--external",
  "@aws-sdk/client-s3",
];
