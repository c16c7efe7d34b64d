/** Fields of a notification as they come: numbers as text, text as numbers, empty texts and nulls for nothing. */

/** Whether a parsed JSON value is an object with fields. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A field as text, without blanks around it; a number or a boolean is written out.
 * @returns `undefined` for a missing, null or blank value, a number beyond all bounds (`1e999`), an object or an array.
 */
export function textField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return fieldText(Object.hasOwn(fields, name) ? fields[name] : undefined);
}

/** The value of a field as {@link textField} gives it, for code that reads many fields by their names. */
export function fieldText(value: unknown): string | undefined {
  // JSON's `1e999` is no number that anything can be done with.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = isTrimmed(value) ? value : value.trim();
  return text === '' ? undefined : text;
}

/** Whether text surely has no blanks around it: it begins and ends with a visible ASCII character. */
function isTrimmed(text: string): boolean {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  return first > 0x20 && first < 0x7f && last > 0x20 && last < 0x7f;
}

/**
 * A field that holds another object.
 * @returns an empty object for anything else.
 */
export function objectField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return isFields(value) ? value : {};
}
