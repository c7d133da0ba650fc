/** Compiles the processes that tests kill: see src/testing/kill/children.ts. */
import { COMPILE } from "./lib/compile.ts";
import { bun, run } from "./lib/run.ts";

// Without a map: nobody reads their code by it, and each of its parts would leave one behind.
const flags = COMPILE.filter((flag) => !flag.startsWith("--sourcemap"));
const words = [bun, "build", ...flags, "--outfile=dist/mosis-children", "src/testing/kill/children.ts"];
process.exitCode = (await run(words)).code;
