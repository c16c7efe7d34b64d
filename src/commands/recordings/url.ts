import { counted } from '../../domain/counted.js';
import { pairOf, type TextPair, toldOf } from '../../domain/text-pair.js';
import { AppError, isAppError } from '../../errors.js';
import type { CallRecord } from '../../domain/call-record.js';
import type { CommandContext } from '../command-context.js';
import { missingText, type MissingReason } from '../../recordings/missing-texts.js';
import { defineCommand } from '../command.js';
import { parseCount } from '../parse-flags.js';
import { addRecordFlags, type RecordOptions } from '../record-flags.js';
import { buildPlatformOf } from './platform-of.js';
import { planFromFlags } from './plan-from-flags.js';

interface UrlOptions extends RecordOptions {
  readonly file?: string;
  readonly domain?: string;
  readonly print0?: boolean;
}

interface Row {
  readonly kind: 'RecordingAddress';
  readonly sessionId?: string | undefined;
  readonly fileName?: string | undefined;
  readonly url?: string | undefined;
  readonly reason?: TextPair | undefined;
  /** Nobody can have one: expired, or too short. */
  readonly overdue?: boolean | undefined;
}

const NO_REASON: TextPair = { zh: '原因未知', en: 'no reason known' };

export const command = defineCommand<UrlOptions, [string[]]>({
  help: {
    purpose:
      'Print the download address of recordings: of the recorded calls in files or the journal, or of one file name and domain. The address is good for a limited time (how long is not documented): use it at once, and send no signature headers to it.',
    examples: [
      {
        says: 'addresses for another downloader',
        line: 'privacy-call -p sandbox recordings url --since 24h -o ndjson',
      },
      {
        says: 'one recording',
        line: 'privacy-call -p sandbox recordings url --session "$SESSION" --query "items[0].url"',
      },
    ],
    output: 'RecordingAddress: sessionId, fileName, url, reason (why there is none)',
    exits: ['partial', 'auth', 'notFound', 'busy', 'network', 'empty', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, true);
    target
      .option('--file <name>', 'recordObjectName of a CDR, with --domain')
      .option('--domain <host>', 'recordDomain of the same CDR')
      .option('--print0', 'addresses alone, each ended by a NUL character, for xargs -0');
  },
  async run(options, context, files) {
    if ((options.file === undefined) !== (options.domain === undefined)) {
      throw new AppError('flag-missing', {
        zh: '--file 和 --domain 必须一起给出：两者都在话单中',
        en: '--file and --domain go together: both are in the CDR',
      });
    }
    const rows =
      options.file === undefined || options.domain === undefined
        ? fromRecords(options, context, files)
        : one(context, options.file, options.domain);
    if (options.print0 === true) {
      let text = '';
      for await (const { url, reason = NO_REASON } of rows) {
        if (url === undefined) await context.note({ zh: `没有地址：${reason.zh}`, en: `no address: ${reason.en}` });
        else text += `${url}\0`;
      }
      return { view: 'text', text };
    }
    let failed = 0;
    let found = 0;
    let why: TextPair | undefined;
    const listed = async function* () {
      for await (const row of rows) {
        if (row.url !== undefined) found += 1;
        else {
          if (row.overdue !== true) failed += 1;
          why ??= row.reason;
        }
        yield { ...row, reason: toldOf(row.reason), overdue: undefined };
      }
    };
    const outcome = (): AppError | undefined => {
      // Whoever asks for one call wants to know that there is nothing.
      if (options.session !== undefined && found === 0) {
        const reason = why ?? { zh: '没有该会话的录音通话', en: 'no recorded call with this session is known' };
        const words = { zh: `该会话没有地址：${reason.zh}`, en: `no address for the session: ${reason.en}` };
        return new AppError('recording-not-found', words);
      }
      return failed === 0
        ? undefined
        : new AppError('some-failed', {
            zh: `${failed} 个录音没有地址`,
            en: `${counted(failed, 'recording has', 'recordings have')} no address`,
          });
    };
    return {
      view: 'list',
      kind: 'RecordingAddressList',
      items: listed(),
      columns: [
        { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true },
        { field: 'url', title: { zh: '下载地址', en: 'Address' } },
        { field: 'reason', title: { zh: '原因', en: 'Why not' } },
      ],
      outcome,
      footer: () => {
        if (found === 0) return undefined;
        return {
          zh: '完整地址：-o ndjson、--print0 或输出到管道',
          en: 'addresses in full: -o ndjson, --print0, or a pipe',
        };
      },
    };
  },
});

async function* one(context: CommandContext, fileName: string, domain: string): AsyncGenerator<Row> {
  const platform = await context.platform(context.mode);
  yield { kind: 'RecordingAddress', fileName, url: await platform.recordingAddress({ fileName, domain }) };
}

async function* fromRecords(
  options: RecordOptions,
  context: CommandContext,
  files: readonly string[],
): AsyncGenerator<Row> {
  const { plan } = await planFromFlags(context, files, options);
  const platformOf = buildPlatformOf(context);
  const limit = options.limit === undefined ? Infinity : parseCount('--limit', options.limit);
  for (const { record } of [...plan.toFetch, ...plan.archived].slice(0, limit)) {
    const { fileName, domain, url } = record.recording ?? {};
    const row = { kind: 'RecordingAddress' as const, sessionId: record.sessionId, fileName };
    if (fileName === undefined || domain === undefined) {
      yield { ...row, url };
      continue;
    }
    try {
      const platform = await platformOf(record);
      yield { ...row, url: await platform.recordingAddress({ fileName, domain }) };
    } catch (error) {
      if (!isAppError(error, 'recording-not-found')) throw error;
      yield { ...row, reason: pairOf(error.words) };
    }
  }
  const gone = (record: CallRecord, why: MissingReason): Row => ({
    kind: 'RecordingAddress',
    sessionId: record.sessionId,
    fileName: record.recording?.fileName,
    reason: missingText(why),
    overdue: true,
  });
  for (const { record } of plan.expired) yield gone(record, 'overdue');
  for (const record of plan.tooShort) yield gone(record, 'under-3-s');
  for (const record of plan.withoutLocation) yield gone(record, 'no-location');
}
