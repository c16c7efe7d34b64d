/** Deeper levels are not told apart; a notification has six at most. */
const MAX_DEPTH = 100;

/**
 * A parsed JSON value as text in which the order of fields does not count: equal texts, equal values. It is for comparing and is no
 * JSON: texts stand with their length instead of escapes, which takes a third of the time.
 */
export function canonicalText(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth >= MAX_DEPTH) return '…';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonicalText(item, depth + 1)},`;
    return `[${text}]`;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields).sort())
    text += `${name.length}:${name}=${canonicalText(fields[name], depth + 1)},`;
  return `{${text}}`;
}
