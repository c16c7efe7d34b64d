import { maskText } from '../domain/phone-number.js';
import { AppError, isAppError, isOutOfDescriptors, storageError } from '../errors.js';
import { safeMessage, safeText } from './safe-text.js';

/** How an error is shown. */
export interface ErrorOptions {
  /** One JSON line instead of text. */
  readonly json: boolean;
  readonly colour: boolean;
  /** Show the stack too. */
  readonly verbose: boolean;
}

/** What chalk writes; it would be loaded with every command to be there when one fails. */
const STYLES = { red: ['\u001b[31m', '\u001b[39m'], dim: ['\u001b[2m', '\u001b[22m'] } as const;

/**
 * Any failure as the tool's own error: what is not one is a defect of ours, but where no more files can be opened. That may happen
 * anywhere, as parts of the program are loaded when they are needed.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (isOutOfDescriptors(error)) {
    const { path } = error as NodeJS.ErrnoException;
    return storageError(error, path === undefined ? 'cannot go on' : `cannot open ${path}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', `unexpected: ${message}`, {
    cause: error,
    hint: 'This is a defect of privacy-call. Run it again with --verbose and report what it prints; numbers in it are masked.',
  });
}

/** The text for stderr, with its line break. Phone numbers in it are masked, control characters gone. */
export function renderError(error: AppError, options: ErrorOptions): string {
  if (options.json) {
    const { hint } = error;
    const body = {
      code: error.code,
      exitCode: error.exitCode,
      message: clean(error.message),
      hint: hint === undefined ? undefined : clean(hint),
      httpStatus: error.platform?.httpStatus,
      resultcode: error.platform?.resultcode,
      resultdesc: error.platform?.resultdesc === undefined ? undefined : clean(error.platform.resultdesc),
    };
    return `${JSON.stringify({ error: body })}\n`;
  }
  const paint = (text: string, style: keyof typeof STYLES): string =>
    options.colour ? `${STYLES[style][0]}${text}${STYLES[style][1]}` : text;
  const lines = [`${paint('error:', 'red')} ${maskText(safeMessage(error.message))}`];
  if (error.hint !== undefined) lines.push(`${paint('hint:', 'dim')}  ${maskText(safeMessage(error.hint))}`);
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
