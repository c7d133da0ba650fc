/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { Finding, FindingMeaning, IconName, PageContext, Severity } from "../page.ts";
import type { Tone } from "./badge.tsx";
import { Card } from "./card.tsx";
import { Icon } from "./icon.tsx";
import { WithCode } from "./text.tsx";

const LOOK: Readonly<Record<Severity, { tone: Tone; icon: IconName }>> = {
  error: { tone: "bad", icon: "error" },
  warning: { tone: "warn", icon: "alert" },
  info: { tone: "neutral", icon: "info" },
};

const ORDER: readonly Severity[] = ["error", "warning", "info"];

/** Where in the package: entry, pointer in it, byte. */
function whereOf(ctx: PageContext, finding: Finding): string {
  const parts = [
    finding.entry,
    finding.pointer,
    finding.offset === null
      ? null
      : ctx.t("finding.offset", { offset: formatNumber(ctx.locale, finding.offset) }),
  ];
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

function Meaning(props: { ctx: PageContext; meaning: FindingMeaning }): JSX.Element {
  const { ctx, meaning } = props;
  return (
    <div class="finding-meaning">
      <p>
        <WithCode text={ctx.say(meaning.explanation)} />
      </p>
      <p>
        <strong safe>{ctx.t("finding.remedy")}</strong> <WithCode text={ctx.say(meaning.remedy)} />
      </p>
    </div>
  );
}

/** `isExplained`: what it means stands there at once; else it is a click away. */
function FindingItem(props: { ctx: PageContext; finding: Finding; isExplained: boolean }): JSX.Element {
  const { ctx, finding } = props;
  const { meaning } = finding;
  const look = LOOK[finding.severity];
  const where = whereOf(ctx, finding);
  return (
    <li class={["finding", `tone-${look.tone}`]}>
      <Icon ctx={ctx} name={look.icon} />
      <div class="finding-body">
        <div>
          <p class="finding-head">
            <span class="severity" safe>
              {ctx.t(`severity.${finding.severity}`)}
            </span>
            {finding.docsHref ? (
              <a class="mono" href={finding.docsHref} title={ctx.t("finding.docs")} safe>
                {finding.code}
              </a>
            ) : (
              <span class="mono" safe>
                {finding.code}
              </span>
            )}
          </p>
          {meaning !== null && (
            <p class="finding-title" safe>
              {ctx.say(meaning.title)}
            </p>
          )}
          <p class="finding-message" lang="en" dir="auto" safe>
            {finding.message}
          </p>
        </div>
        {!!where && (
          <p class="mono where muted" dir="ltr">
            {finding.entryHref ? (
              <a href={finding.entryHref} safe>
                {where}
              </a>
            ) : (
              <span safe>{where}</span>
            )}
          </p>
        )}
        {(finding.found !== null || finding.expected !== null) && (
          <dl class="compare">
            {finding.found !== null && (
              <>
                <dt safe>{ctx.t("finding.found")}</dt>
                <dd class="mono" dir="auto" safe>
                  {finding.found}
                </dd>
              </>
            )}
            {finding.expected !== null && (
              <>
                <dt safe>{ctx.t("finding.expected")}</dt>
                <dd class="mono" dir="auto" safe>
                  {finding.expected}
                </dd>
              </>
            )}
          </dl>
        )}
        {meaning !== null &&
          (props.isExplained ? (
            <Meaning ctx={ctx} meaning={meaning} />
          ) : (
            <details class="more">
              <summary safe>{ctx.t("finding.explain")}</summary>
              <Meaning ctx={ctx} meaning={meaning} />
            </details>
          ))}
      </div>
    </li>
  );
}

/** What the checks found, errors first. Of errors of one code, which can be many, the first is explained at once. */
export function FindingsList(props: { ctx: PageContext; findings: readonly Finding[] }): JSX.Element {
  const { ctx, findings } = props;
  const sorted = ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const firsts = new Map(sorted.toReversed().map((finding) => [finding.code, finding]));
  return (
    <ul class="list">
      {sorted.map((finding) => (
        <FindingItem
          ctx={ctx}
          finding={finding}
          isExplained={finding.severity === "error" && firsts.get(finding.code) === finding}
        />
      ))}
    </ul>
  );
}

export type FindingCounts = { readonly errors: number; readonly warnings: number; readonly infos: number };

function countFindings(findings: readonly Finding[]): FindingCounts {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), infos: count("info") };
}

/** "2 errors, 1 warning", in one line. */
export function describeCounts(ctx: PageContext, counts: FindingCounts): string {
  if (counts.errors + counts.warnings + counts.infos === 0) return ctx.t("findings.none");
  const parts = [
    counts.errors > 0 && ctx.t("findings.errors", { count: counts.errors }),
    counts.warnings > 0 && ctx.t("findings.warnings", { count: counts.warnings }),
    counts.infos > 0 && ctx.t("findings.infos", { count: counts.infos }),
  ].filter((part) => part !== false);
  return new Intl.ListFormat(ctx.locale, { style: "short", type: "unit" }).format(parts);
}

/** The findings with their count. While the checks run, `findings` are those until now; null: none yet. */
export function FindingsCard(props: {
  ctx: PageContext;
  findings: readonly Finding[] | null;
  id?: string;
}): JSX.Element {
  const { ctx, findings } = props;
  const { t } = ctx;
  const place = props.id === undefined ? {} : { id: props.id };
  if (findings === null) {
    return (
      <Card title={t("findings.title")} {...place}>
        <p class="muted" safe>
          {t("findings.running")}
        </p>
      </Card>
    );
  }
  return (
    <Card title={t("findings.title")} count={{ ctx, value: findings.length }} {...place} flush>
      {findings.length === 0 ? (
        <p class="card-body muted" safe>
          {t("findings.all_passed")}
        </p>
      ) : (
        <>
          <FindingsList ctx={ctx} findings={findings} />
          <p class="card-foot" safe>
            {describeCounts(ctx, countFindings(findings))}
          </p>
        </>
      )}
    </Card>
  );
}
