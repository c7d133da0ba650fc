/**
 * Serves the components in their states and every page with the data of its samples, on the loopback, for looking at in
 * development: `bun run gallery [--port N]`. Nothing of it is in the executable.
 */
import { parseArgs } from "node:util";
import { serveSamples } from "../src/testing/samples-server.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "4400" } } });
const { url } = await serveSamples(Number(values.port));
console.log(`The gallery is at ${url} until you press Ctrl-C.`);
