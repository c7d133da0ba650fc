/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatBytes } from "../format.ts";
import type { FieldError, PageContext } from "../page.ts";
import { PackageArt } from "./art.tsx";
import { described, errorOf, FieldProblem } from "./field.tsx";

/**
 * Drop a file or choose it. The native input stays visible: it shows the file's name, takes the drop and works from
 * the keyboard without script. `maxBytes` is told, and checked before sending where there is script.
 */
export function DropZone(props: {
  ctx: PageContext;
  name: string;
  label: string;
  accept: string;
  maxBytes: number;
  errors?: readonly FieldError[];
}): JSX.Element {
  const { ctx, name, errors = [] } = props;
  const hint = ctx.t("drop.hint", { size: formatBytes(ctx.locale, props.maxBytes) });
  const control = described({ name, hint, errors });
  return (
    <div class="field">
      <div class="drop-zone" data-drop-zone data-invalid={errorOf(name, errors) !== null}>
        <PackageArt />
        <label class="drop-title" for={control.id} safe>
          {props.label}
        </label>
        <input
          type="file"
          accept={props.accept}
          required
          data-max-bytes={String(props.maxBytes)}
          data-too-large={ctx.t("drop.too_large", { size: formatBytes(ctx.locale, props.maxBytes) })}
          {...control}
        />
        <p class="hint" id={`${control.id}-hint`} safe>
          {hint}
        </p>
      </div>
      <FieldProblem ctx={ctx} name={name} errors={errors} />
    </div>
  );
}
