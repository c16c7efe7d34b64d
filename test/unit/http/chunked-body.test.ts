import { describe, expect, it } from 'vitest';
import { ChunkedBody } from '../../../src/http/chunked-body.js';

const WHOLE = '5;name="v"\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n';

function take(...parts: string[]): { text: string; done: boolean } {
  const body = new ChunkedBody();
  const text = parts
    .flatMap((part) => body.take(Buffer.from(part, 'latin1')))
    .map((part) => part.toString('latin1'))
    .join('');
  return { text, done: body.done };
}

describe('ChunkedBody', () => {
  it('takes the chunks apart, wherever the network cuts them', () => {
    for (let cut = 0; cut <= WHOLE.length; cut += 1) {
      expect(take(WHOLE.slice(0, cut), WHOLE.slice(cut))).toEqual({ text: 'hello 0123456789', done: true });
    }
    expect(take(...Array.from(WHOLE))).toEqual({ text: 'hello 0123456789', done: true });
  });

  it('tells what comes behind its end, and gives none of it', () => {
    const body = new ChunkedBody();
    expect(body.take(Buffer.from('1\r\na\r\n0\r\n\r\n')).toString()).toBe('a');
    expect(body.isOverrun).toBe(false);
    expect(body.take(Buffer.from('1\r\nb\r\n'))).toEqual([]);
    expect(body.isOverrun).toBe(true);
  });

  it('is not done before its end', () => {
    for (let cut = 0; cut < WHOLE.length; cut += 1) expect(take(WHOLE.slice(0, cut)).done).toBe(false);
  });

  it.each([
    ['no size', '\r\nhello'],
    ['a size with a sign', '+5\r\nhello\r\n'],
    ['a size with 0x', '0x5\r\nhello\r\n'],
    ['a bare line feed behind the size', '5\nhello\r\n'],
    ['no end of line behind the data', '5\r\nhelloXX5\r\n'],
    ['a size beyond all files', 'fffffffffffff\r\n'],
    ['a line without an end', `5;${'x'.repeat(5000)}`],
    ['trailers without an end', `0\r\n${'a: b\r\n'.repeat(2000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => take(text)).toThrow(expect.objectContaining({ name: 'BadAnswer' }) as Error);
  });
});
