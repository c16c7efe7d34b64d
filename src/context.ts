/** Where text goes. Writing waits until the other side takes more; it rejects with {@link PipeClosed} once nobody reads. */
export interface Sink {
  write(text: string): Promise<void>;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Width of the terminal in columns; `undefined` where there is none. */
  readonly columns: number | undefined;
  /** The terminal itself, for what moves on it (a spinner); `undefined` where nothing may move. */
  readonly terminal?: NodeJS.WriteStream | undefined;
}

/** Where bytes come from. */
export interface Source extends AsyncIterable<Uint8Array> {
  readonly isTerminal: boolean;
}

/** Thrown by a {@link Sink} whose reader is gone (`| head -1`): a normal end, not an error. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}

/** One question to a person at the terminal. */
export interface Question {
  readonly message: string;
  /** `secret` is not shown while it is typed. */
  readonly type: 'text' | 'secret' | 'confirm' | 'select';
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
  readonly initial?: string | undefined;
  /** Text of the complaint, or `undefined` when the answer will do. */
  readonly validate?: (answer: string) => string | undefined;
}

/** Asks a person. Answers of `confirm` are `yes` or `no`. */
export type Prompt = (question: Question) => Promise<string>;

/**
 * Everything from outside, through one door. Rooms below `commands` take the few members they use; nothing else in `src`
 * reads the process, the clock, the environment or the network on its own.
 */
export interface Context {
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly prompt: Prompt;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths of flags start from. */
  readonly cwd: string;
  /** The current instant. */
  now(): Date;
  /** Aborted when the process is asked to stop; its reason is an `AppError` `interrupted` or `terminated`. */
  readonly signal: AbortSignal;
  readonly pid: number;
  readonly hostname: string;
  /** Runs `handler` each time the process gets SIGHUP. */
  onHangup(handler: () => void): void;
}
