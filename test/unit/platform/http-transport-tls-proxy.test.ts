import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, failureOf, portOf, send, serve } from './http-servers.js';
import { TLS_TEST_CERTIFICATE, TLS_TEST_KEY } from './tls-test-certificate.js';

afterEach(closeServers);

describe('buildHttpTransport over TLS', () => {
  async function serveTls(): Promise<string> {
    const server = createTlsServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) =>
      response.end('ok'),
    );
    return `https://localhost:${await portOf(server)}`;
  }

  it('refuses a certificate that nobody vouches for, before anything is sent', async () => {
    expect(await failureOf(send(await serveTls()))).toEqual({
      code: 'network-tls',
      reached: 'no',
      message: 'the TLS connection to localhost was refused: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('refuses it also for another host than the excepted one', async () => {
    const insecureHosts = ['elsewhere.example'];
    expect(await failureOf(send(await serveTls(), {}, { insecureHosts }))).toMatchObject({ code: 'network-tls' });
  });

  it('accepts it for the excepted host', async () => {
    const { bytes } = await send(await serveTls(), {}, { insecureHosts: ['localhost'] });
    expect(bytes.toString()).toBe('ok');
  });

  it('accepts it where it is trusted', async () => {
    const { bytes } = await send(await serveTls(), {}, { ca: TLS_TEST_CERTIFICATE });
    expect(bytes.toString()).toBe('ok');
  });

  it('does not take a plain server for a TLS one', async () => {
    const url = (await serve((_, response) => response.end())).replace('http:', 'https:');
    expect(await failureOf(send(url))).toMatchObject({ code: 'network-tls', reached: 'no' });
  });
});

describe('buildHttpTransport through a proxy', () => {
  async function serveProxy(status: number): Promise<{ proxy: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request: IncomingMessage, socket: NodeJS.WritableStream & { destroy(): void }) => {
      asked.push(request.url ?? '');
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
        return;
      }
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const there = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        there.pipe(socket);
        (socket as unknown as NodeJS.ReadableStream).pipe(there);
      });
      there.on('error', () => {
        socket.destroy();
      });
      socket.on('error', () => there.destroy());
    });
    return { proxy: `http://127.0.0.1:${await portOf(server)}`, asked };
  }

  it('goes through it, except where NO_PROXY says', async () => {
    const url = await serve((_, response) => response.end('ok'));
    const { proxy, asked } = await serveProxy(200);
    expect((await send(url, {}, { env: { HTTP_PROXY: proxy } })).bytes.toString()).toBe('ok');
    expect(asked).toEqual([new URL(url).host]);
    expect((await send(url, {}, { proxy, env: { NO_PROXY: '127.0.0.1' } })).bytes.toString()).toBe('ok');
    expect(asked).toHaveLength(1);
  });

  it('names the proxy that refuses', async () => {
    const { proxy } = await serveProxy(407);
    expect(await failureOf(send('https://platform.example/', {}, { proxy }))).toEqual({
      code: 'network-proxy',
      reached: 'no',
      message: 'the proxy 127.0.0.1 refused with HTTP 407 on the way to platform.example',
    });
  });

  it('names the proxy that is not there', async () => {
    expect(
      await failureOf(send('https://platform.example/', {}, { proxy: 'http://proxy.invalid:3128' })),
    ).toMatchObject({
      code: 'network-proxy',
      reached: 'no',
    });
    expect(await failureOf(send('https://platform.example/', {}, { proxy: 'http://:x' }))).toMatchObject({
      code: 'config-invalid',
    });
  });
});
