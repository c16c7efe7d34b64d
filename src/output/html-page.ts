import { htmlText } from './html-text.js';
import { HTML_STYLE } from './html-style.js';

/** A table of a page; cells are plain texts. */
export interface HtmlTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** So many columns hold words, the rest figures. */
  readonly words: number;
}

/** One part of a page: a chart and the same figures as a table. */
export interface HtmlSection {
  readonly title: string;
  /** Markup made by `html-charts`. */
  readonly chart: string;
  /** What the colours of the chart stand for: the good part, the rest. */
  readonly legend?: readonly [string, string] | undefined;
  readonly table: HtmlTable;
  /** Heading of the table. */
  readonly tableTitle: string;
  /** Whether the table is shown before anybody asks. */
  readonly open: boolean;
}

/** What a page shows. All texts are plain; they are escaped here. */
export interface HtmlPage {
  readonly lang: 'zh' | 'en';
  readonly title: string;
  /** What the page is about: range, zone, filters. */
  readonly about: readonly string[];
  /** Large figures at the top. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  readonly sections: readonly HtmlSection[];
}

/**
 * Builds one page that stands for itself: style and charts inside, no script, nothing fetched (a content security policy says so too), light and dark by
 * the wish of the browser.
 */
export function htmlPage({ lang, title, about, figures, sections }: HtmlPage): string {
  const cards = figures
    .map(({ label, value }) => `<div class="card"><b>${htmlText(value)}</b><span>${htmlText(label)}</span></div>`)
    .join('\n');
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${htmlText(title)}</title>
<style>
${HTML_STYLE}
</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
${about.map((line) => `<p class="about">${htmlText(line)}</p>`).join('\n')}
<div class="cards">
${cards}
</div>
${sections.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section({ title, chart, legend, table, tableTitle, open }: HtmlSection): string {
  const key =
    legend === undefined
      ? ''
      : `<p class="legend"><i class="part"></i>${htmlText(legend[0])} <i class="rest"></i>${htmlText(legend[1])}</p>\n`;
  return `<section>
<h2>${htmlText(title)}</h2>
${key}${chart}
<details${open ? ' open' : ''}><summary>${htmlText(tableTitle)}</summary>
${tableText(table)}
</details>
</section>`;
}

function tableText({ head, rows, words }: HtmlTable): string {
  const cells = (tag: 'td' | 'th', texts: readonly string[]): string =>
    texts.map((text, index) => `<${tag}${index < words ? '' : ' class="n"'}>${htmlText(text)}</${tag}>`).join('');
  const lines = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<div class="scroll"><table>
<thead><tr>${cells('th', head)}</tr></thead>
<tbody>
${lines}
</tbody>
</table></div>`;
}
