/** One recording on disk. Key: domain and file name, else the direct address without its query. */
export interface ArchiveEntry {
  readonly key: string;
  readonly at: Date;
  /** Absolute path. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly durationSeconds?: number | undefined;
  readonly sessionId?: string | undefined;
  /** The command of `--exec` was promised to the file and has not ended well yet. A further line without it says that it has. */
  readonly commandDue?: boolean | undefined;
}
