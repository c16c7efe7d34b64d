/** Deeper levels are not told apart; a notification has six at most. */
const MAX_DEPTH = 100;

/** A parsed JSON value as text in which the order of fields does not count. */
export function canonicalText(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(fields[name], depth + 1)}`).join(',')}}`;
}
