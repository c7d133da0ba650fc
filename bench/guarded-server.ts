/**
 * Serves one route of a store twice, from the program's own parts: as it is, for everybody, and guarded by a right; and a file
 * of its catalogue, as an open and as a restricted store does.
 * `bun guarded-server.ts FOLDER ORGANISATIONS` prints where, and whose tokens there are, as JSON.
 */
import { startServer } from "../src/http/server.ts";
import { site } from "../src/http/site.ts";
import { GUARDED_BY, openGuarded, type Tokens } from "./guarded-store.ts";

export type Guarded = {
  /** For everybody, and guarded. */
  readonly open: string;
  readonly guarded: string;
  /** A file, for everybody and for devices. */
  readonly file: string;
  readonly restrictedFile: string;
  readonly tokens: Tokens;
};

const ROUTE = "/api/v1/store";
const FILE = "/store/v1/metadata/timestamp.json";
const LOOPBACK = { host: "127.0.0.1", port: 0 };

async function main(folder: string, organisations: number): Promise<void> {
  const { store, tokens } = await openGuarded(folder, organisations);
  const open = site.routes.find(({ path }) => path === ROUTE);
  if (open === undefined) throw new Error(`there is no route ${ROUTE}`);
  const guarded = { ...open, path: `${ROUTE}-guarded`, access: GUARDED_BY } as const;
  const server = startServer(store, LOOPBACK, { ...site, routes: [...site.routes, guarded] });
  const restricted = startServer({ ...store, config: { ...store.config, restricted: true } }, LOOPBACK);
  const said: Guarded = {
    open: server.url + open.path,
    guarded: server.url + guarded.path,
    file: server.url + FILE,
    restrictedFile: restricted.url + FILE,
    tokens,
  };
  console.log(JSON.stringify(said));
}

const [folder = "", organisations = "10"] = process.argv.slice(2);
await main(folder, Number(organisations));
