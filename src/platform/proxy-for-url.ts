/** Where proxies are looked up: variables by name, `HTTPS_PROXY` and `https_proxy` alike. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy that a request to `url` goes through: `explicit`, else `HTTPS_PROXY` / `HTTP_PROXY`, else `ALL_PROXY`. `NO_PROXY` (names,
 * `.suffix`, `*.suffix`, `host:port`, `*`) goes before all of them.
 * @returns `undefined` = directly.
 */
export function proxyForUrl(url: URL, env: ProxyEnvironment, explicit?: string): string | undefined {
  const read = (name: string): string => env[name] ?? env[name.toUpperCase()] ?? '';
  const chosen = explicit ?? (read(`${url.protocol.slice(0, -1)}_proxy`) || read('all_proxy'));
  if (chosen === '' || isExempt(url, read('no_proxy'))) return undefined;
  return chosen.includes('://') ? chosen : `http://${chosen}`;
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
