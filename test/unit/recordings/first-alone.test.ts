import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/errors.js';
import { firstAlone } from '../../../src/recordings/first-alone.js';
import { failureOf } from '../bindings/memory-books.js';

const question = { fileName: 'a.wav', domain: 'd' };

/** Questions that wait for an answer. */
function platform() {
  const waiting: { resolve: (address: string) => void; reject: (error: Error) => void }[] = [];
  const ask = firstAlone(() => new Promise<string>((resolve, reject) => waiting.push({ resolve, reject })));
  return { waiting, ask: () => ask(question) };
}

describe('firstAlone', () => {
  it('sends the others once the first is answered', async () => {
    const { waiting, ask } = platform();
    const asked = [ask(), ask(), ask()];
    expect(waiting).toHaveLength(1);
    waiting[0]?.resolve('one');
    expect(await asked[0]).toBe('one');
    expect(waiting).toHaveLength(3);
    for (const { resolve } of waiting) resolve('more');
    expect(await Promise.all(asked)).toEqual(['one', 'more', 'more']);
  });

  it.each<ErrorCode>(['signature-rejected', 'clock-skewed', 'address-blocked'])(
    'sends no other after %s',
    async (code) => {
      const { waiting, ask } = platform();
      const asked = [ask(), ask(), ask()].map((one) => failureOf(one));
      waiting[0]?.reject(new AppError(code, 'refused'));
      expect((await Promise.all(asked)).map((error) => error.code)).toEqual([code, code, code]);
      expect((await failureOf(ask())).code).toBe(code);
      expect(waiting).toHaveLength(1);
    },
  );

  it.each<ErrorCode>(['recording-not-found', 'network-timeout'])('sends the others after %s', async (code) => {
    const { waiting, ask } = platform();
    const asked = [ask(), ask()];
    const failed = failureOf(asked[0]!);
    waiting[0]?.reject(new AppError(code, 'refused'));
    expect((await failed).code).toBe(code);
    expect(waiting).toHaveLength(2);
    waiting[1]?.resolve('two');
    expect(await asked[1]).toBe('two');
  });
});
