import { formatPlatformTime } from '../domain/instant.js';
import type { Mode } from '../domain/mode.js';

type Body = Readonly<Record<string, unknown>>;

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';

/** `serviceType` by mode; that of AXE is not documented. Source: privatenumber_02_0006a (read 2026-07). */
const SERVICE_TYPES: Readonly<Partial<Record<Mode, string>>> = { ax: '003', axb: '004', x: '004', axyb: '007' };

/** Makes pushes as the platform would send them for an application of one mode, with numbers and calls that nobody has. */
export class MadeUpPushes {
  readonly #mode: Mode;
  readonly #run: string;
  readonly #now: Date;
  readonly #appKey: string;
  #calls = 0;

  /** @param options `run` stands in the names of all calls and messages, so that they can be found and removed. */
  constructor(options: { readonly mode: Mode; readonly run: string; readonly now: Date; readonly appKey: string }) {
    this.#mode = options.mode;
    this.#run = options.run;
    this.#now = options.now;
    this.#appKey = options.appKey;
  }

  /** Name of a call or message that was not there before. */
  session(): string {
    this.#calls += 1;
    return `check_${this.#run}_${this.#calls}`;
  }

  /** The notices of an answered call, in order. Source: privatenumber_02_0006, _1, _2, _3 (field tables, read 2026-07). */
  events(sessionId: string): readonly Body[] {
    const digits = this.#mode === 'axe' ? [this.event('collectInfo', sessionId, 2, { digitInfo: '12' })] : [];
    const callin = this.#mode === 'x' ? [] : [this.event('callin', sessionId, 0, { caller: B, called: X })];
    const legs = ['callout', 'alerting', 'answer'].map((type, index) =>
      this.event(type, sessionId, 3 + index, { caller: X, called: A, subscriptionId: this.#subscription() }),
    );
    const end = { caller: X, called: A, stateCode: 0, stateDesc: 'The user releases the call.' };
    return [...callin, ...digits, ...legs, this.event('disconnect', sessionId, 65, end)];
  }

  event(eventType: string, sessionId: string, seconds: number, more: Body): Body {
    return { eventType, statusInfo: { timestamp: this.#time(seconds), sessionId, ...more } };
  }

  /** The question of X mode: whom to put through. Source: privatenumber_02_0006_2 (read 2026-07). */
  blockCall(sessionId: string): Body {
    return this.event('callin', sessionId, 0, { caller: B, called: X, notifyMode: 'Block' });
  }

  /** CDRs in one push. */
  fees(entries: readonly Body[]): Body {
    return { eventType: 'fee', feeLst: entries };
  }

  /** The CDR of an answered call. Source: privatenumber_02_0006a (FeeInfo, read 2026-07). */
  fee(sessionId: string, more: Body = {}): Body {
    return {
      direction: 0,
      spId: 'check',
      appKey: this.#appKey,
      icid: `${sessionId}.1`,
      bindNum: X,
      sessionId,
      subscriptionId: this.#subscription(),
      callerNum: B,
      calleeNum: X,
      fwdDisplayNum: X,
      fwdDstNum: A,
      callInTime: this.#time(0),
      fwdStartTime: this.#time(1),
      fwdAlertingTime: this.#time(3),
      fwdAnswerTime: this.#time(5),
      callEndTime: this.#time(65),
      fwdUnaswRsn: 0,
      ulFailReason: 0,
      sipStatusCode: 0,
      callOutUnaswRsn: 0,
      recordFlag: 0,
      ttsPlayTimes: 0,
      ttsTransDuration: 0,
      mptyId: this.#subscription(),
      serviceType: SERVICE_TYPES[this.#mode] ?? '004',
      hostName: 'check.invalid',
      ...(this.#mode === 'axe' ? { extendNum: '12' } : {}),
      ...(this.#mode === 'x' ? { notifyMode: 'Block' } : {}),
      ...more,
    };
  }

  /** Source: privatenumber_02_0008, _2, _3 (read 2026-07). */
  sms(notificationMode: 'Notify' | 'Block', smsIdentifier: string, smsContent: string): Body {
    const extParas = [
      { key: 'splitNum', value: '1' },
      { key: 'direction', value: '0' },
    ];
    const smsEvent = {
      smsIdentifier,
      notificationMode,
      calling: B,
      virtualNumber: X,
      event: 'Text SMS ',
      timeStamp: this.#now.toISOString(),
      ...(notificationMode === 'Notify' ? { called: A, subscriptionId: this.#subscription() } : {}),
      smsContent,
      extInfo: { extParas },
      sendResult: 0,
    };
    return { appKey: this.#appKey, smsEvent };
  }

  /** Source: numstatus_notify_axb (read 2026-07). */
  numberStatus(): Body {
    return { eventType: 'numStatus', numInfo: [{ number: X, status: '10', cause: '2' }] };
  }

  #subscription(): string {
    return `check_${this.#run}_binding`;
  }

  /** A call that began two minutes ago. */
  #time(seconds: number): string {
    return formatPlatformTime(new Date(this.#now.getTime() - 120_000 + seconds * 1000));
  }
}
