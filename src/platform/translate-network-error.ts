import { REFUSED_ADDRESS } from './guarded-lookup.js';
import { TransportError } from './transport.js';

/** What is known of the way when it broke. */
export interface BrokenWay {
  /** Host name of the request; all that a message may tell of it. */
  readonly host: string;
  /** Host name of the proxy, if there is one. */
  readonly proxyHost: string | undefined;
  /** Whether the connection, TLS included, stood: then the platform may have seen the request. */
  readonly connected: boolean;
}

const NOT_FOUND = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'];
const UNREACHABLE = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN', 'ENETDOWN'];
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|EPROTO|.*_CERT|.*_CERTIFICATE|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

/**
 * A network failure as the tool's own error. Errors of the HTTP client carry the request's headers, signature and all; so nothing of
 * them is taken over but their code.
 */
export function translateNetworkError(error: unknown, way: BrokenWay): TransportError {
  const { host, proxyHost, connected } = way;
  const { code: given = '', message = '' } = error as { code?: string; message?: string };
  // The client's own placeholder where the network named no reason.
  const code = given === 'ERR_GOT_REQUEST_ERROR' ? '' : given;
  const reached = connected ? 'maybe' : 'no';
  if (code === REFUSED_ADDRESS) {
    const message = `the name ${host} leads to an address of the own machine or network; nothing was sent there`;
    return new TransportError('answer-unreadable', message, { reached });
  }
  if (!connected && TLS.test(code)) {
    return new TransportError('network-tls', `the TLS connection to ${host} was refused: ${code}`, {
      reached,
      hint: 'Is the access address right? Behind a company proxy give its certificate with --ca-file.',
    });
  }
  if (!connected && proxyHost !== undefined) {
    const status = /^Bad response: (\d{3})/.exec(message)?.[1];
    const why =
      status === undefined ? `cannot be reached (${code === '' ? 'no answer' : code})` : `refused with HTTP ${status}`;
    return new TransportError('network-proxy', `the proxy ${proxyHost} ${why} on the way to ${host}`, {
      reached,
      hint: 'Check --proxy and the variables HTTPS_PROXY and NO_PROXY.',
    });
  }
  if (NOT_FOUND.includes(code)) {
    return new TransportError('network-unreachable', `the name ${host} was not found (${code})`, {
      reached,
      hint: 'Check the access address and the name service of this machine.',
    });
  }
  if (UNREACHABLE.includes(code)) {
    return new TransportError('network-unreachable', `${host} cannot be reached (${code})`, { reached });
  }
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return timedOut(host, connected);
  if (code.startsWith('HPE_')) {
    return new TransportError('answer-unreadable', `${host} does not answer in HTTP (${code})`, { reached });
  }
  return new TransportError(
    'network-interrupted',
    `the connection to ${host} broke (${code === '' ? 'no code' : code})`,
    {
      reached,
    },
  );
}

/** No sign of life in time, before or after the connection stood. */
export function timedOut(host: string, connected: boolean): TransportError {
  return connected
    ? new TransportError('network-timeout', `no answer from ${host} in time`, {
        reached: 'maybe',
        hint: 'Allow more time with --timeout.',
      })
    : new TransportError('network-timeout', `no connection to ${host} in time`, {
        reached: 'no',
        hint: 'Check the access address; the platform cannot be called from outside mainland China.',
      });
}
