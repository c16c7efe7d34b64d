import { readFile, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { RECORD_READERS } from '../helpers/record-readers.js';
import { openWorld } from '../helpers/world.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/platform', import.meta.url));
const CDR = `${FIXTURES}/axb-cdr.json`;

describe('a truncated gzip file', () => {
  const BODY = JSON.stringify({
    eventType: 'fee',
    feeLst: [{ icid: 'r-1', sessionId: 's-1', userData: 'x'.repeat(99) }],
  });

  it('is told once, with what stands before the cut', async () => {
    const world = await openWorld();
    await world.write('cut.gz', gzipSync(`${BODY}\n`.repeat(2)).subarray(0, -12));
    const shown = await world.cli('cdr', 'list', 'cut.gz', '-o', 'csv');
    expect(shown.code).toBe(3);
    expect(shown.stderr).toBe(
      'warning: cut.gz:2: the gzip file is cut short\n' +
        'error: 1 of the records could not be read; the rest is shown\n',
    );
  });

  it.each([
    ['inspect'],
    ['cdr', 'stats'],
    ['audit'],
    ['recordings', 'list'],
    ['replay', '--to', 'http://127.0.0.1:1', '-n'],
  ])('is told once where nothing can be read: %s %s', async (...words) => {
    const world = await openWorld();
    await world.write('cut.gz', gzipSync(BODY).subarray(0, 60));
    const { code, stderr } = await world.cli(...words, 'cut.gz');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: nothing could be read: cut\.gz(:1)?: the gzip file is cut short\n$/),
    ]);
  });
});

describe('a number beyond all bounds', () => {
  it.each(['auto', 'full'])('is none, whoever reads: %s', async (reader) => {
    const world = await openWorld();
    const fee =
      '{"sessionId":"s-1","callInTime":"2026-11-21 08:00:00","ulFailReason":1e999,"userData":-1e999,"areaCode":1e999}';
    await world.write('calls.ndjson', `{"eventType":"fee","feeLst":[${fee}]}\n`.repeat(300));
    const { json } = await world.cli('cdr', 'list', 'calls.ndjson', '--reader', reader, '--json');
    expect(json).toMatchObject({ count: 1, warnings: [], items: [{ sessionId: 's-1', outcome: 'unknown' }] });
    expect(JSON.stringify(json)).not.toContain('Infinity');
    const { stdout } = await world.cli('cdr', 'stats', 'calls.ndjson', '--by', 'cause,area', '--reader', reader);
    expect(stdout).not.toContain('Infinity');
  });
});

describe('a name with line breaks and control characters', () => {
  it('stays on its line of stderr, and is exact in JSON', async () => {
    const world = await openWorld();
    const name = 'we\u001b[31mird\nwarning: all is well.json';
    await world.write(name, `{"cut"\n${await readFile(CDR, 'utf8')}`);
    const shown = await world.cli('cdr', 'list', name);
    expect(shown.stderr).toBe(
      'warning: weird\\nwarning: all is well.json:1: damaged or cut short\n' +
        'error: 1 of the records could not be read; the rest is shown\n',
    );
    const { json } = await world.cli('cdr', 'list', name, '--json');
    expect(json).toMatchObject({ warnings: [`${name}:1: damaged or cut short`] });
    const missing = await world.cli('inspect', 'no\nfile');
    expect(missing.stderr).toBe('error: no such file or folder: no\\nfile\n');
  });

  it('of a call is one line in a pipe, without anything that steers a terminal', async () => {
    const world = await openWorld();
    const sessionId = 'a\u001b[2Jb\nc';
    const push = { eventType: 'fee', feeLst: [{ sessionId, callInTime: '2026-11-21 08:00:00', userData: 'x' }] };
    await world.write('calls.json', JSON.stringify(push));
    const { stdout } = await world.cli('cdr', 'list', 'calls.json', '--fields', 'sessionId');
    expect(stdout).toBe('sessionId\na\\u001b[2Jb\\nc\n');
    const drawn = await world.run(['cdr', 'show', 'a\u001b', 'calls.json'], { terminal: true });
    expect(drawn.stderr).toBe('ab\\nc · Asia/Shanghai\n');
  });
});

describe('a file that is no UTF-8', () => {
  const GBK_ORDER = Buffer.from([0xb6, 0xa9, 0xb5, 0xa5]);
  const push = (session: string, userData: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(
        `{"eventType":"fee","feeLst":[{"sessionId":"${session}","callInTime":"2026-11-21 08:00:00","userData":"`,
      ),
      userData,
      Buffer.from('"}]}\n'),
    ]);
  const NOTE = (line: number, lines: string): string =>
    `warning: calls.ndjson:${line}: bytes that are no UTF-8 (${lines} of the file); as text they are U+FFFD. GB18030? iconv -f GB18030 -t UTF-8\n`;

  it.each([
    ['inspect'],
    ['cdr', 'list'],
    ['cdr', 'stats'],
    ['cdr', 'list', '--reader', 'auto'],
    ['cdr', 'stats', '--reader', 'full'],
    ['recordings', 'list'],
    ['replay', '--to', 'http://127.0.0.1:1', '-n'],
  ])('is told of once and is no failure: %s %s', async (...words) => {
    const world = await openWorld();
    const lines = [push('s-1', Buffer.from('订单')), push('s-2', GBK_ORDER), push('s-3', GBK_ORDER)];
    await world.write('calls.ndjson', Buffer.concat(lines));
    const shown = await world.cli(...words, 'calls.ndjson');
    expect([shown.code, shown.stderr]).toEqual([0, expect.stringContaining(NOTE(2, '2 lines'))]);
    expect(shown.stderr.match(/no UTF-8/g)).toHaveLength(1);
  });

  it('is told of where a list is full before its end, and in Chinese', async () => {
    const world = await openWorld();
    await world.write('calls.ndjson', Buffer.concat([push('s-1', GBK_ORDER), push('s-2', Buffer.from('x'))]));
    const shown = await world.cli('cdr', 'list', '--limit', '1', 'calls.ndjson');
    expect(shown.stderr).toBe(NOTE(1, '1 line'));
    const zh = await world.cli('cdr', 'list', 'calls.ndjson', '--lang', 'zh');
    expect(zh.stderr).toBe(
      '警告：calls.ndjson:1：含有非 UTF-8 字节（文件中共 1 行），文本显示为 U+FFFD。若为 GB18030：iconv -f GB18030 -t UTF-8\n',
    );
  });
});

describe('a folder', () => {
  const NOTHING = 'no .json, .ndjson, .jsonl, .log, .txt, .http, .cdr or .gz file in it';

  it.each([['inspect'], ['cdr', 'list'], ['audit'], ['recordings', 'list']])(
    'with nothing to read is told of, and is no failure: %s %s',
    async (...words) => {
      const world = await openWorld();
      await world.write('calls/a.dat', '{}');
      const shown = await world.cli(...words, 'calls');
      expect([shown.code, shown.stderr]).toEqual([0, `warning: calls: ${NOTHING}\n`]);
    },
  );

  it('with nothing to read is told of by replay, before that nothing was sent', async () => {
    const world = await openWorld();
    await world.write('calls/a.dat', '{}');
    const { code, stderr } = await world.cli('replay', 'calls', '--to', 'http://127.0.0.1:9/');
    expect([code, stderr]).toEqual([0, `warning: calls: ${NOTHING}\nwarning: nothing was sent: no saved push fits\n`]);
  });

  it('says so in Chinese', async () => {
    const world = await openWorld();
    await world.write('calls/a.dat', '{}');
    const { stderr } = await world.cli('inspect', 'calls', '--lang', 'zh');
    expect(stderr).toBe('警告：calls：其中没有 .json、.ndjson、.jsonl、.log、.txt、.http、.cdr 或 .gz 文件\n');
  });

  it('shows the rest where a file in it cannot be read', async () => {
    const world = await openWorld();
    await world.write('calls/a.json', '{"eventType":"fee","feeLst":[{"icid":"r-1","sessionId":"s-1"}]}');
    await symlink('b.json', world.path('calls/b.json'));
    const shown = await world.cli('cdr', 'list', 'calls', '-o', 'tsv', '--fields', 'icid');
    expect([shown.code, shown.stdout, shown.stderr]).toEqual([
      3,
      'icid\nr-1\n',
      'warning: calls/b.json: its links lead in a circle\nerror: 1 of the records could not be read; the rest is shown\n',
    ]);
    const named = await world.cli('cdr', 'list', 'calls/b.json', '--json');
    expect(named.error).toMatchObject({ code: 'input-unreadable', exitCode: 2 });
  });
});

describe('a file with nothing in it', () => {
  const BLANKS: readonly (readonly [string, string | Uint8Array])[] = [
    ['no byte', ''],
    ['blanks', '\uFEFF \n\t\r\n'],
    ['blanks in UTF-16', Buffer.from('\uFEFF \n', 'utf16le')],
    ['more blanks than the parser reads by itself', '\n'.repeat(40_000)],
    ['a gzip file of nothing', gzipSync('')],
  ];
  const CALL = '{"eventType":"fee","feeLst":[{"icid":"r-1","sessionId":"s-1"}]}';

  it.each(BLANKS)('is told of on stderr, once: %s', async (_, content) => {
    const world = await openWorld();
    await world.write('calls.json', content);
    const shown = await world.cli('inspect', 'calls.json', 'calls.json');
    expect([shown.code, shown.stderr]).toEqual([0, 'warning: calls.json: empty\n']);
    expect(shown.stdout).toMatch(/^kind\t[^\n]*\n$/);
    const asked = await world.cli('inspect', 'calls.json', '-q', '--fail-if-empty');
    expect([asked.code, asked.stderr]).toEqual([9, 'error: nothing matched\n']);
  });

  it.each(RECORD_READERS)('is told of by %s %s, and is no failure', async (...words) => {
    const world = await openWorld();
    await world.write('calls.json', '');
    const shown = await world.cli(...words, 'calls.json', '-o', 'csv');
    expect([shown.code, shown.stderr]).toEqual([0, 'warning: calls.json: empty\n']);
    const data = await world.cli(...words, 'calls.json', '--json');
    expect([data.code, data.stderr]).toEqual([0, '']);
    expect(data.json).toMatchObject({ count: 0, warnings: ['calls.json: empty'] });
  });

  it('is named where it stands among good ones; the rest is shown', async () => {
    const world = await openWorld();
    await world.write('calls/a.json', CALL);
    await world.write('calls/b.json', '');
    await world.write('calls/c.json', CALL.replace('r-1', 'r-2'));
    const shown = await world.cli('cdr', 'list', 'calls', '--fields', 'icid');
    expect([shown.code, shown.stdout, shown.stderr]).toEqual([0, 'icid\nr-1\nr-2\n', 'warning: calls/b.json: empty\n']);
  });

  it('beside a damaged one does not stand for what is damaged', async () => {
    const world = await openWorld();
    await world.write('calls/a.json', '');
    await world.write('calls/b.json', '{"eventType":');
    const shown = await world.cli('cdr', 'list', 'calls');
    expect([shown.code, shown.stderr]).toEqual([
      2,
      'warning: calls/a.json: empty\nerror: nothing could be read: calls/b.json:1: cut short\n',
    ]);
  });

  it('is counted only where there are many', async () => {
    const world = await openWorld();
    for (let index = 10; index < 35; index += 1) await world.write(`calls/${index}.json`, index === 34 ? '{"a":' : '');
    const shown = await world.cli('cdr', 'list', 'calls', '--json');
    const { warnings } = shown.json as { warnings: string[] };
    expect(warnings).toHaveLength(22);
    expect([warnings[0], ...warnings.slice(19)]).toEqual([
      'calls/10.json: empty',
      'calls/29.json: empty',
      'and 4 more that are empty',
      'calls/34.json:1: cut short',
    ]);
  });

  it('may be standard input; an empty list there is none', async () => {
    const world = await openWorld();
    const nothing = await world.run(['inspect', '-'], { stdin: '\n' });
    expect([nothing.code, nothing.stderr]).toEqual([0, 'warning: stdin: empty\n']);
    const none = await world.run(['inspect', '-'], { stdin: '[]\n' });
    expect([none.code, none.stderr]).toEqual([0, '']);
  });
});

describe('inspect', () => {
  it('shows the documented CDR in Beijing time, with talk and billing', async () => {
    const world = await openWorld();
    const shown = await world.cli('inspect', CDR, '--json');
    expect(shown.code).toBe(0);
    expect(shown.json).toMatchObject({
      kind: 'RecordList',
      count: 1,
      items: [
        {
          kind: 'CallRecord',
          startedAt: '2019-01-23T17:15:14+08:00',
          answeredAt: '2019-01-23T17:15:36+08:00',
          endedAt: '2019-01-23T17:16:41+08:00',
          talkSeconds: 65,
          billedMinutes: 2,
          outcome: 'answered',
          raw: { callInTime: '2019-01-23 09:15:14' },
        },
      ],
    });
  });

  it('shows it on a terminal as a block', async () => {
    const world = await openWorld();
    const shown = await world.run(['inspect', CDR], { terminal: true });
    expect(shown.stdout).toMatch(/^Started +2019-01-23 17:15:14$/m);
    expect(shown.stdout).toMatch(/^Talk +1m05s$/m);
    expect(shown.stderr).toBe('1 record · Asia/Shanghai\n');
  });

  it('shows it in Chinese', async () => {
    const world = await openWorld();
    const shown = await world.run(['inspect', CDR, '--lang', 'zh'], { terminal: true });
    expect(shown.stdout).toMatch(/^开始 +2019-01-23 17:15:14$/m);
    expect(shown.stdout).toMatch(/^结果 +接通$/m);
  });

  it.each([
    ['UTC', '2019-01-23T09:15:14Z'],
    ['America/New_York', '2019-01-23T04:15:14-05:00'],
    ['Asia/Kolkata', '2019-01-23T14:45:14+05:30'],
  ])('shows it in %s', async (zone, startedAt) => {
    const world = await openWorld();
    const shown = await world.cli('inspect', CDR, '--tz', zone, '--query', 'items[0].startedAt');
    expect(shown.stdout).toBe(`${startedAt}\n`);
  });

  it('reads stdin, gzip and a relative path alike', async () => {
    const world = await openWorld();
    const bytes = await readFile(CDR);
    await world.write('calls/cdr.json.gz', gzipSync(bytes));
    const query = ['--query', 'items[].talkSeconds'];
    expect((await world.run(['inspect', '-', ...query], { stdin: bytes })).stdout).toBe('65\n');
    expect((await world.run(['inspect', '-', ...query], { stdin: gzipSync(bytes) })).stdout).toBe('65\n');
    expect((await world.cli('inspect', 'calls/cdr.json.gz', ...query)).stdout).toBe('65\n');
    expect((await world.cli('inspect', 'calls', ...query)).stdout).toBe('65\n');
    expect((await world.cli('inspect', 'calls/*.gz', ...query)).stdout).toBe('65\n');
  });

  it('reads the whole folder of examples: what is no push is named and the rest shown', async () => {
    const world = await openWorld();
    const shown = await world.cli('inspect', FIXTURES, '--json');
    expect(shown.code).toBe(3);
    const { items, warnings } = shown.json as { items: { kind: string }[]; warnings: string[] };
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['CallRecord', 'CallEvent', 'Sms', 'NumberStatus']));
    expect(warnings.some((warning) => /axb-bind-response\.json:\d+: /.test(warning))).toBe(true);
    expect(shown.error).toMatchObject({ code: 'some-failed', exitCode: 3 });
  });

  it('names file and line of one bad record among good ones', async () => {
    const world = await openWorld();
    const line = JSON.stringify(JSON.parse(await readFile(CDR, 'utf8')));
    await world.write('calls.ndjson', `${line}\n{"broken":\n${line.replace('ba171f', 'ca171f')}\n`);
    const shown = await world.cli('inspect', 'calls.ndjson', '--json');
    expect(shown).toMatchObject({ code: 3, json: { count: 2 } });
    expect((shown.json as { warnings: string[] }).warnings).toEqual([expect.stringMatching(/^calls\.ndjson:2: /)]);
  });

  it('fails where nothing can be read, and where a file is not there', async () => {
    const world = await openWorld();
    await world.write('bad.json', 'no JSON at all');
    expect((await world.cli('inspect', 'bad.json', '--json')).error).toMatchObject({
      code: 'input-invalid',
      exitCode: 2,
    });
    expect((await world.cli('inspect', 'none.json', '--json')).error).toMatchObject({
      code: 'input-unreadable',
      message: 'no such file or folder: none.json',
    });
  });

  it('is an empty document for an empty journal', async () => {
    const world = await openWorld();
    expect(await world.cli('-p', 'sandbox', 'inspect', '--json')).toMatchObject({
      code: 0,
      json: { items: [], count: 0 },
    });
  });
});

describe('cdr list', () => {
  it.each([
    [['--since', '2019-01-23'], 1],
    [['--since', '2019-01-24'], 0],
    [['--until', '2019-01-23'], 1],
    [['--until', '2019-01-23 17:15:14'], 0],
    [['--until', '2019-01-23 17:15:15'], 1],
    [['--since', '2019-01-23T09:15:15Z'], 0],
    [['--min-duration', '65s'], 1],
    [['--min-duration', '66s'], 0],
    [['--max-duration', '64s'], 0],
    [['--outcome', 'answered,busy'], 1],
    [['--outcome', 'busy'], 0],
    [['--failed'], 0],
    [['--recorded'], 1],
    [['--direction', 'a-to-b'], 1],
    [['--direction', 'b-to-a'], 0],
    [['-x', '0022'], 1],
    [['-x', '9999'], 0],
    [['--number', '7021'], 1],
    [['--session', '1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com'], 1],
    [['--mode', 'ax'], 0],
  ])('with %j shows %i', async (flags, count) => {
    const world = await openWorld();
    const shown = await world.cli('cdr', 'list', CDR, ...flags, '--json');
    expect(shown).toMatchObject({ code: 0, json: { kind: 'CallRecordList', count } });
  });

  it('stops at --limit', async () => {
    const world = await openWorld();
    const shown = await world.cli('cdr', 'list', CDR, `${FIXTURES}/ax-cdr.json`, '--limit', '1', '--json');
    expect(shown.json).toMatchObject({ count: 1 });
  });

  it.each([
    ['--since', 'soon'],
    ['--outcome', 'happy'],
    ['--direction', 'up'],
    ['--min-duration', 'long'],
    ['--limit', '0'],
  ])('refuses %s %s before it writes anything', async (flag, value) => {
    const world = await openWorld();
    const refused = await world.cli('cdr', 'list', CDR, flag, value, '--json');
    expect(refused).toMatchObject({ code: 2, stdout: '', error: { code: 'flag-invalid' } });
  });

  it.each([
    [['--since', '2019-01-24', '--until', '2019-01-22'], /^--until 2019-01-22 is before --since 2019-01-24/],
    [['--since', '24h', '--until', '48h'], /^--until 48h is before --since 24h/],
    [['--min-duration', '2h', '--max-duration', '1h'], /^--max-duration is shorter than --min-duration/],
  ])('refuses %j: nothing can fit', async (flags, message) => {
    const world = await openWorld();
    const refused = await world.cli('cdr', 'list', CDR, ...flags, '--json');
    expect(refused).toMatchObject({ code: 2, stdout: '', error: { code: 'flag-conflict' } });
    expect((refused.error as { message: string }).message).toMatch(message);
  });

  it('takes a day from its start to its end, and an empty time', async () => {
    const world = await openWorld();
    const times = [
      ['2019-01-23', '2019-01-23', 1],
      ['2019-01-23 17:15', '2019-01-23 17:15', 0],
    ] as const;
    for (const [since, until, count] of times) {
      const shown = await world.cli('cdr', 'list', CDR, '--since', since, '--until', until, '--json');
      expect(shown).toMatchObject({ code: 0, json: { count } });
    }
  });

  it('names the flag of a number that is none', async () => {
    const world = await openWorld();
    const refused = await world.cli('cdr', 'list', CDR, '--number', 'abc', '--json');
    expect(refused.error).toMatchObject({
      code: 'flag-invalid',
      message: '--number abc: not a phone number, nor the last digits of one',
      hint: 'Write it whole, with +86 or without, or only its last digits: 0001.',
    });
  });

  it('is a CSV with the fields asked for', async () => {
    const world = await openWorld();
    const fields = ['-o', 'csv', '--fields', 'startedAt,talkSeconds,cause.code'];
    const shown = await world.cli('cdr', 'list', CDR, ...fields);
    expect(shown.stdout).toBe('startedAt,talkSeconds,cause.code\r\n2019-01-23T17:15:14+08:00,65,0\r\n');
  });
});

describe('sms list and events list', () => {
  it('list their kind only', async () => {
    const world = await openWorld();
    const sms = await world.cli('sms', 'list', `${FIXTURES}/axb-sms-notify.json`, CDR, '--json');
    expect(sms.json).toMatchObject({ kind: 'SmsList', count: 1, items: [{ kind: 'Sms' }] });
    const events = await world.cli('events', 'list', `${FIXTURES}/axb-event-disconnect.json`, CDR, '--json');
    expect(events.json).toMatchObject({
      kind: 'CallEventList',
      count: 1,
      items: [{ kind: 'CallEvent', type: 'disconnect' }],
    });
  });

  it.each(['en', 'zh'])('fit a terminal of 80 columns, in %s', async (lang) => {
    const world = await openWorld();
    for (const command of [['inspect'], ['cdr', 'list'], ['sms', 'list'], ['events', 'list']]) {
      const argv = [...command, FIXTURES, '--lang', lang, '--no-mask', '--quiet'];
      const shown = await world.run(argv, { terminal: true, columns: 80 });
      const widths = shown.stdout
        .trimEnd()
        .split('\n')
        .map((line) => stringWidth(line));
      expect(shown.stdout).toMatch(/^┌/);
      expect(new Set(widths).size).toBe(1);
      expect(widths[0]).toBeLessThanOrEqual(80);
    }
  });

  it.each(['en', 'zh'])('are blocks with whole numbers at 40 columns, in %s', async (lang) => {
    const world = await openWorld();
    const argv = ['cdr', 'list', FIXTURES, '--lang', lang, '--no-mask'];
    const shown = await world.run(argv, { terminal: true, columns: 40 });
    expect(shown.stdout).not.toContain('…');
    expect(shown.stdout).toMatch(/^(X|X号码) +\+86138\*{4}0022$/m);
    expect(shown.stderr).not.toContain('no room');
    const chosen = await world.run([...argv, '--fields', 'x,outcome'], { terminal: true, columns: 40 });
    expect(chosen.stdout).toMatch(/^┌/);
    expect(chosen.stdout).toContain(' +86138****0022 ');
  });
});
