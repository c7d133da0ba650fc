/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { FieldError, PageContext } from "../page.ts";
import { described, FieldProblem } from "./field.tsx";

/** What pictures may be sent as. */
export const PICTURE_TYPES = "image/png,image/jpeg,image/webp,.png,.jpg,.jpeg,.webp";

/** One file of a form that is sent as multipart/form-data: it stands last, so that all else is known when its bytes come. */
export function FileField(props: {
  ctx: PageContext;
  name: string;
  /** By which its faults name it, where several forms of a page send a file by the same name. */
  field?: string;
  label: string;
  hint: string;
  accept: string;
  errors?: readonly FieldError[];
}): JSX.Element {
  const { ctx, name, field = name, hint, errors = [] } = props;
  const control = { ...described({ name: field, hint, errors }), name };
  return (
    <div class="field">
      <label for={control.id} safe>
        {props.label}
      </label>
      <p class="hint" id={`${control.id}-hint`} safe>
        {hint}
      </p>
      <input type="file" accept={props.accept} required {...control} />
      <FieldProblem ctx={ctx} name={field} errors={errors} />
    </div>
  );
}
