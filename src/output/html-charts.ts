import { htmlText } from './html-text.js';
import { percent } from './percent.js';

/**
 * Charts as inline SVG. Widths are in percent, so that a chart takes whatever room the window has while its texts keep their size; colours are classes
 * of the page's style sheet. No script, no references to anything outside.
 */

/** One bar or column: of `whole` things `part` are the good ones. */
export interface ChartValue {
  readonly label: string;
  readonly part: number;
  readonly whole: number;
}

const COLUMN_HEIGHT = 160;
const CELL_HEIGHT = 22;

/** Horizontal bars, one a line: label, bar, figures. */
export function htmlBars(values: readonly ChartValue[]): string {
  const most = Math.max(1, ...values.map(({ whole }) => whole));
  const lines = values.map(({ label, part, whole }) => {
    const full = (part / most) * 100;
    const rest = ((whole - part) / most) * 100;
    const told = `${label}: ${part} / ${whole}`;
    return (
      `<div class="bar"><span class="label" title="${htmlText(label)}">${htmlText(label)}</span>` +
      `<svg role="img" aria-label="${htmlText(told)}" width="100%" height="14"><title>${htmlText(told)}</title>` +
      `<rect class="part" x="0" width="${share(full)}" height="14"/>` +
      `<rect class="rest" x="${share(full)}" width="${share(rest)}" height="14"/></svg>` +
      `<span class="figure">${whole} <small>${percent(part, whole)}</small></span></div>`
    );
  });
  return `<div class="bars">${lines.join('\n')}</div>`;
}

/** Columns side by side, for a series in time; the first and the last label stand below. */
export function htmlColumns(values: readonly ChartValue[], title: string): string {
  const most = Math.max(1, ...values.map(({ whole }) => whole));
  const step = 100 / Math.max(1, values.length);
  const columns = values.map(({ label, part, whole }, index) => {
    const height = (whole / most) * COLUMN_HEIGHT;
    const full = (part / most) * COLUMN_HEIGHT;
    const place = `x="${share(index * step + step * 0.1)}" width="${share(step * 0.8)}"`;
    return (
      `<g><title>${htmlText(`${label}: ${part} / ${whole}`)}</title>` +
      `<rect class="hover" x="${share(index * step)}" width="${share(step)}" y="0" height="${COLUMN_HEIGHT}"/>` +
      `<rect class="rest" ${place} y="${pixels(COLUMN_HEIGHT - height)}" height="${pixels(height - full)}"/>` +
      `<rect class="part" ${place} y="${pixels(COLUMN_HEIGHT - full)}" height="${pixels(full)}"/></g>`
    );
  });
  const [first, last] = [values[0]?.label ?? '', values.at(-1)?.label ?? ''];
  return (
    `<div class="most">${most}</div>` +
    `<svg class="columns" role="img" aria-label="${htmlText(title)}" width="100%" height="${COLUMN_HEIGHT}">` +
    `<title>${htmlText(title)}</title>${columns.join('\n')}</svg>` +
    `<div class="axis"><span>${htmlText(first)}</span>${last === first ? '' : `<span>${htmlText(last)}</span>`}</div>`
  );
}

/** Counts by row and column as cells of one colour, stronger where there is more. Every third column is named above. */
export function htmlHeatMap(counts: readonly (readonly number[])[], labels: readonly string[], title: string): string {
  const most = Math.max(1, ...counts.flat());
  const columns = counts[0]?.length ?? 0;
  const step = 100 / Math.max(1, columns);
  const head = Array.from({ length: Math.ceil(columns / 3) }, (_, index) => {
    const column = index * 3;
    return `<text x="${share((column + 0.5) * step)}" y="14" text-anchor="middle">${String(column).padStart(2, '0')}</text>`;
  }).join('');
  const cells = counts.flatMap((row, rowIndex) =>
    row.map((count, column) => {
      const told = `${labels[rowIndex] ?? ''} ${String(column).padStart(2, '0')}:00: ${count}`;
      const shade =
        count === 0 ? 'class="none"' : `class="heat" fill-opacity="${(0.15 + (0.85 * count) / most).toFixed(3)}"`;
      const place = `x="${share(column * step + step * 0.04)}" y="${20 + rowIndex * CELL_HEIGHT}" width="${share(step * 0.92)}" height="${CELL_HEIGHT - 2}"`;
      return `<rect ${shade} ${place}><title>${htmlText(told)}</title></rect>`;
    }),
  );
  const height = 20 + counts.length * CELL_HEIGHT;
  const names = labels.map((label) => `<span>${htmlText(label)}</span>`).join('');
  return (
    `<div class="week"><div class="names">${names}</div>` +
    `<svg role="img" aria-label="${htmlText(title)}" width="100%" height="${height}"><title>${htmlText(title)}</title>${head}${cells.join('\n')}</svg></div>`
  );
}

function share(value: number): string {
  return `${Number(value.toFixed(3))}%`;
}

function pixels(value: number): string {
  return String(Number(Math.max(0, value).toFixed(2)));
}
