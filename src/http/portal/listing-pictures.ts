/** `/apps/:appId/store-listing/pictures`: the icon and the screenshots of a listing. Works as plain forms, a file at a time. */
import { Type } from "@sinclair/typebox";
import { rowId } from "../../../views/components/move-buttons.tsx";
import { languageNameIn } from "../../../views/format.ts";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { listingPictureFields, listingPicturePage } from "../../../views/pages/listing-picture.tsx";
import { type ListedPicture, listingPicturesPage } from "../../../views/pages/listing-pictures.tsx";
import { allows, authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { checkSaid } from "../../catalog/listing-pictures/decide.ts";
import {
  addListingPicture,
  changeListingPicture,
  type ListingPicture,
  type ListingPictures,
  pictureNotFound,
  readListingPictures,
  readShownPictures,
  removeListingPicture,
} from "../../catalog/listing-pictures/keep.ts";
import { LISTING_PICTURE_LIMITS, PICTURE_RULES } from "../../catalog/listing-pictures/limits.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { readStoreListing } from "../../catalog/store-listing/store-listing.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId, ListingPictureId } from "../../ids.ts";
import { knownLanguages, REFERENCE_LANGUAGE } from "../../languages.ts";
import { say } from "../../say.ts";
import { formBody, formPairs, type UploadForm, uploadForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { LISTING_PICTURE_ID } from "../schemas-store-listing.ts";
import { tabbedApp } from "./app-props.ts";
import { authorName } from "./authors.ts";
import { placeIn } from "./collection-forms.ts";
import { attempt, fieldErrors, revisionField, revisionIn } from "./form.ts";
import { languagesOf, localTextsIn, localValues, type RefusedForm, refusedLocalForm } from "./local-form.ts";
import { goOn, pictureUrl, show } from "./page.ts";
import { shownSizes } from "./shown-screenshots.ts";

const LISTING = "/apps/:appId/store-listing";
const PATH = `${LISTING}/pictures`;
const ONE = `${PATH}/:pictureId`;
const PARAMS = Type.Object({ appId: APP_ID });
const PICTURE_PARAMS = Type.Object({ appId: APP_ID, pictureId: LISTING_PICTURE_ID });
const { icon, screenshot } = PICTURE_RULES;

/** How large a file is, is judged as it is read, so that the form comes back with what was typed. */
const body = <const F extends string>(fields: readonly F[]) => ({
  ...uploadForm(fields, "file"),
  maxBytes: () => Number.MAX_SAFE_INTEGER,
});

const pathOf = (appId: AppId): string => `/apps/${appId}/store-listing/pictures`;

type Refused = {
  readonly values: { readonly alt: string; readonly locale: string };
  readonly errors: readonly FieldError[];
  readonly status: number;
};

/** The app's own languages first, those of the store's pages after them. */
function languagesFor(call: CallBase, appId: AppId, ctx: PageContext) {
  const { defaultLocale, byLocale } = readStoreListing(call.store, call.actor, appId).shown;
  const nameOf = (tag: string) => languageNameIn(ctx.locale, tag);
  const tags = [...new Set([defaultLocale, ...byLocale.keys(), ...knownLanguages()])];
  return {
    options: tags.map((value) => ({ value, label: nameOf(value) })),
    nameOf,
    own: defaultLocale,
    tags: [...new Set([defaultLocale, ...byLocale.keys()])],
  };
}

function listed(
  call: CallBase,
  ctx: PageContext,
  nameOf: (tag: string) => string,
  picture: ListingPicture,
): ListedPicture {
  const { id, alts, locale, place, shown, widthPx, heightPx, sizeBytes, addedBy, addedAt } = picture;
  return {
    ...{ id, place, widthPx, heightPx, sizeBytes, state: shown.state },
    alt: textIn(alts, ctx.locale),
    language: locale === null ? null : nameOf(locale),
    sizes: shownSizes(shown.sizes),
    by: authorName(ctx, call.store, addedBy),
    at: addedAt,
  };
}

function showPictures(call: CallBase, appId: AppId, again: Refused | null = null): Promise<Response> {
  const { store, actor } = call;
  const app = readApp(store, actor, appId);
  const view = readListingPictures(store, actor, appId);
  const { packageIconKey, packageScreenshots } = readShownPictures(store, actor, appId);
  return show(
    call,
    (ctx) => {
      const { options, nameOf, own } = languagesFor(call, appId, ctx);
      const row = (picture: ListingPicture) => listed(call, ctx, nameOf, picture);
      return listingPicturesPage(ctx, {
        app: tabbedApp(call, app),
        revision: view.revision,
        mayChange:
          app.deletionAt === null &&
          allows(actor, "app.change", { organisationId: app.organisationId, appId }),
        icon: view.icon && row(view.icon),
        packageIconUrl: pictureUrl(packageIconKey),
        screenshots: view.screenshots.map(row),
        packageScreenshots,
        languages: options,
        ownLanguage: nameOf(own),
        values: again?.values ?? { alt: "", locale: "" },
        limits: {
          bytes: screenshot.maxBytes,
          ...{ iconLeast: icon.least, iconMost: icon.most },
          ...{ screenshotLeast: screenshot.least, screenshotMost: screenshot.most },
          screenshotsOfLanguage: LISTING_PICTURE_LIMITS.screenshotsOfLanguage,
          altCharacters: LISTING_PICTURE_LIMITS.altCharacters,
        },
        errors: again?.errors ?? [],
      });
    },
    again === null ? {} : { status: again.status, here: pathOf(appId) },
  );
}

/** Who may not is told so before anything that is sent is looked at. @throws Problem `app.not_found`, `rights.forbidden` */
function mustChange({ store, actor }: CallBase, appId: AppId): void {
  const { organisationId } = readApp(store, actor, appId);
  authorise(actor, "app.change", { organisationId, appId });
}

/** @throws Problem `picture.not_found` */
function mustFind({ appId, icon: one, screenshots }: ListingPictures, id: ListingPictureId): ListingPicture {
  const found = [...(one === null ? [] : [one]), ...screenshots].find((picture) => picture.id === id);
  if (found !== undefined) return found;
  throw pictureNotFound(appId);
}

/** Where in the form for a screenshot the fault is said. */
const fieldIn = (field: string) => (field.startsWith("alts") ? "alt" : field === "" ? "file" : field);

async function takeFile(
  call: CallBase & { readonly body: UploadForm<"revision" | "alt" | "locale"> },
  appId: AppId,
  kind: "icon" | "screenshot",
): Promise<Response> {
  const { store, actor, body: sent } = call;
  mustChange(call, appId);
  const seen = revisionField(sent.fields.revision);
  // The form of an icon has neither.
  const { alt, locale } = kind === "icon" ? { alt: "", locale: "" } : sent.fields;
  const values = { alt, locale };
  const file = kind === "icon" ? "icon" : "file";
  if (sent.fileName === "") {
    const message = say`Choose a picture first.`;
    const alts = alt.trim() === "" ? {} : { [locale || REFERENCE_LANGUAGE]: alt };
    const said = await attempt(() => checkSaid(kind, { alts, locale: locale || null }));
    const errors = [...(isProblem(said) ? placed(said, kind) : []), { field: file, message }];
    return showPictures(call, appId, { values, errors, status: 422 });
  }
  const picture = { kind, alt, locale: locale === "" ? null : locale, bytes: sent.bytes };
  const outcome = await attempt(() => addListingPicture(store, actor, appId, picture, seen));
  if (!isProblem(outcome)) return goOn(call, pathOf(appId), "listing_picture_added");
  // The request itself was broken on the way: no form is shown to a connection that ended.
  if (/^(?:multipart|request)\./.test(outcome.code)) throw outcome;
  return showPictures(call, appId, { values, errors: placed(outcome, kind), status: statusOf(outcome) });
}

/** What is wrong with a new picture, by the fields of its form. */
function placed(problem: Problem, kind: "icon" | "screenshot"): FieldError[] {
  const known = problem.details.flatMap(({ pointer }) => pointer?.slice(1) ?? []);
  return fieldErrors(problem, known).map(({ field, message }) => ({
    field: kind === "icon" ? "icon" : fieldIn(field),
    message,
  }));
}

function showPicture(
  call: CallBase,
  appId: AppId,
  id: ListingPictureId,
  again: RefusedForm | null = null,
): Promise<Response> {
  const { store, actor } = call;
  mustChange(call, appId);
  const { name } = readApp(store, actor, appId);
  const view = readListingPictures(store, actor, appId);
  const { kind, alts, locale, shown } = mustFind(view, id);
  // Beside an icon stands the app's name: there is nothing to say of it.
  if (kind === "icon") throw nothingHere();
  return show(
    call,
    (ctx) => {
      const { options, tags, nameOf } = languagesFor(call, appId, ctx);
      // One that is chosen already can be kept.
      const isOffered = locale === null || options.some(({ value }) => value === locale);
      return listingPicturePage(ctx, {
        app: { id: appId, name },
        id,
        revision: again?.form?.values.revision ?? view.revision,
        picture: {
          alt: textIn(alts, ctx.locale),
          locale,
          state: shown.state,
          sizes: shownSizes(shown.sizes),
        },
        languages: isOffered ? options : [...options, { value: locale, label: nameOf(locale) }],
        altCharacters: LISTING_PICTURE_LIMITS.altCharacters,
        form: again?.form ?? {
          languages: languagesOf(alts, Object.fromEntries(tags.map((tag) => [tag, ""]))),
          values: { ...localValues({ alts }), locale: locale ?? "" },
        },
        errors: again?.errors ?? [],
      });
    },
    again === null ? {} : { status: again.status, here: `${pathOf(appId)}/${id}` },
  );
}

export const listingPictureRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "listingPicturesPage",
    summary: "The pictures of an app's listing",
    params: PARAMS,
    handle: (call) => showPictures(call, call.params.appId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.change",
    name: "addScreenshotForm",
    summary: "Upload a screenshot of an app's listing",
    params: PARAMS,
    body: body(["revision", "alt", "locale"]),
    handle: (call) => takeFile(call, call.params.appId, "screenshot"),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${LISTING}/icon`,
    access: "app.change",
    name: "changeIconForm",
    summary: "Upload the icon of an app's listing",
    params: PARAMS,
    body: body(["revision", "alt", "locale"]),
    handle: (call) => takeFile(call, call.params.appId, "icon"),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "app.change",
    name: "listingPicturePage",
    summary: "What a picture of a listing says, and whom it is for",
    params: PICTURE_PARAMS,
    handle: (call) => showPicture(call, call.params.appId, call.params.pictureId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "app.change",
    name: "changeListingPictureForm",
    summary: "Describe a picture of a listing otherwise, or show it to others",
    params: PICTURE_PARAMS,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor, params, body: form } = call;
      const { appId, pictureId } = params;
      mustChange(call, appId);
      const revision = revisionIn(form);
      const locale = new Map(form).get("locale") ?? "";
      const change = () => ({ alts: localTextsIn(form, "alts"), locale: locale === "" ? null : locale });
      const outcome = await attempt(() =>
        changeListingPicture(store, actor, appId, pictureId, change(), revision),
      );
      if (!isProblem(outcome)) return goOn(call, pathOf(appId), "listing_picture_changed");
      const again = refusedLocalForm(form, outcome, ["alts"], listingPictureFields);
      return showPicture(call, appId, pictureId, again);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/move`,
    access: "app.change",
    name: "moveListingPictureForm",
    summary: "Put a picture of a listing at another place",
    params: PICTURE_PARAMS,
    body: formBody(["revision", "place"]),
    handle: (call) => {
      const { store, actor, params, body: form } = call;
      const { appId, pictureId } = params;
      mustChange(call, appId);
      const change = { place: placeIn(form.place) };
      changeListingPicture(store, actor, appId, pictureId, change, revisionField(form.revision));
      return goOn(call, `${pathOf(appId)}#${rowId(pictureId)}`, "listing_picture_moved");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${ONE}/remove`,
    access: "app.change",
    name: "removeListingPicturePage",
    summary: "The question before a picture of a listing is removed",
    params: PICTURE_PARAMS,
    handle: (call) => {
      const { store, actor, params } = call;
      const { appId, pictureId } = params;
      mustChange(call, appId);
      const view = readListingPictures(store, actor, appId);
      const { kind, alts } = mustFind(view, pictureId);
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t(`listing_pictures.remove_${kind}`),
          consequences: [
            ...(kind === "icon" ? [] : [textIn(alts, ctx.locale)]),
            ctx.t(`listing_pictures.remove_${kind}_consequence`),
          ],
          action: `${pathOf(appId)}/${pictureId}/remove`,
          revision: view.revision,
          confirmLabel: ctx.t("listing_pictures.remove"),
          destructive: true,
          cancelHref: pathOf(appId),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/remove`,
    access: "app.change",
    name: "removeListingPictureForm",
    summary: "Remove a picture of a listing",
    params: PICTURE_PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body: form } = call;
      const { appId, pictureId } = params;
      mustChange(call, appId);
      removeListingPicture(store, actor, appId, pictureId, revisionField(form.revision));
      return goOn(call, pathOf(appId), "listing_picture_removed");
    },
  }),
];
