import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

/** A recorded call of 65 seconds, its CDR in `calls/cdr.json`. */
async function worldWithCall(): Promise<World> {
  const world = await openWorld();
  const pair = [
    '-a',
    '13800000001',
    '-b',
    '13800000002',
    '-x',
    '17000000201',
    '--record',
    '--record-tone',
    'notice.wav',
  ];
  expect((await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair)).code).toBe(0);
  const call = ['--from', '13800000002', '--to', '17000000201', '--talk', '65s', '--query', 'item.raw', '--json'];
  const made = await world.cli('sandbox', 'call', ...call);
  expect(made.code).toBe(0);
  await world.write('calls/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [made.json] }));
  return world;
}

describe('recordings', () => {
  it('are listed, addressed, downloaded whole and archived, once', async () => {
    const world = await worldWithCall();
    const list = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', '--json');
    expect(list.json).toMatchObject({
      kind: 'RecordingList',
      items: [{ state: 'waiting', talkSeconds: 65, hoursLeft: 168, fetchBy: '2026-11-29T08:00:00+08:00' }],
    });

    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];
    const saved = await world.cli(...download);
    expect(saved).toMatchObject({ code: 0, json: { count: 1, items: [{ state: 'saved', durationSeconds: 65 }] } });
    const { file, sizeBytes } = (saved.json as { items: { file: string; sizeBytes: number }[] }).items[0]!;
    const path = file.startsWith('/') ? file : world.path(`saved/${file}`);
    expect((await stat(path)).size).toBe(sizeBytes);
    expect(file).not.toContain('13800000002');

    expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });
    const after = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', '--query', 'items[].state');
    expect(after.stdout).toBe('archived\n');
  });

  it('have an address that needs no signature', async () => {
    const world = await worldWithCall();
    const url = await world.cli('-p', 'sandbox', 'recordings', 'url', 'calls', '--query', 'items[].url');
    expect(url.stdout).toMatch(/^https?:\/\/\S+\n$/);
    const zero = await world.cli('-p', 'sandbox', 'recordings', 'url', 'calls', '--print0');
    expect(zero.stdout).toMatch(/^https?:\/\/\S+\0$/);
  });

  it('have an address by file name and domain', async () => {
    const world = await worldWithCall();
    const query = ['--query', 'items[0].[fileName, domain][]'];
    const place = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', ...query);
    const [file = '', domain = ''] = place.stdout.trim().split('\n');
    const url = await world.cli(
      '-p',
      'sandbox',
      'recordings',
      'url',
      '--file',
      file,
      '--domain',
      domain,
      '--mode',
      'axb',
    );
    expect(url.code).toBe(0);
    const half = await world.cli('-p', 'sandbox', 'recordings', 'url', '--file', file, '--json');
    expect(half.error).toMatchObject({ code: 'flag-missing' });
  });

  it('are not fetched with --dry-run', async () => {
    const world = await worldWithCall();
    const shown = await world.cli('-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '-n', '--json');
    expect(shown.json).toMatchObject({
      items: [{ state: 'waiting' }],
      warnings: ['nothing was downloaded (--dry-run)'],
    });
    await expect(stat(world.path('saved'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are expiring on their last day, and that can be an alarm before they are lost', async () => {
    const world = await worldWithCall();
    const list = ['-p', 'sandbox', 'recordings', 'list', 'calls'];
    const alarm = [...list, '--expiring', '24h', '--fail-on-expired', '--json'];
    expect((await world.cli(...alarm)).code).toBe(0);
    world.advance(6.5 * 86_400_000);
    const soon = await world.cli(...alarm);
    expect(soon).toMatchObject({ code: 11, json: { items: [{ state: 'expiring', hoursLeft: 12 }] } });
    expect(soon.error).toMatchObject({
      code: 'recording-lost',
      message: expect.stringMatching(/^1 recording expires/),
    });
    expect((await world.cli(...list, '--expiring', '11h', '--fail-on-expired')).code).toBe(0);
  });

  it('are as many as --limit says, and the alarm counts them all', async () => {
    const world = await worldWithCall();
    const list = ['-p', 'sandbox', 'recordings', 'list', 'calls'];
    const fee = (n: number): string =>
      `{"sessionId":"s${n}","recordFlag":1,"recordDomain":"recordings.example.com","recordObjectName":"${n}.wav","callInTime":"2026-11-22 00:0${n}:00","fwdAnswerTime":"2026-11-22 00:0${n}:05","callEndTime":"2026-11-22 00:0${n}:30"}`;
    await world.write('calls/more.json', `{"eventType":"fee","feeLst":[${fee(1)},${fee(2)},${fee(3)}]}`);
    const count = ['--query', 'count'];
    expect((await world.cli(...list, ...count)).stdout).toBe('4\n');
    expect((await world.cli(...list, '--limit', '2', ...count)).stdout).toBe('2\n');
    expect((await world.cli(...list, '--limit', 'two', '--json')).error).toMatchObject({ code: 'flag-invalid' });
    world.advance(8 * 86_400_000);
    const lost = await world.cli(...list, '--limit', '1', '--fail-on-expired', '--json');
    expect(lost.error).toMatchObject({ message: expect.stringMatching(/^4 recordings are/) });
  });

  it('that failed are listed with the reason, until they are there', async () => {
    const world = await worldWithCall();
    const list = ['-p', 'sandbox', 'recordings', 'list', 'calls', '--json'];
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--retries', '0', '--json'];
    await world.cli('sandbox', 'fault', '5xx', '--path', '/storage/');
    const failed = await world.cli(...download);
    expect(failed).toMatchObject({ code: 3, json: { items: [{ state: 'failed' }] } });
    expect(failed.stderr).toContain('0 saved, 0 already there, 0 too short, 0 expired, 1 failed\n');
    expect((await world.cli(...list)).json).toMatchObject({
      items: [{ state: 'failed', hoursLeft: 168, reason: 'the storage answered HTTP 500' }],
    });
    await world.cli('sandbox', 'fault', 'clear');
    expect((await world.cli(...download)).code).toBe(0);
    expect((await world.cli(...list)).json).toMatchObject({ items: [{ state: 'archived' }] });
  });

  it('that the platform does not find are sorted by the likely reason', async () => {
    const world = await worldWithCall();
    const cdr = JSON.parse(await world.read('calls/cdr.json')) as { feeLst: Record<string, string>[] };
    const wrong = { ...cdr.feeLst[0], icid: 'other', recordObjectName: 'no-such-file.wav' };
    await world.write('wrong/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [wrong] }));
    const download = ['-p', 'sandbox', 'recordings', 'download', '--dir', 'saved', '--concurrency', '1', '--json'];
    const alone = await world.cli(...download, 'wrong');
    expect(alone.json).toMatchObject({
      items: [{ state: 'failed', missing: 'arrears', hint: expect.stringContaining('balance') as string }],
    });
    const beside = await world.cli(...download, 'calls', 'wrong');
    expect(beside).toMatchObject({
      code: 3,
      json: { items: [{ state: 'saved' }, { state: 'failed', missing: 'wrong-name' }] },
    });
  });

  it('name the reason in the language of who reads it, whoever wrote it; data has the English one', async () => {
    const world = await worldWithCall();
    const cdr = JSON.parse(await world.read('calls/cdr.json')) as { feeLst: Record<string, string>[] };
    const wrong = { ...cdr.feeLst[0], icid: 'other', recordObjectName: 'no-such-file.wav' };
    await world.write('wrong/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [wrong] }));
    const download = ['-p', 'sandbox', 'recordings', 'download', 'wrong', '--dir', 'saved', '--json'];
    const list = ['-p', 'sandbox', 'recordings', 'list', 'wrong', '--query', 'items[0].reason'];
    const zh = { env: { LANG: 'zh_CN.UTF-8' } };
    const shown = { ...zh, terminal: true, columns: 400 };
    const told = expect.stringContaining('账号可能欠费') as string;
    const items = [
      {
        missing: 'arrears',
        reason: expect.stringContaining('the account may be in arrears') as string,
        hint: expect.stringContaining('balance') as string,
      },
    ];
    expect((await world.run(download, zh)).json).toMatchObject({ items });
    expect((await world.run(list, zh)).stdout).toContain('the account may be in arrears');
    expect((await world.run(list.slice(0, 5), shown)).stdout).toEqual(told);
    expect((await world.run(download.slice(0, -1), shown)).stdout).toEqual(told);
    expect((await world.cli(...download)).json).toMatchObject({ items });
    await world.cli('sandbox', 'fault', '5xx', '--path', '/storage/');
    const failing = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--retries', '0'];
    const exec = ['--exec', 'false'];
    expect((await world.run([...failing, '--json'], zh)).json.items[0].reason).toBe('the storage answered HTTP 500');
    expect((await world.run(failing, shown)).stdout).toContain('存储应答 HTTP 500');
    const listed = ['-p', 'sandbox', 'recordings', 'list', 'calls'];
    expect((await world.run([...listed, '--json'], zh)).json.items[0].reason).toBe('the storage answered HTTP 500');
    expect((await world.run(listed, shown)).stdout).toContain('存储应答 HTTP 500');
    const url = ['-p', 'sandbox', 'recordings', 'url', 'wrong'];
    expect((await world.run([...url, '-o', 'csv'], zh)).stdout).not.toMatch(/[\u4e00-\u9fff]/);
    expect((await world.run(url, shown)).stdout).toMatch(/[\u4e00-\u9fff]{4}/);
    await world.cli('sandbox', 'fault', 'clear');
    const ended = await world.run([...failing, ...exec, '--json'], zh);
    expect(ended.json.items[0].followUp).toEqual({ commandError: 'the command ended with 1' });
  });

  it('are told apart at a terminal of 80 columns, by name; a pipe gets the whole path', async () => {
    const world = await worldWithCall();
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved/deep/below'];
    const shown = await world.run(download, { terminal: true, columns: 80, env: { LANG: 'zh_CN.UTF-8' } });
    expect(shown.stdout).toMatch(/│ 1200_1001_\d+_\d{14}@/);
    expect(shown.stdout + shown.stderr).toContain('已保存 1，已在存档 0，过短 0，已过期 0，失败 0');
    const verify = ['-p', 'sandbox', 'recordings', 'verify', '--all'];
    const verified = await world.run(verify, { terminal: true, columns: 80, env: { LANG: 'zh_CN.UTF-8' } });
    expect(verified.stdout).toMatch(/│ 1200_1001_\d+_\d{14}[@…]/);
    expect(verified.stdout + verified.stderr).toContain('已检查 1，完好 1');
    expect((await world.cli(...download)).stdout).toContain(world.path('saved/deep/below'));
  });

  it('name in Chinese what has no file, and what nobody can have any more; data has it in English', async () => {
    const world = await worldWithCall();
    const cdr = JSON.parse(await world.read('calls/cdr.json')) as { feeLst: Record<string, string>[] };
    const [fee = {}] = cdr.feeLst;
    const nowhere: Record<string, string> = { ...fee, icid: 'n', sessionId: 'n', recordObjectName: '' };
    const short: Record<string, string> = { ...fee, icid: 's', sessionId: 's', recordObjectName: 'short.wav' };
    short.callEndTime = short.fwdAnswerTime ?? '';
    await world.write('more/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [nowhere, short] }));
    world.advance(20 * 86_400_000);
    const env = { LANG: 'zh_CN.UTF-8' };
    for (const verb of ['download', 'url']) {
      const argv = ['-p', 'sandbox', 'recordings', verb, 'calls', 'more'];
      const { stdout } = await world.run(argv, { env, terminal: true, columns: 400 });
      for (const reason of [
        '已超过平台保存的 7 天',
        '通话不足 3 秒，没有录音文件',
        '话单中没有录音文件名，也没有下载地址',
      ])
        expect(stdout).toContain(` ${reason} `);
      const { items } = (await world.run([...argv, '--json'], { env })).json as { items: { reason: string }[] };
      expect(new Set(items.map(({ reason }) => reason))).toEqual(
        new Set([
          'past the seven days that the platform keeps it',
          'calls of under 3 seconds have no file',
          'the call record names no file and no address',
        ]),
      );
    }
  });

  it('stop at once where the address is blocked', async () => {
    const world = await worldWithCall();
    await world.cli('sandbox', 'fault', 'locked');
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];
    expect((await world.cli(...download)).error).toMatchObject({ code: 'address-blocked', exitCode: 12 });
  });

  it('get a sidecar and a command; a command that failed runs again', async () => {
    const world = await worldWithCall();
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--sidecar', '--json'];
    const script = `require('fs').appendFileSync('told', process.env.PRIVACY_CALL_FILE + '\\n'); process.exit(require('fs').existsSync('good') ? 0 : 7)`;
    await world.write('tell.js', script);
    const withCommand = [...download, '--exec', `"${process.execPath}" tell.js`];
    const { PATH } = process.env;
    const first = await world.run(withCommand, { env: { PATH } });
    expect(first).toMatchObject({
      code: 3,
      json: { items: [{ state: 'saved', reason: 'the command ended with 7' }] },
    });
    expect(first.error).toMatchObject({ message: 'the command of --exec failed on 1 file' });
    const { file, followUp } = (first.json as { items: { file: string; followUp: { sidecar: string } }[] }).items[0]!;
    const sidecar = JSON.parse(await readFile(followUp.sidecar, 'utf8')) as Record<string, unknown>;
    expect(sidecar).toMatchObject({ kind: 'RecordingSidecar', record: { kind: 'CallRecord', talkSeconds: 65 } });

    await world.write('good', '');
    expect((await world.run(withCommand, { env: { PATH } })).json).toMatchObject({ items: [{ state: 'already' }] });
    expect((await world.run(withCommand, { env: { PATH } })).code).toBe(0);
    expect(await world.read('told')).toBe(`${file}\n${file}\n`);
  });

  it('start only in the window', async () => {
    const world = await worldWithCall();
    // The clock of a world stands at 08:00 in Beijing.
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json', '--tz', 'UTC'];
    expect(await world.cli(...download, '--window', '08:00-08:01')).toMatchObject({
      code: 0,
      json: { items: [{ state: 'saved' }] },
    });
  });

  it.each([
    ['--window', 'night'],
    ['--bwlimit', 'fast'],
    ['--max-errors', '0'],
    ['--exec', '"open'],
    ['--exec', './no-such-program'],
    ['--expiring', 'soon'],
  ])('%s %s is refused before anything is read', async (...flag) => {
    const world = await openWorld();
    const refused = await world.cli('recordings', 'download', 'no-such-file.json', ...flag, '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', message: expect.stringContaining(flag[0]) });
  });

  it('are lost after seven days, and that can be an alarm', async () => {
    const world = await worldWithCall();
    const list = ['-p', 'sandbox', 'recordings', 'list', 'calls'];
    world.advance(6.5 * 86_400_000);
    expect((await world.cli(...list, '--expiring', '24h', '--query', 'items[].hoursLeft')).stdout).toBe('12\n');
    expect((await world.cli(...list, '--fail-on-expired')).code).toBe(0);
    world.advance(86_400_000);
    expect((await world.cli(...list, '--fail-on-expired', '--json')).error).toMatchObject({ code: 'recording-lost' });
    const download = [
      '-p',
      'sandbox',
      'recordings',
      'download',
      'calls',
      '--dir',
      'saved',
      '--fail-on-expired',
      '--json',
    ];
    const lost = await world.cli(...download);
    expect(lost).toMatchObject({ code: 11, json: { items: [{ state: 'expired' }] } });
    // A row of what has no file says which recording it is.
    const named = await world.cli('cdr', 'list', 'calls', '--query', 'items[0].[sessionId, recording.fileName]');
    const [sessionId = '', fileName = ''] = named.stdout.split('\n');
    expect(fileName).toMatch(/\.wav$/);
    const rows = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved'];
    const csv = (await world.cli(...rows, '-o', 'csv')).stdout;
    expect(csv.split('\r\n')[1]?.split(',').at(-1)).toBe(sessionId);
    const drawn = await world.run(rows, { terminal: true });
    expect(drawn.stdout).toContain(fileName);
  });

  it('are nothing to do where there are none', async () => {
    const world = await openWorld();
    const nothing = await world.cli('-p', 'sandbox', 'recordings', 'download', '--json');
    expect(nothing).toMatchObject({ code: 0, json: { items: [], count: 0 } });
  });

  describe('verify', () => {
    const verify = ['-p', 'sandbox', 'recordings', 'verify', '--json'];
    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];

    async function worldWithFile(): Promise<{ world: World; file: string }> {
      const world = await worldWithCall();
      const saved = await world.cli(...download);
      return { world, file: (saved.json as { items: { file: string }[] }).items[0]!.file };
    }

    it('finds a file that is gone, and has it fetched again', async () => {
      const { world, file } = await worldWithFile();
      expect(await world.cli(...verify)).toMatchObject({ code: 0, json: { whole: 1, missing: 0, items: [] } });
      await rm(file);
      // Nobody asked for it: it may have been moved away.
      expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });
      const dry = await world.cli(...verify, '--dry-run');
      expect(dry).toMatchObject({ code: 10, json: { missing: 1, items: [{ state: 'missing', file }] } });
      expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });

      const found = await world.cli(...verify);
      expect(found).toMatchObject({ code: 10, json: { items: [{ state: 'missing', again: true }] } });
      expect(found.error).toMatchObject({ code: 'expectation-failed' });
      const listed = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', '--json');
      expect(listed.json).toMatchObject({ items: [{ state: 'waiting', reason: 'verify: the file is not there' }] });
      expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'saved', file }] });
      expect((await world.cli(...verify)).code).toBe(0);
      expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });
    });

    it('finds an altered file, keeps it, and has a whole one saved beside it', async () => {
      const { world, file } = await worldWithFile();
      const bytes = await readFile(file);
      bytes[bytes.length - 1] = 0;
      await writeFile(file, bytes);
      expect((await world.cli(...verify, '--fast')).code).toBe(0);
      expect(await world.cli(...verify)).toMatchObject({ code: 10, json: { altered: 1 } });
      const again = await world.cli(...download);
      expect(again.json).toMatchObject({
        items: [{ state: 'saved', file: expect.stringMatching(/~[0-9a-f]{8}\.wav$/) }],
      });
      expect(await readFile(file)).toEqual(bytes);
      const strange = await world.cli(...verify, '--dir', 'saved');
      expect(strange).toMatchObject({
        code: 0,
        json: { whole: 1, 'not-archived': 1, items: [{ state: 'not-archived', file }] },
      });
    });

    it('forgets what it asked for when the file is back', async () => {
      const { world, file } = await worldWithFile();
      const bytes = await readFile(file);
      await rm(file);
      await world.cli(...verify);
      await writeFile(file, bytes);
      expect((await world.cli(...verify, '--all')).json).toMatchObject({ items: [{ state: 'whole', file }] });
      expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });
    });

    it('refuses a folder that is not there, and tells the sum in a pipe', async () => {
      const { world } = await worldWithFile();
      expect((await world.cli(...verify, '--dir', 'svaed')).error).toMatchObject({ code: 'input-unreadable' });
      expect((await world.cli(...verify, '--dir', 'saved')).stderr).toBe('1 checked, 1 whole\n');
    });
  });

  it('have no address once they are gone, and the session asked for says why', async () => {
    const world = await worldWithCall();
    const url = ['-p', 'sandbox', 'recordings', 'url', 'calls'];
    world.advance(9 * 86_400_000);
    const all = await world.cli(...url, '--json');
    expect(all).toMatchObject({
      code: 0,
      json: { items: [{ reason: expect.stringContaining('seven days') as string }] },
    });
    const { sessionId } = (all.json as { items: { sessionId: string }[] }).items[0]!;
    const one = await world.cli(...url, '--session', sessionId, '--json');
    expect(one.error).toMatchObject({ code: 'recording-not-found', message: expect.stringContaining('seven days') });
    expect((await world.cli(...url, '--session', 'no-such', '--json')).error).toMatchObject({ exitCode: 5 });
  });
});

describe('part files of past days', () => {
  it('are named by verify and go with the next download, whatever it fetches', async () => {
    const world = await openWorld();
    const part = 'rec/2026-01-01/x/.a.0123456789abcdef.part';
    await utimes(await world.write(part, 'x'), new Date(0), new Date(0));
    const verified = await world.cli('recordings', 'verify', '--dir', 'rec', '--json');
    expect(verified.code).toBe(0);
    expect(verified.json.items).toMatchObject([{ state: 'left-over', file: world.path(part) }]);
    const { length } = await world.files();
    expect((await world.cli('-p', 'sandbox', 'recordings', 'download', '--dir', 'rec', '--dry-run')).code).toBe(0);
    expect(await world.files()).toHaveLength(length);
    await world.cli('-p', 'sandbox', 'recordings', 'download', '--dir', 'rec');
    expect(await world.files()).not.toContain(world.path(part));
  });
});
