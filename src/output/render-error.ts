import { maskText } from '../domain/phone-number.js';
import { wordsIn } from '../domain/text-pair.js';
import { AppError, isAppError, isOutOfDescriptors, storageError } from '../errors.js';
import { safeMessage, safeText } from './safe-text.js';

/** How an error is shown. */
export interface ErrorOptions {
  /** One JSON line instead of text. */
  readonly json: boolean;
  readonly colour: boolean;
  /** Show the stack too. */
  readonly verbose: boolean;
  /** Of the text; JSON is the same in every language. */
  readonly lang: 'zh' | 'en';
}

/** What chalk writes; it would be loaded with every command to be there when one fails. */
const STYLES = { red: ['\u001b[31m', '\u001b[39m'], dim: ['\u001b[2m', '\u001b[22m'] } as const;

/** What stands before message and hint. A Chinese colon has its space in it. */
const LABELS = {
  zh: { error: '错误：', hint: '提示：', space: '' },
  en: { error: 'error:', hint: 'hint:', space: ' ' },
} as const;

/**
 * Any failure as the tool's own error: what is not one is a defect of ours, but where no more files can be opened. That may happen
 * anywhere, as parts of the program are loaded when they are needed.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (isOutOfDescriptors(error)) {
    const { path } = error as NodeJS.ErrnoException;
    return storageError(
      error,
      path === undefined
        ? { zh: '无法继续', en: 'cannot go on' }
        : { zh: `无法打开 ${path}`, en: `cannot open ${path}` },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(
    'internal',
    { zh: `意外错误：${message}`, en: `unexpected: ${message}` },
    {
      cause: error,
      hint: {
        zh: '这是 privacy-call 的缺陷。请加 --verbose 重新运行，并报告其输出；其中的号码已打码。',
        en: 'This is a defect of privacy-call. Run it again with --verbose and report what it prints; numbers in it are masked.',
      },
    },
  );
}

/** The text for stderr, with its line break. Phone numbers in it are masked, control characters gone. */
export function renderError(error: AppError, options: ErrorOptions): string {
  const lang = options.json ? 'en' : options.lang;
  const message = wordsIn(error.words, lang);
  const hint = error.hint === undefined ? undefined : wordsIn(error.hint, lang);
  if (options.json) {
    const body = {
      code: error.code,
      exitCode: error.exitCode,
      message: clean(message),
      hint: hint === undefined ? undefined : clean(hint),
      httpStatus: error.platform?.httpStatus,
      resultcode: error.platform?.resultcode,
      resultdesc: error.platform?.resultdesc === undefined ? undefined : clean(error.platform.resultdesc),
    };
    return `${JSON.stringify({ error: body })}\n`;
  }
  const paint = (text: string, style: keyof typeof STYLES): string =>
    options.colour ? `${STYLES[style][0]}${text}${STYLES[style][1]}` : text;
  const labels = LABELS[lang];
  const lines = [`${paint(labels.error, 'red')}${labels.space}${maskText(safeMessage(message))}`];
  if (hint !== undefined)
    lines.push(`${paint(labels.hint, 'dim')}${labels.space.repeat(2)}${maskText(safeMessage(hint))}`);
  if (options.verbose || error.code === 'internal') lines.push(clean(stackOf(error)));
  return `${lines.join('\n')}\n`;
}

function clean(text: string): string {
  return maskText(safeText(text));
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
