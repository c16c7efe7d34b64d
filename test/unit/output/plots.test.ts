import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { plotBars } from '../../../src/output/plot-bars.js';
import { plotHeatMap } from '../../../src/output/plot-heat-map.js';
import { plotSparkline } from '../../../src/output/plot-sparkline.js';

const paint = { good: (text: string) => text, faint: (text: string) => text };

describe('plotBars', () => {
  it('draws the part full and the rest light, Chinese labels aligned', () => {
    const bars = [
      { label: '周一', part: 5, whole: 10 },
      { label: 'Tuesday', part: 5, whole: 5 },
      { label: 'none', part: 0, whole: 0 },
    ];
    expect(plotBars(bars, { width: 40, paint })).toBe(
      [
        '周一     ██████████░░░░░░░░░  10 (50.0%)',
        'Tuesday  ██████████           5 (100.0%)',
        'none                               0 (–)',
        '',
      ].join('\n'),
    );
  });

  it('shows whatever is not 0, and nothing where nothing is', () => {
    expect(plotBars([{ label: 'a', part: 0, whole: 0 }], { width: 40, paint })).toBe('');
    const lines = plotBars(
      [
        { label: 'a', part: 999, whole: 1000 },
        { label: 'b', part: 1, whole: 1 },
      ],
      { width: 40, paint },
    ).split('\n');
    expect(lines[0]).toContain('░');
    expect(lines[1]).toContain('█');
  });

  it('never is wider than the terminal', () => {
    const bar = fc.record({
      label: fc.string({ unit: 'grapheme', maxLength: 60 }),
      part: fc.nat(1000),
      rest: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1, maxLength: 8 }), fc.integer({ min: 60, max: 200 }), (bars, width) => {
        const text = plotBars(
          bars.map(({ label, part, rest }) => ({ label, part, whole: part + rest })),
          { width, paint },
        );
        for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('plotSparkline', () => {
  it('draws eight heights, and a dot for nothing', () => {
    expect(plotSparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20)).toEqual({ text: '·▁▂▃▄▅▆▇█', valuesEach: 1 });
  });

  it('sums neighbours up where the room is small', () => {
    expect(plotSparkline([1, 1, 2, 2, 8], 3)).toEqual({ text: '▂▄█', valuesEach: 2 });
    expect(plotSparkline([], 10)).toEqual({ text: '', valuesEach: 1 });
  });
});

describe('plotHeatMap', () => {
  const week = Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => (day === 1 ? hour : 0)));

  it('draws a shade for each quarter of the most, with a legend', () => {
    const small = [
      [0, 1, 2],
      [4, 7, 8],
    ];
    expect(plotHeatMap(small, ['周一', '周二'], 80)).toBe(
      ['      00', '周一  ··░░░░', '周二  ▒▒████', '      · 0  ░ 1–2  ▒ 3–4  ▓ 5–6  █ 7–8', ''].join('\n'),
    );
  });

  it('has narrow cells where the terminal is narrow, and is nothing without counts', () => {
    const labels = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const narrow = plotHeatMap(week, labels, 40).split('\n');
    expect(narrow[0]).toBe('     00    06    12    18');
    for (const line of narrow.slice(0, 8)) expect(stringWidth(line)).toBeLessThanOrEqual(40);
    expect(plotHeatMap(week, labels, 80).split('\n')[1]).toBe(`Mon  ${'··'.repeat(24)}`);
    expect(plotHeatMap([[0, 0]], ['a'], 80)).toBe('');
  });
});
