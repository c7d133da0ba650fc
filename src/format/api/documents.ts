/** The documents of the API manifest as their JSON Schema gives them: assets/schema/platform-api.schema.json. */

/** `<major>.<minor>` of a platform API. */
export type ApiVersion = string;

/** `dangerous` asks the person and needs the developer's reason. */
export type Danger = "normal" | "dangerous";

/** Locale → text; `en` is always there. */
export type ApiText = Readonly<Record<string, string>> & { readonly en: string };

export type Deprecated = { readonly since: ApiVersion; readonly use?: string };

export type ApiPermission = {
  readonly name: string;
  readonly danger: Danger;
  readonly since: ApiVersion;
  readonly deprecated?: Deprecated;
  /** What the person reads: a few words, and what it comes to. */
  readonly title: ApiText;
  readonly meaning: ApiText;
};

export type ApiError = { readonly code: string; readonly when: string };

export type ApiField = {
  readonly name: string;
  /** A type of Lua, or the name of one of the module's types; `a | b` for either, `a[]` for a list. */
  readonly type: string;
  readonly optional?: boolean;
  readonly meaning: string;
};

/** A table with named fields that a function takes or gives. */
export type ApiTableType = {
  readonly name: string;
  readonly meaning: string;
  readonly fields: readonly ApiField[];
};

export type ApiFunction = {
  readonly name: string;
  readonly since: ApiVersion;
  readonly deprecated?: Deprecated;
  readonly summary: string;
  /** Takes a callback `function(err, result)` last, or yields when called in a coroutine. */
  readonly async: boolean;
  /** None, or what a call needs; of several, `chosenBy` says which. */
  readonly permissions: readonly string[];
  readonly chosenBy?: {
    readonly parameter: string;
    readonly field: string;
    readonly values: Readonly<Record<string, string>>;
    readonly otherwise: string;
  };
  /** The parameter, or `parameter.field`, whose host must be among the manifest's. */
  readonly url?: string;
  readonly parameters: readonly ApiField[];
  readonly returns: readonly { readonly type: string; readonly meaning: string }[];
  readonly errors: readonly ApiError[];
  readonly limits: readonly string[];
  /** A piece of Lua. */
  readonly example: string;
};

export type ModuleDocument = {
  readonly kind: "module";
  readonly name: string;
  readonly since: ApiVersion;
  readonly deprecated?: Deprecated;
  readonly summary: string;
  readonly types?: readonly ApiTableType[];
  readonly functions: readonly ApiFunction[];
};

/** The safe part of Lua that apps see beside the global table `mosis`. */
export type ApiLua = {
  readonly version: "5.4";
  readonly globals: readonly string[];
  readonly libraries: Readonly<Record<string, readonly string[]>>;
  readonly missing: readonly { readonly name: string; readonly why: string }[];
};

export type PlatformDocument = {
  readonly kind: "platform";
  readonly replaces?: boolean;
  readonly versions?: readonly ApiVersion[];
  readonly permissions?: readonly ApiPermission[];
  readonly errors?: readonly ApiError[];
  readonly lua?: ApiLua;
};

export type ApiDocument = PlatformDocument | ModuleDocument;
