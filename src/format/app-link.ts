/**
 * The link that an app's QR code in the store holds: of which store, by its root's digest, and which app. A device that uses that
 * store opens the app with it. It is no address that anything is fetched from. Pure.
 *
 *     mosis://app?store=https%3A%2F%2Fapps.example.com&root=3b2c…&id=com.example.notes
 */
import { type AppId, isAppId, isSha256, type Sha256 } from "../ids.ts";

export type AppLink = {
  /** Without a slash at the end. */
  readonly storeUrl: string;
  readonly rootSha256: Sha256;
  readonly appId: AppId;
};

const BEGINNING = "mosis://app?";
const MEMBERS = "id,root,store";
const MOST_CHARACTERS = 2000;

export function formatAppLink({ storeUrl, rootSha256, appId }: AppLink): string {
  return `${BEGINNING}store=${encodeURIComponent(storeUrl)}&root=${rootSha256}&id=${appId}`;
}

/** null: it is none. Each member stands there once, in any order, and no other. */
export function parseAppLink(text: string): AppLink | null {
  const link = text.trim();
  if (link.length > MOST_CHARACTERS || !link.startsWith(BEGINNING)) return null;
  const members = new URLSearchParams(link.slice(BEGINNING.length));
  if ([...members.keys()].sort().join() !== MEMBERS) return null;
  const storeUrl = members.get("store") ?? "";
  const rootSha256 = (members.get("root") ?? "").toLowerCase();
  const appId = members.get("id") ?? "";
  const url = URL.parse(storeUrl);
  if (url === null || !["https:", "http:"].includes(url.protocol)) return null;
  if (!isSha256(rootSha256) || !isAppId(appId)) return null;
  return { storeUrl: storeUrl.replace(/\/+$/, ""), rootSha256, appId };
}
