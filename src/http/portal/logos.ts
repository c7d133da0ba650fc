/** `/admin/appearance/logo/light` and `/dark`: the store's logo. */
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { authorise } from "../../accounts/rights.ts";
import { changeLogo, readLogos, removeLogo } from "../../catalog/appearance/logos.ts";
import { isProblem } from "../../errors.ts";
import { say } from "../../say.ts";
import { formBody, uploadForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { defineRoute, type Route } from "../route.ts";
import { showAppearance } from "./appearance.ts";
import { attempt, revisionField } from "./form.ts";
import { goOn, show } from "./page.ts";

const APPEARANCE = "/admin/appearance";
/** How large the file is, is judged as it is read. */
const BODY = { ...uploadForm(["revision"], "file"), maxBytes: () => Number.MAX_SAFE_INTEGER };

const SIDES = [
  { side: "light", change: "changeLightLogoForm", ask: "removeLightLogoPage", remove: "removeLightLogoForm" },
  { side: "dark", change: "changeDarkLogoForm", ask: "removeDarkLogoPage", remove: "removeDarkLogoForm" },
] as const;

export const logoRoutes: readonly Route[] = SIDES.flatMap(({ side, change, ask, remove }) => [
  defineRoute({
    area: "page",
    method: "POST",
    path: `${APPEARANCE}/logo/${side}`,
    access: "storefront.manage",
    name: change,
    summary: `Upload the store's logo for ${side} pages`,
    body: BODY,
    handle: async (call) => {
      const { store, actor, body } = call;
      authorise(actor, "storefront.manage");
      const seen = revisionField(body.fields.revision);
      if (body.fileName === "") {
        const errors = [{ field: side, message: say`Choose a picture first.` }];
        return showAppearance(call, null, { errors, status: 422 });
      }
      const outcome = await attempt(() => changeLogo(store, actor, side, body.bytes, seen));
      if (!isProblem(outcome)) return goOn(call, `${APPEARANCE}#logo`, "logo_changed");
      // The request itself was broken on the way: no form is shown to a connection that ended.
      if (/^(?:multipart|request)\./.test(outcome.code)) throw outcome;
      const errors = [{ field: side, message: outcome.words }];
      return showAppearance(call, null, { errors, status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${APPEARANCE}/logo/${side}/remove`,
    access: "storefront.manage",
    name: ask,
    summary: `The question before the store's logo for ${side} pages is removed`,
    handle: (call) => {
      const { store, actor } = call;
      authorise(actor, "storefront.manage");
      const { revision } = readLogos(store, actor);
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t(`appearance.logo_remove_${side}`),
          consequences: [ctx.t(`appearance.logo_remove_${side}_consequence`)],
          action: `${APPEARANCE}/logo/${side}/remove`,
          revision,
          confirmLabel: ctx.t("listing_pictures.remove"),
          destructive: true,
          cancelHref: `${APPEARANCE}#logo`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${APPEARANCE}/logo/${side}/remove`,
    access: "storefront.manage",
    name: remove,
    summary: `Remove the store's logo for ${side} pages`,
    body: formBody(["revision"]),
    handle: (call) => {
      removeLogo(call.store, call.actor, side, revisionField(call.body.revision));
      return goOn(call, `${APPEARANCE}#logo`, "logo_removed");
    },
  }),
]);
