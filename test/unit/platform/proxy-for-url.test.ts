import { describe, expect, it } from 'vitest';
import { proxyForUrl } from '../../../src/platform/proxy-for-url.js';

const env = { HTTPS_PROXY: 'http://p1:3128', http_proxy: 'p2:80', all_proxy: 'http://p3:1' };
const url = new URL('https://api.example.com/x');

describe('proxyForUrl', () => {
  it('reads the variable of the scheme, in either case', () => {
    expect(proxyForUrl(url, env)?.href).toBe('http://p1:3128/');
    expect(proxyForUrl(new URL('http://api.example.com'), env)?.href).toBe('http://p2/');
    expect(proxyForUrl(url, { ALL_PROXY: 'http://p3:1' })?.href).toBe('http://p3:1/');
    expect(proxyForUrl(url, {})).toBeUndefined();
    expect(proxyForUrl(url, { https_proxy: '' })).toBeUndefined();
  });

  it('prefers the flag', () => {
    expect(proxyForUrl(url, env, 'http://flag:1')?.href).toBe('http://flag:1/');
  });

  it.each([
    ['http://u:p%40ss@p:1', 'u', 'p%40ss'],
    ['http://u:100%@p:1', 'u', '100%25'],
    ['http://a%zz:%ff@p:1', 'a%25zz', '%25ff'],
  ])('has user and password of %s in a form that can be decoded', (proxy, username, password) => {
    expect(proxyForUrl(url, {}, proxy)).toMatchObject({ username, password });
  });

  it.each(['http://:x', 'socks5://127.0.0.1:1080'])('refuses %s', (proxy) => {
    const message = 'the address of the proxy is none of an HTTP proxy';
    const refused = expect.objectContaining({ code: 'config-invalid', message });
    expect(() => proxyForUrl(url, { ALL_PROXY: proxy })).toThrow(refused);
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
