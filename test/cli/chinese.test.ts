import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

const BIND = ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
const ZH = { env: { PRIVACY_CALL_LANG: 'zh' } } as const;

describe('in Chinese', () => {
  it('doctor tells what it found; its data stays as it is', async () => {
    const world = await openWorld();
    const shown = await world.run(['-p', 'sandbox', 'doctor'], { ...ZH, terminal: true });
    expect(shown.stdout.split('\n\n')).toEqual([
      expect.stringMatching(/^ +ok\n检查 +应用\n结果 +sandbox · 模式 未设置 · 内置 · Asia\/Shanghai · zh$/),
      expect.stringMatching(/^ +ok\n检查 +存储\n结果 +\/.*sandbox$/),
      expect.stringMatching(/^ +ok\n检查 +平台\n结果 +0 ms 内应答：地址、时钟、APP_Key 和 APP_Secret 均正确\n$/),
    ]);
    const data = await world.run(['-p', 'sandbox', 'doctor', '--json'], ZH);
    expect(data.json.items).toEqual([
      {
        kind: 'Check',
        check: 'profile',
        ok: true,
        detail: 'sandbox · mode not set · embedded · Asia/Shanghai · zh',
      },
      { kind: 'Check', check: 'store', ok: true, detail: world.path('.local/share/privacy-call/sandbox') },
      {
        kind: 'Check',
        check: 'platform',
        ok: true,
        detail: 'answered in 0 ms: address, clock, key and secret are right',
      },
    ]);
  });

  it('config list says what each setting is; its data stays as it is', async () => {
    const world = await openWorld();
    const { stdout } = await world.run(['config', 'list'], { ...ZH, terminal: true });
    expect(stdout).toMatch(/│ lang +│ zh +│ 环境变量 +│ 说明文字的语言：zh 或 en +│/);
    expect(stdout).toMatch(/│ mask +│ +│ 默认：终端表格中打码，其他输出不打码 +│ 手机号中间打码：true 或 false +│/);
    const data = await world.run(['config', 'get', 'mask', '--json'], ZH);
    expect(data.json.item).toMatchObject({
      source: 'default: on in tables on a terminal, off elsewhere',
      help: 'hide the middle of phone numbers: true or false',
    });
    expect((await world.run(['config', 'get', 'lang', '-o', 'csv'], ZH)).stdout).toBe(
      'key,value,source,help\r\nlang,zh,environment,language of explanations: zh or en\r\n',
    );
  });

  it('what is true is 是 in a table, true in data', async () => {
    const world = await openWorld();
    const bound = await world.run([...BIND, '--record'], { ...ZH, terminal: true });
    expect(bound.stdout).toMatch(/^录音 +是$/m);
    expect(bound.stderr).toMatch(/^请拨打 17000000201。撤销：privacy-call -p sandbox unbind --id \S+$/m);
    const list = ['-p', 'sandbox', 'bindings', 'list'];
    const listed = await world.run([...list, '--fields', 'recording'], { ...ZH, terminal: true });
    expect(listed.stdout).toContain(' 是 ');
    expect(listed.stderr).toBe('1 条绑定关系\n');
    const pipe = await world.run([...list, '--fields', 'recording'], ZH);
    expect(pipe.stdout).toBe('recording\ntrue\n');
    expect((await world.run([...list, '--json'], ZH)).json.items[0].recording).toBe(true);
  });

  it('warnings of what cannot be read are Chinese; data stays as it is', async () => {
    const world = await openWorld();
    const call = '{"eventType":"fee","feeLst":[{"icid":"r-1","sessionId":"s-1"}]}';
    await world.write('calls/a.ndjson', `${call}\n{"eventType":x\n${call.replace('r-1', 'r-2')}\n`);
    await world.write('calls/b.json', '');
    const listed = await world.run(['cdr', 'list', 'calls'], ZH);
    expect([listed.code, listed.stderr]).toEqual([
      3,
      '警告：calls/a.ndjson:2：已损坏或被截断\n警告：calls/b.json：空文件\n' +
        '错误：有 1 条记录无法读取；其余的已显示\n',
    ]);
    const data = await world.run(['cdr', 'list', 'calls', '--json'], ZH);
    expect(data.json.warnings).toEqual(['calls/a.ndjson:2: damaged or cut short', 'calls/b.json: empty']);
    expect(data.error).toMatchObject({ code: 'some-failed', exitCode: 3 });
    expect(data.stderr).toBe((await world.cli('cdr', 'list', 'calls', '--json')).stderr);
    const replayed = await world.run(['replay', 'calls/b.json', '--to', 'http://127.0.0.1:1', '-n'], ZH);
    expect(replayed.stderr).toBe('警告：calls/b.json：空文件\n警告：没有发送：没有符合条件的推送\n');
    const missing = await world.run(['timeline', 's-1', 'calls', '--json'], ZH);
    expect(missing.json.warnings).toHaveLength(2);
  });

  it('many complaints are counted in Chinese', async () => {
    const world = await openWorld();
    await world.write('calls.ndjson', `{"eventType":"fee","feeLst":[]}\n${'{"eventType":x}\n'.repeat(25)}`);
    const { stderr } = await world.run(['cdr', 'list', 'calls.ndjson'], ZH);
    expect(stderr).toContain('\n警告：另有 5 处无法读取\n');
    for (let index = 0; index < 22; index += 1) await world.write(`empty/${index}.json`, '');
    expect((await world.run(['inspect', 'empty'], ZH)).stderr).toMatch(/\n警告：另有 2 个空文件\n$/);
  });

  it('notes about journal and ledger are Chinese', async () => {
    const world = await openWorld();
    const nothing = await world.run(['-p', 'sandbox', 'cdr', 'list'], ZH);
    expect(nothing.stderr).toBe('警告：推送日志为空：请给出文件，或用 listen 接收推送\n');
    await world.cli(...BIND);
    const ledger = '.local/share/privacy-call/sandbox/ledger.ndjson';
    await world.write(ledger, `${await world.read(ledger)}damaged\n`);
    const listed = await world.run(['-p', 'sandbox', 'bindings', 'list'], ZH);
    expect(listed.stderr).toContain('：该行不完整；该行已略过\n');
    expect(listed.stderr).toContain(
      '警告：ledger.ndjson 中有 1 个损坏的行无法读取；这里可能缺少绑定关系：numbers refresh 可向平台查询\n',
    );
    const data = await world.run(['-p', 'sandbox', 'bindings', 'list', '--json'], ZH);
    expect(data.json.warnings).toEqual([expect.stringMatching(/^1 damaged line of ledger\.ndjson cannot be read; /)]);
  });

  it('demo says what it does', async () => {
    const world = await openWorld();
    const { code, stdout } = await world.run(['demo'], { ...ZH, now: () => new Date() });
    const remarks = stdout.split('\n').filter((line) => line.startsWith('# '));
    expect([code, remarks.length]).toEqual([0, 9]);
    for (const remark of remarks) expect(remark).toMatch(/^# (\d\. )?[A-Z]? ?\p{Script=Han}/u);
    expect(stdout).toMatch(/^推送 +6 个推送已送达$/m);
    expect(stdout).toMatch(/^1 条记录 · Asia\/Shanghai$/m);
  });
});
