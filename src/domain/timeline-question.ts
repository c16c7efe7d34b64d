import type { CallEvent } from './call-event.js';
import type { CallRecord } from './call-record.js';
import { isChinaMobile, isGlobalNumber } from './phone-number.js';
import type { TextPair } from './text-pair.js';
import { EVENT_ORDER, stepRank } from './timeline-step.js';
import { hasEmptyBinding, type TimelineVerdict } from './timeline-verdict.js';

/** Something that the records of a call leave open, or that is wrong with them. */
export interface TimelineQuestion extends TextPair {
  readonly code:
    | 'call-not-over'
    | 'cdr-missing'
    | 'events-missing'
    | 'steps-missing'
    | 'out-of-order'
    | 'event-twice'
    | 'cdr-twice'
    | 'step-without-time'
    | 'causes-differ'
    | 'binding-empty'
    | 'caller-landline'
    | 'callee-abroad';
}

/** What the questions are asked about. */
interface Call {
  readonly events: readonly CallEvent[];
  readonly records: readonly CallRecord[];
  readonly verdict: TimelineVerdict;
}

type Asked = TimelineQuestion | undefined;

const list = (names: Iterable<string>): string => [...names].join(', ');

function askWhatCame({ events, records }: Call): Asked {
  if (records.length === 0 && !events.some(({ type }) => type === 'disconnect')) {
    return {
      code: 'call-not-over',
      zh: '既没有 disconnect 也没有话单：通话可能仍在进行，或其推送尚未收到',
      en: 'neither a disconnect nor a CDR: the call may be going on, or their pushes have not come',
    };
  }
  if (records.length === 0) {
    return {
      code: 'cdr-missing',
      zh: '有事件但没有话单：平台会在1、4、9、106、203、300分钟后重推；之后只能在控制台业务详单中查（31天）',
      en: 'events but no CDR yet: the platform tries again after 1, 4, 9, 106, 203 and 300 minutes; later only the console has it (业务详单, 31 days)',
    };
  }
  if (events.length > 0) return undefined;
  return {
    code: 'events-missing',
    zh: '有话单但没有呼叫事件：请检查应用的呼叫状态接收地址，或事件是否保存在别处',
    en: 'a CDR but no events: check the address for call states (呼叫状态接收地址), or whether the events are kept elsewhere',
  };
}

/** What must have been before: an answer was rung for, whatever rang was put through, and all began with a `callin`. */
function expectedEvents({ events, records }: Call): Set<string> {
  const types = new Set(events.map(({ type }) => type));
  const expected = new Set<string>(['callin']);
  const answered = types.has('answer') || records.some(({ answeredAt }) => answeredAt !== undefined);
  const rang = answered || types.has('alerting') || records.some(({ ringingAt }) => ringingAt !== undefined);
  if (rang || types.has('callout')) expected.add('callout');
  if (rang) expected.add('alerting');
  if (answered) expected.add('answer');
  if (records.length > 0) expected.add('disconnect');
  if (records.some(({ mode, direction }) => mode === 'axe' && direction === 'b-to-a')) expected.add('collectInfo');
  return expected;
}

function askMissingSteps(call: Call): Asked {
  const types = new Set(call.events.map(({ type }) => type));
  const expected = expectedEvents(call);
  const missing = EVENT_ORDER.filter((type) => expected.has(type) && !types.has(type));
  if (call.events.length === 0 || missing.length === 0) return undefined;
  return {
    code: 'steps-missing',
    zh: `缺少事件：${list(missing)}`,
    en: `events that must have been, but did not come: ${list(missing)}`,
  };
}

function askOrder({ events }: Call): Asked {
  const timed = events
    .filter((event) => event.at !== undefined)
    .sort(
      (one, other) =>
        (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0) || stepRank(one.type) - stepRank(other.type),
    );
  const wrong = timed.filter(({ type }, index) => stepRank(type) < stepRank(timed[index - 1]?.type ?? 'callin'));
  if (wrong.length === 0) return undefined;
  const names = list(new Set(wrong.map(({ type }) => type)));
  return {
    code: 'out-of-order',
    zh: `事件时间与顺序不符：${names} 晚于其后续事件`,
    en: `out of order by their own times: ${names} after an event that follows it`,
  };
}

function askRepeated({ events }: Call): Asked {
  const types = events.map(({ type }) => type);
  const twice = [...new Set(types.filter((type, index) => types.indexOf(type) !== index))].sort();
  if (twice.length === 0) return undefined;
  return {
    code: 'event-twice',
    zh: `同一事件有内容不同的多份：${list(twice)}`,
    en: `the same event more than once, with other content: ${list(twice)}`,
  };
}

function askRecords({ records }: Call): Asked {
  if (records.length < 2) return undefined;
  return {
    code: 'cdr-twice',
    zh: `同一会话有${records.length}份话单：以接通的为准，否则以最后结束的为准`,
    en: `${records.length} CDRs for one session: an answered one counts, else the one that ended last`,
  };
}

function askTimes({ events }: Call): Asked {
  const types = [...new Set(events.filter(({ at }) => at === undefined).map(({ type }) => type))].sort();
  if (types.length === 0) return undefined;
  return {
    code: 'step-without-time',
    zh: `没有时间的事件：${list(types)}`,
    en: `events without a time: ${list(types)}`,
  };
}

function askCauses({ verdict }: Call): Asked {
  const codes = verdict.causes.filter(({ source, code }) => source !== 'q850' && code !== '0').map(({ code }) => code);
  if (new Set(codes).size < 2) return undefined;
  const named = verdict.causes
    .filter(({ code }) => code !== '0')
    .map(({ source, code }) => `${source} ${code}`)
    .join(', ');
  return { code: 'causes-differ', zh: `原因值不一致：${named}`, en: `the codes differ: ${named}` };
}

function askBinding({ records }: Call): Asked {
  if (!records.some((record) => hasEmptyBinding(record) && record.mode !== 'x')) return undefined;
  return {
    code: 'binding-empty',
    zh: '话单的绑定ID为空：主叫或被叫与X号码没有绑定关系',
    en: 'the CDR has an empty binding ID: caller or callee has no binding with X',
  };
}

function askCaller({ records, verdict }: Call): Asked {
  if (verdict.outcome === 'answered') return undefined;
  const landline = records.some(
    ({ caller }) => caller?.startsWith('+86') === true && !isChinaMobile(caller) && isGlobalNumber(caller),
  );
  if (!landline) return undefined;
  return {
    code: 'caller-landline',
    zh: '主叫不是手机号码：固话不能拨打X号码',
    en: 'the caller is no mobile number: landlines cannot dial X',
  };
}

function askCallee({ records, verdict }: Call): Asked {
  if (verdict.outcome === 'answered') return undefined;
  if (!records.some(({ callee }) => callee !== undefined && isGlobalNumber(callee) && !callee.startsWith('+86'))) {
    return undefined;
  }
  return {
    code: 'callee-abroad',
    zh: '被叫不在中国大陆：境外及港澳台号码不能接通',
    en: 'the callee is outside mainland China: such numbers cannot be reached',
  };
}

/**
 * What is missing, doubled or contradictory in what is known of a call, and what a failed call may come from.
 * Source: FAQ "bound, but calls fail" and "no events or CDRs", pn_faq_00023_6, pn_faq_00028 (read 2026-07).
 */
export function askQuestions(call: Call): TimelineQuestion[] {
  const asks = [
    askWhatCame,
    askMissingSteps,
    askOrder,
    askRepeated,
    askRecords,
    askTimes,
    askCauses,
    askBinding,
    askCaller,
    askCallee,
  ];
  return asks.flatMap((ask) => ask(call) ?? []);
}
