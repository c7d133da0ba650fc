/**
 * Serves one route of a store twice, from the program's own parts: as it is, for everybody, and guarded by a right.
 * `bun guarded-server.ts FOLDER ORGANISATIONS` prints where, and whose tokens there are, as JSON.
 */
import { startServer } from "../src/http/server.ts";
import { site } from "../src/http/site.ts";
import { openGuarded, type Tokens } from "./guarded-store.ts";

export type Guarded = {
  /** For everybody, and guarded. */
  readonly open: string;
  readonly guarded: string;
  readonly tokens: Tokens;
};

const ROUTE = "/api/v1/store";

async function main(folder: string, organisations: number): Promise<void> {
  const { store, tokens } = await openGuarded(folder, organisations);
  const open = site.routes.find(({ path }) => path === ROUTE);
  if (open === undefined) throw new Error(`there is no route ${ROUTE}`);
  const guarded = { ...open, path: `${ROUTE}-guarded`, access: "app.read" } as const;
  const server = startServer(
    store,
    { host: "127.0.0.1", port: 0 },
    { ...site, routes: [...site.routes, guarded] },
  );
  const said: Guarded = { open: server.url + open.path, guarded: server.url + guarded.path, tokens };
  console.log(JSON.stringify(said));
}

const [folder = "", organisations = "10"] = process.argv.slice(2);
await main(folder, Number(organisations));
