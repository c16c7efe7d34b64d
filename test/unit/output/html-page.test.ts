import { describe, expect, it } from 'vitest';
import { htmlBars, htmlColumns, htmlHeatMap } from '../../../src/output/html-charts.js';
import { htmlPage } from '../../../src/output/html-page.js';
import { htmlText } from '../../../src/output/html-text.js';

const EVIL = '"><script>alert(1)</script>&\u0007';

const page = (text: string): string =>
  htmlPage({
    lang: 'en',
    title: text,
    about: [text],
    figures: [{ label: text, value: text }],
    sections: [
      {
        title: text,
        chart: [
          htmlBars([{ label: text, part: 1, whole: 2 }]),
          htmlColumns([{ label: text, part: 1, whole: 2 }], text),
          htmlHeatMap([[1, 0]], [text], text),
        ].join('\n'),
        legend: [text, text],
        tableTitle: text,
        open: true,
        table: { head: [text, 'n'], rows: [[text, '1']], words: 1 },
      },
    ],
  });

describe('htmlPage', () => {
  it('escapes every text', () => {
    expect(htmlText(EVIL)).toBe('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;');
    const html = page(EVIL);
    expect(html).not.toMatch(/<script/i);
    expect(html).not.toContain('\u0007');
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(12);
  });

  it('points at nothing outside, and forbids it', () => {
    const html = page('calls');
    expect(html).not.toMatch(/https?:|\/\/|\bsrc=|\bhref=|url\(|@import/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('closes what it opens', () => {
    const html = page('calls');
    for (const tag of ['html', 'head', 'body', 'main', 'section', 'details', 'table', 'svg', 'div', 'span', 'g']) {
      const opened = html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
      expect([tag, opened]).toEqual([tag, html.match(new RegExp(`</${tag}>`, 'g'))?.length]);
    }
  });
});

describe('charts', () => {
  it('draw shares of the largest', () => {
    const bars = htmlBars([
      { label: 'a', part: 3, whole: 4 },
      { label: 'b', part: 0, whole: 2 },
    ]);
    expect(bars).toContain('<rect class="part" x="0" width="75%" height="14"/><rect class="rest" x="75%" width="25%"');
    expect(bars).toContain('<rect class="part" x="0" width="0%" height="14"/><rect class="rest" x="0%" width="50%"');
    expect(htmlColumns([{ label: 'a', part: 1, whole: 4 }], 'days')).toContain(
      '<rect class="part" x="10%" width="80%" y="120" height="40"/>',
    );
    const heat = htmlHeatMap([[0, 2, 4]], ['Mon'], 'week');
    expect(heat).toContain('class="none"');
    expect(heat).toContain('fill-opacity="0.575"');
    expect(heat).toContain('fill-opacity="1.000"');
    expect(heat).toContain('<title>Mon 02:00: 4</title>');
  });
});
