/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { SetupNote, SetupState, SetupStep } from "../../src/catalog/setup/steps.ts";
import { Badge, type Tone } from "../components/badge.tsx";
import { LinkButton, PostButton } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import {
  type AddressBody,
  AddressFacts,
  type MailBody,
  MailForms,
  type NameBody,
  NameFields,
} from "../components/setup-bodies.tsx";
import {
  type RootKeyBody,
  RootKeyFacts,
  type SignInBody,
  SignInForms,
  type StorageBody,
  StorageFacts,
} from "../components/setup-keeping.tsx";
import { Time } from "../components/text.tsx";
import { WizardSteps } from "../components/wizard-steps.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { MessageKey, PageContext } from "../page.ts";

export type ShownStep = {
  readonly step: SetupStep;
  readonly state: SetupState;
  readonly notes: readonly SetupNote[];
  /** What somebody said of it; `by` null: the operator, or who is not there any more. */
  readonly said: {
    readonly decision: "confirmed" | "skipped";
    readonly by: string | null;
    readonly at: Date;
  } | null;
  readonly isConfirmable: boolean;
  /** Sent back with what is said of it. */
  readonly mark: string;
};

export type SetupBody = NameBody | AddressBody | MailBody | StorageBody | SignInBody | RootKeyBody;

export type SetupStepProps = {
  readonly steps: readonly ShownStep[];
  readonly shown: ShownStep;
  readonly body: SetupBody;
  /** As it stands in commands. */
  readonly dataDir: string;
  readonly manages: boolean;
};

const TONES: Readonly<Record<SetupState, Tone>> = { done: "good", open: "warn", skipped: "neutral" };
/** Notes that only tell of something. */
const QUIET: ReadonlySet<SetupNote> = new Set(["one_factor", "root_here", "master_beside"]);

/** What is pressed to say that a step is right as it is, and what is told of it then. */
const CONFIRM: Readonly<Record<SetupStep, MessageKey>> = {
  name: "setup.confirm",
  address: "setup.confirm",
  mail: "setup.confirm_mail",
  storage: "setup.confirm",
  sign_in: "setup.confirm",
  root_key: "setup.confirm_root",
};
const CONFIRMED: Readonly<Record<SetupStep, MessageKey>> = {
  name: "setup.confirmed_by",
  address: "setup.confirmed_by",
  mail: "setup.confirmed_mail_by",
  storage: "setup.confirmed_by",
  sign_in: "setup.confirmed_by",
  root_key: "setup.confirmed_root_by",
};

export function SetupBadge(props: { ctx: PageContext; state: SetupState }): JSX.Element {
  const { ctx, state } = props;
  return <Badge tone={TONES[state]} hollow={state !== "done"} label={ctx.t(`setup_state.${state}`)} />;
}

function Notes(props: { ctx: PageContext; notes: readonly SetupNote[] }): JSX.Element {
  const { ctx, notes } = props;
  if (notes.length === 0) return <></>;
  return (
    <ul class="stack-s">
      {notes.map((note) => (
        <li class={["standing", QUIET.has(note) ? "tone-neutral" : "tone-warn"]}>
          <Icon ctx={ctx} name={QUIET.has(note) ? "info" : "alert"} />
          <span safe>{ctx.t(`setup_note.${note}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function Said(props: { ctx: PageContext; shown: ShownStep; manages: boolean }): JSX.Element {
  const { ctx, shown, manages } = props;
  const { said, step, mark } = shown;
  if (said === null) return <></>;
  const who = said.by ?? ctx.t("setup.operator");
  return (
    <div class="split">
      <div>
        <p safe>{ctx.t(said.decision === "skipped" ? "setup.skipped_by" : CONFIRMED[step], { who })}</p>
        <p class="meta">
          <Time ctx={ctx} at={said.at} />
        </p>
      </div>
      {manages && (
        <PostButton
          ctx={ctx}
          action={`/admin/setup/${step}`}
          label={ctx.t("setup.take_back")}
          hidden={{ say: "take_back", seen: mark }}
          small
        />
      )}
    </div>
  );
}

function Body(props: SetupStepProps & { ctx: PageContext }): JSX.Element {
  const { ctx, body, dataDir, manages } = props;
  switch (body.kind) {
    case "name":
      return <NameFields ctx={ctx} body={body} manages={manages} />;
    case "address":
      return <AddressFacts ctx={ctx} body={body} dataDir={dataDir} />;
    case "mail":
      return <MailForms ctx={ctx} body={body} dataDir={dataDir} manages={manages} />;
    case "storage":
      return <StorageFacts ctx={ctx} body={body} manages={manages} />;
    case "sign_in":
      return <SignInForms ctx={ctx} body={body} manages={manages} />;
    case "root_key":
      return <RootKeyFacts ctx={ctx} body={body} dataDir={dataDir} />;
  }
}

function ConfirmButton(props: {
  ctx: PageContext;
  shown: ShownStep;
  kind: "primary" | "secondary";
}): JSX.Element {
  const { ctx, shown, kind } = props;
  return (
    <PostButton
      ctx={ctx}
      action={`/admin/setup/${shown.step}`}
      label={ctx.t(CONFIRM[shown.step])}
      kind={kind}
      hidden={{ say: "confirmed", seen: shown.mark }}
    />
  );
}

function Ways(props: { ctx: PageContext } & SetupStepProps): JSX.Element {
  const { ctx, steps, shown, manages } = props;
  const { t } = ctx;
  const { step, state, mark, isConfirmable } = shown;
  const at = steps.findIndex((one) => one.step === step);
  const next = steps[at + 1]?.step;
  const before = steps[at - 1]?.step;
  const mayConfirm = manages && isConfirmable && shown.said?.decision !== "confirmed";
  // To go without mail is a choice, and not what most stores should make.
  const isUsual = step !== "mail";
  return (
    <nav class="row" aria-label={t("setup.ways")}>
      {mayConfirm && isUsual && <ConfirmButton ctx={ctx} shown={shown} kind="primary" />}
      <LinkButton
        ctx={ctx}
        href={next === undefined ? "/admin/setup" : `/admin/setup/${next}`}
        label={next === undefined ? t("setup.to_end") : t("setup.next", { step: t(`setup_step.${next}`) })}
        kind={mayConfirm && isUsual ? "secondary" : "primary"}
        icon="arrow-next"
        iconEnd
      />
      {mayConfirm && !isUsual && <ConfirmButton ctx={ctx} shown={shown} kind="secondary" />}
      {manages && state === "open" && (
        <PostButton
          ctx={ctx}
          action={`/admin/setup/${step}`}
          label={t("setup.skip")}
          kind="ghost"
          hidden={{ say: "skipped", seen: mark }}
        />
      )}
      <LinkButton
        ctx={ctx}
        href={before === undefined ? "/admin/setup" : `/admin/setup/${before}`}
        label={t("setup.back")}
        kind="ghost"
      />
    </nav>
  );
}

/** `/admin/setup/:setupStep`: what a step of the set-up is about, how it stands, and what can be done about it. */
export function setupStepPage(ctx: PageContext, props: SetupStepProps): JSX.Element {
  const { t } = ctx;
  const { steps, shown, manages } = props;
  const title = t(`setup_step.${shown.step}`);
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={title}
          crumbs={[{ href: "/admin/setup", label: t("setup.overview") }]}
          badge={<SetupBadge ctx={ctx} state={shown.state} />}
          lead={t(`setup_lead.${shown.step}`)}
        />
        <WizardSteps
          ctx={ctx}
          label={t("setup.steps")}
          steps={steps.map(({ step, state }) => ({
            label: t(`setup_step.${step}`),
            href: `/admin/setup/${step}`,
            isDone: state === "done",
            isCurrent: step === shown.step,
          }))}
        />
        <Notes ctx={ctx} notes={shown.notes} />
        <Said ctx={ctx} shown={shown} manages={manages} />
        <Body ctx={ctx} {...props} />
        <Ways ctx={ctx} {...props} />
      </div>
    </Page>
  );
}
