/** `/apps/:appId/store-listing`: what the store shows of an app in each language, its preview, its change, and what it was before. */
import { Type } from "@sinclair/typebox";
import { LINK_KINDS } from "../../../views/components/store-listing.tsx";
import { languageNameIn } from "../../../views/format.ts";
import type { FieldError } from "../../../views/page.ts";
import {
  LINK_FIELDS,
  LISTING_FIELDS,
  type ListingProps,
  type ListingValues,
  linkField,
  storeListingPage,
} from "../../../views/pages/store-listing.tsx";
import { allows } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { readShownPictures } from "../../catalog/listing-pictures/keep.ts";
import {
  LISTING_LIMITS,
  type ListingDocument,
  type ListingInput,
} from "../../catalog/store-listing/document.ts";
import {
  changeStoreListing,
  listStoreListingRevisions,
  previewStoreListing,
  readStoreListing,
  restoreStoreListing,
  type StoreListingView,
} from "../../catalog/store-listing/store-listing.ts";
import { localeFor, shownTexts } from "../../catalog/store-listing/texts.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { localeFault } from "../../format/locales.ts";
import type { AppId } from "../../ids.ts";
import { formBody, longForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { tabbedApp } from "./app-props.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, plainLines, revisionField } from "./form.ts";
import { markdownHtml } from "./markdown.ts";
import { goOn, pictureUrl, show } from "./page.ts";
import { screenshotsIn } from "./shown-screenshots.ts";

const PATH = "/apps/:appId/store-listing";
const PARAMS = Type.Object({ appId: APP_ID });
const BODY = longForm(formBody(["act", "locale", "revision", ...LISTING_FIELDS]));

/** What was typed, and what it came to: the page again, with it. */
type Again = {
  readonly values: ListingValues;
  readonly preview: StoreListingView | null;
  readonly problem: Problem | null;
};

type Shown = { readonly locale: string | null; readonly again?: Again; readonly newLocale?: string };

/** A language as it is written here; null for what is none. */
function parseLocale(typed: string): string | null {
  try {
    const [locale] = Intl.getCanonicalLocales(typed.trim().replaceAll("_", "-"));
    const isFine = locale !== undefined && locale.length <= LISTING_LIMITS.localeBytes;
    return isFine && localeFault(locale) === undefined ? locale : null;
  } catch {
    return null;
  }
}

function valuesOf({ texts, tags, links }: ListingDocument, locale: string): ListingValues {
  const { name = "", summary = "", description = "" } = texts[locale] ?? {};
  const linkOf = (kind: (typeof LINK_KINDS)[number]) => links[kind] ?? "";
  return {
    ...{ name, summary, description },
    tags: tags.join(", "),
    links: Object.fromEntries(LINK_KINDS.map((kind) => [kind, linkOf(kind)])) as ListingValues["links"],
  };
}

/** The document with what was typed in one language, in place of what it says there. */
function inputWith(document: ListingDocument, locale: string, values: ListingValues): ListingInput {
  const { name, summary, description, links } = values;
  return {
    texts: { ...document.texts, [locale]: { name, summary, description } },
    tags: values.tags
      .split(/[,\n،、]+/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    links,
  };
}

/** A pointer into the document is the name of a field of the form; another language's texts have none on it. */
function fieldsOf(problem: Problem, locale: string): FieldError[] {
  const faults = problem.faults.map((detail) => {
    const pointer = (detail.pointer ?? "")
      .replace(`/texts/${locale}/`, "/")
      .replace(/^\/tags\/\d+$/, "/tags")
      .replace(/^\/links\//, `/${LINK_FIELDS}`);
    return { ...detail, pointer };
  });
  const [only] = faults;
  const words = faults.length === 1 && only !== undefined ? only.message : problem.words;
  return fieldErrors({ code: problem.code, words, faults }, LISTING_FIELDS);
}

function typedIn(body: Readonly<Record<string, string | undefined>>): ListingValues {
  const field = (name: string) => (body[name] ?? "").trim();
  return {
    name: field("name"),
    summary: field("summary"),
    description: plainLines(body.description ?? ""),
    tags: field("tags"),
    links: Object.fromEntries(
      LINK_KINDS.map((kind) => [kind, field(linkField(kind))]),
    ) as ListingValues["links"],
  };
}

function showListing(call: CallBase, appId: AppId, shown: Shown): Promise<Response> {
  const { store, actor } = call;
  const { again, newLocale = "" } = shown;
  const app = readApp(store, actor, appId);
  const kept = readStoreListing(store, actor, appId);
  const view = again?.preview ?? kept;
  const pictures = readShownPictures(store, actor, appId);
  const mayChange = allows(actor, "app.change", { organisationId: app.organisationId, appId });
  const history = mayChange ? listStoreListingRevisions(store, actor, appId) : null;
  const isWrong = shown.locale === null && newLocale !== "";
  const problem = again?.problem ?? null;
  return show(
    call,
    (ctx) => {
      const { defaultLocale, byLocale } = view.shown;
      const locale = shown.locale ?? localeFor(ctx.locale, byLocale, defaultLocale);
      const texts = byLocale.get(locale) ?? byLocale.get(defaultLocale);
      const devices = shownTexts(view.package, { texts: {} });
      const device = devices.byLocale.get(localeFor(locale, devices.byLocale, devices.defaultLocale));
      const own = (of: Readonly<Record<string, string>> | undefined) => of?.[locale] ?? null;
      const { tags, links } = view.document;
      const tag = (of: string) => ({
        tag: of,
        name: languageNameIn(ctx.locale, of),
        isDefault: of === defaultLocale,
      });
      const props: ListingProps = {
        app: { ...tabbedApp(call, app), iconUrl: pictureUrl(app.iconKey) },
        deviceIconUrl: pictureUrl(pictures.packageIconKey),
        publisher: app.organisationName,
        revision: kept.revision,
        locale: tag(locale),
        locales: [...new Set([defaultLocale, ...byLocale.keys(), locale])].map(tag),
        package: { name: own(view.package.name), summary: own(view.package.summary) },
        device: { name: device?.name ?? app.name, summary: device?.summary ?? "" },
        values: again?.values ?? valuesOf(kept.document, locale),
        preview: {
          isTyped: again?.preview != null,
          name: texts?.name ?? app.name,
          summary: texts?.summary ?? "",
          descriptionHtml: markdownHtml(texts?.description ?? ""),
          tags,
          links: LINK_KINDS.flatMap((kind) => {
            const href = links[kind];
            return href === undefined ? [] : [{ kind, href }];
          }),
          screenshots: screenshotsIn(pictures.screenshots, locale, defaultLocale),
        },
        limits: {
          name: LISTING_LIMITS.nameCharacters,
          summary: LISTING_LIMITS.summaryCharacters,
          description: LISTING_LIMITS.descriptionCharacters,
        },
        history:
          history?.map(({ revision, changedBy, changedAt }) => ({
            ...{ revision, at: changedAt, isNow: revision === kept.revision },
            by: authorName(ctx, store, changedBy),
          })) ?? null,
        errors: problem === null ? [] : fieldsOf(problem, locale),
        newLocale: isWrong ? newLocale : "",
      };
      return storeListingPage(ctx, props);
    },
    problem !== null ? { status: statusOf(problem) } : isWrong ? { status: 422 } : {},
  );
}

export const storeListingRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "storeListingPage",
    summary: "What the store shows of an app",
    params: PARAMS,
    query: Type.Object({ locale: Type.Optional(Type.String()) }),
    handle: (call) => {
      const { locale = "" } = call.query;
      const parsed = locale === "" ? null : parseLocale(locale);
      return showListing(call, call.params.appId, { locale: parsed, newLocale: locale.slice(0, 100) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.change",
    name: "storeListingForm",
    summary: "Change what the store shows of an app, or look at the change first",
    params: PARAMS,
    body: BODY,
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const values = typedIn(body);
      const view = readStoreListing(store, actor, params.appId);
      const locale = parseLocale(body.locale ?? "") ?? view.shown.defaultLocale;
      const input = inputWith(view.document, locale, values);
      const revision = revisionField(body.revision ?? "");
      const isPreview = body.act === "preview";
      const outcome = await attempt(() =>
        isPreview
          ? previewStoreListing(view, input)
          : changeStoreListing(store, actor, params.appId, input, revision),
      );
      if (isProblem(outcome))
        return showListing(call, params.appId, {
          locale,
          again: { values, preview: null, problem: outcome },
        });
      if (isPreview)
        return showListing(call, params.appId, {
          locale,
          again: { values, preview: outcome, problem: null },
        });
      return goOn(call, `/apps/${params.appId}/store-listing?locale=${locale}`, "listing_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/restore`,
    access: "app.change",
    name: "restoreStoreListingForm",
    summary: "Make what the store shows of an app what it was before",
    params: PARAMS,
    body: formBody(["to", "revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      const to = /^\d{1,9}$/.test(body.to) ? Number(body.to) : -1;
      restoreStoreListing(store, actor, params.appId, to, revisionField(body.revision));
      return goOn(call, `/apps/${params.appId}/store-listing`, "listing_restored");
    },
  }),
];
