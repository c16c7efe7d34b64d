import stringWidth from 'string-width';
import { padTo } from './plot-bars.js';

/** From nothing to the most. */
const SHADES = ['·', '░', '▒', '▓', '█'] as const;

/**
 * Draws counts by row (weekdays) and column (hours of the day) with shades; each cell is two characters wide where the terminal has the room, else one.
 * The last line tells what the shades stand for.
 * @param labels one for each row.
 * @returns lines with their line breaks; empty when nothing was counted.
 */
export function plotHeatMap(counts: readonly (readonly number[])[], labels: readonly string[], width: number): string {
  const most = Math.max(0, ...counts.flat());
  if (most === 0) return '';
  const columns = counts[0]?.length ?? 0;
  const labelWidth = Math.max(...labels.map((label) => stringWidth(label)));
  const cell = labelWidth + 2 + columns * 2 <= width ? 2 : 1;
  const step = cell === 2 ? 3 : 6;
  let head = '';
  for (let column = 0; column < columns; column += step) {
    head += String(column)
      .padStart(2, '0')
      .padEnd(cell * step);
  }
  const lines = counts.map((row, index) => {
    const cells = row.map((count) => shadeOf(count, most).repeat(cell)).join('');
    return `${padTo(labels[index] ?? '', labelWidth)}  ${cells}`;
  });
  return `${[`${' '.repeat(labelWidth + 2)}${head.trimEnd()}`, ...lines, legend(most, labelWidth)].join('\n')}\n`;
}

function shadeOf(count: number, most: number): string {
  if (count <= 0) return SHADES[0];
  return SHADES[Math.ceil((count / most) * (SHADES.length - 1))] ?? SHADES[0];
}

/** The smallest and the largest count of each shade: `░ 1–5  ▒ 6–10`. */
function legend(most: number, indent: number): string {
  const parts = SHADES.slice(1)
    .map((shade, index) => {
      const from = Math.floor((most * index) / (SHADES.length - 1)) + 1;
      const to = Math.floor((most * (index + 1)) / (SHADES.length - 1));
      return from > to ? undefined : `${shade} ${from === to ? from : `${from}–${to}`}`;
    })
    .filter((part) => part !== undefined);
  return `${' '.repeat(indent + 2)}${[`${SHADES[0]} 0`, ...parts].join('  ')}`;
}
