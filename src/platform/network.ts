import { rootCertificates } from 'node:tls';
import type { ProxyEnvironment } from './proxy-for-url.js';

/** The way to other machines, as settings and environment say. */
export interface Network {
  /** Address of a proxy, before the environment's. */
  readonly proxy?: string | undefined;
  /** Proxies and exceptions: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`. */
  readonly env: ProxyEnvironment;
  /** Certificates to trust beside the built-in ones, PEM. */
  readonly ca?: string | undefined;
  /** Host names whose certificate is not verified. */
  readonly insecureHosts?: readonly string[] | undefined;
}

/** Whether the certificate of `host` is looked at. */
export function isVerified({ insecureHosts }: Pick<Network, 'insecureHosts'>, host: string): boolean {
  return insecureHosts?.includes(host) !== true;
}

/** All certificates that are trusted; `undefined`: those of Node.js. */
export function authoritiesOf({ ca }: Pick<Network, 'ca'>): string[] | undefined {
  return ca === undefined ? undefined : [...rootCertificates, ca];
}
