import type { Command } from 'commander';
import { counted } from '../../domain/counted.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { Sandbox } from '../../sandbox/state-folder.js';
import type { SandboxControl } from '../../sandbox/control-client.js';
import type { Column } from '../../output/view.js';
import { parseAddress, parseFactor, parseWaitMs } from '../parse-flags.js';

/** The longest wait that the sandbox takes. */
const MOST_BLOCK_WAIT = '60s';

/** Where the sandbox's pushes go. */
export interface PushFlags {
  readonly push?: string;
  readonly pushCdr?: string;
  readonly pushEvent?: string;
  readonly pushSms?: string;
  readonly pushSmsBlock?: string;
  readonly pushNumber?: string;
  readonly timeScale?: string;
  readonly answerWait?: string;
}

/** Adds the flags that set push addresses. */
export function addPushFlags(command: Command): void {
  command
    .option('--push <address>', 'address for every kind of push; kept until it is changed')
    .option('--push-cdr <address>', 'address for CDRs (呼叫话单接收地址)')
    .option('--push-event <address>', 'address for call events (呼叫状态接收地址)')
    .option('--push-sms <address>', 'address for SMS notices (短信通知地址)')
    .option('--push-sms-block <address>', 'address for SMS questions (短信控制地址)')
    .option('--push-number <address>', 'address for number states (X号码状态接收地址)')
    .option('--time-scale <factor>', 'the minutes between the tries pass so much faster: 600x; kept until changed')
    .option(
      '--answer-wait <time>',
      'how long a question (Block) waits for its answer (3s at first); kept until changed',
    );
}

/** What {@link PushFlags} ask for. */
export interface PushSettings {
  readonly push: Readonly<Record<string, string>>;
  readonly timeScale: number | undefined;
  readonly blockWaitMs: number | undefined;
}

/** @throws AppError `flag-invalid`. */
export function parsePushFlags(flags: PushFlags): PushSettings {
  const own = {
    cdr: ['--push-cdr', flags.pushCdr],
    event: ['--push-event', flags.pushEvent],
    sms: ['--push-sms', flags.pushSms],
    smsBlock: ['--push-sms-block', flags.pushSmsBlock],
    number: ['--push-number', flags.pushNumber],
  } as const;
  const push = Object.fromEntries(
    Object.entries(own).flatMap(([kind, [flag, text]]) => {
      if (text !== undefined) return [[kind, parseAddress(flag, text).href]];
      return flags.push === undefined ? [] : [[kind, parseAddress('--push', flags.push).href]];
    }),
  );
  const timeScale = flags.timeScale === undefined ? undefined : 1 / parseFactor('--time-scale', flags.timeScale);
  const blockWaitMs =
    flags.answerWait === undefined
      ? undefined
      : parseWaitMs('--answer-wait', flags.answerWait, { most: MOST_BLOCK_WAIT });
  return { push, timeScale, blockWaitMs };
}

/** Sets what was given of addresses, retries and waits, for every application of the sandbox. */
export async function setPushes(control: SandboxControl, settings: PushSettings): Promise<void> {
  const { push, timeScale, blockWaitMs } = settings;
  if (Object.keys(push).length > 0) await control.applications({ push });
  if (timeScale !== undefined || blockWaitMs !== undefined) await control.pushes({ timeScale, blockWaitMs });
}

/** One push as the sandbox's commands show it. */
export type PushOutcome = Awaited<ReturnType<Sandbox['control']['pushes']>>[number];

/** `3 pushes delivered`, or what became of them. */
export function describePushes(pushes: readonly PushOutcome[]): TextPair {
  if (pushes.length === 0)
    return {
      zh: '未设置推送地址，没有推送（--push <address>）',
      en: 'no push address is set: nothing was pushed (--push <address>)',
    };
  const delivered = pushes.filter(({ state }) => state === 'delivered').length;
  const waiting = pushes.length - delivered;
  const last = pushes.find(({ state }) => state !== 'delivered')?.lastAnswer;
  if (waiting === 0)
    return { zh: `${delivered} 个推送已送达`, en: `${counted(delivered, 'push', 'pushes')} delivered` };
  return {
    zh: `${delivered} 个已送达，${waiting} 个等待重试${last === undefined ? '' : `（${last}）`}`,
    en: `${delivered} delivered, ${waiting} waiting for another try${last === undefined ? '' : ` (${last})`}`,
  };
}

/** Column for what became of the pushes. */
export function pushesColumn<T extends { readonly pushes: readonly PushOutcome[] }>(): Column<T> {
  return {
    field: 'pushes',
    title: { zh: '推送', en: 'Pushes' },
    cell: ({ pushes }, paint) => paint.words(describePushes(pushes)),
    value: ({ pushes }) => describePushes(pushes).en,
  };
}
