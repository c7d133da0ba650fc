/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { LinkButton, PostButton } from "./button.tsx";
import { Confirm } from "./confirm.tsx";

/** What this person may do with a version now, as the state machine and their role allow. */
export type VersionAction = "submit" | "withdraw" | "publish" | "yank" | "unyank";

/** The buttons of a version. Submitting goes ahead; taking back and publishing ask first. */
export function VersionActions(props: {
  ctx: PageContext;
  appId: string;
  versionId: string;
  version: string;
  revision: number | string;
  actions: readonly VersionAction[];
  small?: boolean;
}): JSX.Element {
  const { ctx, version, actions, revision } = props;
  const { t } = ctx;
  const small = props.small ?? false;
  const address = (action: VersionAction) => `/apps/${props.appId}/versions/${props.versionId}/${action}`;
  return (
    <>
      {actions.includes("withdraw") && (
        <Confirm
          ctx={ctx}
          label={t("action.withdraw")}
          context={version}
          icon="withdraw"
          small={small}
          title={t("withdraw.title", { version })}
          consequence={t("withdraw.consequence")}
          action={address("withdraw")}
          revision={revision}
          confirmLabel={t("action.withdraw")}
          confirmKind="danger-fill"
        />
      )}
      {actions.includes("submit") && (
        <PostButton
          ctx={ctx}
          label={t("action.submit")}
          context={version}
          icon="submit"
          kind="primary"
          small={small}
          action={address("submit")}
          revision={revision}
        />
      )}
      {actions.includes("publish") && (
        <Confirm
          ctx={ctx}
          label={t("action.publish")}
          context={version}
          icon="publish"
          kind="primary"
          small={small}
          title={t("publish.title", { version })}
          consequence={t("publish.consequence")}
          action={address("publish")}
          revision={revision}
          confirmLabel={t("action.publish")}
        />
      )}
      {actions.includes("yank") && (
        <LinkButton
          ctx={ctx}
          href={address("yank")}
          label={t(actions.includes("unyank") ? "yank.change" : "action.yank")}
          context={version}
          icon="withdraw"
          small={small}
        />
      )}
      {actions.includes("unyank") && (
        <Confirm
          ctx={ctx}
          label={t("action.unyank")}
          context={version}
          icon="publish"
          small={small}
          title={t("unyank.title", { version })}
          consequence={t("unyank.consequence")}
          action={address("unyank")}
          revision={revision}
          confirmLabel={t("action.unyank")}
        />
      )}
    </>
  );
}
