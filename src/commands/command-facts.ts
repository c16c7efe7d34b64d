/** A flag as it is typed. */
export interface FlagFacts {
  /** `--output`, `-o`. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  /** All values that it takes; empty when they are not fixed. */
  readonly choices: readonly string[];
  readonly says: string;
}

/** A command, or a noun, or the program itself, as it is typed. */
export interface CommandFacts {
  /** Empty for the program. */
  readonly path: readonly string[];
  readonly says: string;
  /** Names of what can follow: commands of the program, verbs of a noun. */
  readonly follows: readonly string[];
  /** Own flags; those of the program count for every command. */
  readonly flags: readonly FlagFacts[];
}
