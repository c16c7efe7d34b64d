import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const EVIL = '<script>alert(1)</script>';

function fee(index: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sessionId: `session-${index}`,
    icid: `icid-${index}`,
    bindNum: '+8617000000001',
    callerNum: '+8613800000001',
    serviceType: '004',
    subscriptionId: 'binding',
    callInTime: '2026-11-20 01:00:00',
    fwdAlertingTime: '2026-11-20 01:00:02',
    callEndTime: '2026-11-20 01:00:22',
    ulFailReason: 8101,
    ...more,
  };
}

const answered = { fwdAnswerTime: '2026-11-20 01:00:12', callEndTime: '2026-11-20 01:01:17', ulFailReason: 0 };
const FEES = [
  fee(1, answered),
  fee(2),
  fee(3, { ...answered, bindNum: '+8617000000002', areaCode: '0755' }),
  fee(4, { callInTime: '2026-11-20 16:30:00', fwdAlertingTime: '', callEndTime: '2026-11-20 16:30:05' }),
];

async function openCalls(fees: readonly Record<string, unknown>[] = FEES): Promise<World> {
  const world = await openWorld();
  await world.write('calls.json', JSON.stringify({ eventType: 'fee', feeLst: fees }));
  return world;
}

describe('cdr stats', () => {
  it('is one document with the total beside the rows', async () => {
    const world = await openCalls();
    const { code, json } = await world.cli('cdr', 'stats', 'calls.json', '--json');
    expect(code).toBe(0);
    const ring = { ringSecondsMedian: 10, ringSecondsP95: 20 };
    const talk = { talkSecondsMedian: 65, talkSecondsP95: 65 };
    const figures = { calls: 3, answered: 2, talkSeconds: 130, talkMinutes: 2.17, billedMinutes: 4, ...talk };
    expect(json).toEqual({
      kind: 'CallStatisticsList',
      by: ['day'],
      zone: 'Asia/Shanghai',
      firstAt: '2026-11-20T09:00:00+08:00',
      lastAt: '2026-11-21T00:30:00+08:00',
      total: { ...figures, calls: 4, answerRate: 0.5, ...ring },
      items: [
        { kind: 'CallStatistics', day: '2026-11-20', ...figures, answerRate: 0.6667, ...ring },
        {
          kind: 'CallStatistics',
          day: '2026-11-21',
          calls: 1,
          answered: 0,
          answerRate: 0,
          talkSeconds: 0,
          talkMinutes: 0,
          billedMinutes: 0,
        },
      ],
      count: 2,
      next: null,
      warnings: [],
    });
  });

  it('is CSV, TSV, NDJSON and whatever --query picks', async () => {
    const world = await openCalls();
    const by = ['cdr', 'stats', 'calls.json', '--by', 'x'];
    expect((await world.cli(...by, '-o', 'csv', '--fields', 'x,calls,answered')).stdout).toBe(
      'x,calls,answered\r\n+8617000000001,3,1\r\n+8617000000002,1,1\r\n',
    );
    expect((await world.cli(...by, '--fields', 'x,calls')).stdout).toBe(
      'x\tcalls\n+8617000000001\t3\n+8617000000002\t1\n',
    );
    const lines = (await world.cli(...by, '-o', 'ndjson')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { calls: number }).calls)).toEqual([3, 1]);
    expect((await world.cli(...by, '--query', 'total.answerRate')).stdout).toBe('0.5\n');
    expect((await world.cli(...by, '--query', 'items[].x')).stdout).toBe('+8617000000001\n+8617000000002\n');
    expect((await world.cli(...by, '--json', '--query', 'total.calls')).stdout).toBe('4\n');
    expect((await world.cli(...by, '--top', '1', '--query', '[count, total.calls]', '--json')).json).toEqual([1, 4]);
    expect((await world.cli(...by, '--json', '--mask')).json).toMatchObject({ items: [{ x: '+86170****0001' }, {}] });
  });

  it('counts only what the filters want', async () => {
    const world = await openCalls();
    const count = async (...flags: string[]): Promise<string> =>
      (await world.cli('cdr', 'stats', 'calls.json', ...flags, '--query', 'total.calls')).stdout;
    expect(await count('--outcome', 'answered')).toBe('2\n');
    expect(await count('-x', '0002')).toBe('1\n');
    expect(await count('--limit', '3')).toBe('3\n');
    expect(await count('--since', '2026-11-21')).toBe('1\n');
  });

  it.each([
    ['--by', 'colour'],
    ['--by', ''],
    ['--top', '0'],
    ['--since', 'soon'],
  ])('refuses %s %j', async (flag, value) => {
    const world = await openCalls();
    const refused = await world.cli('cdr', 'stats', 'calls.json', flag, value, '--json');
    expect(refused).toMatchObject({ code: 2, stdout: '', error: { code: 'flag-invalid' } });
  });

  it.each(['en', 'zh'])('draws within 80 columns, in %s', async (lang) => {
    const world = await openCalls();
    for (const by of ['day', 'hour', 'weekday', 'x', 'outcome,cause', 'mode,area']) {
      const argv = ['cdr', 'stats', 'calls.json', '--by', by, '--plot', '--lang', lang];
      const { stdout } = await world.run(argv, { terminal: true, columns: 80 });
      for (const line of stdout.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
      expect(stdout).toMatch(/^┌/);
      expect(stdout).toContain('█');
      expect(stdout).toMatch(lang === 'zh' ? /^周五 {2}·/m : /^Fri {2}·/m);
    }
  });

  it('masks X on a terminal and tells the total below', async () => {
    const world = await openCalls();
    const argv = ['cdr', 'stats', 'calls.json', '--by', 'x', '--plot'];
    const shown = await world.run(argv, { terminal: true });
    expect(shown.stdout).not.toContain('+8617000000001');
    expect(shown.stdout.match(/\+86170\*\*\*\*0001/g)).toHaveLength(2);
    expect(shown.stderr).toContain('total 4 calls · 50.0% answered · 2.2 min talk · 4 min billed · Asia/Shanghai\n');
    const piped = await world.cli(...argv);
    expect(piped.stdout).not.toContain('█');
    expect(piped.stderr).toBe('--plot draws on a terminal only\n');
  });

  it('is no failure without calls', async () => {
    const world = await openCalls([]);
    const shown = await world.run(['cdr', 'stats', 'calls.json', '--plot', '--html', 'a.html'], { terminal: true });
    expect(shown).toMatchObject({ code: 0, stdout: '' });
    expect(await world.read('a.html')).toContain('no calls (Asia/Shanghai)');
  });
});

describe('cdr stats --html', () => {
  it('writes a page of its own with the figures, numbers masked', async () => {
    const world = await openCalls();
    const made = await world.cli('cdr', 'stats', 'calls.json', '--by', 'x', '--html', 'calls.html', '--json');
    expect(made.json).toMatchObject({ count: 2 });
    expect(made.stderr).toBe('wrote calls.html\n');
    const html = await world.read('calls.html');
    expect(html).toContain('2026-11-20 09:00:00 to 2026-11-21 00:30:00 (Asia/Shanghai)');
    expect(html).toContain('<td>+86170****0001</td><td class="n">3</td><td class="n">1</td><td class="n">33.3%</td>');
    expect(html).toContain('<b>50.0%</b><span>answered</span>');
    expect(html).not.toContain('+8617000000001');
    expect(html).not.toMatch(/https?:|<script/);
    expect((await stat(world.path('calls.html'))).mode & 0o777).toBe(0o644);
  });

  it('shows numbers in full with --no-mask, and escapes what is none', async () => {
    const world = await openCalls([fee(1), fee(2, { bindNum: EVIL, userData: EVIL, areaCode: EVIL })]);
    const argv = ['cdr', 'stats', 'calls.json', '--by', 'x,area', '--html', 'calls.html', '--no-mask', '--lang', 'zh'];
    expect((await world.cli(...argv)).code).toBe(0);
    const html = await world.read('calls.html');
    expect(html).toContain('+8617000000001');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/<script/);
    expect(html).toContain('<html lang="zh-CN">');
  });

  it('writes nothing with --dry-run, and says where it cannot write', async () => {
    const world = await openCalls();
    execFileSync('mkfifo', [world.path('unread')]);
    await world.write('page/part', '');
    const unwritable = await world.run(['cdr', 'stats', 'unread', '--html', 'page', '--json'], {
      signal: AbortSignal.timeout(5000),
    });
    expect(unwritable.error).toMatchObject({ exitCode: 14 });
    expect(unwritable.stderr).toContain('cannot write --html page');
    const dry = await world.cli('cdr', 'stats', 'calls.json', '--html', 'calls.html', '--dry-run');
    expect(dry.stderr).toBe('would write calls.html\n');
    await expect(readFile(world.path('calls.html'))).rejects.toThrow('ENOENT');
    const refused = await world.cli('cdr', 'stats', 'calls.json', '--html', 'calls.json/calls.html', '--json');
    expect(refused.error).toMatchObject({ exitCode: 14 });
  });
});

describe('--sort', () => {
  it('puts lists in order before --limit', async () => {
    const world = await openCalls();
    const list = ['cdr', 'list', 'calls.json', '--query', 'items[].sessionId'];
    expect((await world.cli(...list, '--sort', 'startedAt:desc')).stdout).toBe(
      'session-4\nsession-1\nsession-2\nsession-3\n',
    );
    expect((await world.cli(...list, '--sort', 'ringSeconds:desc', '--limit', '1')).stdout).toBe('session-2\n');
    expect(
      (await world.cli('inspect', 'calls.json', '--sort', 'at:desc', '--query', 'items[0].sessionId')).stdout,
    ).toBe('session-4\n');
    const refused = await world.cli('sms', 'list', 'calls.json', '--sort', 'talkSeconds', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', hint: 'A bare --fields names them all.' });
  });
});

describe('--fields without a list', () => {
  it.each([
    ['cdr', 'list', '--fields'],
    ['cdr', 'list', '--fields', '--json'],
    ['cdr', '--fields', '-o', 'csv', 'list'],
  ])('names the fields: %s %s %s', async (...argv) => {
    const world = await openWorld();
    const { code, stdout, stderr } = await world.cli(...argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 3)).toEqual(['sessionId', 'icid', 'mode']);
    expect(stdout).toContain('\ncause.code\n');
  });

  it('runs nothing and misses nothing', async () => {
    const world = await openWorld();
    expect((await world.cli('explain', '--fields')).stdout).toMatch(/^source\ncode\n/);
    expect((await world.cli('-p', 'sandbox', 'sandbox', 'reset', '--yes', '--fields')).stdout).toBe('seed\n');
    expect(await world.files()).toEqual([]);
    expect((await world.cli('api', '--fields', '--json')).error).toMatchObject({ code: 'flag-missing', exitCode: 2 });
  });
});
