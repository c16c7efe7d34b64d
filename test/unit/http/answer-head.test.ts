import { describe, expect, it } from 'vitest';
import { type BadAnswer, parseAnswerHead } from '../../../src/http/answer-head.js';

const head = (...lines: string[]): string => lines.join('\r\n');

describe('parseAnswerHead', () => {
  it('reads status, headers and length', () => {
    const text = head('HTTP/1.1 206 Partial Content', 'Content-Length: 12', 'ETag:"a"', 'X-Empty:', 'X-Wide: ü\t ');
    expect(parseAnswerHead(text, 'GET')).toEqual({
      status: 206,
      headers: { 'content-length': '12', etag: '"a"', 'x-empty': '', 'x-wide': 'ü' },
      length: { kind: 'bytes', bytes: 12 },
      keepsOpen: true,
    });
  });

  it('joins what may come twice and keeps the first of what may not', () => {
    const text = head(
      'HTTP/1.1 301 ',
      'Vary: a',
      'vary: b',
      'Location: /first',
      'Location: /second',
      'content-length: 0',
    );
    expect(parseAnswerHead(text, 'GET').headers).toMatchObject({ vary: 'a, b', location: '/first' });
  });

  it('holds names of the prototype for headers like any other', () => {
    const { headers } = parseAnswerHead(head('HTTP/1.1 200 OK', '__proto__: x', 'constructor: y'), 'GET');
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each([
    ['HTTP/1.1 200 OK', 'until-close', false],
    ['HTTP/1.0 200 OK', 'until-close', false],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked', 'chunked', true],
    ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close', 'bytes', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 3', 'bytes', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive', 'bytes', true],
    ['HTTP/1.1 204 No Content', 'bytes', true],
  ])('%j has a body of the kind %s', (text, kind, keepsOpen) => {
    expect(parseAnswerHead(text, 'GET')).toMatchObject({ length: { kind }, keepsOpen });
  });

  it('takes no body for an answer to HEAD', () => {
    const text = head('HTTP/1.1 200 OK', 'Content-Length: 5');
    expect(parseAnswerHead(text, 'HEAD').length).toEqual({ kind: 'bytes', bytes: 0 });
  });

  it.each([
    ['another protocol', 'HTTP/2 200 OK', 'HPE_INVALID_STATUS'],
    ['no status', 'HTTP/1.1 OK', 'HPE_INVALID_STATUS'],
    ['a status of four digits', 'HTTP/1.1 2000 OK', 'HPE_INVALID_STATUS'],
    ['two spaces', 'HTTP/1.1  200 OK', 'HPE_INVALID_STATUS'],
    ['a control character in the reason', 'HTTP/1.1 200 O\x07K', 'HPE_INVALID_STATUS'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 5', 'HPE_INVALID_HEADER_TOKEN'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c', 'HPE_INVALID_HEADER_TOKEN'],
    ['a bare line feed', 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 5', 'HPE_INVALID_HEADER_TOKEN'],
    ['a bare carriage return', 'HTTP/1.1 200 OK\r\nA: b\rc', 'HPE_INVALID_HEADER_TOKEN'],
    ['a NUL', 'HTTP/1.1 200 OK\r\nA: \0', 'HPE_INVALID_HEADER_TOKEN'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: b', 'HPE_INVALID_HEADER_TOKEN'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6', 'HPE_INVALID_CONTENT_LENGTH'],
    [
      'the same length twice',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5',
      'HPE_INVALID_CONTENT_LENGTH',
    ],
    ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +5', 'HPE_INVALID_CONTENT_LENGTH'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -5', 'HPE_INVALID_CONTENT_LENGTH'],
    ['an empty length', 'HTTP/1.1 200 OK\r\nContent-Length:', 'HPE_INVALID_CONTENT_LENGTH'],
    ['a length beyond all files', 'HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999', 'HPE_INVALID_CONTENT_LENGTH'],
    [
      'chunks beside a length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5',
      'HPE_INVALID_TRANSFER_ENCODING',
    ],
    ['another encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked', 'HPE_INVALID_TRANSFER_ENCODING'],
    ['chunks of HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked', 'HPE_INVALID_TRANSFER_ENCODING'],
  ])('refuses %s', (_, text, code) => {
    expect(() => parseAnswerHead(text, 'GET')).toThrow(
      expect.objectContaining({ name: 'BadAnswer', code }) as BadAnswer,
    );
  });
});
