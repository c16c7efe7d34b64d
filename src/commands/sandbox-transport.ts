import { TransportError } from '../platform/transport.js';
import type { Transport, WireAnswer, WireRequest } from '../platform/transport.js';
import { IN_PROCESS } from '../sandbox/exchange.js';
import type { Sandbox } from '../sandbox/state-folder.js';

/** The way to the embedded sandbox: no socket, no got, the same answers. */
export function buildSandboxTransport(open: () => Promise<Sandbox>): Transport {
  return {
    send: async (request: WireRequest): Promise<WireAnswer> => {
      request.signal.throwIfAborted();
      const sandbox = await open();
      const response = await sandbox.handle({
        method: request.method,
        target: `${request.url.pathname}${request.url.search}`,
        headers: { host: request.url.host, ...lowerCase(request.headers) },
        body: Buffer.from(request.body ?? ''),
        remote: IN_PROCESS,
        signal: request.signal,
      });
      if (response.fault !== undefined) {
        const reached = response.fault === 'reset-before' ? 'no' : 'maybe';
        throw new TransportError(
          'network-interrupted',
          { zh: '沙箱断开了连接（设置的故障）', en: 'the sandbox broke the connection (a fault that was set)' },
          {
            reached,
          },
        );
      }
      return { status: response.status, headers: response.headers, body: bodyOf(response.body, request.signal) };
    },
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function* bodyOf(body: Uint8Array | AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (body instanceof Uint8Array) yield body;
    else yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
