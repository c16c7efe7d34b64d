import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const read = (file: string): Promise<string> => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

/** How many rows each letter has. */
const ROWS = { R: 16, S: 10, D: 26, B: 8, P: 2, X: 8 };

describe('docs/reliability.md', () => {
  it('has every row once, each with a test that bears its ID', async () => {
    const rows = [...(await read('docs/reliability.md')).matchAll(/^\| ([A-Z]\d+) \| .+ \| `(.+)` \| .+ \|$/gm)];
    const found = rows.map(([, id]) => id);
    const wanted = Object.entries(ROWS).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    expect(found.toSorted()).toEqual(wanted.toSorted());
    const without: string[] = [];
    for (const [, id = '', file = ''] of rows) {
      if (!file.startsWith('bench/') && !new RegExp(`\\b${id}\\b`).test(await read(file)))
        without.push(`${id} ${file}`);
      else if (file.startsWith('bench/')) await read(file);
    }
    expect(without).toEqual([]);
  });
});
