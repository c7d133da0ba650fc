/**
 * The link that an enrolment code's QR code holds: where the store is, its root's digest and the code. It is no address
 * that anything is fetched from, so that no server or proxy ever sees the code in one. Pure.
 *
 *     mosis://enrol?store=https%3A%2F%2Fapps.example.com&root=3b2c…&code=K7QF3-M2X9W-DP4TB
 */
import { isSha256, type Sha256 } from "../../ids.ts";
import { parseCode } from "./code.ts";

export type EnrolmentLink = {
  /** Without a slash at the end. */
  readonly storeUrl: string;
  readonly rootSha256: Sha256;
  /** As `parseCode` gives it. */
  readonly code: string;
};

const BEGINNING = "mosis://enrol?";
const MEMBERS = ["store", "root", "code"];
const MOST_CHARACTERS = 2000;

export function formatLink({ storeUrl, rootSha256, code }: EnrolmentLink): string {
  return `${BEGINNING}store=${encodeURIComponent(storeUrl)}&root=${rootSha256}&code=${code}`;
}

/** null: it is none. Each member stands there once, in any order, and no other. */
export function parseLink(text: string): EnrolmentLink | null {
  const link = text.trim();
  if (link.length > MOST_CHARACTERS || !link.startsWith(BEGINNING)) return null;
  const members = new URLSearchParams(link.slice(BEGINNING.length));
  if ([...members.keys()].sort().join() !== [...MEMBERS].sort().join()) return null;
  const storeUrl = members.get("store") ?? "";
  const root = (members.get("root") ?? "").toLowerCase();
  const code = parseCode(members.get("code") ?? "");
  const url = URL.parse(storeUrl);
  if (url === null || !["https:", "http:"].includes(url.protocol)) return null;
  if (code === null || !isSha256(root)) return null;
  return { storeUrl: storeUrl.replace(/\/+$/, ""), rootSha256: root, code };
}
