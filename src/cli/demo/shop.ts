/** What makes a demo's store look lived in: how it presents itself, listings with pictures, collections, and what people say of apps. */
import { assetBytes } from "../../assets.ts";
import { Problem } from "../../errors.ts";
import { keepFromProxy } from "../../loopback.ts";
import type { Runner } from "./runner.ts";

/** By language. */
type Texts = Readonly<Record<string, string>>;

/** `assets/samples/listings/front.json` */
export type Front = {
  /** As the API takes it. */
  readonly appearance: Readonly<Record<string, unknown>>;
  readonly featured: Omit<Collection, "id">;
  readonly collections: readonly Collection[];
  /** Who has apps and rates them, and has no other part in it. */
  readonly people: readonly { readonly email: string; readonly name: string }[];
};

type Collection = {
  readonly id: string;
  readonly names: Texts;
  readonly descriptions: Texts;
  /** Their ids, in order. */
  readonly apps: readonly string[];
};

/** `assets/samples/listings/<app>.json`: the listing as the API takes it, its screenshots, and what is said of the app. */
export type Shown = {
  readonly texts: Readonly<Record<string, Texts>>;
  readonly tags: readonly string[];
  readonly links: Texts;
  readonly screenshots: readonly {
    /** Below assets/. */
    readonly picture: string;
    readonly alts: Texts;
  }[];
  readonly ratings: readonly {
    /** An address, or the role of one of the demo's own people. */
    readonly by: string;
    readonly stars: number;
    readonly language: string;
    readonly text: string;
    /** What its developer says to that. */
    readonly answer?: string;
  }[];
};

const FOLDER = "samples/listings";
const FEATURED = "featured";
/** Of the texts that come with an upload; the others follow. */
const FIRST_LANGUAGE = "en";

function read<T>(name: string): T {
  return JSON.parse(new TextDecoder().decode(assetBytes(`${FOLDER}/${name}.json`))) as T;
}

export const readFront = (): Front => read<Front>("front");
/** @param name The app's folder below assets/samples */
export const readShown = (name: string): Shown => read<Shown>(name);

export type Shop = {
  readonly run: Runner;
  readonly url: string;
  readonly dataDir: string;
  /** The token of the apps' organisation. */
  readonly token: string;
  /** What was published: each app's id, its folder below assets/samples, and its newest version. */
  readonly apps: readonly { readonly id: string; readonly name: string; readonly versionCode: number }[];
  /** Of the demo's people, by role. */
  readonly emails: Readonly<Record<string, string>>;
};

export async function furnish(shop: Shop): Promise<void> {
  const front = readFront();
  await describeApps(shop);
  await collect(shop, front);
  const tokens = await admit(shop, front);
  await call(shop, tokens("administrator"), "PATCH", "/api/v1/appearance", front.appearance);
  await rate(shop, tokens);
}

async function describeApps(shop: Shop): Promise<void> {
  for (const { id, name } of shop.apps) {
    const { texts, tags, links, screenshots } = readShown(name);
    const listing = `/api/v1/apps/${id}/store-listing`;
    await call(shop, shop.token, "PUT", listing, { texts, tags, links });
    for (const { picture, alts } of screenshots) {
      const query = new URLSearchParams({ kind: "screenshot", alt: alts[FIRST_LANGUAGE] ?? "" });
      const path = `${listing}/pictures?${query}`;
      const kept = await call<{ screenshots: { id: string }[] }>(
        shop,
        shop.token,
        "POST",
        path,
        assetBytes(picture),
      );
      await call(shop, shop.token, "PATCH", `${listing}/pictures/${kept.screenshots.at(-1)?.id}`, { alts });
    }
  }
}

async function collect({ run, dataDir }: Shop, { featured, collections }: Front): Promise<void> {
  const admin = (...words: string[]) => run(["admin", "collection", ...words, "--data", dataDir]);
  const said = (option: string, texts: Texts) =>
    Object.entries(texts).flatMap(([tag, text]) => [option, `${tag}=${text}`]);
  for (const { id, names, descriptions, apps } of [{ ...featured, id: FEATURED }, ...collections]) {
    const words = [...said("--name", names), ...said("--description", descriptions)];
    if (id === FEATURED) await admin("change", id, ...words);
    else await admin("add", id, ...words);
    for (const app of apps) await admin("put", id, app);
    await admin("change", id, "--publish");
  }
}

/** @returns The token of each who says something: by role or address */
async function admit({ run, dataDir, emails }: Shop, { people }: Front): Promise<(who: string) => string> {
  const tokens = new Map<string, string>();
  for (const { email, name } of people)
    await run(["admin", "user", "add", email, "--name", name, "--data", dataDir]);
  const everybody = [...Object.entries(emails), ...people.map(({ email }) => [email, email] as const)];
  for (const [who, email] of everybody) {
    const words = ["admin", "apikey", "add", "--user", email, "--name", "demo", "--data", dataDir];
    tokens.set(who, (await run<{ token: string }>(words)).token);
  }
  return (who) => {
    const token = tokens.get(who);
    if (token === undefined) throw new Problem("internal", "demo.command_failed", `${who} is nobody here.`);
    return token;
  };
}

/** Who rates an app has it: each fetches it first. */
async function rate(shop: Shop, tokens: (who: string) => string): Promise<void> {
  for (const { id, name, versionCode } of shop.apps) {
    for (const { by, answer, ...said } of readShown(name).ratings) {
      const token = tokens(by);
      const app = `/api/v1/catalog/${id}`;
      await call(shop, token, "GET", `${app}/versions/${versionCode}/package`);
      const { id: rating } = await call<{ id: string }>(shop, token, "PUT", `${app}/rating`, said);
      if (answer === undefined) continue;
      await call(shop, shop.token, "PUT", `/api/v1/apps/${id}/ratings/${rating}/answer`, { text: answer });
    }
  }
}

/** @throws Problem `demo.command_failed`, with what the store said */
async function call<T>(
  { url }: Shop,
  token: string,
  method: string,
  path: string,
  body?: Uint8Array | object,
): Promise<T> {
  const address = `${url}${path}`;
  keepFromProxy(address);
  const isBytes = body instanceof Uint8Array;
  const answer = await fetch(address, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      // Nobody else changes anything here meanwhile.
      "If-Match": "*",
      ...(body === undefined
        ? {}
        : { "Content-Type": isBytes ? "application/octet-stream" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const bytes = await answer.bytes();
  if (!answer.ok) {
    const said = new TextDecoder().decode(bytes).slice(0, 500);
    throw new Problem("internal", "demo.command_failed", `${method} ${path} gave ${answer.status}: ${said}`);
  }
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json") === true;
  return (isJson ? JSON.parse(new TextDecoder().decode(bytes)) : null) as T;
}
