import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildHttpTransport, type HttpTransportOptions } from '../../../src/platform/http-transport.js';
import { failureOf } from '../bindings/memory-books.js';
import { TLS_TEST_CERTIFICATE, TLS_TEST_KEY } from '../platform/tls-test-certificate.js';
import { openBench, soundOf } from './download-bench.js';

const SOUND = soundOf(3, 1);

/** A storage with a certificate for localhost and 127.0.0.1; counts connections and requests. */
async function startTlsStorage() {
  const seen = { connections: 0, requests: 0 };
  const server = createTlsServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) => {
    seen.requests += 1;
    response.writeHead(200, { 'content-length': SOUND.length }).end(SOUND);
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, port: (server.address() as AddressInfo).port };
}

async function benchAt(address: string, options: Partial<HttpTransportOptions> = {}) {
  const bench = await openBench('http://127.0.0.1:1');
  const recordingAddress = (): Promise<string> => Promise.resolve(address);
  const platform = { ...bench.parts.platform, recordingAddress };
  const transport = buildHttpTransport({ env: {}, ...options });
  return { bench, download: () => bench.download({ retries: 3 }, { platform, transport }) };
}

describe('D1 a storage that is not who it says', () => {
  it('with a certificate that nobody vouches for: tried again, never without looking, nothing sent', async () => {
    const { seen, port } = await startTlsStorage();
    const { bench, download } = await benchAt(`https://localhost:${port}/a.wav?token=canary`);
    const failure = await failureOf(download());
    expect([failure.code, failure.message]).toEqual([
      'network-tls',
      'the TLS connection to localhost was refused: DEPTH_ZERO_SELF_SIGNED_CERT',
    ]);
    expect(seen).toEqual({ connections: 4, requests: 0 });
    expect(bench.pauses).toEqual([500, 1000, 2000]);
    await bench.expectAbsent();
    expect(await bench.files()).toEqual([]);
  });

  // All of 127/8 is this machine on Linux alone.
  it.runIf(process.platform === 'linux')('with a good certificate of another host: the same', async () => {
    const { seen, port } = await startTlsStorage();
    // This machine too, and in no name of the certificate.
    const { bench, download } = await benchAt(`https://127.0.0.2:${port}/a.wav`, { ca: TLS_TEST_CERTIFICATE });
    const failure = await failureOf(download());
    expect(failure.code).toBe('network-tls');
    expect(failure.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/);
    expect(seen).toEqual({ connections: 4, requests: 0 });
    await bench.expectAbsent();
  });

  it('also where another host is excepted from the look', async () => {
    const { seen, port } = await startTlsStorage();
    const { download } = await benchAt(`https://localhost:${port}/a.wav`, { insecureHosts: ['elsewhere.example'] });
    expect((await failureOf(download())).code).toBe('network-tls');
    expect(seen.requests).toBe(0);
  });

  it('and is taken once it is vouched for', async () => {
    const { seen, port } = await startTlsStorage();
    const { bench, download } = await benchAt(`https://localhost:${port}/a.wav`, { ca: TLS_TEST_CERTIFICATE });
    await download();
    await bench.expectWhole(SOUND);
    expect(seen).toEqual({ connections: 1, requests: 1 });
  });
});

describe('D1 a storage that cannot be reached', () => {
  it.each([
    ['refuses connections', 'http://127.0.0.1:1/a.wav'],
    ['has a name that leads nowhere', 'https://storage.invalid/a.wav'],
  ])('%s: tried again with longer pauses, then told', async (_, address) => {
    const { bench, download } = await benchAt(address);
    expect((await failureOf(download())).code).toBe('network-unreachable');
    expect(bench.pauses).toEqual([500, 1000, 2000]);
    expect(await bench.files()).toEqual([]);
  });
});
