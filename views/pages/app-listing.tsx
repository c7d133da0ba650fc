/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Select } from "../components/field.tsx";
import type { PageContext } from "../page.ts";
import type { AppProps } from "./app-props.ts";

/** How people find it in the store, and what they read of it. */
export function AppListing(props: { ctx: PageContext } & AppProps): JSX.Element {
  const { ctx, app } = props;
  const { t } = ctx;
  return (
    <>
      <Card title={t("store_listing.page_title")}>
        <div class="split">
          <p class="muted" safe>
            {t("app.listing_lead")}
          </p>
          <LinkButton ctx={ctx} href={`/apps/${app.id}/store-listing`} label={t("app.listing_open")} />
        </div>
      </Card>
      {props.category !== null && <CategoryCard ctx={ctx} app={app} category={props.category} />}
      {props.listing !== null && <ListingCard ctx={ctx} app={app} listing={props.listing} />}
    </>
  );
}

/** Whether lists have it, and what is said against it. */
function ListingCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  listing: NonNullable<AppProps["listing"]>;
}): JSX.Element {
  const { ctx, app, listing } = props;
  const { t } = ctx;
  const { listed, deprecated, manages } = listing;
  const act = listed ? ("unlist" as const) : ("relist" as const);
  return (
    <Card title={t("listing.title")}>
      <div class="stack-s">
        <div class="split">
          <p class="muted" safe>
            {t(
              !listed
                ? "listing.is_unlisted"
                : app.wasPublished
                  ? "listing.is_listed"
                  : "listing.will_be_listed",
            )}
          </p>
          {manages && (
            <Confirm
              ctx={ctx}
              label={t(`listing.${act}`)}
              title={t(`listing.${act}_title`, { app: app.name })}
              consequence={t(`listing.${act}_consequence`)}
              action={`/apps/${app.id}/${act}`}
              revision={app.revision}
              confirmLabel={t(`listing.${act}`)}
            />
          )}
        </div>
        {(app.wasPublished || deprecated !== null) && (
          <div class="split">
            <p class="muted" dir="auto" safe>
              {deprecated === null
                ? t("listing.not_deprecated")
                : t("listing.deprecated", { text: deprecated })}
            </p>
            {manages && (
              <div class="row">
                <LinkButton
                  ctx={ctx}
                  href={`/apps/${app.id}/deprecate`}
                  label={t(deprecated === null ? "listing.deprecate" : "listing.deprecate_change")}
                />
                {deprecated !== null && (
                  <Confirm
                    ctx={ctx}
                    label={t("action.undeprecate")}
                    title={t("listing.undeprecate_title", { app: app.name })}
                    consequence={t("listing.undeprecate_consequence")}
                    action={`/apps/${app.id}/undeprecate`}
                    revision={app.revision}
                    confirmLabel={t("action.undeprecate")}
                  />
                )}
              </div>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}

/** Under which category people find it, and who says so. */
function CategoryCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  category: NonNullable<AppProps["category"]>;
}): JSX.Element {
  const { ctx, app, category } = props;
  const { t } = ctx;
  const { chosen, fromPackage, name, choice } = category;
  const said =
    fromPackage === null ? t("app.category_none_said") : t("app.category_said", { category: fromPackage });
  return (
    <Card title={t("categories.category")}>
      <div class="stack-s">
        <p class="muted">
          {name === null ? (
            <bdi safe>
              {chosen === null ? t("app.category_none") : t("app.category_gone", { id: chosen })}
            </bdi>
          ) : (
            <bdi safe>
              {t(chosen === null ? "app.category_is" : "app.category_chosen", { category: name })}
            </bdi>
          )}{" "}
          <span safe>{chosen === null && name !== null ? "" : said}</span>
        </p>
        {choice !== null && (
          <form novalidate class="category-choice" method="post" action={`/apps/${app.id}/category`}>
            <Select
              ctx={ctx}
              name="category"
              label={t("app.category_choice")}
              value={chosen ?? ""}
              filter
              options={[
                { value: "", label: said },
                ...choice.map((one) => ({ value: one.id, label: one.name })),
              ]}
            />
            <Button ctx={ctx} label={t("categories.save")} />
          </form>
        )}
      </div>
    </Card>
  );
}
