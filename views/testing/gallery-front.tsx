/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Components of the store front and of the store's settings, each in its states. Its own words are data, not messages. */
import { Html } from "@kitajs/html";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CategoryFilter, CategoryTiles } from "../components/categories.tsx";
import { CollectionRow, Featured, ShowingBadge } from "../components/collections.tsx";
import { FoundApps, FoundCount, NothingFound } from "../components/found-apps.tsx";
import { OrganisationName, OrganisationNames } from "../components/organisation.tsx";
import { ReviewItem, ShortRating, StarChoice, Stars, Summary } from "../components/ratings.tsx";
import { NoPicture, Picture, Screenshots } from "../components/screenshots.tsx";
import { SettingFields } from "../components/setting-form.tsx";
import { Origin, SettingValue } from "../components/settings.tsx";
import { AddressFacts, MailForms, NameFields } from "../components/setup-bodies.tsx";
import { RootKeyFacts, SignInForms, StorageFacts } from "../components/setup-keeping.tsx";
import { SortLinks } from "../components/sort-links.tsx";
import { About, AppFacts, DeprecatedNotice, Hero, OnlyFor, StoreGrid } from "../components/store-front.tsx";
import { Links, Prose, Tags } from "../components/store-listing.tsx";
import { StoreLogo } from "../components/store-logo.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";
import { ABOUT_HTML } from "./appearance.ts";
import { categoryLinks } from "./categories.ts";
import { frontRows } from "./collections.ts";
import { before } from "./context.ts";
import { LONG_NAME, LONG_TEXT, LONGEST, ORDINARY, storeApps } from "./data.ts";
import { SUMMARY, UNRATED } from "./ratings.ts";
import { SETTINGS_TOLD } from "./settings.ts";
import { SETUP_BODIES } from "./setup.ts";

function Front(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const src = ctx.assetUrl("favicon.svg");
  const sizes = [{ src, widthPx: 1280, heightPx: 800 }];
  const logo = [{ src, widthPx: 24, heightPx: 24 }];
  const { featured, collections } = frontRows(ORDINARY);
  const screenshots = (["ready", "waiting", "unreadable"] as const).map((state) => ({
    ...{ alt: `A screenshot that is ${state}`, locale: null, state, sizes },
  }));
  return (
    <>
      {featured !== null && <Featured ctx={ctx} {...featured} />}
      {collections.map((row) => (
        <CollectionRow ctx={ctx} {...row} />
      ))}
      <Card title="How a collection shows">
        <div class="gallery-row">
          {(["draft", "scheduled", "shown", "ended"] as const).map((showing) => (
            <ShowingBadge ctx={ctx} showing={showing} />
          ))}
        </div>
      </Card>
      <Hero
        title="A store"
        lead="What it is, in a line."
        titleLevel={3}
        actions={<LinkButton ctx={ctx} href="/catalog" label="Look around" kind="primary" />}
      />
      <CategoryTiles ctx={ctx} categories={categoryLinks(true)} />
      <CategoryFilter ctx={ctx} categories={categoryLinks()} current="maps" allHref="/catalog" />
      {([null, "newest", "updated", "installs"] as const).map((current) => (
        <SortLinks ctx={ctx} sorting={{ path: "/catalog", current }} />
      ))}
      <Card title="Names of organisations">
        <p>
          <OrganisationName of={{ name: "Northwind", href: "/organisations/org-1/members" }} />
        </p>
        <p>
          <OrganisationNames
            of={[
              { name: LONG_NAME, href: null },
              { name: "Northwind", href: "/organisations/org-1/members" },
            ]}
          />
        </p>
        <p>
          <OrganisationNames of={[]} />
        </p>
      </Card>
      <StoreGrid
        ctx={ctx}
        apps={[...storeApps(ORDINARY), ...storeApps(LONGEST).slice(0, 1)]}
        titleLevel={2}
      />
      <FoundApps
        ctx={ctx}
        search={{ query: LONG_NAME, found: 200, isCut: true }}
        apps={storeApps(ORDINARY).slice(0, 1)}
        pager={{ previousHref: null, nextHref: "/catalog?cursor=x" }}
        categories={categoryLinks()}
      />
      <FoundApps
        ctx={ctx}
        search={{ query: "nothing", found: 0, isCut: false }}
        apps={[]}
        pager={{ previousHref: null, nextHref: null }}
        categories={[]}
      />
      <FoundCount ctx={ctx} search={{ query: "one", found: 1, isCut: false }} />
      <NothingFound ctx={ctx} />
      <Card title="An app">
        {storeApps(LONGEST)
          .slice(0, 1)
          .map(({ deprecated }) => (
            <DeprecatedNotice ctx={ctx} deprecated={deprecated} />
          ))}
        {storeApps(ORDINARY)
          .slice(0, 1)
          .map((app) => (
            <AppFacts ctx={ctx} app={app} />
          ))}
        <OnlyFor ctx={ctx} only="groups" />
        <OnlyFor ctx={ctx} only="signed-in" />
      </Card>
      <Card title="Pictures">
        <div class="gallery-row">
          <NoPicture ctx={ctx} state="waiting" />
          <NoPicture ctx={ctx} state="unreadable" />
          <StoreLogo logos={null} place="brand" />
          <StoreLogo logos={{ light: logo, dark: logo }} place="brand" />
        </div>
      </Card>
      <ul class="screenshots">
        <li>
          <Picture sizes={sizes} alt="A picture" />
        </li>
      </ul>
      <Screenshots ctx={ctx} screenshots={screenshots} label="Screenshots" />
      <Card title="A listing">
        <Prose safeHtml="<p><strong>Notes</strong> for the field.</p>" />
        <Tags ctx={ctx} tags={["notes", LONG_NAME]} />
        <Links ctx={ctx} links={[{ kind: "homepage", href: "https://example.com/notes" }]} />
      </Card>
      <About ctx={ctx} safeHtml={ABOUT_HTML} language="de" />
    </>
  );
}

function Ratings(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const errors = [{ field: "stars", message: "Choose one to five stars." }];
  return (
    <Card title="Ratings">
      <div class="gallery-row">
        <Stars ctx={ctx} stars={3} />
        <Stars ctx={ctx} stars={4.25} large />
        <ShortRating ctx={ctx} rating={{ average: 4.25, count: 1284 }} />
      </div>
      <Summary ctx={ctx} summary={SUMMARY} />
      <Summary ctx={ctx} summary={UNRATED} />
      {[true, false].map((isEdited) => (
        <ReviewItem
          ctx={ctx}
          review={{
            ...{ id: `rev-${isEdited}`, author: isEdited ? "Ada Minster" : null, stars: 4, isEdited },
            ...{ text: isEdited ? LONG_TEXT : "", language: "en", version: "1.2.0" },
            createdAt: before(3, "days"),
            answer: isEdited
              ? { text: "Thank you.", by: "Northwind", at: before(1, "days"), isOlder: true }
              : null,
          }}
        />
      ))}
      <form novalidate class="form">
        <StarChoice ctx={ctx} name="stars" label="Stars" value={null} errors={errors} />
      </form>
    </Card>
  );
}

function Settings(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const form = { value: "open", other: "", ticked: [] };
  const errors = [{ field: "value", message: "This is not what the setting takes." }];
  return (
    <>
      <Card title="Settings">
        <SettingValue ctx={ctx} value={null} />
        {SETTINGS_TOLD.slice(0, 6).map((setting) => (
          <div>
            <SettingValue ctx={ctx} value={setting.value} />
            <Origin ctx={ctx} setting={setting} />
          </div>
        ))}
      </Card>
      {SETTINGS_TOLD.filter(({ key }) => key === "maxUploadBytes").map((setting) => (
        <Card title="A setting with a fault">
          <SettingFields ctx={ctx} setting={setting} form={form} errors={errors} roles={[]} />
        </Card>
      ))}
    </>
  );
}

/** The steps of the set-up: as they come, and to who may only look. */
function Setup(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const dataDir = "/srv/mosis";
  const manages = false;
  const { name, address, mail, storage, signIn, rootKey } = SETUP_BODIES;
  return (
    <>
      <NameFields ctx={ctx} body={name} manages={manages} />
      <AddressFacts ctx={ctx} body={address} dataDir={dataDir} />
      <MailForms ctx={ctx} body={mail} dataDir={dataDir} manages={manages} />
      <StorageFacts ctx={ctx} body={storage} manages={manages} />
      <SignInForms ctx={ctx} body={signIn} manages={manages} />
      <RootKeyFacts ctx={ctx} body={rootKey} dataDir={dataDir} />
    </>
  );
}

export function galleryFrontPage(ctx: PageContext): JSX.Element {
  return (
    <Page ctx={ctx} title="Front">
      <PageHead ctx={ctx} title="Front" lead="The store front, settings and the set-up." />
      <Front ctx={ctx} />
      <Ratings ctx={ctx} />
      <Settings ctx={ctx} />
      <Setup ctx={ctx} />
    </Page>
  );
}
