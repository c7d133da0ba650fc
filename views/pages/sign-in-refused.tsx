/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type SignInRefusedProps = {
  /** Host name by which the person came, without port. */
  readonly host: string;
  readonly port: number;
};

/** `/sign-in` over plain HTTP from another machine: why it is refused, and the two ways out. */
export function signInRefusedPage(ctx: PageContext, props: SignInRefusedProps): JSX.Element {
  const { t } = ctx;
  const { host, port } = props;
  return (
    <Page ctx={ctx} title={t("refused.title")}>
      <div class="narrow is-wide">
        <PageHead ctx={ctx} title={t("refused.title")} lead={t("refused.lead")} />
        <Notice ctx={ctx} tone="warn" title={t("refused.reason_title")}>
          <p safe>{t("refused.reason", { host })}</p>
        </Notice>
        <Card title={t("refused.certificate_title")}>
          <p safe>{t("refused.certificate")}</p>
          <CodeBlock
            ctx={ctx}
            id="with-certificate"
            title={t("code.on_server")}
            code={`mosis serve --data DIR --host 0.0.0.0 --port ${port} \\\n  --tls-cert cert.pem --tls-key key.pem`}
          />
        </Card>
        <Card title={t("refused.proxy_title")}>
          <p safe>{t("refused.proxy")}</p>
          <CodeBlock
            ctx={ctx}
            id="with-proxy"
            title={t("code.on_server")}
            code={`mosis serve --data DIR --port ${port} \\\n  --public-url https://${host}`}
          />
        </Card>
        <p class="meta" safe>
          {t("refused.local", { address: `http://localhost:${port}/sign-in` })}
        </p>
      </div>
    </Page>
  );
}
