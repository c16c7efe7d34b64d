import { TextError, wordsOfError } from './domain/text-error.js';
import { sameText, type TextPair, type Words } from './domain/text-pair.js';
import { EXIT_CODES, type ExitName } from './exit-codes.js';

/**
 * Every failure the tool can report: its stable code, and the exit code that follows from it. Codes are interface: scripts
 * read them from the JSON error line. A code is never reused. The README's table is made from this one.
 */
export const ERROR_CATALOGUE = {
  internal: { exit: 'failure', when: 'unexpected: a defect of privacy-call' },

  'command-unknown': { exit: 'usage', when: 'no such command' },
  'flag-unknown': { exit: 'usage', when: 'no such flag' },
  'flag-missing': { exit: 'usage', when: 'a mandatory flag or argument is missing' },
  'flag-invalid': { exit: 'usage', when: 'the value of a flag or argument cannot be used' },
  'flag-conflict': { exit: 'usage', when: 'flags exclude each other, or one needs another' },
  'secret-in-flag': { exit: 'usage', when: 'a secret was given on the command line' },
  'confirmation-missing': { exit: 'usage', when: 'a destructive command without --yes and without a terminal to ask' },
  'config-invalid': { exit: 'usage', when: 'a settings file or environment variable cannot be used' },
  'input-unreadable': { exit: 'usage', when: 'an input file does not exist or cannot be opened' },
  'input-invalid': { exit: 'usage', when: 'an input file holds something that cannot be read' },
  'request-rejected': { exit: 'usage', when: 'the platform refused a parameter of the request' },

  'some-failed': { exit: 'partial', when: 'a run over many items finished, some of them failed' },

  'credentials-missing': { exit: 'auth', when: 'no profile or no credentials' },
  'credentials-insecure': { exit: 'auth', when: 'the credentials file can be read by others' },
  'signature-rejected': { exit: 'auth', when: 'the platform refused key, secret or signature header' },
  'clock-skewed': { exit: 'auth', when: 'the platform refused the time of the request' },
  'address-not-allowed': { exit: 'auth', when: 'this IP address is not in the allow-list of the application' },
  'mode-mismatch': { exit: 'auth', when: 'the application is of another mode than the interface' },
  'application-unavailable': { exit: 'auth', when: 'the application does not exist or is switched off' },

  'binding-not-found': { exit: 'notFound', when: 'no such binding' },
  'number-not-found': { exit: 'notFound', when: 'X is not a number of the application' },
  'recording-not-found': { exit: 'notFound', when: 'no such recording' },
  'session-not-found': { exit: 'notFound', when: 'no such call' },
  'profile-not-found': { exit: 'notFound', when: 'no such profile' },
  'job-not-found': { exit: 'notFound', when: 'no such bulk job' },
  'consumer-not-found': { exit: 'notFound', when: 'pushes are handed on to no such target or hook' },
  'code-not-found': { exit: 'notFound', when: 'no such code in any catalogue' },
  'path-not-found': { exit: 'notFound', when: 'the platform does not know the address (HTTP 404)' },

  'already-bound': { exit: 'conflict', when: 'the number, pair or extension is bound already' },
  'job-running': { exit: 'conflict', when: 'another process runs this bulk job' },
  'no-free-number': { exit: 'conflict', when: 'no free X number, or X is full' },
  'number-blocked': { exit: 'conflict', when: 'X is suspended, blacklisted or in arrears' },

  'flow-control': { exit: 'busy', when: 'the platform limits the requests' },
  'platform-failure': { exit: 'busy', when: 'the platform reports a fault of its own' },

  'network-unreachable': { exit: 'network', when: 'name not found, connection refused or no route' },
  'network-timeout': { exit: 'network', when: 'no answer in time' },
  'network-tls': { exit: 'network', when: 'the certificate or the TLS handshake was refused' },
  'network-interrupted': { exit: 'network', when: 'the connection broke before the whole answer' },
  'network-proxy': { exit: 'network', when: 'the proxy refused' },
  'answer-unreadable': { exit: 'network', when: 'the answer is not one of the platform' },
  'outcome-unknown': {
    exit: 'network',
    when: 'the answer to a change was lost and the platform could not tell what happened',
  },
  'recording-damaged': { exit: 'network', when: 'what was downloaded is not the whole recording' },

  'nothing-matched': { exit: 'empty', when: 'nothing matched and --fail-if-empty' },

  'expectation-failed': { exit: 'assertion', when: 'an expectation given by a flag was not met' },

  'recording-lost': { exit: 'lost', when: 'a recording is past its seven days' },

  'address-blocked': {
    exit: 'lockedOut',
    when: 'the platform blocks this IP address after repeated signature failures',
  },

  'account-frozen': { exit: 'account', when: 'arrears, or the account is frozen' },
  'feature-not-enabled': { exit: 'account', when: 'the application lacks the feature' },

  'disk-full': { exit: 'storage', when: 'no space left' },
  'storage-denied': { exit: 'storage', when: 'no permission, or read-only' },
  'storage-failed': { exit: 'storage', when: 'the disk reports an error, or a file of the store is unusable' },
  'storage-locked': { exit: 'storage', when: 'another process holds the store' },

  interrupted: { exit: 'interrupted', when: 'stopped by Ctrl-C' },
  terminated: { exit: 'terminated', when: 'stopped by SIGTERM' },
} as const satisfies Record<string, { exit: ExitName; when: string }>;

/** Stable name of a failure. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** What the platform itself answered when it refused. Texts are the platform's own. */
export interface PlatformAnswer {
  readonly httpStatus: number;
  readonly resultcode?: string | undefined;
  readonly resultdesc?: string | undefined;
}

/** Optional parts of an {@link AppError}. */
export interface AppErrorDetails {
  /** The next thing to type or to look at. */
  readonly hint?: Words | undefined;
  readonly platform?: PlatformAnswer | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class of the tool. Its words say what failed and on which thing; code branches on `code`, never on the text.
 * The language is chosen where the error is shown: `message`, and data, are English. No words carry a phone number in full, a key or a secret.
 */
export class AppError extends TextError {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: Words | undefined;
  readonly platform: PlatformAnswer | undefined;

  constructor(code: ErrorCode, words: Words, details: AppErrorDetails = {}) {
    super(words, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.platform = details.platform;
  }

  /** Number for the shell. */
  get exitCode(): number {
    return EXIT_CODES[ERROR_CATALOGUE[this.code].exit].code;
  }
}

/** True when `error` is the tool's own error, of one of `codes` if any are given. */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** Whether nothing more can be opened, by this process or on this machine. */
export function isOutOfDescriptors(error: unknown): boolean {
  const errno = (error as NodeJS.ErrnoException | undefined)?.code;
  return errno === 'EMFILE' || errno === 'ENFILE';
}

/**
 * Translates a failure of the file system, where the file is opened or written.
 * @param doing what was tried, as the start of the message: `cannot write the journal /var/…`.
 * @returns `disk-full`, `storage-denied` or `storage-failed`; an `AppError` is handed back as it is.
 */
export function storageError(error: unknown, doing: TextPair): AppError {
  if (error instanceof AppError) return error;
  const errno = (error as NodeJS.ErrnoException | undefined)?.code;
  const told = (why: TextPair): TextPair => ({
    zh: `${doing.zh}：${why.zh}`,
    en: `${doing.en}: ${why.en}`,
  });
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new AppError('disk-full', told({ zh: '磁盘空间不足', en: 'no space left' }), {
      cause: error,
      hint: { zh: '请先腾出空间，再重新运行。', en: 'Free some space, then run it again.' },
    });
  }
  if (errno === 'EACCES' || errno === 'EPERM')
    return new AppError('storage-denied', told(NO_PERMISSION), { cause: error });
  if (errno === 'EROFS') {
    const why = { zh: '文件系统为只读', en: 'the file system is read-only' };
    return new AppError('storage-denied', told(why), { cause: error });
  }
  if (isOutOfDescriptors(error)) {
    const why = { zh: `打开的文件过多（${String(errno)}）`, en: `too many open files (${String(errno)})` };
    return new AppError('storage-failed', told(why), {
      cause: error,
      hint: {
        zh: '请提高上限（ulimit -n 1024），或减少并发（--concurrency）。',
        en: 'Allow more of them (ulimit -n 1024), or do less at once (--concurrency).',
      },
    });
  }
  const words = errno === undefined ? undefined : MISPLACED[errno];
  const why = words && { zh: `${words.zh}（${String(errno)}）`, en: `${words.en} (${String(errno)})` };
  return new AppError('storage-failed', told(why ?? (errno === undefined ? wordsOfError(error) : sameText(errno))), {
    cause: error,
  });
}

const NO_PERMISSION: TextPair = { zh: '没有权限', en: 'no permission' };
const NO_FILE: TextPair = { zh: '文件不存在', en: 'there is no such file' };
const A_FOLDER: TextPair = { zh: '是目录', en: 'it is a folder' };
const TOO_MANY_FILES: TextPair = { zh: '打开的文件过多', en: 'too many open files' };

/** A path that does not lead where it should. */
const MISPLACED: Readonly<Record<string, TextPair>> = {
  ENOENT: { zh: '目录或文件不存在', en: 'there is no such folder or file' },
  ENOTDIR: { zh: '路径中有一部分是文件而不是目录', en: 'a part of the path is a file, not a folder' },
  EEXIST: { zh: '该位置是文件而不是目录', en: 'a file is in the place of a folder' },
  EISDIR: A_FOLDER,
};

const UNREADABLE: Readonly<Record<string, TextPair>> = {
  ENOENT: NO_FILE,
  ENOTDIR: NO_FILE,
  EISDIR: A_FOLDER,
  ELOOP: { zh: '符号链接形成循环', en: 'its links lead in a circle' },
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
};

/**
 * Translates the failure to read a file that somebody has named.
 * @param named the file as it was typed, behind its flag where it has one: `--file rows.csv`.
 * @returns `input-unreadable`; an `AppError` is handed back as it is.
 */
export function inputError(error: unknown, named: string): AppError {
  if (error instanceof AppError) return error;
  const hint = { zh: '请提高上限（ulimit -n 1024）。', en: 'Allow more of them (ulimit -n 1024).' };
  const why = unreadablePair(error);
  const words = { zh: `无法读取 ${named}：${why.zh}`, en: `cannot read ${named}: ${why.en}` };
  return new AppError('input-unreadable', words, { cause: error, hint: isOutOfDescriptors(error) ? hint : undefined });
}

function unreadablePair(error: unknown): TextPair {
  const errno = (error as NodeJS.ErrnoException | undefined)?.code;
  if (errno === undefined) return { zh: '未知错误', en: 'unknown error' };
  return UNREADABLE[errno] ?? sameText(errno);
}

/** What the system says of a file that it does not let read, in English words where there are some. */
export function whyUnreadable(error: unknown): string {
  return unreadablePair(error).en;
}
