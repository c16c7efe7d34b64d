import { parseProxyAddress } from '../domain/proxy-address.js';
import { AppError } from '../errors.js';
import { withCodedUser } from './url-user.js';

/** Where proxies are looked up: variables by name, `HTTPS_PROXY` and `https_proxy` alike. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy that a request to `url` goes through: `explicit`, else `HTTPS_PROXY` / `HTTP_PROXY`, else `ALL_PROXY`. `NO_PROXY` (names,
 * `.suffix`, `*.suffix`, `host:port`, `*`) goes before all of them.
 * @returns its address, user and password coded; `undefined` = directly.
 * @throws AppError `config-invalid` for what is no address of an HTTP proxy.
 */
export function proxyForUrl(url: URL, env: ProxyEnvironment, explicit?: string): URL | undefined {
  const read = (name: string): string => env[name] ?? env[name.toUpperCase()] ?? '';
  const chosen = explicit ?? (read(`${url.protocol.slice(0, -1)}_proxy`) || read('all_proxy'));
  if (chosen === '' || isExempt(url, read('no_proxy'))) return undefined;
  const proxy = parseProxyAddress(chosen);
  if (proxy !== undefined) return withCodedUser(proxy);
  throw new AppError(
    'config-invalid',
    { zh: '代理地址不是 HTTP 代理的地址', en: 'the address of the proxy is none of an HTTP proxy' },
    {
      hint: { zh: '写法：http://proxy.example:3128。', en: 'Write it like http://proxy.example:3128.' },
    },
  );
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || DEFAULT_PORTS[url.protocol];
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', only] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === '' || (only !== undefined && only !== port)) return false;
      if (name === '*') return true;
      const suffix = name.replace(/^\*/, '');
      return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix;
    });
}
