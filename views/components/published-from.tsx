/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PublisherRun } from "../../src/db/publisher-run.ts";
import type { PageContext } from "../page.ts";
import { Card, Facts } from "./card.tsx";

/** The run of a build job that uploaded a version, as its CI server vouched for it. */
export type PublishedFrom = Omit<PublisherRun, "kind">;

/** As many letters of a commit's digest as people compare. */
const COMMIT_LETTERS = 12;

/** Where a version is from; nothing for one that a person or an API key uploaded. */
export function PublishedFromCard(props: { ctx: PageContext; from: PublishedFrom | null }): JSX.Element {
  const { ctx, from } = props;
  const { t } = ctx;
  if (from === null) return <></>;
  const fact = (term: string, text: string | null, url: string | null = null) =>
    text === null ? [] : [{ term, value: <Outward text={text} url={url} /> }];
  const facts = [
    ...fact(t("from.repository"), from.repository, from.repositoryUrl),
    ...fact(t("from.commit"), from.commit?.slice(0, COMMIT_LETTERS) ?? null, from.commitUrl),
    ...fact(t("from.ref"), from.ref),
    ...fact(t("from.workflow"), from.workflow),
    ...fact(t("from.environment"), from.environment),
    ...fact(t("from.run"), from.run, from.runUrl),
    ...(from.repository === null ? fact(t("from.subject"), from.subject) : []),
  ];
  return (
    <Card title={t("from.title")}>
      <div class="stack-s">
        <Facts items={facts} />
        <p class="meta" safe>
          {t("from.vouched", { name: from.issuerName, issuer: from.issuer })}
        </p>
      </div>
    </Card>
  );
}

/** To a server of which the store knows that it vouched, and nothing else; it is told nothing of this page. */
function Outward(props: { text: string; url: string | null }): JSX.Element {
  const { text, url } = props;
  return url === null ? (
    <span class="mono" dir="auto" safe>
      {text}
    </span>
  ) : (
    <a class="mono" href={url} rel="noreferrer" dir="auto" safe>
      {text}
    </a>
  );
}
