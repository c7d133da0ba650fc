/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { FieldError, PageContext } from "../page.ts";
import { Field } from "./field.tsx";

type Props = { ctx: PageContext; label?: string; errors: readonly FieldError[] };

/** An address of mail, as the field `email`. */
export function EmailField(
  props: Props & { value: string; autocomplete?: string; autofocus?: boolean },
): JSX.Element {
  const { ctx, label, value, errors, autocomplete, autofocus } = props;
  return (
    <Field
      ctx={ctx}
      name="email"
      label={label ?? ctx.t("field.email")}
      type="email"
      value={value}
      maxlength={254}
      spellcheck={false}
      errors={errors}
      {...(autocomplete === undefined ? {} : { autocomplete })}
      {...(autofocus === undefined ? {} : { autofocus })}
    />
  );
}

/** A password that is chosen, as the field `password`. */
export function NewPasswordField(props: Props & { passwordMinLength: number }): JSX.Element {
  const { ctx, label, passwordMinLength, errors } = props;
  return (
    <Field
      ctx={ctx}
      name="password"
      label={label ?? ctx.t("field.password")}
      hint={ctx.t("setup.password_hint", { count: passwordMinLength })}
      type="password"
      autocomplete="new-password"
      minlength={passwordMinLength}
      maxlength={200}
      errors={errors}
    />
  );
}

/** For the browser's own list of passwords, which keeps them by address. */
export function Username(props: { email: string }): JSX.Element {
  return <input type="hidden" name="username" autocomplete="username" value={props.email} />;
}
