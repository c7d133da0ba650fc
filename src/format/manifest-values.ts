/**
 * Single values of a manifest, for documents that repeat them: judged by the manifest's own published schema and the rules
 * that it cannot say, so that nothing can be listed that no manifest has (package format, section 4).
 */
import schema from "../../assets/schema/manifest.schema.json" with { type: "json" };
import { localeFault } from "./locales.ts";
import { textFault } from "./texts.ts";

/** What the schema says of a text. */
type TextSchema = {
  readonly description?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** What is expected in the place of a value that is wrong, or undefined. */
export type ValueRule = (text: string) => string | undefined;

/** Lengths are code points, and patterns are of Unicode, as in JSON Schema. */
function ruleOf({ description, pattern, minLength = 0, maxLength = Infinity }: TextSchema): ValueRule {
  const expression = pattern === undefined ? null : new RegExp(pattern, "u");
  return (text) => {
    // Long texts are not taken apart.
    const length = text.length > 2 * maxLength ? Infinity : [...text].length;
    if (length > maxLength) return `at most ${maxLength} characters`;
    if (length < minLength) return `at least ${minLength} character`;
    return expression === null || expression.test(text) ? undefined : (description ?? `/${pattern}/`);
  };
}

const both =
  (first: ValueRule, second: ValueRule): ValueRule =>
  (text) =>
    first(text) ?? second(text);
const written: ValueRule = (text) => textFault(text)?.expected;

const { properties, $defs } = schema;

export const MANIFEST_VALUES = {
  version: ruleOf(properties.version),
  runtimeApi: ruleOf(properties.runtime.properties.api),
  permission: ruleOf(properties.permissions.items.properties.name),
  category: ruleOf(properties.category),
  locale: both(ruleOf($defs.locale), localeFault),
  name: both(ruleOf(properties.name.additionalProperties), written),
  summary: both(ruleOf(properties.summary.additionalProperties), written),
} as const satisfies Readonly<Record<string, ValueRule>>;

/** How many permissions a manifest may ask for. */
export const PERMISSIONS_MOST = properties.permissions.maxItems;
