import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Transport, WireRequest } from '../../../src/platform/transport.js';
import { isLocalHost, isPrivateAddress } from '../../../src/recordings/local-address.js';
import { openAddress } from '../../../src/recordings/open-address.js';
import { failureOf } from '../bindings/memory-books.js';

/** A transport that notes what it is asked and answers 200. */
function listening(): { transport: Transport; asked: WireRequest[] } {
  const asked: WireRequest[] = [];
  return {
    asked,
    transport: {
      send: (request) => {
        asked.push(request);
        return Promise.resolve({
          status: 200,
          headers: {},
          body: (async function* () {
            yield await Promise.resolve(Buffer.from('x'));
          })(),
        });
      },
    },
  };
}

const open = (transport: Transport, address: string, allowLocal = false): Promise<unknown> =>
  openAddress(transport, { address, allowLocal, timeoutMs: 1000, signal: new AbortController().signal });

describe('D11 openAddress', () => {
  it.each([
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f000001/a',
    'https://0177.0.0.1/a',
    'https://0x7f.1/a',
    'https://127.1/a',
    'https://017700000001/a',
    'https://１２７.0.0.1/a',
    'https://10.1.2.3/a',
    'https://167772161/a',
    'https://172.16.0.1/a',
    'https://172.31.255.255/a',
    'https://192.168.1.1/a',
    'https://169.254.169.254/latest/meta-data',
    'https://0xa9fea9fe/a',
    'https://100.64.0.1/a',
    'https://0.0.0.0/a',
    'https://224.0.0.1/a',
    'https://255.255.255.255/a',
    'https://[::1]/a',
    'https://[::]/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://[::ffff:a9fe:a9fe]/a',
    'https://[::10.0.0.1]/a',
    'https://[64:ff9b::10.0.0.1]/a',
    'https://[2002:a00:1::]/a',
    'https://[fe80::1]/a',
    'https://[fc00::1]/a',
    'https://[fd12:3456::1]/a',
    'https://[ff02::1]/a',
    'https://localhost/a',
    'https://LOCALHOST./a',
    'https://a.localhost/a',
    'https://sandbox.invalid/a',
    'http://storage.example.com/a',
    'ftp://storage.example.com/a',
    'https://user@storage.example.com/a',
    'https://:secret@storage.example.com/a',
  ])('sends nothing to %s', async (address) => {
    const { transport, asked } = listening();
    expect((await failureOf(open(transport, address))).code).toBe('answer-unreadable');
    expect(asked).toEqual([]);
  });

  it.each([
    'https://storage.example.com/a',
    'https://8.8.8.8/a',
    'https://172.32.0.1/a',
    'https://[2001:db8::1]/a',
    'https://[64:ff9b::8.8.8.8]/a',
    'https://10.example.com/a',
  ])('goes to %s, with a look at what the name leads to', async (address) => {
    const { transport, asked } = listening();
    await open(transport, address);
    const [{ allowsAddress }] = asked as [WireRequest];
    const judged = ['127.0.0.1', '10.0.0.1', '::1', '::ffff:192.168.0.1', 'fe80::1%eth0', '1.2.3.4', '2400::1'];
    expect(judged.map((one) => allowsAddress?.(one))).toEqual([false, false, false, false, false, true, true]);
    // Inside the cloud the storage's own names lead here; and here lead all names behind some local proxies.
    expect(['100.125.1.250', '198.18.0.5'].map((one) => allowsAddress?.(one))).toEqual([true, true]);
  });

  it.each([
    ['http://storage.example.com/b', 'the address at storage.example.com, to which a.example.com redirects, is http:'],
    ['//169.254.169.254/b', 'the address at 169.254.169.254 is of the own machine or network'],
    ['https://[::ffff:7f00:1]/b', 'is of the own machine or network'],
  ])('D9 a redirect to %s is not followed', async (location, why) => {
    const asked: string[] = [];
    const transport: Transport = {
      send: ({ url }) => {
        asked.push(url.href);
        return Promise.resolve({ status: 302, headers: { location }, body: Readable.from([]) });
      },
    };
    const failure = await failureOf(open(transport, 'https://a.example.com/a'));
    expect([failure.code, asked]).toEqual(['answer-unreadable', ['https://a.example.com/a']]);
    expect(failure.message).toContain(why);
  });

  it('of a local platform goes anywhere', async () => {
    const { transport, asked } = listening();
    await open(transport, 'http://127.0.0.1:8080/a', true);
    expect(asked[0]?.allowsAddress).toBeUndefined();
  });

  it('knows what is local', () => {
    expect(['localhost', 'x.localhost', '127.9.9.9', '[::1]', 'sandbox.invalid'].every(isLocalHost)).toBe(true);
    expect(['example.com', '8.8.8.8', 'localhost.example.com'].some(isLocalHost)).toBe(false);
    expect(['example.com', '', 'x'].some((name) => isPrivateAddress(name))).toBe(false);
  });
});
