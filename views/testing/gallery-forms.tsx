/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Components that something is filled in or done with, each in its states. Its own words are data, not messages. */
import { Html } from "@kitajs/html";
import { EmailField, NewPasswordField, Username } from "../components/account-fields.tsx";
import { ActionList, ActionTicks, type ActionWords } from "../components/action-groups.tsx";
import { Button, Hidden, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Checkbox, Choice, Field, FieldProblem, Select, TextArea, Ticks } from "../components/field.tsx";
import { FileField } from "../components/file-field.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { FormZone } from "../components/form-zone.tsx";
import { GroupChoice } from "../components/group-choice.tsx";
import { LeaveQuestion } from "../components/leave-question.tsx";
import { LocalTextFields } from "../components/local-texts.tsx";
import { Meanwhile } from "../components/meanwhile.tsx";
import { MoveButtons } from "../components/move-buttons.tsx";
import { NarrowForm, NarrowPage } from "../components/narrow.tsx";
import { NoCommonBadge, NoCommonNotice } from "../components/no-common.tsx";
import { PasskeyButton, PasskeyCard } from "../components/passkey.tsx";
import { InviteCard } from "../components/people.tsx";
import { RoleAppsFields } from "../components/role-apps.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { SendAgain } from "../components/send-again.tsx";
import { TypedAgain } from "../components/typed-again.tsx";
import { VersionActions } from "../components/version-actions.tsx";
import { WizardSteps } from "../components/wizard-steps.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";
import { LONG_NAME, LONG_TEXT } from "./data.ts";
import { PASSKEY } from "./factors.ts";

const wrong = (...fields: readonly string[]) =>
  fields.map((field) => ({ field, message: "Expected something else, found this. Mend it." }));
const OPTIONS = [
  { value: "a", label: "The first", hint: "With a hint." },
  { value: "b", label: LONG_NAME, hint: LONG_TEXT },
];

const CHANGED_AT = new Date("2026-01-01T10:00:00Z");

const LINES = (["same", "removed", "added"] as const).map((kind, at) => ({
  ...{ kind, before: kind === "added" ? null : at + 1, after: kind === "removed" ? null : at + 1 },
  ...{ continues: false, endsHere: false },
  pieces: [{ text: LONG_TEXT, as: "plain", isMarked: kind !== "same" } as const],
}));

/** What was saved meanwhile, by whom and where nobody may say; nothing of it differs; long texts. */
function SavedMeanwhile(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const common = {
    ctx,
    take: "take",
    page: ["page", "/gallery"],
    button: null,
    hadFile: false,
    isAct: false,
  } as const;
  const field = (name: string, yours: string, saved: string) => ({
    ...{ name, label: name, yours, saved, lines: null },
  });
  return (
    <Card title="Saved meanwhile, and left without being saved">
      <div class="form">
        <LeaveQuestion ctx={ctx} open />
        <Meanwhile
          {...common}
          last={{ at: CHANGED_AT, by: "Mia Larsson", isOwn: false }}
          differing={[
            field("Name", "Inspect", "Inspector"),
            field(LONG_NAME, LONG_TEXT, ""),
            { ...field("Description", LONG_TEXT, LONG_TEXT), lines: LINES },
          ]}
        />
        <Meanwhile
          {...common}
          last={{ at: CHANGED_AT, by: null, isOwn: true }}
          differing={[]}
          hadFile
          isAct
        />
        <Meanwhile
          {...common}
          button={["act", "save"]}
          last={{ at: CHANGED_AT, by: null, isOwn: false }}
          differing={[
            field("Summary", "قائمة", "A list"),
            field("Shown", ctx.t("meanwhile.ticked"), ctx.t("meanwhile.not_ticked")),
          ]}
        />
        <Meanwhile {...common} last={null} differing={[]} />
      </div>
    </Card>
  );
}

/** Every control with a fault, and with a text as long as it may come. */
function Faults(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const errors = wrong("line", "area", "select", "choice", "box", "alone", "file");
  return (
    <Card title="With faults, and long">
      <div class="form">
        <FormZone zone="Pacific/Chatham" />
        <TypedAgain ctx={ctx} hadFile={false} />
        <TypedAgain ctx={ctx} hadFile />
        <SendAgain
          ctx={ctx}
          typed={{ texts: [LONG_TEXT], again: { action: "/x", pairs: [["line", LONG_TEXT]] } }}
        />
        <Field ctx={ctx} name="line" label={LONG_NAME} hint={LONG_TEXT} value={LONG_TEXT} errors={errors} />
        <TextArea ctx={ctx} name="area" label="Several lines" value={LONG_TEXT} errors={errors} />
        <Select
          ctx={ctx}
          name="select"
          label="One out of a few"
          options={[{ value: "a", label: LONG_TEXT }]}
          groups={[{ label: "A group", options: [{ value: "b", label: "In it" }] }]}
          errors={errors}
        />
        <Choice ctx={ctx} name="choice" label="Choice" value="b" options={OPTIONS} errors={errors} />
        <Checkbox ctx={ctx} name="box" label="A box" errors={errors} />
        <FileField ctx={ctx} name="file" label="A file" hint="A PNG." accept="image/png" errors={errors} />
        <FieldProblem ctx={ctx} name="alone" errors={errors} />
      </div>
    </Card>
  );
}

const ACTION_WORDS: readonly ActionWords[] = [
  { name: "app.read", group: "apps", meaning: "See an app." },
  { name: "version.read", group: "versions", meaning: LONG_TEXT },
];

function Choices(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <Card title="Choices">
      <div class="form">
        <Hidden pairs={[["sent", "with it"]]} />
        <Revision value={3} />
        <Choice ctx={ctx} name="one" label="One of these" value="a" options={OPTIONS} />
        <Ticks
          ctx={ctx}
          legend="Any of these"
          hint="A hint."
          prefix="tick/"
          options={OPTIONS.map((option, index) => ({ ...option, checked: index === 0 }))}
        />
        <ActionTicks ctx={ctx} legend="Actions" prefix="may." actions={ACTION_WORDS} chosen={["app.read"]} />
        <ActionList ctx={ctx} actions={ACTION_WORDS} />
        <NoCommonBadge ctx={ctx} />
        <NoCommonNotice ctx={ctx} name="التعليم" />
        <GroupChoice
          ctx={ctx}
          legend="Groups"
          groups={[
            { id: "grp-1", name: "Field crews", in: true },
            { id: "grp-2", name: LONG_NAME, in: false, hint: "A hint." },
          ]}
        />
        <FileField ctx={ctx} name="picture" label="A picture" hint="A PNG." accept="image/png" />
        <RoleAppsFields
          ctx={ctx}
          value={{ reach: "some", chosen: ["com.example.notes"], more: "" }}
          offered={{ apps: [{ id: "com.example.notes", name: "Notes" }], hasMore: true }}
          errors={wrong("more")}
        />
        <LocalTextFields
          ctx={ctx}
          languages={["en", "ar"]}
          parts={[{ prefix: "names", label: "Name", maxlength: 60 }]}
          values={{ "names/en": "Notes" }}
          errors={wrong("names/ar")}
        />
      </div>
    </Card>
  );
}

function Acts(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  const steps = ["Done", "Here", LONG_NAME].map((label, at) => ({
    ...{ label, isDone: at === 0, isCurrent: at === 1 },
    ...(at === 1 ? {} : { href: "/gallery-forms" }),
  }));
  const version = { appId: "com.example.notes", versionId: "ver-1", version: "1.2.0", revision: 3 };
  return (
    <>
      <WizardSteps ctx={ctx} label="Steps" steps={steps} />
      <FilterForm
        ctx={ctx}
        action="/gallery-forms"
        name="narrowed"
        label="Words in a list"
        value="notes"
        submit="Search"
        clear="Clear"
        errors={wrong("narrowed")}
      />
      <SearchBox ctx={ctx} id="search" action="/gallery-forms" label="Search" query="notes" into="found" />
      <div id="found" />
      <Card title="Actions">
        <div class="row">
          <VersionActions
            ctx={ctx}
            {...version}
            actions={["submit", "withdraw", "publish", "yank", "unyank"]}
          />
          <VersionActions ctx={ctx} {...version} actions={["withdraw"]} small />
          <VersionActions ctx={ctx} {...version} actions={[]} />
        </div>
        <div class="row">
          {[1, 2, 3].map((place) => (
            <MoveButtons
              ctx={ctx}
              id={`thing-${place}`}
              name={`Thing ${place}`}
              place={place}
              last={3}
              action="/gallery-forms"
              revision={3}
            />
          ))}
        </div>
        <div class="row">
          <Button ctx={ctx} label="As wide as there is room" wide />
        </div>
      </Card>
    </>
  );
}

function People(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <>
      <InviteCard
        ctx={ctx}
        action="/gallery-forms"
        lead="Who is written to."
        email="no address"
        errors={wrong("email")}
      >
        <span />
      </InviteCard>
      <Card title="A new password">
        <div class="form">
          <Username email="ada@example.com" />
          <NewPasswordField ctx={ctx} passwordMinLength={12} errors={wrong("password")} />
        </div>
      </Card>
      <Card title="Passkeys">
        <div class="row">
          <PasskeyButton ctx={ctx} passkey={PASSKEY} act="use" label="Use one" kind="primary" prefix="one" />
        </div>
      </Card>
      <PasskeyCard ctx={ctx} passkey={PASSKEY} action="/gallery-forms" />
    </>
  );
}

export function galleryFormsPage(ctx: PageContext): JSX.Element {
  return (
    <Page ctx={ctx} title="Forms">
      <PageHead ctx={ctx} title="Forms" lead="What is filled in and done." />
      <Acts ctx={ctx} />
      <Choices ctx={ctx} />
      <Faults ctx={ctx} />
      <SavedMeanwhile ctx={ctx} />
      <People ctx={ctx} />
    </Page>
  );
}

/** A page with one thing to do. */
export function galleryNarrowPage(ctx: PageContext): JSX.Element {
  const errors = wrong("email");
  return (
    <NarrowPage ctx={ctx} title="One thing to do" lead="And a sentence about it.">
      <NarrowForm ctx={ctx} action="/gallery-narrow" submit="Do it" errors={errors} fields={["email"]}>
        <EmailField ctx={ctx} value="no address" errors={errors} />
      </NarrowForm>
    </NarrowPage>
  );
}
