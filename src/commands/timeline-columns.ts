import type { CauseSource } from '../domain/cause.js';
import { formatDuration } from '../domain/duration.js';
import { formatInstant, formatLocal } from '../domain/instant.js';
import { formatMode } from '../domain/mode.js';
import { OUTCOME_TEXTS } from '../domain/outcome.js';
import type { Timeline } from '../domain/timeline.js';
import type { TimelineQuestion } from '../domain/timeline-question.js';
import type { TextPair } from '../domain/text-pair.js';
import type { TimelineStep } from '../domain/timeline-step.js';
import type { CellPainter, Column } from '../output/view.js';
import { causeText } from './columns.js';
import type { TimelineRecording } from './timeline-recording.js';

/** A timeline and where its recording is. */
export interface ShownTimeline extends Timeline {
  readonly recording?: TimelineRecording | undefined;
}

type TimelineColumn = Column<ShownTimeline>;

const DECIDED_BY: Readonly<Partial<Record<CauseSource, TextPair>>> = {
  hangup: { zh: '依据 disconnect 的挂机原因值 stateCode', en: 'by the hang-up cause of the disconnect (stateCode)' },
  release: { zh: '依据话单的拆线点 ulFailReason', en: 'by the release point of the CDR (ulFailReason)' },
  q850: { zh: '依据话单的 Q.850 原因值 fwdUnaswRsn', en: 'by the Q.850 cause of the CDR (fwdUnaswRsn)' },
};

const RECORDING_STATES: Readonly<Record<TimelineRecording['state'], TextPair>> = {
  waiting: { zh: '待下载', en: 'waiting to be fetched' },
  archived: { zh: '已存档', en: 'archived' },
  expired: { zh: '已过7天，平台已删除', en: 'past its seven days: deleted by the platform' },
  'too-short': { zh: '通话不足3秒，没有文件', en: 'talk under 3 seconds: no file' },
  'no-location': { zh: '话单中没有录音位置', en: 'the CDR names no file' },
};

const DIRECTIONS = { 'a-to-b': 'A→B', 'b-to-a': 'B→A', abnormal: '?' } as const;

const HEAD: readonly TimelineColumn[] = [
  { field: 'sessionId', title: { zh: '会话', en: 'Session' } },
  {
    field: 'mode',
    title: { zh: '模式', en: 'Mode' },
    cell: ({ mode, direction }) =>
      [mode === undefined ? '' : formatMode(mode), direction === undefined ? '' : DIRECTIONS[direction]]
        .filter(Boolean)
        .join(' ') || undefined,
  },
  { field: 'caller', title: { zh: '主叫', en: 'Caller' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'y', title: { zh: 'Y号码', en: 'Y' } },
  { field: 'extension', title: { zh: '分机号', en: 'Extension' } },
  { field: 'callee', title: { zh: '被叫', en: 'Callee' } },
  { field: 'subscriptionId', title: { zh: '绑定ID', en: 'Binding ID' } },
];

const TAIL: readonly TimelineColumn[] = [
  {
    field: 'outcome',
    title: { zh: '结果', en: 'Outcome' },
    cell: ({ outcome }, paint) => {
      const words = paint.words(OUTCOME_TEXTS[outcome]) ?? outcome;
      return outcome === 'answered' ? paint.good(words) : paint.bad(words);
    },
  },
  {
    field: 'cause.code',
    title: { zh: '原因', en: 'Cause' },
    cell: ({ cause }, paint) => {
      const words = causeText(cause, paint);
      const by = cause === undefined ? undefined : paint.words(DECIDED_BY[cause.source]);
      return words === undefined || by === undefined ? words : `${words} ${paint.faint(`(${by})`)}`;
    },
  },
  {
    field: 'remedy',
    title: { zh: '处理', en: 'What to do' },
    cell: ({ remedy }, paint) => paint.words(remedy),
    value: ({ remedy }, lang) => remedy?.[lang],
  },
  {
    field: 'ringSeconds',
    title: { zh: '振铃时长', en: 'Rang' },
    cell: ({ ringSeconds }, paint) => paint.seconds(ringSeconds),
  },
  {
    field: 'talkSeconds',
    title: { zh: '通话', en: 'Talk' },
    cell: ({ talkSeconds }, paint) => paint.seconds(talkSeconds),
  },
  { field: 'billedMinutes', title: { zh: '计费分钟', en: 'Minutes billed' } },
  {
    field: 'recording.state',
    title: { zh: '录音', en: 'Recording' },
    cell: ({ recording }, paint) => {
      if (recording === undefined) return undefined;
      const { state, fileName, file, hoursLeft } = recording;
      const left = hoursLeft === undefined ? undefined : formatDuration(hoursLeft * 3600);
      const text = left === undefined ? undefined : paint.words({ zh: `剩余${left}`, en: `${left} left` });
      return [paint.words(RECORDING_STATES[state]), paint.text(file ?? fileName), text].filter(Boolean).join(' · ');
    },
  },
  { field: 'userData', title: { zh: '用户数据', en: 'User data' } },
];

function widest<T>(items: readonly T[], widthOf: (item: T) => number): number {
  return items.reduce((most, item) => Math.max(most, widthOf(item)), 0);
}

/** Rows of a timeline: who, the ladder, how it ended and what to do, what is open. `zone` is that of the ladder's times. */
export function timelineColumns(timeline: Timeline, zone: string): readonly TimelineColumn[] {
  const { steps } = timeline;
  const gapWidth = widest(steps, (step) => gapOf(step).length);
  let nameWidth: number | undefined;
  const widthOfNames = (paint: CellPainter): number => (nameWidth ??= widest(steps, ({ step }) => paint.width(step)));
  return [
    ...HEAD,
    ...steps.map((step, index) => rung(step, { index, zone, gapWidth, widthOfNames })),
    ...TAIL,
    ...timeline.questions.map((question, index) => openQuestion(question, index)),
  ];
}

function gapOf({ gapSeconds }: TimelineStep): string {
  return gapSeconds === undefined ? '' : `+${formatDuration(gapSeconds)}`;
}

function rung(
  step: TimelineStep,
  place: {
    readonly index: number;
    readonly zone: string;
    readonly gapWidth: number;
    /** Asked only where a cell is drawn: in a pipe nobody measures characters. */
    readonly widthOfNames: (paint: CellPainter) => number;
  },
): TimelineColumn {
  const { index, zone, gapWidth, widthOfNames } = place;
  const title = step.at === undefined ? '—' : formatLocal(step.at, zone);
  return {
    field: `steps.${index}`,
    title: { zh: title, en: title },
    cell: (_, paint) =>
      [
        paint.faint(gapOf(step).padStart(gapWidth)),
        `${paint.text(step.step) ?? ''}${' '.repeat(widthOfNames(paint) - paint.width(step.step))}`,
        paint.text(paint.words(step.text)),
        sidesOf(step, paint),
      ]
        .filter((part) => part !== undefined)
        .join('  '),
    hangs: (paint) => gapWidth + widthOfNames(paint) + 4,
    value: (_, lang) =>
      [step.at === undefined ? '' : formatInstant(step.at, zone), step.step, step.text[lang]].filter(Boolean).join(' '),
  };
}

/** Numbers of an SMS are the real ones; those of events are not, and stay in the JSON. */
function sidesOf({ source, caller, callee }: TimelineStep, paint: CellPainter): string | undefined {
  if (source !== 'sms' || caller === undefined) return undefined;
  return [paint.number(caller), paint.number(callee)].filter(Boolean).join(' → ');
}

function openQuestion(question: TimelineQuestion, index: number): TimelineColumn {
  return {
    field: `questions.${index}`,
    title: { zh: '待查', en: 'Open' },
    cell: (_, paint) => paint.words(question),
    value: (_, lang) => question[lang],
  };
}
