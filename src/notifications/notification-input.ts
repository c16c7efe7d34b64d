/** A file, standard input or anything else that holds notifications. */
export interface NotificationInput {
  /** As a person would name it. */
  readonly name: string;
  /** Nobody named it: it was found in a folder. */
  readonly isFound?: boolean | undefined;
  open(): AsyncIterable<Uint8Array>;
  /** The file itself, for a reader that wants its bytes in a place of its own; `undefined`, also as a result, when it is no regular file. */
  readonly openFile?: (() => Promise<OpenFile | undefined>) | undefined;
}

/** A regular file, open for reading. */
export interface OpenFile {
  /** Its descriptor, good until it is closed. */
  readonly fd: number;
  readonly sizeBytes: number;
  /** Reads from `position` into `bytes`. @returns how many were read, 0 at the end. @throws {AppError} `input-unreadable`. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}
