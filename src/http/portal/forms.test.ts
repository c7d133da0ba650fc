/**
 * Every form of every page, from the portal's own list of pages: it leaves what is wrong to the store, and the store tells
 * it beside each field, with all that was typed still there.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { beginSecondStep, PENDING_COOKIE } from "../../accounts/factors/pending.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { makeLink } from "../../accounts/links/links.ts";
import { createOrganisation } from "../../accounts/organisations.ts";
import { disableAccount } from "../../accounts/people.ts";
import { createSetupLink } from "../../accounts/setup.ts";
import { createApp } from "../../catalog/apps.ts";
import { insertRating } from "../../catalog/ratings/records.ts";
import { write } from "../../db/database.ts";
import { type AppId, newId, type VersionCode, type VersionId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { addressAbout, makeBelongings } from "../../testing/belongings.ts";
import { type FormField, type PageForm, type ReadPage, readPage } from "../../testing/page-forms.ts";
import {
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../../testing/portal.ts";
import { newSigner, signedApp, submitBytes } from "../../testing/publishing.ts";
import { emptyPng } from "../../testing/shown-pictures.ts";
import { pageRoutes } from "./routes.ts";

/** Signed in, or nobody; `posts`: the page is the answer to a form without fields. */
type Who = { readonly cookie: string; readonly posts?: true };
const NOBODY: Who = { cookie: "" };

let portal: Portal;
let bare: Portal;
/** A page, and who opens it. */
let pages: readonly (readonly [url: string, who: Who])[];
beforeAll(async () => {
  [portal, bare] = await Promise.all([
    startPortal({ signUp: "open", smtp: "smtp://127.0.0.1:9", mailFrom: "apps@example.org" }),
    startPortal(),
  ]);
  const { store } = portal;
  const organisationId = newOrganisation(store, "Northwind");
  const person = await newPerson(store, "Tara Target", {
    storeRole: "administrator",
    organisations: [[organisationId, "owner"]],
  });
  const other = await newPerson(store, "Mo Derator", { storeRole: "administrator" });
  const gone = await newPerson(store, "Dis Abled");
  disableAccount(store, OPERATOR, gone.accountId);
  const ours = await makeBelongings(store, {
    ...{ mark: "Tarragon", appId: "com.northwind.belongings" as AppId, organisationId },
    person: person.actor,
  });
  const more = await moreOf(person, other);
  pages = [
    ...pageRoutes
      // Of who has an owner nobody takes over the organisation.
      .filter(({ method, stream, name }) => method === "GET" && stream !== true && name !== "takeOverPage")
      .flatMap((route): (readonly [string, Who])[] => {
        const open = { providerId: "none", picture: "0".repeat(64), file: "192.png" };
        const address = addressAbout(route, ours, open).replace(/\*$/, "quick-start");
        return [
          [portal.url + address, person],
          ...(route.access === "public" ? [[portal.url + address, NOBODY] as const] : []),
        ];
      }),
    ...more.map(([path, who]) => [portal.url + path, who] as const),
    [`${portal.url}/admin/people/${gone.accountId}`, person],
    [`${portal.url}/admin/setup/name`, person],
    [`${portal.url}/admin/setup/mail`, person],
    [`${portal.url}/keys/${ours.keyid?.id}`, person],
    [`${portal.url}/admin/reports/${ours.reportId?.id}`, other],
    [`${portal.url}/recoveries/${ours.recoveryId?.id}`, other],
    [`${bare.url}/setup?token=${createSetupLink(bare.store, OPERATOR).token}`, NOBODY],
  ];
}, 60_000);
afterAll(async () => {
  await portal.close();
  await bare.close();
});

/** Pages about what is published, waits for a review, or has no owner, and those that a link opens. */
async function moreOf(person: Person, other: Person): Promise<(readonly [path: string, who: Who])[]> {
  const { store } = portal;
  const signer = await newSigner(store, person.actor);
  const send = async (versionCode: number): Promise<VersionId> => {
    const manifest = {
      id: "com.northwind.inspect",
      name: { en: "Inspect" },
      versionCode,
      version: `${versionCode}.0.0`,
    };
    const { id } = await submitBytes(store, person.actor, await signedApp(store, signer, manifest));
    await untilState(store, id, "in_review");
    return id;
  };
  const published = await send(1);
  approve(store, other.actor, published, {});
  await untilState(store, published, "published");
  const waiting = await send(2);
  const fresh = createApp(store, person.actor, { id: "com.northwind.fresh", name: "Fresh" });
  const ownerless = createOrganisation(store, OPERATOR, { name: "Ownerless" }).id;
  const now = store.clock.now();
  const rating = write(store.db, (tx) =>
    insertRating(
      tx,
      { accountId: person.accountId },
      {
        ...{
          id: newId("rat"),
          appId: "com.northwind.inspect" as AppId,
          stars: 2,
          body: "So so",
          language: "en",
        },
        ...{ versionCode: 1 as VersionCode, version: "1.0.0", createdAt: now },
      },
    ),
  ).id;
  const link = (email: string) =>
    write(store.db, (tx) =>
      makeLink(
        tx,
        { purpose: "password", email, accountId: person.accountId, invitationId: null },
        { mailed: true },
        now,
      ),
    ).path;
  const { organisationId, email } = { organisationId: ownerless, email: "guest@example.net" };
  const invitation = invite(store, OPERATOR, { email, member: { organisationId, role: "viewer" } });
  const invited = write(store.db, (tx) =>
    makeLink(
      tx,
      { purpose: "invitation", email, accountId: null, invitationId: invitation.id },
      { mailed: true },
      now,
    ),
  ).path;
  const pending = beginSecondStep(store, {
    accountId: person.accountId,
    by: "password",
    next: null,
    flash: null,
  });
  // Who has fetched an app may rate it.
  await fetch(`${portal.url}/catalog/com.northwind.inspect/versions/1/package`, {
    headers: { Cookie: other.cookie },
  }).then((got) => got.bytes());
  return [
    ["/catalog/com.northwind.inspect", other],
    ["/catalog/com.northwind.inspect/ratings", other],
    ["/catalog/com.northwind.inspect/report", other],
    [`/catalog/com.northwind.inspect/ratings/${rating}/report`, other],
    [`/apps/com.northwind.inspect/ratings/${rating}/hide`, other],
    [`/review/${waiting}`, other],
    [`/apps/${fresh.id}/transfer`, person],
    [`/admin/organisations/${ownerless}/take-over`, person],
    [link(person.email), NOBODY],
    ["/account/delete", other],
    [invited, NOBODY],
    ["/sign-in/second-step", { cookie: `${PENDING_COOKIE}=${pending}` }],
    ["/account/second-factor/app", { cookie: other.cookie, posts: true }],
    ["/account/second-factor/passkey", { cookie: other.cookie, posts: true }],
  ];
}

type Answer = { readonly status: number; readonly page: ReadPage };

async function ask(
  url: string,
  who: Who,
  body: FormData | URLSearchParams | null = null,
  from = url,
): Promise<Answer> {
  const response = await fetch(url, {
    method: body === null ? "GET" : "POST",
    ...(body === null ? {} : { body }),
    redirect: "manual",
    headers: {
      ...{ Cookie: who.cookie, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document" },
      Referer: from,
    },
  });
  return { status: response.status, page: await readPage(await response.text()) };
}

const TYPED = ["text", "search", "email", "url", "password", "datetime-local"];
const isTyped = ({ tag, type }: FormField) => tag === "textarea" || (tag === "input" && TYPED.includes(type));
const isTick = ({ type }: FormField) => type === "radio" || type === "checkbox";

/** Whether a browser would have asked for it: what has been chosen cannot be left out. */
function canBeLeft(field: FormField): boolean {
  if (!field.required) return false;
  return field.tag === "select" ? field.options.includes("") : field.type !== "radio" || field.value === "";
}

/** Whether a browser would have judged what is typed. */
const isJudged = (field: FormField) =>
  isTyped(field) &&
  (["email", "url", "datetime-local"].includes(field.type) || field.pattern !== "" || field.minLength > 0);

function bodyOf(
  { fields, multipart }: PageForm,
  value: (field: FormField) => string,
  file: File = new File([], ""),
) {
  const pairs = fields
    .filter((field) => field.type !== "file" && !(isTick(field) && value(field) === ""))
    .map((field): [string, string] => [field.name, value(field)]);
  if (!multipart) return new URLSearchParams(pairs);
  const data = new FormData();
  for (const [name, text] of pairs) data.append(name, text);
  for (const { name, type } of fields) if (type === "file") data.append(name, file);
  return data;
}

/** What is not as it should be when the form comes back with these fields wrong. */
async function faultsWith(url: string, who: Who, form: PageForm, wrong: readonly FormField[], typed: string) {
  const value = (field: FormField) =>
    wrong.includes(field) ? typed : isTyped(field) && field.value === "" ? "Kept as typed" : field.value;
  const { status, page } = await ask(new URL(form.action, url).href, who, bodyOf(form, value));
  const names = form.fields.map(({ name }) => name).join();
  const again = page.forms.find(
    ({ action, fields }) => action === form.action && fields.map(({ name }) => name).join() === names,
  );
  const about = `${form.action.replace(/[0-9a-f]{32,}/, "…")} with ${JSON.stringify(typed)} is ${status}`;
  if (status < 400 || status >= 500 || again === undefined) return [`${about}, without its form`];
  const faults: string[] = [];
  for (const [index, field] of form.fields.entries()) {
    const shown = again.fields[index];
    if (isTyped(field) && field.type !== "password" && shown?.value.trim() !== value(field))
      faults.push(`${about}: ${field.name} is lost`);
    if (!wrong.includes(field)) continue;
    const words = shown?.describedBy
      .filter((id) => id.endsWith("-error"))
      .map((id) => page.texts.get(id) ?? "");
    if (shown?.invalid !== true || !words?.some((text) => text.trim() !== ""))
      faults.push(`${about}: nothing stands beside ${field.name}`);
  }
  if (!page.takesFocus && !again.fields.some(({ invalid, autofocus }) => invalid && autofocus))
    faults.push(`${about}: nothing takes the focus`);
  return faults;
}

test("an empty or wrong field of any form is told beside it, and nothing that was typed is lost", async () => {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [url, who] of pages) {
    const { page } = await ask(url, who, who.posts ? new URLSearchParams() : null);
    for (const form of page.forms) {
      if (!form.novalidate) faults.push(`${form.action} of ${url} is judged by the browser`);
      const key = [form.action, ...form.fields.map(({ name }) => name)].join();
      if (form.method !== "post" || seen.has(key)) continue;
      seen.add(key);
      const empty = form.fields.filter(canBeLeft);
      const judged = form.fields.filter(isJudged);
      if (empty.length > 0) faults.push(...(await faultsWith(url, who, form, empty, "")));
      // Of an address or a password that is wrong, who signs in is not told which of them it is.
      if (judged.length > 0 && form.action !== "/sign-in")
        faults.push(...(await faultsWith(url, who, form, judged, "!")));
    }
  }
  expect(faults).toEqual([]);
});

const STATES = ["revision", "seen"];
const isState = ({ name, type }: FormField) => type === "hidden" && STATES.includes(name);
const isNew = ({ name }: FormField) => name.startsWith("meanwhile.");
/** What the store looks at before the state: it says the same whatever anybody has changed. */
const FIRST_LOOKED_AT: Readonly<Record<string, (form: PageForm) => string>> = {
  instead: () => "",
  confirm: ({ action }) => action.split("/")[2] ?? "",
  "tag/new": () => "",
  "translatedNotes/new": () => "",
};
/** Nobody recovers keys in this world: a store without certificates for it approves none. */
const NOT_HERE = /^\/recoveries\/[^/]+\/approve$/;
const isFilled = (field: FormField) => field.type !== "hidden" && field.type !== "file";

/** What is not as it should be when the form is sent from a page that was made before the thing was changed. */
async function faultsOfLate(url: string, who: Who, form: PageForm): Promise<string[]> {
  const value = (field: FormField) => {
    if (isState(field)) return "99999";
    const first = FIRST_LOOKED_AT[field.name]?.(form);
    if (first !== undefined) return first;
    return isTyped(field) && field.type !== "datetime-local" && field.value === ""
      ? "Kept as typed"
      : field.value;
  };
  const action = new URL(form.action, url).href;
  const picture = new File([await new Response(emptyPng(400, 400)).bytes()], "a.png");
  const { status, page } = await ask(action, who, bodyOf(form, value, picture), url);
  const about = `${form.action.replace(/[0-9a-f]{32,}/, "…")} of ${new URL(url).pathname} is ${status}`;
  const again = page.forms.find(({ action, fields }) => action === form.action && fields.some(isNew));
  if (status !== 412 || again === undefined) return [`${about}, without its form`];
  const faults: string[] = page.takesFocus ? [] : [`${about}: nothing takes the focus`];
  const rest = again.fields.filter((field) => !isNew(field));
  for (const [index, field] of form.fields.entries()) {
    const shown = rest[index];
    const expected = isState(field) ? field.value : value(field);
    if (shown?.name !== field.name || shown.value.replace(/^\n/, "").trim() !== expected.trim())
      faults.push(`${about}: ${field.name} is ${shown?.value}`);
  }
  return faults;
}

test("any form that says which state it was made from comes back with what was typed and the present state, once that is another", async () => {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [url, who] of pages) {
    const { page } = await ask(url, who, who.posts ? new URLSearchParams() : null);
    for (const form of page.forms) {
      const key = [form.action, ...form.fields.map(({ name }) => name)].join();
      if (form.method !== "post" || seen.has(key) || !form.fields.some(isState)) continue;
      if (!form.fields.some(isFilled) || NOT_HERE.test(form.action)) continue;
      seen.add(key);
      faults.push(...(await faultsOfLate(url, who, form)));
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});
