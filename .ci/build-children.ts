/** Compiles the processes that tests kill: see src/testing/kill/children.ts. */
import { COMPILE } from "./lib/compile.ts";
import { bun, run } from "./lib/run.ts";

const [outfile = "dist/mosis-children"] = process.argv.slice(2);
const words = [bun, "build", ...COMPILE, `--outfile=${outfile}`, "src/testing/kill/children.ts"];
process.exitCode = (await run(words)).code;
