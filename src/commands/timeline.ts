import { counted } from '../domain/counted.js';
import { buildTimeline } from '../domain/timeline.js';
import type { TextPair } from '../domain/text-pair.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import type { Sms } from '../domain/sms.js';
import { collectSession } from './collect-session.js';
import { defineCommand, type NoOptions } from './command.js';
import { openRecords } from './open-records.js';
import { timelineColumns } from './timeline-columns.js';
import { findRecording } from './timeline-recording.js';

export const command = defineCommand<NoOptions, [string, string[]]>({
  help: {
    purpose:
      'Find out what happened in one call: its events, CDR, recording and SMS as one ladder in time with the gaps between the steps, then how it ended, the code that decides, what it means and what to do, in Chinese and English. SMS carry no session: those of the same binding from the start of the call to ten minutes after its end are shown. What is missing, doubled or contradictory is named; nothing is made up.\n' +
      'A part of the session will do where only one call has it. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'a call of the journal', line: 'privacy-call -p sandbox timeline "$SESSION"' },
      {
        says: 'a failed call from saved pushes, in Chinese',
        line: 'privacy-call timeline 20190123101514 calls/ --lang zh',
      },
      {
        says: 'what to do, for a script',
        line: 'privacy-call timeline 20190123101514 calls/ --query item.remedy.en',
      },
    ],
    output:
      'Timeline: sessionId, subscriptionId, mode, direction, caller, callee, x, y, extension, startedAt, endedAt, outcome, cause {source, code, zh, en}, decidedBy (cdr, disconnect), causes, remedy {zh, en}, ringSeconds, talkSeconds, billedMinutes, recording {state, fileName, domain, fetchBy, hoursLeft, file}, steps [{at, gapSeconds, source (event, cdr, sms), step, text {zh, en}, caller, callee, x, digits, cause}], questions [{code, zh, en}], userData',
    exits: ['partial', 'notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<session>', 'sessionId, or a part that one call has');
    target.argument('[files...]', 'files, folders, globs, -');
  },
  async run(_options, context, session, files) {
    const opened = await openRecords(context, files, { mentioning: session.trim() });
    const { sessionId, items, sms } = await collectSession(opened, session);
    const records = items
      .map(({ record }) => record)
      .filter((record): record is Exclude<NotificationRecord, Sms> => record.kind !== 'Sms');
    const { archive } = await context.store();
    const timeline = buildTimeline({ records, sms }, sessionId);
    return {
      view: 'item',
      kind: 'Timeline',
      item: { ...timeline, recording: await findRecording(items, archive, context.now()) },
      columns: timelineColumns(timeline, context.zone),
      warnings: opened.warnings,
      outcome: () => opened.outcome(),
      hint: hintOf(timeline.steps.length, context.zone),
    };
  },
});

function hintOf(steps: number, zone: string): TextPair {
  return { zh: `${steps} 个步骤 · ${zone}`, en: `${counted(steps, 'step')} · ${zone}` };
}
