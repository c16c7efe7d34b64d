import { Option } from 'commander';
import { maskOf } from '../config/resolve-settings.js';
import { counted } from '../domain/counted.js';
import { maskText } from '../domain/phone-number.js';
import { wordsOfError } from '../domain/text-error.js';
import { type Words, wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { sightingsOfRecord } from '../numbers/learn-numbers.js';
import { NumberLearner } from './listen/number-learner.js';
import type { Column } from '../output/view.js';
import { buildAnswers } from '../receiver/build-answers.js';
import { buildReceiver } from '../receiver/build-receiver.js';
import { limitedLog } from '../receiver/limited-log.js';
import { ReceiverMetrics } from '../receiver/receiver-metrics.js';
import { DEFAULT_CONNECTIONS, startReceiver } from '../receiver/start-receiver.js';
import { defineCommand } from './command.js';
import { buildHandOn, type HandOnOptions } from './listen/hand-on.js';
import { type ReloadableOptions, readReloadable } from './listen/reloadable.js';
import { type PushRow, rowOf } from './listen/push-row.js';
import { takenPaths } from './listen/taken-paths.js';
import { addServerFileFlags, writeReadyFile } from './server-files.js';
import { parseCount, parsePort, parseSize } from './parse-flags.js';
import { LiveQueue } from './live-queue.js';
import { secretsOf } from './secrets-of.js';

interface ListenOptions extends ReloadableOptions, HandOnOptions {
  readonly port: string;
  readonly host: string;
  readonly verify: 'off' | 'warn' | 'strict';
  readonly maxBody: string;
  readonly maxConnections: string;
  readonly path?: string[];
}

/** Rows and numbers of a flood of pushes are written fifty times a second, not with each group of pushes: nobody reads faster. */
const ROWS_MS = 20;

const COLUMNS: readonly Column<PushRow>[] = [
  { field: 'at', title: { zh: '到达', en: 'At' } },
  { field: 'status', title: { zh: '应答', en: 'Answer' } },
  { field: 'push', title: { zh: '类型', en: 'Push' } },
  {
    field: 'result',
    title: { zh: '记录', en: 'Kept' },
    cell: ({ result }, paint) => (result === 'new' ? paint.good(result) : result),
  },
  { field: 'what', title: { zh: '内容', en: 'What' }, cell: ({ what }, paint) => paint.text(what) },
  { field: 'signature', title: { zh: '签名', en: 'Signature' } },
  { field: 'remote', title: { zh: '来自', en: 'From' } },
  { field: 'path', title: { zh: '路径', en: 'Path' } },
];

export const command = defineCommand<ListenOptions>({
  help: {
    purpose:
      'Receive the pushes of the platform: call events, CDRs, SMS notices, number states, on any path (or those of --path). Each is in the journal, synced to disk, before it is answered with 200; the platform pushes once and keeps no copy. When the disk refuses, the answer is 503 and the platform tries again (1, 4, 9, 106, 203, 300 minutes). A push that comes twice is answered and marked as a duplicate.\n' +
      'Pushes that wait for a decision (Block) are answered by the rules of --answers; where none fits an X-mode call is closed and an SMS discarded. How long the platform waits for an answer is not documented.\n' +
      '--forward-to hands each push on to a server of yours after it was answered: bytes, path and signature as they came, those of one call in order, tried again for 24 hours with pauses up to five minutes; what it has not taken is handed on after a restart, so a push may come twice. With --forward-mode sync that server answers the platform instead (504 too late, 503 nobody there, 502 broken off) and there are no tries of our own; the push is in the journal in any case.\n' +
      'GET /healthz tells the state, GET /metrics the figures (Prometheus). SIGHUP reads certificate, rules and --allow-file again. SIGTERM answers what is in flight, then ends with exit code 0. Enter the address in the console; a change takes 10 to 15 minutes to count.',
    examples: [
      {
        says: 'on all addresses, refusing pushes with a bad signature',
        line: 'privacy-call -p sandbox listen --host 0.0.0.0 --port 0 --verify strict --ready-file strict.url &',
      },
      {
        says: 'for a script: wait until it is ready',
        line: 'privacy-call -p sandbox listen --port 0 --ready-file listen.url -o ndjson > pushes.ndjson &\nuntil [ -s listen.url ]; do sleep 0.1; done',
      },
      {
        says: 'hand every push on to your own server, CDRs to another one',
        line: 'privacy-call -p sandbox listen --port 0 --forward-to http://127.0.0.1:9000/push --forward-to cdr=http://127.0.0.1:9001/fee --ready-file forward.url &',
      },
    ],
    output:
      'Push: at, push (fee, event, sms, number-status, unknown), what, result (new, duplicate, conflict, refused), status, signature, remote, path; it is a log: numbers in it are masked unless --no-mask',
    exits: ['auth', 'storage'],
  },
  define: (target) => {
    target
      .option('--port <port>', 'port; 0 takes a free one', '8080')
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .addOption(
        new Option('--verify <how>', 'signatures of pushes: off, warn, strict (401 when wrong)')
          .choices(['off', 'warn', 'strict'])
          .default('warn'),
      )
      .option('--allow-ip <cidr...>', 'take pushes from these addresses only')
      .option('--allow-file <file>', 'the same from a file, one a line; read again on SIGHUP')
      .option('--path <path...>', 'take pushes on these paths only, answer others 404; what a push is, its body tells')
      .option('--max-body <size>', 'largest push taken, in bytes or as 800K, 2M', '1M')
      .option('--max-connections <count>', 'connections at once; a further one is closed', String(DEFAULT_CONNECTIONS))
      .option('--answers <rules>', 'rules that answer pushes waiting for a decision, JSON; read again on SIGHUP')
      .option(
        '--answer-within <time>',
        'longest wait for a decision of the server of --forward-mode sync (default: 3s)',
      )
      .option('--forward-to <url...>', 'hand pushes on to this server; cdr=URL, event=URL, sms=URL for one kind')
      .addOption(
        new Option(
          '--forward-mode <mode>',
          'async: after the answer, with own retries (default); sync: its answer is the answer',
        ).choices(['async', 'sync']),
      )
      .option('--forward-timeout <time>', 'longest wait for that server (default: 10s)')
      .option('--forward-concurrency <count>', 'pushes handed on at once, to each server, async (default: 8)')
      .option(
        '--exec <command>',
        'run this for each new push, without a shell; the file with its body is the last argument',
      )
      .option('--exec-timeout <time>', 'then it is killed (default: 60s)')
      .option('--exec-concurrency <count>', 'runs at once (default: 2)');
    addServerFileFlags(target);
  },
  async run(options, context) {
    const port = parsePort('--port', options.port);
    const maxBodyBytes = parseSize('--max-body', options.maxBody);
    const connections = parseCount('--max-connections', options.maxConnections);
    const takesPath = takenPaths(options.path);
    let current = await readReloadable(options, context);
    const shown = (line: string): string => (maskOf(context.settings) === false ? line : maskText(line));
    const note = (line: Words): void => void context.note(shown(wordsIn(line, context.lang))).catch(() => undefined);
    const log = limitedLog(note, () => context.now());
    const { journal, inventory } = await context.store();
    const handOn = await buildHandOn(options, context, { journal, log });
    await journal.prepare();
    await handOn.prepare();
    const secrets = options.verify === 'off' ? new Map<string, string>() : await secretsOf(context);
    if (options.verify === 'strict' && secrets.size === 0) {
      throw new AppError(
        'credentials-missing',
        {
          zh: '--verify strict 需要推送签名所用的 APP_Secret',
          en: '--verify strict needs the secret that pushes are signed with',
        },
        {
          hint: {
            zh: '用 -p 选择 profile，用 privacy-call login 新建，或改用 --verify warn。',
            en: 'Choose a profile with -p, make one with privacy-call login, or give --verify warn.',
          },
        },
      );
    }
    // Not the signal itself: pushes that are answered while the server drains have their rows too.
    const drained = new AbortController();
    const rows = new LiveQueue<PushRow>(drained.signal, { gatherMs: ROWS_MS });
    const metrics = new ReceiverMetrics({ journal, deliveries: () => handOn.states, startedAt: context.now() });
    const handler = buildReceiver({
      journal,
      now: () => context.now(),
      maxBodyBytes,
      verify: options.verify,
      secretOf: (appKey) => secrets.get(appKey),
      allow: (remote) => current.allow?.(remote) !== false,
      takesPath,
      answer: buildAnswers({
        rules: () => current.rules,
        serverOf: handOn.serverOf,
        withinMs: handOn.answerWithinMs,
        log: (line) => {
          log(line, 'decision');
        },
      }),
      metrics: () => metrics.text(),
      log: note,
      onPush: (report) => {
        metrics.count(report);
        rows.push(rowOf(report));
        if (report.result === 'new') learner.add(report.records.flatMap(sightingsOfRecord));
      },
    });
    const learner = new NumberLearner({
      inventory,
      now: () => context.now(),
      gatherMs: ROWS_MS,
      failed: (error) => {
        const why = wordsOfError(error);
        note({ zh: `号码清单未更新：${why.zh}`, en: `the inventory was not updated: ${why.en}` });
      },
    });
    const { tls } = current;
    const server = await startReceiver({
      handler,
      host: options.host,
      port,
      tls,
      signal: context.signal,
      limits: { connections },
      onCrowded: () => {
        log(
          {
            zh: `关闭了一个连接：已有 ${connections} 个（--max-connections）`,
            en: `a connection was closed: there are ${connections} already (--max-connections)`,
          },
          'crowded',
        );
      },
    });
    handOn.start();
    void server.closed.then(() => {
      // Reports come a turn behind their answers.
      setImmediate(() => {
        drained.abort();
      });
    });
    context.defer(async () => {
      if (rows.dropped > 0)
        await context.note({
          zh: `有 ${rows.dropped} 行未显示：读取太慢；推送都在推送日志中`,
          en: `${counted(rows.dropped, 'row was', 'rows were')} not shown: nobody read them fast enough; the pushes are in the journal`,
        });
      await server.close();
      await handOn.close();
      await learner.done();
    });
    context.onHangup(() => {
      void readReloadable(options, context)
        .then((read) => {
          if (read.tls !== undefined) server.renewTls(read.tls);
          current = read;
          note({
            zh: `已重新读取：${current.rules.length} 条规则，以及给出的证书和允许名单`,
            en: `read again: ${counted(current.rules.length, 'rule')}, certificate and allow-list where given`,
          });
        })
        .catch((error: unknown) => {
          const why = wordsOfError(error);
          note({ zh: `没有改动：${why.zh}`, en: `nothing was changed: ${why.en}` });
        });
    });
    await writeReadyFile(options, context, server.url);
    await context.note({ zh: `接收地址 ${server.url}`, en: `listening on ${server.url}` });
    const ready: PushRow = {
      kind: 'Push',
      at: context.now(),
      push: 'receiver',
      result: 'ready',
      what: server.url,
    };
    return {
      view: 'list',
      kind: 'PushList',
      items: rows.from([ready]),
      columns: COLUMNS,
      layout: 'lines',
      isLog: true,
      live: true,
      outlivesReader: true,
    };
  },
});
