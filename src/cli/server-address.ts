/** Where people reach a store, as far as its configuration or its running server tells. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";

/** What a running server writes down for the commands beside it. */
export function addressFile(dataDir: string): string {
  return join(dataDir, "address.txt");
}

/** The public URL, else what the server says of itself, else what the configuration would make it listen on. */
export function storeAddress(config: Config): string {
  if (config.publicUrl !== null) return config.publicUrl;
  try {
    const text = readFileSync(addressFile(config.dataDir), "utf8").trim();
    if (URL.canParse(text)) return text;
  } catch {
    // No server has run here yet.
  }
  return `${config.tlsCert === null ? "http" : "https"}://${config.host}:${config.port}`;
}
