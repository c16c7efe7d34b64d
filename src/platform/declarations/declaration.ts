import type { BindingMode, Mode } from '../../domain/mode.js';
import type { TextPair } from '../../domain/text-pair.js';

/**
 * The one place where an interface of the platform is written down. The client's checks, the sandbox's validation, the flags and
 * their help, the CSV template of bulk runs and the reference page of the docs are all read from these tables.
 */

/**
 * How a value is typed by people, kept inside and sent.
 *
 * | type | inside | on the wire |
 * | --- | --- | --- |
 * | `number` | global format, text | text |
 * | `x-number` | `+86` and 11 digits | text |
 * | `text`, `tone`, `user-data`, `id`, `city`, `digits` | text | text |
 * | `switch` | boolean | `"true"` / `"false"`, or the two texts of `choices` |
 * | `choice` | the key of `choices` | its value |
 * | `seconds`, `minutes`, `integer` | integer in that unit | integer |
 * | `expiry` | seconds, whole minutes | integer in hours or minutes, as the field of `unit` says |
 */
export type ParameterType =
  | 'number'
  | 'x-number'
  | 'text'
  | 'tone'
  | 'user-data'
  | 'id'
  | 'city'
  | 'digits'
  | 'switch'
  | 'choice'
  | 'seconds'
  | 'minutes'
  | 'integer'
  | 'expiry';

/**
 * The field that tells in which unit every `expiry` of one request stands. Hours are sent where all of them are whole hours, else
 * minutes for all; the field is left out for hours, its documented default, unless `always`.
 */
export interface ExpiryUnit {
  /** Name on the wire. */
  readonly wire: string;
  readonly hours: string;
  readonly minutes: string;
  /** Sent for hours too, where a default is not documented. */
  readonly always?: boolean;
}

/** Value of a parameter inside the tool. */
export type ParameterValue = string | number | boolean;

/** Values by own name (`Parameter.name`). */
export type Values = Readonly<Record<string, ParameterValue | undefined>>;

/** One parameter of one interface. */
export interface Parameter {
  /** Own name in camelCase; the flag is the same in kebab-case, one letter becomes `-a`. */
  readonly name: string;
  /** The flag without its dashes where it is not made from `name`: `ext`. */
  readonly flag?: string;
  /** Name on the wire; a dot goes into an object: `preVoice.callerHintTone`. */
  readonly wire: string;
  readonly in: 'query' | 'body';
  readonly type: ParameterType;
  readonly required?: boolean;
  /** Length of the wire text in characters, both ends included. */
  readonly length?: readonly [number, number];
  /** Range of the wire integer, both ends included. */
  readonly range?: readonly [number, number];
  /** 0 is allowed beside `range`. */
  readonly orZero?: boolean;
  /** A `number` that may be a 400 or 95 number, kept as it was typed. */
  readonly shortNumbers?: boolean;
  /** A `switch` that leaves as a JSON boolean, not as text. */
  readonly plain?: boolean;
  /** Of an `expiry`; the same for every one of an interface. */
  readonly unit?: ExpiryUnit;
  /** Own value → wire value, in the order help shows them; for `choice` always, for `switch` where the wire differs from true/false. */
  readonly choices?: Readonly<Record<string, string | number>>;
  /** What the platform does when it is absent; own value. */
  readonly default?: ParameterValue;
  /** Sent when the user gave none, e.g. `mobile-virtual`. Such a parameter has no flag. */
  readonly fixed?: string;
  /** Own name of the parameter in whose presence `fixed` is not sent. */
  readonly fixedUnless?: string;
  /** One line for help and docs. */
  readonly help: string;
  /** `inferred`, `sample` or `legacy` where the documentation itself does not say it. */
  readonly mark?: 'inferred' | 'sample' | 'legacy';
}

/** Which parameters need, exclude or outrank each other; all by own name. */
export type Rule =
  /** At least one must be there; the platform's own precedence decides between several. */
  | { readonly kind: 'one-of'; readonly names: readonly string[] }
  | { readonly kind: 'exclusive'; readonly names: readonly string[] }
  | { readonly kind: 'needs'; readonly name: string; readonly other: string }
  /** The two, when both are there, must not be the same. */
  | { readonly kind: 'distinct'; readonly name: string; readonly other: string; readonly why: TextPair }
  /** Warned about, not refused: `name` set to `value` without `other`. */
  | {
      readonly kind: 'advises';
      readonly name: string;
      readonly value?: ParameterValue;
      readonly other: string;
      readonly why: TextPair;
    }
  /** Warned about: `name` set to `value` at all. */
  | { readonly kind: 'discourages'; readonly name: string; readonly value: ParameterValue; readonly why: TextPair }
  /** `name`, when present, must be at least `other`; 0 has no end. */
  | { readonly kind: 'at-least'; readonly name: string; readonly other: string };

/** One field of an answer that the tool reads. */
export interface AnswerField {
  readonly wire: string;
  /** Own name in `Binding`, or another own name; `undefined` when only kept in `raw`. */
  readonly name?: string;
  readonly type: ParameterType;
  readonly choices?: Readonly<Record<string, string | number>>;
  /** Of an `expiry`. */
  readonly unit?: ExpiryUnit;
}

/** One interface of the platform. */
export interface InterfaceDeclaration {
  /** `axb.bind`, `recording.address`. */
  readonly id: string;
  /** Mode whose applications may call it; `undefined` = every mode. */
  readonly mode?: BindingMode;
  readonly operation: 'bind' | 'unbind' | 'update' | 'query' | 'callee' | 'hangup' | 'recording-address';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Whether `app_key` stands in the query of every request (AXYB). */
  readonly appKeyInQuery?: boolean;
  /** Documentation page and the date of its text. */
  readonly page: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly rules: readonly Rule[];
  readonly answer: readonly AnswerField[];
  /** Wire name of the list that holds the bindings of a query; `undefined` = the answer itself is one. */
  readonly list?: string;
  /** Result codes of this interface beside the common ones. */
  readonly resultCodes: readonly string[];
}

/** Modes that a declaration serves, for help and the docs. */
export function modesOf(declaration: InterfaceDeclaration): readonly Mode[] {
  return declaration.mode === undefined ? ['ax', 'axb', 'axe', 'axyb', 'x'] : [declaration.mode];
}
