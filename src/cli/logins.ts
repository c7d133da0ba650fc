/**
 * Who this person is at which store: a file for each store in their configuration folder, which nobody else can read. The
 * folder is theirs alone too, so that no other file is put in a login's place.
 */
import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, stat, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Environment } from "../config.ts";
import { isProblem, Problem } from "../errors.ts";
import { type OtherThing, otherThing } from "../storage/outside-file.ts";
import { configFolder } from "./config-folder.ts";
import { readText, withFile } from "./files.ts";
import { isSystemError } from "./report.ts";
import { writeFileAtomic } from "./write-files.ts";

export type Login = {
  /** Its origin. */
  readonly store: string;
  readonly token: string;
  readonly name: string;
  readonly email: string;
  /** RFC 3339. */
  readonly expiresAt: string;
};

const FIELDS = ["store", "token", "name", "email", "expiresAt"] as const;
const OWNER_ONLY = 0o077;

function loginsFolder(environment: Environment): string {
  return join(configFolder(environment), "logins");
}

/** `https_store.example.com.json`: what a person finds again. The store's address stands in the file. */
function fileOf(environment: Environment, store: string): string {
  const name = store.replace("://", "_").replace(/[^a-z0-9.-]/g, "_");
  return join(loginsFolder(environment), `${name}.json`);
}

/** null: not signed in there. @throws Problem `login.file_open`, `login.file_damaged`, `file.…` */
export async function findLogin(environment: Environment, store: string): Promise<Login | null> {
  if (!hasFolder(environment)) return null;
  const login = await readLogin(fileOf(environment, store));
  return login?.store === store ? login : null;
}

/** In the order of their stores' addresses. @throws as `findLogin` */
export async function listLogins(environment: Environment): Promise<readonly Login[]> {
  if (!hasFolder(environment)) return [];
  const folder = loginsFolder(environment);
  const names = await withFile("look at", folder, () => unlessMissing(readdir(folder)));
  const logins: Login[] = [];
  for (const name of (names ?? []).filter((each) => !each.startsWith(".") && each.endsWith(".json")).sort()) {
    const login = await readLogin(join(folder, name));
    if (login !== null) logins.push(login);
  }
  return logins;
}

/**
 * The token that is to be ended once another login has taken its place: also one that others can read, which is of no other use.
 * null: there is none.
 */
export async function tokenToEnd(environment: Environment, store: string): Promise<string | null> {
  if (!hasFolder(environment)) return null;
  const text = await readText(fileOf(environment, store)).catch(() => "");
  const login = parseLogin(text);
  return login?.store === store ? login.token : null;
}

/**
 * Tries whether a login can be kept, before a person is asked for one.
 * @throws Problem `keys.no_home`, `login.file_damaged`, `file.…`
 */
export async function readyToSave(environment: Environment, store: string): Promise<void> {
  const folder = await makeFolder(environment);
  const path = fileOf(environment, store);
  const there = await withFile("look at", path, () => unlessMissing(lstat(path)));
  // All else is removed when the login is written.
  if (there?.isDirectory() === true) throw damaged(path, "a folder");
  const trial = join(folder, `.${basename(path)}.${randomUUID()}`);
  await writeFileAtomic(trial, [Buffer.from("{}\n")], 0o600);
  await withFile("remove", trial, () => unlessMissing(unlink(trial)));
}

async function makeFolder(environment: Environment): Promise<string> {
  const folder = loginsFolder(environment);
  await withFile("make", folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  });
  return folder;
}

/** @throws Problem `keys.no_home`, `file.…` */
export async function saveLogin(environment: Environment, login: Login): Promise<string> {
  await makeFolder(environment);
  const path = fileOf(environment, login.store);
  // Never with the mode of a file that was there: that one may be open to all.
  await withFile("remove", path, () => unlessMissing(unlink(path)));
  await writeFileAtomic(path, [Buffer.from(`${JSON.stringify(login, null, 2)}\n`)], 0o600);
  return path;
}

/** @throws Problem `file.…` */
export async function forgetLogin(environment: Environment, store: string): Promise<void> {
  const path = fileOf(environment, store);
  await withFile("remove", path, () => unlessMissing(unlink(path)));
}

/** In a container or a build there may be none, and no login either. */
function hasFolder(environment: Environment): boolean {
  try {
    configFolder(environment);
    return true;
  } catch {
    return false;
  }
}

async function readLogin(path: string): Promise<Login | null> {
  const found = await withFile("look at", path, () => unlessMissing(stat(path)));
  if (found === null) return null;
  const { mode } = found;
  // Before its mode: nobody closes a folder by the mode of a file.
  const thing = otherThing(found);
  if (thing !== null) throw damaged(path, thing);
  if (process.platform !== "win32" && (mode & OWNER_ONLY) !== 0) {
    throw new Problem(
      "forbidden",
      "login.file_open",
      `${path} can be read by others on this machine, and so can the token in it. Close it with chmod 600, then run mosis logout and mosis login.`,
    );
  }
  const login = parseLogin(await readText(path).catch(nothingOfUse));
  if (login !== null) return login;
  throw damaged(path, null);
}

/** @param thing What stands there in the place of a file; null: a file. */
function damaged(path: string, thing: OtherThing | null): Problem {
  const what = thing === null ? "is not" : `is ${thing}, and not`;
  const message = `${path} ${what} what mosis login writes. Remove it and sign in again.`;
  return new Problem("unreachable", "login.file_damaged", message);
}

async function unlessMissing<Value>(looking: Promise<Value>): Promise<Value | null> {
  try {
    return await looking;
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return null;
    throw error;
  }
}

/** What is no text, or a long one, is as little a login as what is empty. */
function nothingOfUse(error: unknown): string {
  if (isProblem(error) && ["file.not_text", "file.too_large"].includes(error.code)) return "";
  throw error;
}

function parseLogin(text: string): Login | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  if (!FIELDS.every((name) => typeof fields[name] === "string")) return null;
  const { store, token, name, email, expiresAt } = fields as Login;
  const isUsable = isStore(store) && isTokenText(token) && !Number.isNaN(Date.parse(expiresAt));
  if (!isUsable) return null;
  return { store, token, name, email, expiresAt };
}

function isStore(origin: string): boolean {
  return /^https?:\/\//.test(origin) && URL.parse(origin)?.origin === origin;
}

/** What goes into a header as it is. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(text);
}

export function noLogin(store: string): Problem {
  return new Problem(
    "usage",
    "login.none",
    `You are not signed in to ${store}. Sign in with: mosis login ${store}`,
  );
}
