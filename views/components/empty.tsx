/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html } from "@kitajs/html";

/** Nothing here yet: a drawing, one sentence, one action. */
export function EmptyState(props: {
  art?: Children;
  title?: string;
  sentence: string;
  action?: Children;
  small?: boolean;
}): JSX.Element {
  const { art, action } = props;
  return (
    <div class={["empty", props.small && "is-small"]}>
      {art}
      <div class="empty-words">
        {!!props.title && (
          <p class="empty-title" safe>
            {props.title}
          </p>
        )}
        <p safe>{props.sentence}</p>
      </div>
      {action}
    </div>
  );
}
