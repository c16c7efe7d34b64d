import { describe, expect, it } from 'vitest';
import { networkFailure } from '../../../src/domain/network-failure.js';

describe('networkFailure', () => {
  it.each([
    [
      'ENOTFOUND',
      false,
      'network-unreachable',
      'the name a.example was not found (ENOTFOUND)',
      '域名无法解析（ENOTFOUND）',
    ],
    [
      'ECONNREFUSED',
      false,
      'network-unreachable',
      'a.example cannot be reached (ECONNREFUSED)',
      '无法连接（ECONNREFUSED）',
    ],
    ['ETIMEDOUT', false, 'network-timeout', 'no connection to a.example in time', '没有及时连上'],
    ['ETIMEDOUT', true, 'network-timeout', 'no answer from a.example in time', '没有及时应答'],
    [
      'ECONNRESET',
      true,
      'network-interrupted',
      'the connection to a.example broke (ECONNRESET)',
      '连接中断（ECONNRESET）',
    ],
    ['', true, 'network-interrupted', 'the connection to a.example broke (no code)', '连接中断（无代码）'],
    [
      'HPE_INVALID_STATUS',
      true,
      'answer-unreadable',
      'a.example does not answer in HTTP (HPE_INVALID_STATUS)',
      '应答不是 HTTP（HPE_INVALID_STATUS）',
    ],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'].map(
      (code) =>
        [
          code,
          false,
          'network-tls',
          `the TLS connection to a.example was refused: ${code}`,
          `TLS 连接被拒绝（${code}）`,
        ] as const,
    ),
    ['EPROTO', true, 'network-interrupted', 'the connection to a.example broke (EPROTO)', '连接中断（EPROTO）'],
  ] as const)('%s, connected: %s', (given, connected, code, ...words) => {
    const [en, zh] = words;
    expect(networkFailure(given, { host: 'a.example', connected })).toMatchObject({
      code,
      words: { en, zh: `a.example ${zh}` },
    });
  });

  it.each([
    ['ENOTFOUND', 'its name was not found (ENOTFOUND)', '域名无法解析（ENOTFOUND）'],
    ['ECONNREFUSED', 'it cannot be reached (ECONNREFUSED)', '无法连接（ECONNREFUSED）'],
    ['ECONNRESET', 'the connection broke (ECONNRESET)', '连接中断（ECONNRESET）'],
    ['ETIMEDOUT', 'no connection in time', '没有及时连上'],
    ['EPROTO', 'the TLS connection was refused: EPROTO', 'TLS 连接被拒绝（EPROTO）'],
  ])('%s of a host that was named before', (given, en, zh) => {
    expect(networkFailure(given, { connected: false }).words).toEqual({ en, zh });
  });

  it.each([
    ['', 407, 'the proxy p refused with HTTP 407 on the way to a.example', 'a.example 代理 p 拒绝转发（HTTP 407）'],
    [
      'ECONNREFUSED',
      undefined,
      'the proxy p cannot be reached (ECONNREFUSED) on the way to a.example',
      'a.example 代理 p 无法连接（ECONNREFUSED）',
    ],
    [
      '',
      undefined,
      'the proxy p cannot be reached (no answer) on the way to a.example',
      'a.example 代理 p 无法连接（无应答）',
    ],
  ] as const)('tells of the proxy: %j, HTTP %s', (given, httpStatus, en, zh) => {
    const proxy = { host: 'p', httpStatus };
    expect(networkFailure(given, { host: 'a.example', connected: false, proxy })).toEqual({
      kind: 'proxy',
      code: 'network-proxy',
      words: { en, zh },
    });
  });
});
