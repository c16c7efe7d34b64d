import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A way to the sandbox that counts what passes. */
export interface CountingProxy {
  /** `http://127.0.0.1:40001`. */
  readonly url: string;
  /** Bind requests that came for each pair: `a b`. */
  readonly binds: ReadonlyMap<string, number>;
  /** Requests of any kind. */
  readonly requests: () => number;
}

/**
 * Serves `target` on a port of its own. A request that was received whole is passed on even when its sender is gone by then, as a network would.
 * @param delayMs how long a request takes to the platform, milliseconds; drawn for each.
 */
export async function startCountingProxy(target: string, delayMs: () => number): Promise<CountingProxy> {
  const binds = new Map<string, number>();
  let requests = 0;
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = Buffer.concat(parts);
      requests += 1;
      if (incoming.method === 'POST') {
        const { callerNum, calleeNum } = JSON.parse(body.toString('utf8')) as Record<string, string>;
        const pair = `${callerNum ?? ''} ${calleeNum ?? ''}`;
        binds.set(pair, (binds.get(pair) ?? 0) + 1);
      }
      void delay(delayMs()).then(() => {
        const onward = request(
          `${target}${incoming.url ?? '/'}`,
          { method: incoming.method, headers: incoming.headers },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(outgoing);
            answer.on('error', () => outgoing.socket?.resetAndDestroy());
          },
        );
        onward.on('error', () => outgoing.socket?.resetAndDestroy());
        onward.end(body);
      });
    });
    outgoing.on('error', () => undefined);
    incoming.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, binds, requests: () => requests };
}
