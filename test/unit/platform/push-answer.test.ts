import { describe, expect, it } from 'vitest';
import { BadAnswer } from '../../../src/http/answer-head.js';
import { AnswerParser, type PushAnswer } from '../../../src/platform/push-answer.js';

/** Feeds `text` in pieces of `size` bytes, then the end of the connection. */
function parse(text: string | Buffer, size = Number.POSITIVE_INFINITY): PushAnswer | undefined {
  const bytes = Buffer.from(text as string, 'latin1');
  const parser = new AnswerParser();
  for (let at = 0; at < bytes.length; at += size) {
    const answer = parser.feed(bytes.subarray(at, at + size));
    if (answer !== undefined) return answer;
  }
  return parser.end();
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nab\r\n\r\n3\r\ncde\r\n0\r\nX: y\r\n\r\n';

describe('AnswerParser', () => {
  it.each<[string, string, [number, string, boolean]]>([
    ['nothing in it', 'HTTP/1.1 204 No Content\r\n\r\n', [204, '', true]],
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', [200, 'hello', true]],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', [200, '', true]],
    ['chunks and a trailer', CHUNKED, [200, 'ab\r\ncde', true]],
    ['its end as that of the connection', 'HTTP/1.1 500 No\r\n\r\nbroken', [500, 'broken', false]],
    [
      'an interim answer before it',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
      [200, 'x', true],
    ],
    ['the wish to close', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx', [200, 'x', false]],
    ['an old version', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', [200, 'x', false]],
    [
      'an old version that stays',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx',
      [200, 'x', true],
    ],
  ])('reads an answer with %s, however it is cut', (_, text, expected) => {
    for (const size of [1, 2, 3, 7, Number.POSITIVE_INFINITY]) {
      const answer = parse(text, size);
      expect([answer?.status, answer?.body.toString('latin1'), answer?.isKept], `pieces of ${size}`).toEqual(expected);
    }
  });

  it('gives the headers in lower case', () => {
    const answer = parse('HTTP/1.1 200 OK\r\nRetry-After:  7 \r\nX: 1\r\nx: 2\r\nContent-Length: 0\r\n\r\n');
    expect(answer?.headers).toEqual({ 'retry-after': '7', x: '1, 2', 'content-length': '0' });
  });

  it('keeps 64 KiB of the body and reads on to its end', () => {
    const long = 'x'.repeat(100_000);
    for (const size of [1000, Number.POSITIVE_INFINITY])
      expect(parse(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${long}`, size)?.body.length).toBe(65_536);
  });

  it('does not keep a connection that says more than it was asked', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n';
    expect(parse(text)).toMatchObject({ status: 200, isKept: false });
  });

  it.each([
    ['a head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['a body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell'],
    ['a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell'],
    ['the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n'],
  ])('takes %s that was cut for no answer', (_, text) => {
    expect(parse(text)).toBeUndefined();
    expect(parse(text, 1)).toBeUndefined();
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a line that is no header', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a chunk without its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(BadAnswer);
    expect(() => parse(text, 100)).toThrow(BadAnswer);
  });
});
