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
