/** /api/v1/apps/{appId}/store-listing/pictures: the icon and the screenshots of a listing. */
import { type Static, Type } from "@sinclair/typebox";
import {
  addListingPicture,
  changeListingPicture,
  readListingPictures,
  removeListingPicture,
} from "../../catalog/listing-pictures/keep.ts";
import { LISTING_PICTURE_LIMITS, PICTURE_RULES } from "../../catalog/listing-pictures/limits.ts";
import { jsonBody, pictureBody } from "../body.ts";
import { revised } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, oneOf, orNull, record } from "../schemas.ts";
import {
  ALTS,
  LISTING_PICTURE_ID,
  LISTING_PICTURES,
  listingPicturesJson,
  PICTURE_LOCALE,
} from "../schemas-store-listing.ts";
import { parseForm } from "../validate.ts";

const PATH = "/api/v1/apps/:appId/store-listing/pictures";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });
const PICTURE_PARAMS = Type.Object({ appId: APP_ID, pictureId: LISTING_PICTURE_ID });
const CHANGE_ERRORS = ["app.not_found", "app.being_deleted"];
const { icon, screenshot } = PICTURE_RULES;

const QUERY = {
  kind: { ...oneOf("icon", "screenshot"), description: "what it is" },
  locale: Type.Optional({
    ...PICTURE_LOCALE,
    description: "of a screenshot: the language of those whom it is for; without it everybody",
  }),
  alt: Type.Optional(
    Type.String({
      description: `of a screenshot, which needs it: what it says to who does not see it, in that language, or in the app's own; 1 to ${LISTING_PICTURE_LIMITS.altCharacters} characters`,
    }),
  ),
};
const SAID = Type.Object(QUERY);
/** A form may say in its fields what else stands in the query. */
const ANY_QUERY = Type.Partial(SAID);
const FORM = Type.Object({
  ...ANY_QUERY.properties,
  picture: Type.String({
    contentMediaType: "application/octet-stream",
    description: "the picture's bytes, as the form's last part",
  }),
});

const reply = {
  status: 200,
  description: "All pictures of the listing, as they are now.",
  schema: LISTING_PICTURES,
};

export const listingPictureRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "readListingPictures",
    summary: "Read the pictures of a listing",
    description:
      "They stand in the store in place of those of the package: the icon, and the screenshots as soon as one of them can be shown. Devices go on showing what the signed package has.",
    tag: TAG,
    params: PARAMS,
    replies: [reply],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => {
      const view = readListingPictures(store, actor, params.appId);
      return revised(listingPicturesJson(view), view.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "app.change",
    name: "addListingPicture",
    summary: "Upload a picture of a listing",
    description: `The body is the picture, streamed; or a form with it as its last part and before it what is else said in the query. PNG, JPEG or WebP of ${screenshot.maxBytes / 2 ** 20} MiB at most: a screenshot of ${screenshot.least} to ${screenshot.most} pixels a side, an icon that is square of ${icon.least} to ${icon.most}. A screenshot comes after the others, of which there are ${LISTING_PICTURE_LIMITS.screenshotsOfLanguage} for everybody and for each language, and ${LISTING_PICTURE_LIMITS.screenshots} in all; an icon takes the place of the one before. It is never shown as it came: its sizes are made once it is kept, and its state says when they are there.`,
    tag: TAG,
    changes: true,
    params: PARAMS,
    query: ANY_QUERY,
    body: pictureBody("picture", FORM),
    replies: [reply],
    errors: [
      ...CHANGE_ERRORS,
      "picture.dimensions",
      "picture.format",
      "picture.invalid",
      "picture.too_large",
      "picture.too_many",
      "picture.unreadable",
      "multipart.malformed",
      "multipart.unexpected",
      "request.too_large",
    ],
    handle: async ({ store, actor, params, url, body, ifMatch }) => {
      // Who may not is told so before anything that is sent is looked at.
      readListingPictures(store, actor, params.appId);
      const said: Static<typeof SAID> = parseForm(SAID, url.searchParams, body.fields ?? []);
      const { kind, locale = null, alt = "" } = said;
      const picture = { kind, locale, alt, bytes: body.bytes };
      const view = await addListingPicture(store, actor, params.appId, picture, ifMatch);
      return revised(listingPicturesJson(view), view.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: `${PATH}/:pictureId`,
    access: "app.change",
    name: "changeListingPicture",
    summary: "Describe a picture of a listing, or put it at another place",
    description: "What is left out stays as it is; descriptions are replaced as a whole.",
    tag: TAG,
    changes: true,
    params: PICTURE_PARAMS,
    body: jsonBody(
      record({
        alts: Type.Optional(ALTS),
        locale: Type.Optional(orNull({ ...PICTURE_LOCALE, maxLength: 100 })),
        place: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 1000,
            description: "1 is the first; a place beyond the last is the last.",
          }),
        ),
      }),
    ),
    replies: [reply],
    errors: [...CHANGE_ERRORS, "picture.invalid", "picture.not_found", "picture.too_many"],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const { appId, pictureId } = params;
      const view = changeListingPicture(store, actor, appId, pictureId, body, ifMatch);
      return revised(listingPicturesJson(view), view.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: `${PATH}/:pictureId`,
    access: "app.change",
    name: "removeListingPicture",
    summary: "Remove a picture of a listing",
    description:
      "Without an icon, that of the package is shown again; so it is with the last of the screenshots.",
    tag: TAG,
    changes: true,
    params: PICTURE_PARAMS,
    replies: [reply],
    errors: [...CHANGE_ERRORS, "picture.not_found"],
    handle: ({ store, actor, params, ifMatch }) => {
      const { appId, pictureId } = params;
      const view = removeListingPicture(store, actor, appId, pictureId, ifMatch);
      return revised(listingPicturesJson(view), view.revision);
    },
  }),
];
