import stringWidth from 'string-width';
import { percent } from './percent.js';
import { safeLine } from './safe-text.js';
import type { CellPainter } from './view.js';

/** Where a plot is drawn. */
export interface PlotFrame {
  /** Columns of the terminal; no line is longer. */
  readonly width: number;
  readonly paint: Pick<CellPainter, 'good' | 'faint'>;
}

/** One bar: of `whole` things `part` are the good ones. */
export interface Bar {
  readonly label: string;
  readonly part: number;
  readonly whole: number;
}

const FULL = '█';
const LIGHT = '░';
/** A label takes at most this share of the width. */
const LABEL_SHARE = 0.4;

/**
 * Horizontal bars, one a line: label, bar, figure. The part is drawn full, the rest light; the longest bar takes all the room. Whatever is not 0 has at
 * least one character. Labels are cut by the width of their characters.
 * @returns lines with their line breaks; empty for no bars.
 */
export function plotBars(bars: readonly Bar[], { width, paint }: PlotFrame): string {
  const most = Math.max(0, ...bars.map(({ whole }) => whole));
  if (most === 0) return '';
  const labels = bars.map(({ label }) => cutTo(safeLine(label), Math.floor(width * LABEL_SHARE)));
  const figures = bars.map(({ part, whole }) => `${whole} (${percent(part, whole)})`);
  const labelWidth = Math.max(...labels.map((label) => stringWidth(label)));
  const figureWidth = Math.max(...figures.map((figure) => figure.length));
  const room = Math.max(4, width - labelWidth - figureWidth - 4);
  return bars
    .map(({ part, whole }, index) => {
      const length = whole === 0 ? 0 : Math.max(1, Math.round((whole / most) * room));
      const full = shareOf(part, whole, length);
      const bar = `${paint.good(FULL.repeat(full))}${paint.faint(LIGHT.repeat(length - full))}`;
      const label = padTo(labels[index] ?? '', labelWidth);
      return `${label}  ${bar}${' '.repeat(room - length)}  ${(figures[index] ?? '').padStart(figureWidth)}\n`;
    })
    .join('');
}

/** Neither part vanishes while there is room for both. */
function shareOf(part: number, whole: number, length: number): number {
  const exact = whole === 0 ? 0 : Math.round((part / whole) * length);
  if (part === 0) return 0;
  if (part === whole) return length;
  return Math.min(Math.max(exact, 1), Math.max(length - 1, 1));
}

/** `text` filled with blanks to `width` columns of a terminal. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = '';
  for (const character of text) {
    if (stringWidth(result + character) > width - 1) break;
    result += character;
  }
  return `${result}…`;
}
