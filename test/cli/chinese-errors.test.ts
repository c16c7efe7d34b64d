import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

const BIND = '-p sandbox bind --mode axb';
const A = '-a 13800000001';
const B = '-b 13800000002';

/** What a command line that cannot be is told in Chinese: the sentence and the hint. */
const REFUSED: readonly (readonly [line: string, told: string])[] = [
  ['-v', '错误：缺少命令\n提示：privacy-call --help 列出所有命令；privacy-call --version 显示版本。\n'],
  ['bnd', '错误：privacy-call 没有命令 “bnd”\n提示：是否要输入 bind？privacy-call --help 列出所有命令。\n'],
  ['cdr', '错误：cdr：缺少子命令\n提示：privacy-call cdr --help 列出其子命令。\n'],
  [
    'bindings find',
    '错误：privacy-call bindings 没有命令 “find”\n' +
      '提示：用 privacy-call bindings list 查找：按 -a、-b、-x、--y、--ext、--id、--user-data、--since、--until。\n',
  ],
  [
    'bind --modde axb',
    '错误：privacy-call bind 没有参数 --modde\n提示：是否要输入 --mode？privacy-call bind --help 显示其参数和示例。\n',
  ],
  ['explain --json=1 8014', '错误：--json 不带值\n提示：privacy-call explain --help 显示其参数和示例。\n'],
  ['explain', '错误：缺少 <code-or-words>\n提示：privacy-call explain --help 显示其参数和示例。\n'],
  ['bind --mode', '错误：--mode 需要一个值\n提示：privacy-call bind --help 显示其参数和示例。\n'],
  [
    'listen --verify maybe',
    '错误：--verify maybe：必须是 off、warn 或 strict\n提示：privacy-call listen --help 显示其参数和示例。\n',
  ],
  [
    'bindings show one two',
    '错误：privacy-call bindings show 最多带 1 个参数，却给出了 2 个\n提示：privacy-call bindings show --help 显示其参数和示例。\n',
  ],
  [
    'cdr stats --file x.json',
    '错误：privacy-call cdr stats 没有参数 --file\n提示：直接写在命令后面，不用参数名：privacy-call cdr stats x.json\n',
  ],
  [
    'bind rows.csv',
    '错误：privacy-call bind 不带参数，却给出了 1 个\n提示：文件用 --file 指定：privacy-call bind --file rows.csv\n',
  ],
  [
    'login shop --app-secret x',
    '错误：命令行中不得出现密钥：其他人可以在那里读到\n' +
      '提示：请用 privacy-call login 输入；脚本中用 --app-secret-file、--secret-stdin 或 PRIVACY_CALL_APP_SECRET。\n',
  ],
  [
    'cdr list --limit 0',
    '错误：--limit 0：必须是不小于 1 的整数\n提示：privacy-call cdr list --help 显示其参数和示例。\n',
  ],
  [
    'cdr list --since soon',
    '错误：--since soon：不是时间\n' +
      '提示：写法：2026-11-22、"2026-11-22 08:00"、2026-11-22T00:00:00Z、yesterday，或用 24h 表示 24 小时前。\n',
  ],
  [
    'cdr list --tz Mars',
    '错误：--tz 必须是时区，如 Asia/Shanghai、Europe/Berlin 或 UTC\n提示：privacy-call --help 列出所有命令共用的参数。\n',
  ],
  ['cdr list none.json', '错误：没有该文件或目录：none.json\n'],
  [`${BIND} ${A}`, '错误：缺少 -b\n提示：privacy-call bind --help 显示其参数和示例。\n'],
  [
    `${BIND} ${A} -b 13800000001`,
    '错误：-a 和 -b 是同一个号码：A 和 B 是两个人\n提示：privacy-call bind --help 显示其参数和示例。\n',
  ],
  [
    `${BIND} ${A} ${B} --ttl soon`,
    '错误：--ttl soon：不是时长；写法为 90s、65m、2h 或 7d\n提示：privacy-call bind --help 显示其参数和示例。\n',
  ],
  [
    `${BIND} ${A} ${B} --ext 12`,
    '错误：AXB 模式不能使用 --ext：平台不提供\n提示：privacy-call bind --help 显示其参数和示例。\n',
  ],
  [
    `${BIND} ${A} ${B} --out x.csv`,
    '错误：--out 须与 --file 一起使用\n提示：privacy-call bind --help 显示其参数和示例。\n',
  ],
  ['-p nobody cdr list', '错误：没有 profile nobody\n提示：已有：sandbox。新建：privacy-call login nobody\n'],
  [
    'query --mode axb --id i',
    '错误：没有选择 profile，也没有设置凭证\n提示：登录：privacy-call login。没有账号也可试用：privacy-call -p sandbox …\n',
  ],
  [
    '-p sandbox query --mode axb --id none',
    '错误：没有绑定ID为 none 的绑定关系\n提示：可能已到期、已解绑，或属于其他应用。\n',
  ],
  [
    '-p sandbox sandbox reset',
    '错误：将清除沙箱的所有绑定关系、呼叫和录音，但这里无法询问\n提示：确实如此请加 --yes。\n',
  ],
  ['-p sandbox cdr list --fail-if-empty --quiet', '错误：没有符合条件的记录\n'],
  [
    'sandbox number 17000000999',
    '错误：+86170****0999 不是沙箱的号码\n提示：每种模式有 12 个号码：1700000 加 0101 到 0112（AX）、0201…（AXB）、0301…（AXE）、0401…（AXYB）、0501…（X）。\n',
  ],
];

describe('errors in Chinese', () => {
  it.each(REFUSED)('%s', async (line, told) => {
    const world = await openWorld();
    const argv = line.split(' ');
    const zh = await world.run(argv, { env: { PRIVACY_CALL_LANG: 'zh' } });
    const en = await world.cli(...argv);
    expect(zh.stderr).toBe(told);
    expect(zh.code).toBe(en.code);
    expect(en.stderr).not.toMatch(/[：，。“]/);
    expect(en.stderr).toMatch(/^error: /);
  });

  it('are the same line of JSON in every language', async () => {
    const world = await openWorld();
    for (const [line] of REFUSED) {
      const argv = [...line.split(' '), '-o', 'ndjson'];
      const zh = await world.run(argv, { env: { PRIVACY_CALL_LANG: 'zh' } });
      expect(zh.stderr, line).toBe((await world.cli(...argv)).stderr);
    }
  });

  it('are of the language that is asked for, wherever it is', async () => {
    const world = await openWorld();
    const [zh, en] = [/^错误：/, /^error: /];
    const told = async (line: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
      (await world.run(line.split(' '), { env })).stderr;
    expect(await told('bnd --lang zh')).toMatch(zh);
    expect(await told('--lang=zh bnd')).toMatch(zh);
    expect(await told('cdr list --nonsense --lang zh')).toMatch(zh);
    expect(await told('cdr list --lang zh --lang en --nonsense')).toMatch(en);
    expect(await told('bnd -- --lang zh')).toMatch(en);
    expect(await told('bnd', { LANG: 'zh_CN.UTF-8' })).toMatch(zh);
    expect(await told('bnd', { LANG: 'zh_CN.UTF-8', PRIVACY_CALL_LANG: 'en' })).toMatch(en);
    expect(await told('bnd --lang en', { PRIVACY_CALL_LANG: 'zh' })).toMatch(en);
    // What cannot be used is told in the language that counts without it.
    expect(await told('cdr list --lang fr')).toBe(
      'error: --lang must be zh, en\nhint:  privacy-call --help lists the flags of every command.\n',
    );
    expect(await told('cdr list --lang fr', { LANG: 'zh_CN.UTF-8' })).toMatch(/^错误：--lang 必须是 zh、en\n/);
    expect(await told('cdr list', { PRIVACY_CALL_LANG: 'fr', LANG: 'zh_CN.UTF-8' })).toMatch(zh);
    expect(await told('bnd', { HOME: '', LANG: 'zh_CN.UTF-8' })).toMatch(zh);
    await world.write(
      '.config/privacy-call/config.json',
      JSON.stringify({ settings: { lang: 'en' }, profiles: { shop: { lang: 'zh' } } }),
    );
    expect(await told('bnd', { LANG: 'zh_CN.UTF-8' })).toMatch(en);
    expect(await told('-p shop bnd')).toMatch(zh);
    expect(await told('-pshop bnd')).toMatch(zh);
    expect(await told('bnd --profile=shop')).toMatch(zh);
    expect(await told('bnd', { PRIVACY_CALL_PROFILE: 'shop' })).toMatch(zh);
    await world.write('.config/privacy-call/config.json', '{');
    expect(await told('bnd', { LANG: 'zh_CN.UTF-8' })).toMatch(zh);
    expect(await told('cdr list', { LANG: 'zh_CN.UTF-8' })).toMatch(
      /config\.json:1:2：此处应为双引号中的名称，但文件已结束\n/,
    );
  });
});
