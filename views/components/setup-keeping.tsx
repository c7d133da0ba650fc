/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What the steps of the set-up about storage, signing in and the keys of the root have in them. */
import { Html } from "@kitajs/html";
import type { RootKey } from "../../src/catalog/setup/root-key.ts";
import type { ToldSetting } from "../../src/config.told.ts";
import type { StoreRole } from "../../src/roles.ts";
import type { Words } from "../../src/say.ts";
import { formatBytes } from "../format.ts";
import type { PageContext } from "../page.ts";
import { backupCommands, offlineCommands } from "../shell-commands.ts";
import { PostButton } from "./button.tsx";
import { Card, Facts } from "./card.tsx";
import { CodeBlock } from "./code.tsx";
import { Notice } from "./notice.tsx";
import { Meter } from "./progress.tsx";
import { SettingFields, type SettingForm } from "./setting-form.tsx";
import { settingFact } from "./setup-bodies.tsx";
import { Time } from "./text.tsx";

export type StorageBody = {
  readonly kind: "storage";
  readonly data: ToldSetting;
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | null;
  readonly trial: { readonly isGood: boolean; readonly code: string | null; readonly at: Date } | null;
  /** Why the trial that was just made failed. */
  readonly problem: Words | null;
};

export type SignInBody = {
  readonly kind: "sign_in";
  readonly settings: readonly { readonly setting: ToldSetting; readonly form: SettingForm }[];
  readonly roles: readonly StoreRole[];
  readonly providers: ToldSetting;
};

export type RootKeyBody = {
  readonly kind: "root_key";
  readonly keys: readonly RootKey[];
  readonly masterKeyFile: string;
  readonly rootSha256: string;
};

/** Beyond this part of the disk it is time to do something. */
const HIGH_PART = 0.9;

export function StorageFacts(props: { ctx: PageContext; body: StorageBody; manages: boolean }): JSX.Element {
  const { ctx, body, manages } = props;
  const { t, locale } = ctx;
  const { disk, trial } = body;
  return (
    <>
      {body.problem !== null && (
        <Notice ctx={ctx} tone="bad" title={t("setup.storage_bad")} live>
          <p safe>{ctx.say(body.problem)}</p>
        </Notice>
      )}
      <Card title={t("setup.storage_title")}>
        <div class="stack">
          <Facts
            wide
            items={[
              { term: t("setup.storage_kind"), value: <span safe>{t("setup.storage_disk")}</span> },
              settingFact(ctx, body.data, t("setup.storage_folder")),
              {
                term: t("setup.storage_tried"),
                value:
                  trial === null ? (
                    <span class="muted" safe>
                      {t("setup.never")}
                    </span>
                  ) : (
                    <span>
                      <span safe>
                        {trial.isGood
                          ? t("setup.storage_good")
                          : t("setup.storage_failed", { code: trial.code ?? "" })}
                      </span>{" "}
                      <Time ctx={ctx} at={trial.at} />
                    </span>
                  ),
              },
            ]}
          />
          {disk !== null && (
            <Meter
              ctx={ctx}
              label={t("storage.disk")}
              value={disk.sizeBytes - disk.freeBytes}
              max={disk.sizeBytes}
              high={Math.round(disk.sizeBytes * HIGH_PART)}
              note={t("storage.free_of", {
                free: formatBytes(locale, disk.freeBytes),
                size: formatBytes(locale, disk.sizeBytes),
              })}
            />
          )}
          {manages && (
            <PostButton
              ctx={ctx}
              action="/admin/setup/storage/try"
              label={t("setup.storage_try")}
              kind="primary"
              icon="storage"
            />
          )}
        </div>
      </Card>
      <p class="muted">
        <a href="/admin/storage" safe>
          {t("setup.storage_more")}
        </a>
      </p>
    </>
  );
}

export function SignInForms(props: { ctx: PageContext; body: SignInBody; manages: boolean }): JSX.Element {
  const { ctx, body, manages } = props;
  const { t } = ctx;
  return (
    <>
      {body.settings.map(({ setting, form }) => (
        <Card title={t(setting.key === "signUp" ? "setup.sign_up" : "setup.second_factor")}>
          <div class="stack">
            <p class="muted" safe>
              {t(`setting.meaning.${setting.key}`)}
            </p>
            {setting.isOpen && manages ? (
              <SettingFields
                ctx={ctx}
                setting={setting}
                form={form}
                errors={[]}
                roles={body.roles}
                from="setup"
              />
            ) : (
              <Facts wide items={[settingFact(ctx, setting, t("settings.column.value"))]} />
            )}
          </div>
        </Card>
      ))}
      <Card title={t("setup.providers")}>
        <div class="stack">
          <Facts wide items={[settingFact(ctx, body.providers, t("settings.column.value"))]} />
          <p class="muted">
            <a href="/docs/guides/sign-in-with-a-provider" safe>
              {t("setup.providers_docs")}
            </a>
          </p>
        </div>
      </Card>
    </>
  );
}

export function RootKeyFacts(props: { ctx: PageContext; body: RootKeyBody; dataDir: string }): JSX.Element {
  const { ctx, body, dataDir } = props;
  const { t } = ctx;
  const isHere = body.keys.some(({ holder }) => holder === "here");
  return (
    <>
      <Card title={t("setup.root_title")}>
        <Facts
          wide
          items={[
            ...body.keys.map(({ name, holder, command }) => ({
              term: name,
              value: (
                <span safe>
                  {holder === "command"
                    ? t("store_keys.held_command", { name: command ?? "" })
                    : t(holder === "here" ? "store_keys.held_here" : "store_keys.held_offline")}
                </span>
              ),
            })),
            {
              term: t("setup.master_key"),
              value: (
                <code class="prewrap" dir="ltr" safe>
                  {body.masterKeyFile}
                </code>
              ),
            },
            {
              term: t("setup.root_digest"),
              value: (
                <code class="prewrap" dir="ltr" safe>
                  {body.rootSha256}
                </code>
              ),
              long: true,
            },
          ]}
        />
      </Card>
      {isHere ? (
        <>
          <CodeBlock
            ctx={ctx}
            id="backup-command"
            title={t("setup.backup_command")}
            code={backupCommands(dataDir, body.masterKeyFile)}
          />
          <p class="muted">
            <span safe>{t("setup.backup_apart")}</span>{" "}
            <a href="/docs/guides/administrator#backup" safe>
              {t("setup.backup_docs")}
            </a>
          </p>
          <CodeBlock
            ctx={ctx}
            id="offline-command"
            title={t("setup.offline_command")}
            code={offlineCommands(dataDir)}
          />
        </>
      ) : (
        <CodeBlock
          ctx={ctx}
          id="backup-command"
          title={t("setup.backup_offline")}
          code={[
            "# on each machine that holds keys",
            "tar -czf /media/safe/offline-keys.tar.gz ./offline",
          ].join("\n")}
        />
      )}
      <p class="muted">
        <span safe>{t("setup.offline_lead")}</span>{" "}
        <a href="/docs/guides/keys#keys-on-another-machine" safe>
          {t("setup.offline_docs")}
        </a>
      </p>
    </>
  );
}
