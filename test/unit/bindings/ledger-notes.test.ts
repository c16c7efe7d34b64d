import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeNote } from '../../../src/bindings/ledger-notes.js';

const BINDINGS = join(import.meta.dirname, '../../../src/bindings');

describe('describeNote', () => {
  it('has the Chinese of every note that is written', () => {
    const notes = readdirSync(BINDINGS)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(BINDINGS, file), 'utf8').matchAll(
          /\bnote(?: =|:)\s*'([^']+)'|close\(books, entry, '([^']+)'/g,
        ),
      ])
      .map(([, note, settled]) => note ?? `settled: ${settled ?? ''}`);
    expect(notes.length).toBeGreaterThan(10);
    expect(notes.filter((note) => !/\p{Script=Han}/u.test(describeNote(note).zh))).toEqual([]);
  });

  it.each([
    ['settled: bound as b-1', '已了结：已绑定为 b-1'],
    ['the platform has another a, b', '平台上的 a, b 不同'],
    ['3 bindings fit: choose one with --bound ID', '有 3 个绑定关系符合：用 --bound ID 选择一个'],
    ['a note of somebody else', 'a note of somebody else'],
  ])('%s: %s', (note, zh) => {
    expect(describeNote(note)).toEqual({ zh, en: note });
  });
});
