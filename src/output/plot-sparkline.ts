/** Eight heights. */
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A row of heights, and how many values each of them stands for. */
export interface Sparkline {
  readonly text: string;
  /** Neighbours summed up into one character, 1 where all found room. */
  readonly valuesEach: number;
}

/**
 * Draws values as heights in one line of at most `width` characters. 0 is a dot; the largest value is the full height. Where there are more values
 * than room, neighbours are summed up.
 */
export function plotSparkline(values: readonly number[], width: number): Sparkline {
  const valuesEach = Math.max(1, Math.ceil(values.length / Math.max(1, width)));
  const sums: number[] = [];
  for (let at = 0; at < values.length; at += valuesEach) {
    sums.push(values.slice(at, at + valuesEach).reduce((sum, value) => sum + value, 0));
  }
  const most = Math.max(0, ...sums);
  return { text: sums.map((value) => levelOf(value, most)).join(''), valuesEach };
}

function levelOf(value: number, most: number): string {
  if (value <= 0) return '·';
  return LEVELS[Math.ceil((value / most) * LEVELS.length) - 1] ?? LEVELS[0];
}
