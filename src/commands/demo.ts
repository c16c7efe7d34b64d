import { collectText } from '../output/collect-text.js';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Sink } from '../context.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { exitCode } from '../exit-codes.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';

const A = '13800000001';
const B = '13800000002';
const STRANGER = '13800000009';

export const command = defineCommand({
  help: {
    purpose:
      'The whole way once, on the embedded sandbox, offline: bind a pair, receive the pushes of a call, read its CDR in Beijing time, save its recording, find out why another call failed, replay a push, unbind. Each step is shown as the command you would type. Works in a temporary folder and leaves nothing behind.',
    examples: [{ says: 'ten seconds', line: 'privacy-call demo' }],
    output: 'Each command and what it prints.',
    exits: ['storage'],
  },
  async run(_options, context) {
    const folder = await mkdtemp(join(tmpdir(), 'privacy-call-demo-'));
    context.defer(() => rm(folder, { recursive: true, force: true }));
    await new Demo(context, folder).run();
    return { view: 'none' };
  },
});

/** Plays the steps in a world of its own: temporary folders, nobody to ask. */
class Demo {
  readonly #context: CommandContext;
  readonly #folder: string;
  readonly #stopListening = new AbortController();
  /** Resolves when the receiver has ended; `undefined` before it is started. */
  #listening: Promise<void> | undefined;

  constructor(context: CommandContext, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  /** The receiver ends with the demo, also where a step fails: it would keep the process alive. */
  async run(): Promise<void> {
    try {
      await this.#play();
    } finally {
      this.#stopListening.abort(new AppError('terminated', { zh: '演示结束', en: 'the demo is over' }));
      await this.#listening;
    }
    await this.#say({
      zh: '演示结束，没有任何数据离开本机。下一步：privacy-call --help 或 privacy-call login。',
      en: 'That was it. Nothing left this machine. Next: privacy-call --help, or privacy-call login.',
    });
  }

  async #play(): Promise<void> {
    await this.#say({
      zh: '1. 司机（A）和乘客（B）得到一个有效期两小时的隐私号码 X。',
      en: '1. A driver (A) and a passenger (B) get a privacy number X for two hours.',
    });
    await this.#show(
      `-p sandbox bind --mode axb -a ${A} -b ${B} --area 0755 --ttl 2h --record --record-tone notice.wav`,
    );
    const [id = '', x = ''] = await this.#fields('bindings list', 'items[0].[subscriptionId, x][]');

    await this.#say({
      zh: '2. 接收端收取平台的推送；每个推送先落盘，再应答。',
      en: '2. A receiver takes what the platform pushes; each push is on disk before it is answered.',
    });
    const url = await this.#listen();

    await this.#say({
      zh: '3. B 拨打 X，与 A 通话 65 秒，通话被录音。',
      en: '3. B dials X and talks to A for 65 seconds. The call is recorded.',
    });
    await this.#show(`sandbox call --from ${B} --to ${x.slice(3)} --talk 65s --push ${url}`);

    await this.#say({
      zh: '4. 话单，按北京时间。',
      en: '4. The call record, in Beijing time.',
    });
    await this.#show('-p sandbox cdr list');

    await this.#say({
      zh: '5. 通话录音：平台七天后删除，先行下载。',
      en: '5. Its recording, before the platform deletes it after seven days.',
    });
    await this.#show('-p sandbox recordings download --dir recordings');

    await this.#say({
      zh: '6. 陌生人拨打 X。为什么失败？',
      en: '6. A stranger dials X. Why did that fail?',
    });
    await this.#show(`sandbox call --from ${STRANGER} --to ${x.slice(3)} --quiet -o tsv --fields outcome,cause.code`);
    await this.#show('explain 8014');

    await this.#say({
      zh: '7. 把保存的话单再次推送给待测服务器（这里就是接收端自己）。',
      en: '7. The saved CDRs once more, to a server under test (here the receiver itself).',
    });
    await this.#show(`-p sandbox replay --kind fee --to ${url} --expect-status 200`);

    await this.#say({
      zh: '8. 这对号码不再需要绑定。',
      en: '8. The pair is no longer needed.',
    });
    await this.#show(`-p sandbox unbind --id ${id}`);
  }

  /** Starts `listen` beside the other steps; resolves when it takes pushes. */
  async #listen(): Promise<string> {
    const readyFile = join(this.#folder, 'listen.url');
    await this.#print('$ privacy-call -p sandbox listen --port 0 &\n');
    const world = this.#world(this.#prefixed('  listen │ '), this.#stopListening.signal);
    const words = ['-p', 'sandbox', 'listen', '--port', '0', '--ready-file', readyFile];
    let over: { readonly code: number } | undefined;
    const ended = (): typeof over => over;
    this.#listening = this.#context.run(words, world).then((code) => {
      over = { code };
    });
    for (;;) {
      this.#context.signal.throwIfAborted();
      const url = await readFile(readyFile, 'utf8').catch(() => undefined);
      if (url !== undefined) return url.trim();
      const end = ended();
      if (end !== undefined)
        throw stopped(end.code, { zh: '演示未能启动接收服务', en: 'the demo could not start its receiver' });
      await delay(20);
    }
  }

  /** Runs one command line; its words hold no blanks. */
  async #show(line: string): Promise<void> {
    await this.#print(`$ privacy-call ${line}\n`);
    const world = this.#world(this.#prefixed(''), this.#context.signal);
    const code = await this.#context.run([...line.split(' '), '--no-input'], world);
    this.#context.signal.throwIfAborted();
    if (code !== 0)
      throw stopped(code, {
        zh: `演示已停止：“${line}” 的退出码为 ${code}`,
        en: `the demo stopped: "${line}" ended with exit code ${code}`,
      });
  }

  /** Values for the next steps, asked for without showing it. */
  async #fields(line: string, query: string): Promise<string[]> {
    const collected = collectText();
    await this.#context.run(
      ['-p', 'sandbox', ...line.split(' '), '--query', query],
      this.#world(collected.sink, this.#context.signal),
    );
    return collected.text().split('\n').filter(Boolean);
  }

  #world(stdout: Sink, signal: AbortSignal): Context {
    const context = this.#context;
    const { HOME: _home, ...env } = context.env;
    return {
      stdin: context.stdin,
      stdout,
      stderr: stdout,
      prompt: context.prompt,
      env: {
        ...withoutSettings(env),
        HOME: this.#folder,
        ...(context.stdout.isTerminal ? {} : { NO_COLOR: '1' }),
        PRIVACY_CALL_LANG: context.lang,
        PRIVACY_CALL_TZ: context.zone,
      },
      cwd: this.#folder,
      now: () => context.now(),
      signal,
      pid: context.pid,
      hostname: context.hostname,
      onHangup: () => undefined,
    };
  }

  /** What commands print, as a person would see it, also where the demo itself runs in a pipe. */
  #prefixed(prefix: string): Sink {
    const { stdout } = this.#context;
    return {
      isTerminal: true,
      columns: (stdout.columns ?? 100) - prefix.length,
      write: (text) => stdout.write(text.replace(/^(?=.)/gm, prefix)),
    };
  }

  async #say(text: TextPair): Promise<void> {
    await this.#print(`\n# ${text[this.#context.lang]}\n`);
  }

  #print(text: string): Promise<void> {
    return this.#context.stdout.write(text);
  }
}

/** A step has said why it ended, the demo says at which. What the disk refused is no defect of ours. */
function stopped(code: number, words: TextPair): AppError {
  return new AppError(code === exitCode('storage') ? 'storage-failed' : 'internal', words);
}

/** The demo stands on its own defaults, not on the settings of who runs it. */
function withoutSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(PRIVACY_CALL_|XDG_)/.test(name)));
}
