import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

const ZH = { env: { PRIVACY_CALL_LANG: 'zh' } } as const;
const SANDBOX = ['-p', 'sandbox'];
const BIND = [...SANDBOX, 'bind', '--mode', 'axb'];
const A = '13800000001';
const B = '13800000002';
const X = '17000000201';

async function stderrOf(world: World, ...argv: readonly string[]): Promise<string> {
  return (await world.run(argv, ZH)).stderr;
}

describe('notes and warnings in Chinese', () => {
  it('of a request that is shown only, with data in English', async () => {
    const world = await openWorld();
    const risky = [
      ...SANDBOX,
      'bind',
      '--mode',
      'ax',
      '-a',
      A,
      '--area',
      '0755',
      '--record',
      '--show-caller',
      '--dry-run',
    ];
    expect(await stderrOf(world, ...risky)).toBe(
      '警告：有 --record 而没有 --record-tone：运营商会拦截没有录音提示的录音呼叫\n' +
        '警告：--show-caller：运营商会拦截显示真实主叫号码的呼叫\n',
    );
    expect((await world.run([...risky, '--json'], ZH)).json.warnings).toEqual([
      '--record without --record-tone: carriers intercept recorded calls that do not announce the recording',
      '--show-caller: carriers intercept calls that show the real caller',
    ]);
    const { stderr } = await world.run([...BIND, '-a', A, '-b', B, '--dry-run'], { ...ZH, terminal: true });
    expect(stderr).toBe('没有发送（--dry-run）。\n');
  });

  it('of the plan of a file and its run', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `a,b,x,备注\n${A},${B},${X},1\n${A},${B},${X},2\n13800000003,+85250000001,,3\n`);
    const bulk = [...BIND, '--file', 'rows.csv', '--rate', 'max'];
    expect(await stderrOf(world, ...bulk, '--dry-run')).toBe(
      '警告：rows.csv：以下列没有读取，在 --out 中保留：“备注”\n' +
        '警告：-b：呼叫中国大陆以外的号码通常会失败\n' +
        '警告：第 3 行：与第 2 行相同\n' +
        '警告：没有发送（--dry-run）\n',
    );
    expect(await stderrOf(world, ...bulk, '--yes')).toMatch(
      /^rows\.csv \(AXB\)：3 行：2 行待绑定，1 行无法使用；2 个请求\n/,
    );
    await world.write('done.csv', `a,b,x\n${A},${B},${X}\n`);
    expect(await stderrOf(world, ...BIND, '--file', 'done.csv', '--yes')).toBe(
      'done.csv (AXB)：1 行：0 行待绑定，1 行已完成；0 个请求，约 0s\n',
    );
  });

  it('of what a dry run would remove or change', async () => {
    const world = await openWorld();
    await world.run([...BIND, '-a', A, '-b', B, '-x', X]);
    await world.write('list.csv', `号码,城市\n${X},深圳\n`);
    const lines: readonly (readonly [line: string, told: string])[] = [
      [`unbind --mode axb -x ${X}`, '没有发送（--dry-run）；将删除 1 个'],
      ['jobs prune --older-than 30d', '没有删除（--dry-run）'],
      ['replay --prune-runs 30d', '没有删除（--dry-run）'],
      ['bindings settle', '没有查询，也没有修改（--dry-run）'],
      ['numbers refresh', '没有修改（--dry-run）'],
      ['numbers import list.csv', '可导入 1 行；没有导入（--dry-run）'],
      ['recordings download', '没有下载（--dry-run）'],
    ];
    for (const [line, told] of lines)
      expect(await stderrOf(world, ...SANDBOX, ...line.split(' '), '-n'), line).toContain(`警告：${told}\n`);
  });

  it('of states, steps and what is not known for sure', async () => {
    const world = await openWorld();
    const call = { icid: 'r-1', sessionId: 's-1', bindNum: `+86${X}`, callInTime: '2026-11-21 10:15:14' };
    await world.write('call.json', JSON.stringify({ eventType: 'fee', feeLst: [call] }));
    const terminal = (...argv: readonly string[]) => world.run(argv, { ...ZH, terminal: true, columns: 80 });
    expect((await terminal('timeline', 's-1', 'call.json')).stderr).toMatch(/^\d 个步骤 · Asia\/Shanghai$/m);
    await world.cli('replay', 'call.json', '--to', 'http://127.0.0.1:9/');
    const runs = await terminal('replay', '--list-runs');
    expect(runs.stdout).toMatch(/^状态 +已结束$/m);
    expect(runs.stdout).toMatch(/^目标 +http:\/\/127\.0\.0\.1:9\/$/m);
    await world.write('rows.csv', `a,b,x\n${A},${B},${X}\n`);
    await world.cli(...BIND, '--file', 'rows.csv', '--yes');
    expect((await terminal('jobs', 'list')).stdout).toContain(' 已完成 ');
    expect(await stderrOf(world, ...SANDBOX, 'numbers', 'unused')).toContain(
      '警告：推送日志中没有最近 30 天的推送：无法得知这些号码是否有呼叫\n',
    );
  });

  it('of rows that a job could not do; their data stays as it is', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `a,b,x\n${A},${B},${X}\n${A},12,${X}\n${A},${A},${X}\n`);
    const ended = await world.run([...BIND, '--file', 'rows.csv', '--yes'], ZH);
    expect(ended.stderr).toMatch(
      /\n错误：3 行中，2 行被拒\n提示：查看原因：privacy-call jobs show \S+ --rows refused,in-doubt\n$/,
    );
    const { stdout: job } = await world.cli(...SANDBOX, 'jobs', 'list', '--query', 'items[0].id');
    const show = [...SANDBOX, 'jobs', 'show', job.trim(), '--rows', 'refused'];
    const shown = await world.run(show, { ...ZH, terminal: true, columns: 200 });
    expect(shown.stdout).toMatch(
      /│ “b” 列：不是电话号码；请写成 \+86 加 11 位数字，固话写成 \+86、去掉 0 的区号和号码 +│/,
    );
    expect(shown.stdout).toMatch(/│ “a” 列 和 “b” 列 是同一个号码：A 和 B 是两个人 +│/);
    const data = await world.run([...show, '--json'], ZH);
    expect(data.json).toEqual((await world.cli(...show, '--json')).json);
    expect(data.json.items[1].message).toBe('column “a” and column “b” hold the same number: A and B are two people');
  });

  it('of an import, with those of the file in data in English', async () => {
    const world = await openWorld();
    await world.write('list.csv', `号码,短信,备注\n${X},也许,1\n17000000202,是,2\n17000000202,是,2\n`);
    const load = [...SANDBOX, 'numbers', 'import', 'list.csv'];
    const told = '警告：list.csv：“备注” 列按原样保留\n警告：list.csv 第 4 行：与第 3 行相同\n';
    expect(await stderrOf(world, ...load)).toBe(
      `${told}警告：list.csv 第 2 行：“短信” 列为 “也许”：既不是“是”也不是“否”（是/否、true/false）；按原样保留\n`,
    );
    expect((await world.run([...load, '--json'], ZH)).json.warnings).toContain('list.csv, row 4: the same as row 3');
    await world.write('bad.csv', `号码\n170\n`);
    expect(await stderrOf(world, ...SANDBOX, 'numbers', 'import', 'bad.csv')).toBe(
      '错误：bad.csv：有 1 个单元格或行无法读取；没有导入任何号码\n' +
        '  第 2 行 “号码” 列：不是电话号码；请写成 +86 加 11 位数字，固话写成 +86、去掉 0 的区号和号码\n' +
        '提示：请改正文件后重新导入。\n',
    );
  });

  it('of the log of a receiver; its rows stay as they are', async () => {
    const world = await openWorld();
    const { url, stop } = await startCommand(world, [...SANDBOX, 'listen', '--path', '/fee', '-o', 'ndjson'], ZH);
    expect((await fetch(`${url}/other`, { method: 'POST', body: '{}' })).status).toBe(404);
    const { stdout, stderr } = await stop();
    expect(stderr).toContain('\n以 404 拒绝了 127.0.0.1 的请求：不接收该路径\n');
    expect(stdout).not.toMatch(/\p{Script=Han}/u);
  });

  it('of questions, and of what is not agreed to', async () => {
    const world = await openWorld();
    await world.cli(...BIND, '-a', A, '-b', B, '-x', X);
    const unbind = [...SANDBOX, 'unbind', '--mode', 'axb', '-x', X];
    const refused = await world.run(unbind, {
      ...ZH,
      terminal: true,
      answers: [{ asks: '将解除 +86170****0201 上唯一的绑定关系 (AXB)。是否继续？', answer: 'no' }],
    });
    expect(refused.stderr).toBe('错误：未确认：什么也没有做\n');
    const asked = await world.run([...BIND, '-a', '13800000003', '-x', X], {
      ...ZH,
      terminal: true,
      answers: [
        { asks: '请输入 -b', answer: '13800000004' },
        { asks: '发送该请求？', answer: 'no' },
      ],
    });
    expect(asked.stderr).toMatch(/^绑定 \(AXB\)：\n {2}-a \S+\n[^]*错误：未确认：没有发送\n$/);
  });

  it('of servers', async () => {
    const world = await openWorld();
    for (const [line, told] of [
      ['listen --port 0', /^接收地址 http:\/\/127\.0\.0\.1:\d+\n$/],
      ['sandbox start --port 0', /^沙箱地址 http:\/\/127\.0\.0\.1:\d+\n {2}AX {3}APP_Key /],
    ] as const) {
      const stop = new AbortController();
      const running = await world.run([...SANDBOX, ...line.split(' ')], {
        ...ZH,
        signal: stop.signal,
        onWrite: () => {
          stop.abort();
        },
      });
      expect(running.stderr, line).toMatch(told);
    }
  });
});
