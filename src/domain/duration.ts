/** Lengths of time as people type them. */

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/**
 * Reads `7200`, `90s`, `65m`, `2h`, `1h30m`, `7d`; a bare number counts in `bareUnit`.
 * @returns seconds, or `undefined` when the text is no length of time.
 */
export function parseDuration(text: string, bareUnit: keyof typeof UNITS = 's'): number | undefined {
  const compact = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(compact)) return Number(compact) * UNITS[bareUnit];
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(compact)) return undefined;
  let seconds = 0;
  for (const part of compact.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    seconds += Number(part[1]) * (part[2] === 'ms' ? 0.001 : UNITS[part[2] as keyof typeof UNITS]);
  }
  return seconds;
}

/** `1h05m`, `1m05s`, `45s`, `2d03h`: the two largest units. `seconds` is not negative. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`;
}
