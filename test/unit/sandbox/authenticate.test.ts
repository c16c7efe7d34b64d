import { describe, expect, it } from 'vitest';
import { passwordDigest } from '../../../src/platform/signing.js';
import { sandboxCredentials } from '../../../src/sandbox/initial-state.js';
import { Bench, PATHS, read, request, signed, START } from './client.js';

const TARGET = `${PATHS.axb}?relationNum=%2B8617000000201`;
type Headers = Record<string, string>;

async function answerTo(bench: Bench, headers: Headers, remote = 'in-process'): Promise<[number, string]> {
  const { status, json } = await read(await bench.core.handle({ ...request('axb', 'GET', TARGET), headers, remote }));
  return [status, json.resultcode];
}

function without(headers: Headers, name: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

const aksk = signed('axb', START);
const wsse = signed('axb', START, 'wsse');
const tokenWithout = (attribute: string, header: string): string =>
  header.replace(new RegExp(`,?${attribute}="[^"]*"`), '').replace('Token ,', 'Token ');

describe('authenticate', () => {
  it.each<[string, Headers, [number, string]]>([
    ['AKSK', aksk, [200, '0']],
    ['WSSE', wsse, [200, '0']],
    ['no Authorization', without(aksk, 'authorization'), [400, '1023006']],
    ['another scheme', { ...aksk, authorization: 'Basic realm="SDP"' }, [400, '1023013']],
    ['no realm', { ...aksk, authorization: 'AKSK profile="UsernameToken",type="Appkey"' }, [400, '1023007']],
    ['no profile', { ...aksk, authorization: 'AKSK realm="SDP",type="Appkey"' }, [400, '1023008']],
    ['realm', { ...aksk, authorization: 'AKSK realm="X",profile="UsernameToken",type="Appkey"' }, [400, '1023009']],
    ['profile', { ...aksk, authorization: 'AKSK realm="SDP",profile="X",type="Appkey"' }, [400, '1023010']],
    ['type', { ...aksk, authorization: 'AKSK realm="SDP",profile="UsernameToken",type="app_key"' }, [400, '1023011']],
    ['no type', { ...aksk, authorization: 'AKSK realm="SDP",profile="UsernameToken"' }, [400, '1023012']],
    ['no X-AKSK', without(aksk, 'x-aksk'), [400, '1023033']],
    ['no X-WSSE', without(wsse, 'x-wsse'), [400, '1023026']],
    ['no UsernameToken', { ...aksk, 'x-aksk': 'Username="a"' }, [400, '1023038']],
    ...(['Username', 'Nonce', 'Created', 'PasswordDigest'] as const).flatMap(
      (name, index): [string, Headers, [number, string]][] => [
        [
          `AKSK without ${name}`,
          { ...aksk, 'x-aksk': tokenWithout(name, aksk['x-aksk']!) },
          [400, ['1023034', '1023035', '1023036', '1023037'][index]!],
        ],
        [
          `WSSE without ${name}`,
          { ...wsse, 'x-wsse': tokenWithout(name, wsse['x-wsse']!) },
          [400, ['1023027', '1023028', '1023029', '1023030'][index]!],
        ],
      ],
    ),
    [
      'Created not a time',
      { ...wsse, 'x-wsse': wsse['x-wsse']!.replace(/Created="[^"]*"/, 'Created="now"') },
      [400, '1023031'],
    ],
    ['unknown key', { ...aksk, 'x-aksk': aksk['x-aksk']!.replace('sandbox-axb-key', 'other') }, [403, '1010003']],
    ['wrong digest', { ...aksk, 'x-aksk': aksk['x-aksk']!.replace('Nonce="a', 'Nonce="b') }, [401, '1010010']],
    ['14 minutes off', signed('axb', new Date(START.getTime() - 14 * 60_000)), [200, '0']],
    ['16 minutes off', signed('axb', new Date(START.getTime() - 16 * 60_000)), [401, '1010013']],
    ['eight hours ahead', signed('axb', new Date(START.getTime() + 8 * 3_600_000)), [200, '0']],
    ['eight hours behind', signed('axb', new Date(START.getTime() - 8 * 3_600_000)), [401, '1010013']],
    ['application of another mode', signed('ax', START), [403, '1010040']],
  ])('%s', async (_name, headers, expected) => {
    expect(await answerTo(new Bench(), headers)).toEqual(expected);
  });

  it('takes attributes in any order and spacing', async () => {
    const { appKey, appSecret } = sandboxCredentials('axb');
    const parts = { signing: 'aksk', appSecret, nonce: 'n1', created: '2026-11-22T08:00:00Z' } as const;
    const headers = {
      authorization: 'AKSK type="Appkey", profile = "UsernameToken",  realm="SDP"',
      'x-aksk': `UsernameToken  Created="${parts.created}", Nonce="n1",PasswordDigest="${passwordDigest(parts)}" , Username="${appKey}"`,
    };
    expect(await answerTo(new Bench(), headers)).toEqual([200, '0']);
  });

  it('blocks an address after ten failures for 30 minutes, and no other', async () => {
    const bench = new Bench();
    const bad = { ...aksk, 'x-aksk': aksk['x-aksk']!.replace('Nonce="a', 'Nonce="b') };
    for (let count = 0; count < 10; count += 1) {
      expect(await answerTo(bench, bad, '127.0.0.9')).toEqual([401, '1010010']);
    }
    expect(await answerTo(bench, aksk, '127.0.0.9')).toEqual([403, '1020176']);
    expect(await answerTo(bench, aksk, '127.0.0.8')).toEqual([200, '0']);
    bench.pass(30 * 60);
    expect(await answerTo(bench, signed('axb', bench.now), '127.0.0.9')).toEqual([200, '0']);
  });

  it('answers for the state of the application and the address', async () => {
    const bench = new Bench();
    await bench.control.applications({ mode: 'axb', condition: 'off' });
    expect(await answerTo(bench, aksk)).toEqual([403, '1010004']);
    await bench.control.applications({ mode: 'axb', condition: 'frozen' });
    expect(await answerTo(bench, aksk)).toEqual([403, '1010029']);
    await bench.control.applications({ mode: 'axb', condition: 'on', allowedAddresses: ['192.0.2.1'] });
    expect(await answerTo(bench, aksk)).toEqual([403, '1020166']);
    expect(await answerTo(bench, aksk, '192.0.2.1')).toEqual([200, '0']);
  });

  it('judges Created by the host, not by the clock of the sandbox', async () => {
    const bench = new Bench();
    await bench.control.clock({ advanceSeconds: 86_400 });
    expect(await answerTo(bench, aksk)).toEqual([200, '0']);
  });

  it('knows paths and methods', async () => {
    const bench = new Bench();
    expect((await bench.send('axb', 'GET', '/rest/nothing')).status).toBe(404);
    expect((await bench.send('axb', 'GET', '/rest/nothing')).json).toBeUndefined();
    expect(await bench.code('axb', 'PATCH', PATHS.axb)).toEqual([403, '1010006']);
    expect(await bench.code('axb', 'GET', `http://host:1${TARGET}`)).toEqual([200, '0']);
  });
});
