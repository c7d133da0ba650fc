/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatDuration } from "../format.ts";
import type { MessageKey, PageContext } from "../page.ts";
import { Badge, type Tone } from "./badge.tsx";
import { Card } from "./card.tsx";

export type CheckRow = {
  /** As the store names it. */
  readonly name: string;
  readonly state: "waiting" | "running" | "passed" | "failed" | "not_checked";
  /** Null while it has not ended, and of old ones of which nobody knows it. */
  readonly tookMs: number | null;
  readonly findings: number;
};

const NAMES: Readonly<Record<string, MessageKey>> = {
  container: "check.container",
  digests: "check.digests",
  manifest: "check.manifest",
  pictures: "check.pictures",
  "developer-signature": "check.developer_signature",
  limits: "check.limits",
  owner: "check.owner",
  lineage: "check.lineage",
  revocation: "check.revocation",
  "version-code": "check.version_code",
  category: "check.category",
};

const LOOKS: Readonly<Record<CheckRow["state"], { readonly tone: Tone; readonly hollow?: true }>> = {
  waiting: { tone: "neutral", hollow: true },
  running: { tone: "accent" },
  passed: { tone: "good" },
  failed: { tone: "bad" },
  not_checked: { tone: "neutral", hollow: true },
};

function CheckItem(props: { ctx: PageContext; check: CheckRow; findingsId: string }): JSX.Element {
  const { ctx, check } = props;
  const { tone, hollow = false } = LOOKS[check.state];
  const name = NAMES[check.name];
  return (
    <li class="check" id={`check-${check.name}`}>
      <span safe>{name === undefined ? check.name : ctx.t(name)}</span>
      <span class="check-end">
        {check.findings > 0 && (
          <a class="meta" href={`#${props.findingsId}`} safe>
            {ctx.t("checks.findings", { count: check.findings })}
          </a>
        )}
        {!!check.tookMs && (
          <span class="meta num" safe>
            {formatDuration(ctx.locale, check.tookMs)}
          </span>
        )}
        <Badge
          tone={tone}
          hollow={hollow}
          busy={check.state === "running"}
          label={ctx.t(`check_state.${check.state}`)}
        />
      </span>
    </li>
  );
}

/** Each check with where it is, in the order in which they run; nothing of a version from before they were kept. */
export function ChecksCard(props: {
  ctx: PageContext;
  checks: readonly CheckRow[];
  /** Where on the page their findings stand. */
  findingsId: string;
}): JSX.Element {
  const { ctx, checks, findingsId } = props;
  if (checks.length === 0) return <></>;
  return (
    <Card title={ctx.t("checks.title")} flush>
      <ol class="list">
        {checks.map((check) => (
          <CheckItem ctx={ctx} check={check} findingsId={findingsId} />
        ))}
      </ol>
    </Card>
  );
}
