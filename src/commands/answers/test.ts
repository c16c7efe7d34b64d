import type { TextPair } from '../../domain/text-pair.js';
import { counted } from '../../domain/counted.js';
import { AppError } from '../../errors.js';
import { type AnswerRule, decideAnswer } from '../../receiver/answer-rules.js';
import { type BlockQuestion, questionOfBody } from '../../receiver/block-question.js';
import type { Column } from '../../output/view.js';
import { defineCommand } from '../command.js';
import { readRules } from '../listen/reloadable.js';
import { openRecords } from '../open-records.js';
import { parseTime } from '../parse-flags.js';

interface TestOptions {
  readonly at?: string;
  readonly failIfDefault?: boolean;
}

interface AnswerRow {
  readonly kind: 'Answer';
  readonly push: string;
  /** `call` or `sms`. */
  readonly question: string;
  readonly at: Date;
  readonly x?: string | undefined;
  readonly caller?: string | undefined;
  /** `default` where none fits. */
  readonly rule: string;
  /** Line of the rule in its file. */
  readonly line?: number | undefined;
  readonly answer: unknown;
}

const COLUMNS: readonly Column<AnswerRow>[] = [
  { field: 'push', title: { zh: '推送', en: 'Push' }, cuts: true },
  { field: 'question', title: { zh: '类型', en: 'Waits' } },
  { field: 'at', title: { zh: '时间', en: 'At' }, cell: ({ at }, paint) => paint.instant(at) },
  { field: 'x', title: { zh: 'X 号码', en: 'X' }, cell: ({ x }, paint) => paint.number(x) },
  { field: 'caller', title: { zh: '主叫', en: 'Caller' }, cell: ({ caller }, paint) => paint.number(caller) },
  { field: 'rule', title: { zh: '规则', en: 'Rule' } },
  { field: 'line', title: { zh: '行', en: 'Line' }, align: 'right' },
  {
    field: 'answer',
    title: { zh: '应答', en: 'Answer' },
    cuts: true,
    cell: ({ answer }, paint) => paint.text(JSON.stringify(answer)),
    value: ({ answer }) => JSON.stringify(answer),
  },
];

export const command = defineCommand<TestOptions, [string, string[]]>({
  help: {
    purpose:
      'Check the rules of "listen --answers", and show which of them answers what. Takes saved pushes: files, folders, globs, -; without any, the journal of the profile. Pushes for whose answer the platform does not wait are left out.\n' +
      'A file of rules is {"callForm": "object", "smsForm": "array", "calls": [...], "sms": [...]}. A rule has conditions x, caller (a number, or with * for any digits: call events do not tell the whole one, so write 138****0001 or 138* there), time ("22:00-06:00", Beijing) and, for SMS, content (a part of the text), each also as a list; all that are given must hold, and the first rule that fits answers. What it answers: connect {calleeNum, displayCalleeNum, maxDuration, waitVoice, recordFlag, recordHintTone, lastMinVoice, userData} or close {closeHintTone, userData}, the fields of the platform; for SMS forward {called, userData} or discard true. callForm "array" wraps connectInfo and closeInfo into an array, smsForm "object" unwraps actions: the documentation of the platform has both.',
    examples: [
      { says: 'which rule answers what', line: 'privacy-call answers test rules.json block/' },
      {
        says: 'the same pushes at night',
        line: 'privacy-call answers test rules.json block/ --at "2026-11-22 23:00" -o tsv --fields question,rule',
      },
    ],
    output: 'Answer: push, question (call, sms), at, x, caller, rule (default where none fits), line, answer',
    exits: ['partial', 'empty', 'assertion', 'storage'],
  },
  define: (target) => {
    target
      .argument('<rules>', 'file of rules')
      .argument('[files...]', 'files, folders, globs, -')
      .option('--at <time>', 'as if all had come at this time')
      .option('--fail-if-default', 'exit code 10 when a push is left to the default');
  },
  async run(options, context, file, files) {
    const rules = await readRules('', file, context);
    const when = { zone: context.zone, now: context.now() };
    const at = options.at === undefined ? undefined : parseTime('--at', options.at, when);
    const found = await openRecords(context, files);
    let defaults = 0;
    const rows = async function* (): AsyncGenerator<AnswerRow> {
      for await (const { record, file: name, line, receivedAt } of found.items) {
        if (record.kind !== 'CallEvent' && record.kind !== 'Sms') continue;
        const asked = questionOfBody(record.raw, at ?? receivedAt ?? record.at ?? context.now());
        if (asked === undefined) continue;
        const row = rowOf(`${name}:${line}`, rules, asked);
        if (row.line === undefined) defaults += 1;
        yield row;
      }
    };
    return {
      view: 'list',
      kind: 'AnswerList',
      items: rows(),
      columns: COLUMNS,
      warnings: found.warnings,
      outcome: () => found.outcome() ?? complaint(options, defaults),
      footer: (count) => footerOf(rules, count),
    };
  },
});

function rowOf(push: string, rules: readonly AnswerRule[], question: BlockQuestion): AnswerRow {
  const { rule, body } = decideAnswer(rules, question);
  const { kind, at, x, caller } = question;
  const answer: unknown = JSON.parse(body);
  return {
    kind: 'Answer',
    push,
    question: kind,
    at,
    x,
    caller,
    rule: rule?.name ?? 'default',
    line: rule?.line,
    answer,
  };
}

function complaint({ failIfDefault }: TestOptions, defaults: number): AppError | undefined {
  if (failIfDefault !== true || defaults === 0) return undefined;
  return new AppError('expectation-failed', {
    zh: `${defaults} 个推送按默认处理：没有符合的规则`,
    en: `${counted(defaults, 'push is', 'pushes are')} left to the default: no rule fits`,
  });
}

function footerOf(rules: readonly AnswerRule[], count: number): TextPair {
  return {
    zh: `${rules.length} 条规则，${count} 个推送`,
    en: `${counted(rules.length, 'rule')}, ${counted(count, 'push', 'pushes')}`,
  };
}
