import { describe, expect, it } from 'vitest';
import { proxyForUrl } from '../../../src/platform/proxy-for-url.js';

const env = { HTTPS_PROXY: 'http://p1:3128', http_proxy: 'p2:80', all_proxy: 'http://p3:1' };
const url = new URL('https://api.example.com/x');

describe('proxyForUrl', () => {
  it('reads the variable of the scheme, in either case', () => {
    expect(proxyForUrl(url, env)).toBe('http://p1:3128');
    expect(proxyForUrl(new URL('http://api.example.com'), env)).toBe('http://p2:80');
    expect(proxyForUrl(url, { ALL_PROXY: 'http://p3:1' })).toBe('http://p3:1');
    expect(proxyForUrl(url, {})).toBeUndefined();
    expect(proxyForUrl(url, { https_proxy: '' })).toBeUndefined();
  });

  it('prefers the flag', () => {
    expect(proxyForUrl(url, env, 'http://flag:1')).toBe('http://flag:1');
  });

  it.each([
    ['api.example.com', true],
    ['API.example.COM', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['example.com', false],
    ['pi.example.com', false],
    ['api.example.com:443', true],
    ['api.example.com:8443', false],
    ['other, api.example.com', true],
    ['*', true],
    ['', false],
  ])('NO_PROXY=%s exempts: %s', (noProxy, exempt) => {
    expect(proxyForUrl(url, { ...env, NO_PROXY: noProxy }) === undefined).toBe(exempt);
    expect(proxyForUrl(url, { NO_PROXY: noProxy }, 'http://flag:1') === undefined).toBe(exempt);
  });
});
