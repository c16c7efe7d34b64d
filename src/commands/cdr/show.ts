import { formatInstant } from '../../domain/instant.js';
import { readFeeFields, type ReadFeeField } from '../../domain/read-fee-field.js';
import { feeField } from '../../domain/fee-fields.js';
import { AppError } from '../../errors.js';
import { cellText } from '../../output/plain-data.js';
import type { CellPainter, Column } from '../../output/view.js';
import { collectSession } from '../collect-session.js';
import { defineCommand, type NoOptions } from '../command.js';
import { openRecords } from '../open-records.js';

interface Row extends ReadFeeField {
  readonly kind: 'CdrField';
  readonly sessionId: string;
  /** From 1; a session may have several CDRs. */
  readonly cdr: number;
}

function valueCell({ field, value }: Row, paint: CellPainter): string | undefined {
  const text = cellText(value);
  if (text === '') return '—';
  return feeField(field)?.type === 'number' ? paint.number(text) : paint.text(text);
}

/** `2019-01-23 17:15:14`, and with it every phone number: what is cut shorter tells nothing. */
const TIME_WIDTH = 19;

function columnsFor(zone: string, several: boolean): readonly Column<Row>[] {
  return [
    ...(several ? [{ field: 'cdr', title: { zh: '话单', en: 'CDR' } }] : []),
    { field: 'field', title: { zh: '字段', en: 'Field' } },
    { field: 'value', title: { zh: '值', en: 'Value' }, cell: valueCell, cuts: true, keeps: TIME_WIDTH },
    {
      field: 'reads',
      title: { zh: '即', en: 'Reads' },
      cuts: true,
      keeps: TIME_WIDTH,
      cell: ({ at, reads }, paint) => (at === undefined ? paint.words(reads) : paint.instant(at)),
      value: ({ at, reads }, lang) => (at === undefined ? reads?.[lang] : formatInstant(at, zone)),
    },
    {
      field: 'meaning',
      title: { zh: '含义', en: 'Meaning' },
      cuts: true,
      drops: 1,
      cell: ({ meaning }, paint) => paint.words(meaning),
      value: ({ meaning }, lang) => meaning?.[lang],
    },
  ];
}

export const command = defineCommand<NoOptions, [string, string[]]>({
  help: {
    purpose:
      'Show every field of the CDR of one call as the platform sent it, with what the field means and what its value says: times in the chosen zone, codes in words, Chinese or English. Fields that are not documented are shown too. A part of the session will do where only one call has it. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'a call of the journal', line: 'privacy-call -p sandbox cdr show "$SESSION"' },
      { says: 'a saved CDR, in Chinese', line: 'privacy-call cdr show 20190123091514 calls/ --lang zh' },
    ],
    output:
      'CdrField: sessionId, cdr (from 1), field, value (as it came), at (of times), reads {zh, en}, meaning {zh, en}',
    exits: ['partial', 'notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<session>', 'sessionId, or a part that one call has');
    target.argument('[files...]', 'files, folders, globs, -');
  },
  async run(_options, context, session, files) {
    const records = await openRecords(context, files, {
      mentioning: session.trim(),
      kinds: ['CallRecord', 'CallEvent'],
    });
    const { sessionId, items } = await collectSession(records, session);
    const fees = items.flatMap(({ record }) => (record.kind === 'CallRecord' ? [record.raw] : []));
    if (fees.length === 0) {
      throw new AppError(
        'session-not-found',
        {
          zh: `${sessionId}：有该呼叫的事件，但还没有话单`,
          en: `${sessionId}: there are events of this call, but no CDR yet`,
        },
        {
          hint: { zh: 'privacy-call timeline 显示已收到的内容。', en: 'privacy-call timeline shows what has come.' },
        },
      );
    }
    const rows = fees.flatMap((raw, index): Row[] =>
      readFeeFields(raw).map((read) => ({ kind: 'CdrField', sessionId, cdr: index + 1, ...read })),
    );
    return {
      view: 'list',
      kind: 'CdrFieldList',
      items: rows,
      columns: columnsFor(context.zone, fees.length > 1),
      warnings: records.warnings,
      outcome: () => records.outcome(),
      footer: () => `${sessionId} · ${context.zone}`,
    };
  },
});
