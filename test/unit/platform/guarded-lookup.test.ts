import { afterEach, describe, expect, it } from 'vitest';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { closeServers, failureOf, serve, textOfBody } from './http-servers.js';

afterEach(closeServers);

describe('D11 a name that leads to a refused address', () => {
  it('is found out when connecting, and nothing is sent', async () => {
    let requests = 0;
    const url = new URL(
      await serve((_, response) => {
        requests += 1;
        response.end('x');
      }),
    );
    url.hostname = 'localhost';
    const asked: string[] = [];
    const transport = buildHttpTransport({ env: {} });
    const send = (allows: boolean): Promise<Awaited<ReturnType<typeof transport.send>>> =>
      transport.send({
        method: 'GET',
        url,
        headers: {},
        timeoutMs: 5000,
        signal: new AbortController().signal,
        allowsAddress: (address) => {
          asked.push(address);
          return allows;
        },
      });
    expect(await failureOf(send(false))).toMatchObject({
      code: 'answer-unreadable',
      reached: 'no',
      message: 'the name localhost leads to an address of the own machine or network; nothing was sent there',
    });
    expect(requests).toBe(0);
    expect(asked).toContain('127.0.0.1');
    expect(await textOfBody((await send(true)).body)).toBe('x');
    expect(requests).toBe(1);
  });
});
