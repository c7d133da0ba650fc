/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Checkbox, ErrorSummary, errorOf, Field, Select } from "../components/field.tsx";
import type { GroupChoiceRow } from "../components/group-choice.tsx";
import { Icon } from "../components/icon.tsx";
import { LocalTextFields, localFields } from "../components/local-texts.tsx";
import { WizardSteps } from "../components/wizard-steps.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { VisibilityFields } from "./visibility.tsx";

export const CREATE_STEPS = ["id", "names", "category", "access"] as const;
export type CreateStep = (typeof CREATE_STEPS)[number];

export type CreateAppProps = {
  readonly step: CreateStep;
  /** Those of this store, in their order. */
  readonly steps: readonly CreateStep[];
  /** What is filled in, of all steps, by the names of the fields. */
  readonly values: Readonly<Record<string, string>>;
  /** Tags of the languages that have a field for a name. */
  readonly languages: readonly string[];
  /** What is to be said of the id; null while there is none. */
  readonly idCheck: {
    readonly id: string;
    readonly state: "free" | "alike" | "taken" | "invalid";
    readonly problem: { readonly words: Words } | null;
    readonly alike: readonly { readonly id: string; readonly name: string }[];
    /** Of one's own organisations. */
    readonly ownAlike: readonly { readonly id: string; readonly name: string }[];
  } | null;
  readonly categories: readonly { readonly value: string; readonly label: string }[];
  /** Groups that the app can be for; none for who may not see which there are. */
  readonly groups: readonly GroupChoiceRow[];
  /** Whether something is kept that could be discarded. */
  readonly hasDraft: boolean;
  readonly errors: readonly FieldError[];
};

/** What is to be said of the id while it is typed; the box confirms this id and no other. */
function IdStanding(
  props: { ctx: PageContext } & Pick<CreateAppProps, "idCheck" | "values" | "errors">,
): JSX.Element {
  const { ctx, idCheck, values, errors } = props;
  const isSaid = errorOf("id", errors) !== null;
  return (
    <div id="id-standing" class="stack-s">
      <div role="status">
        {idCheck?.state === "free" && (
          <p class="standing tone-good">
            <Icon ctx={ctx} name="good" />
            <span safe>{ctx.t("create.id_free", { id: idCheck.id })}</span>
          </p>
        )}
        {!!idCheck?.problem && !isSaid && (
          <p class={["standing", idCheck.state === "alike" ? "tone-warn" : "tone-bad"]}>
            <Icon ctx={ctx} name={idCheck.state === "alike" ? "alert" : "error"} />
            <span safe>{ctx.say(idCheck.problem.words)}</span>
          </p>
        )}
        {!!idCheck && idCheck.ownAlike.length > 0 && (
          <p class="standing">
            <Icon ctx={ctx} name="alert" />
            <span safe>
              {ctx.t("create.id_like_own", {
                apps: new Intl.ListFormat(ctx.locale).format(idCheck.ownAlike.map(({ id }) => id)),
              })}
            </span>
          </p>
        )}
      </div>
      {idCheck?.state === "alike" && (
        <Checkbox
          ctx={ctx}
          name="confirm"
          value={idCheck.id}
          label={ctx.t("create.confirm", { id: idCheck.id })}
          hint={ctx.t("create.confirm_hint")}
          checked={values.confirm === idCheck.id}
        />
      )}
    </div>
  );
}

function IdFields(props: { ctx: PageContext } & CreateAppProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  const organisations = (ctx.viewer?.organisations ?? []).filter(({ narrowed }) => narrowed === undefined);
  return (
    <>
      <Select
        ctx={ctx}
        name="organisation"
        label={t("create.organisation")}
        hint={t("create.organisation_hint")}
        value={values.organisation ?? ""}
        options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        errors={errors}
      />
      <div
        class="stack-s"
        hx-get="/apps/new/check"
        hx-trigger="input delay:300ms from:#field-id"
        hx-include="#field-id, #field-confirm"
        hx-target="#id-standing"
        hx-select="#id-standing"
        hx-swap="outerHTML"
        hx-push-url="false"
      >
        <Field
          ctx={ctx}
          name="id"
          label={t("app.id")}
          hint={t("create.id_hint")}
          value={values.id ?? ""}
          maxlength={128}
          spellcheck={false}
          mono
          errors={errors}
        />
        <IdStanding ctx={ctx} idCheck={props.idCheck} values={values} errors={errors} />
      </div>
    </>
  );
}

function StepFields(props: { ctx: PageContext } & CreateAppProps): JSX.Element {
  const { ctx, step, values, errors } = props;
  const { t } = ctx;
  switch (step) {
    case "id":
      return <IdFields {...props} />;
    case "names":
      return (
        <>
          <p class="muted" safe>
            {t("create.names_lead")}
          </p>
          <LocalTextFields
            ctx={ctx}
            languages={props.languages}
            parts={[{ prefix: "names", label: t("create.name"), maxlength: 100 }]}
            values={values}
            errors={errors}
          />
        </>
      );
    case "category":
      return (
        <Select
          ctx={ctx}
          name="category"
          label={t("create.category")}
          hint={t("create.category_hint")}
          value={values.category ?? ""}
          options={[{ value: "", label: t("create.category_none") }, ...props.categories]}
          filter
          errors={errors}
        />
      );
    case "access":
      return (
        <VisibilityFields
          ctx={ctx}
          hint={t("create.visibility_hint")}
          chosen={values.visibility ?? "everyone"}
          groups={props.groups}
          errors={errors}
        />
      );
  }
}

/** `/apps/new`: reserves an id for an organisation, step by step. Posts to itself. */
export function createAppPage(ctx: PageContext, props: CreateAppProps): JSX.Element {
  const { t } = ctx;
  const { step, steps, errors } = props;
  const isLast = step === steps.at(-1);
  const fields = ["organisation", "id", ...localFields(props.languages, ["names"]), "category", "visibility"];
  return (
    <Page ctx={ctx} title={t("create.title")}>
      <PageHead
        ctx={ctx}
        title={t("create.title")}
        crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
        lead={t("create.lead")}
      />
      <WizardSteps
        ctx={ctx}
        label={t("create.steps")}
        steps={steps.map((one, at) => ({
          label: t(`create.step_${one}`),
          isDone: at < steps.indexOf(step),
          isCurrent: one === step,
        }))}
      />
      <div class="columns">
        <Card title={t(`create.step_${step}`)}>
          <form novalidate class="form" method="post" action="/apps/new">
            <ErrorSummary ctx={ctx} errors={errors} fields={fields} />
            <input type="hidden" name="step" value={step} />
            {isLast && <input type="hidden" name="app" value={props.values.id ?? ""} />}
            <StepFields ctx={ctx} {...props} />
            <div class="row">
              <Button
                ctx={ctx}
                label={t(isLast ? "create.submit" : "create.next")}
                kind="primary"
                name="go"
                value="next"
              />
              {step !== steps[0] && <StepButton label={t("create.back")} go="back" />}
              <StepButton label={t("create.leave")} go="leave" />
              {props.hasDraft && <StepButton label={t("create.discard")} go="discard" />}
            </div>
          </form>
        </Card>
        {step === "id" && (
          <Card title={t("create.rules_title")}>
            <ul class="stack-s">
              <li safe>{t("create.rule_form")}</li>
              <li safe>{t("create.rule_life")}</li>
              <li safe>{t("create.rule_owner")}</li>
            </ul>
          </Card>
        )}
      </div>
    </Page>
  );
}

/** Of what may be half filled in. */
function StepButton(props: { label: string; go: string }): JSX.Element {
  return (
    <button class="button is-ghost" type="submit" name="go" value={props.go} safe>
      {props.label}
    </button>
  );
}
