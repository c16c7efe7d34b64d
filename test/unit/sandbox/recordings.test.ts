import { describe, expect, it } from 'vitest';
import { wavSizeBytes } from '../../../src/sandbox/wav.js';
import { Bench, PATHS, read, type Read, request, signed } from './client.js';

const A = '+8613800000001';
const AXB = '+8617000000201';

async function recorded(): Promise<{ bench: Bench; ask: string }> {
  const bench = new Bench();
  const body = { callerNum: A, relationNum: AXB, calleeNum: '+8613800000002', recordFlag: 'true' };
  await bench.send('axb', 'POST', PATHS.axb, body);
  const { fee } = await bench.control.call({ from: A, to: AXB, talkSeconds: 10 });
  const query = new URLSearchParams({
    recordDomain: String(fee!.recordDomain),
    fileName: String(fee!.recordObjectName),
  });
  return { bench, ask: `${PATHS.recording}?${query.toString()}` };
}

async function fetchStored(
  bench: Bench,
  location: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Read> {
  return read(await bench.core.handle({ ...request('axb', method, location), headers }));
}

describe('a recording', () => {
  it('is behind a 301, whole, and nothing but a WAV', async () => {
    const { bench, ask } = await recorded();
    const answer = await bench.send('axb', 'GET', ask);
    expect([answer.status, answer.bytes.length]).toEqual([301, 0]);
    const location = answer.headers.location!;
    expect(location).toMatch(
      /^http:\/\/sandbox\.invalid\/storage\/1200_1001_4294967295_\d{14}\.wav\?expires=1795593600&token=[0-9a-f]{32}$/,
    );
    const file = await fetchStored(bench, location);
    expect([file.status, file.headers['content-type']]).toEqual([200, 'audio/x-wav']);
    expect(file.bytes.length).toBe(wavSizeBytes(10));
    expect(file.headers['content-length']).toBe('80058');
    expect(file.bytes.subarray(0, 4).toString()).toBe('RIFF');
  });

  it('names the host that was asked', async () => {
    const { bench, ask } = await recorded();
    const asked = request('axb', 'GET', ask);
    const headers = { ...asked.headers, host: '127.0.0.1:18080' };
    const plain = await bench.core.handle({ ...asked, headers, remote: '127.0.0.1' });
    expect(plain.headers.location).toMatch(/^http:\/\/127\.0\.0\.1:18080\/storage\//);
    const secure = await bench.core.handle({ ...asked, headers, remote: '127.0.0.1', secure: true });
    expect(secure.headers.location).toMatch(/^https:\/\/127\.0\.0\.1:18080\//);
  });

  it('is given in parts, and whole when it is another file', async () => {
    const { bench, ask } = await recorded();
    const location = (await bench.send('axb', 'GET', ask)).headers.location!;
    const whole = await fetchStored(bench, location);
    const etag = whole.headers.etag!;
    const part = await fetchStored(bench, location, { range: 'bytes=100-199', 'if-range': etag });
    expect([part.status, part.headers['content-range'], part.bytes.length]).toEqual([206, 'bytes 100-199/80058', 100]);
    expect(part.bytes.equals(whole.bytes.subarray(100, 200))).toBe(true);
    const tail = await fetchStored(bench, location, { range: 'bytes=-8' });
    expect(tail.bytes.equals(whole.bytes.subarray(-8))).toBe(true);
    expect((await fetchStored(bench, location, { range: 'bytes=5-', 'if-range': '"other"' })).status).toBe(200);
    const beyond = await fetchStored(bench, location, { range: 'bytes=80058-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */80058']);
    expect((await fetchStored(bench, location, {}, 'HEAD')).bytes.length).toBe(0);
  });

  it.each(['authorization', 'x-aksk', 'x-wsse'])('is refused to a request that leaks %s', async (name) => {
    const { bench, ask } = await recorded();
    const location = (await bench.send('axb', 'GET', ask)).headers.location!;
    expect((await fetchStored(bench, location, { [name]: 'x' })).status).toBe(400);
  });

  it('has an address for three days, and is kept for seven', async () => {
    const { bench, ask } = await recorded();
    const location = (await bench.send('axb', 'GET', ask)).headers.location!;
    await bench.control.clock({ advanceSeconds: 3 * 86_400 });
    const expired = await fetchStored(bench, location);
    expect([expired.status, expired.headers['content-type']]).toEqual([403, 'application/xml']);
    const again = (await bench.send('axb', 'GET', ask)).headers.location!;
    expect((await fetchStored(bench, again)).status).toBe(200);
    await bench.control.clock({ advanceSeconds: 4 * 86_400 });
    expect(await bench.code('axb', 'GET', ask)).toEqual([403, '1012007']);
  });

  it('is known to its application by its name, and its address cannot be made up', async () => {
    const { bench, ask } = await recorded();
    expect(await bench.code('ax', 'GET', ask)).toEqual([403, '1012007']);
    expect(await bench.code('axb', 'GET', `${PATHS.recording}?fileName=a.wav&recordDomain=b`)).toEqual([
      403,
      '1012007',
    ]);
    expect(await bench.code('axb', 'GET', `${PATHS.recording}?fileName=a.wav`)).toEqual([403, '1010002']);
    expect((await fetchStored(bench, '/storage/a.wav?expires=9999999999&token=0')).status).toBe(403);
    expect(
      (
        await read(
          await bench.core.handle({ ...request('axb', 'GET', '/storage/a.wav'), headers: signed('axb', bench.now) }),
        )
      ).status,
    ).toBe(400);
  });
});
