/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

export type WizardStep = {
  readonly label: string;
  /** Where it can be gone to out of turn. */
  readonly href?: string;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
};

/** Where one is, and what is before and after it. */
export function WizardSteps(props: {
  ctx: PageContext;
  label: string;
  steps: readonly WizardStep[];
}): JSX.Element {
  const { ctx, label, steps } = props;
  return (
    <ol class="wizard-steps" aria-label={label}>
      {steps.map(({ label: name, href, isDone, isCurrent }, at) => (
        <li class={["wizard-step", isDone && "is-done"]} aria-current={isCurrent ? "step" : undefined}>
          <span class="wizard-dot" aria-hidden="true">
            {isDone ? <Icon ctx={ctx} name="approve" /> : <span safe>{String(at + 1)}</span>}
          </span>
          {href === undefined || isCurrent ? (
            <span safe>{name}</span>
          ) : (
            <a href={href} safe>
              {name}
            </a>
          )}
          {isDone && href !== undefined && (
            <span class="visually-hidden" safe>
              {ctx.t("setup_state.done")}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
