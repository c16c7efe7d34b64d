import { type ConfigFile, readConfigFile } from '../config/config-file.js';
import { findFolders } from '../config/folders.js';
import { languageOf, resolveSettings } from '../config/resolve-settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of an error that came before the settings were known, told from words that perhaps cannot be parsed. As for every setting a flag
 * counts before the environment, that before profile and configuration file; what cannot be used is passed over.
 */
export function spokenLanguage(argv: readonly string[], env: Environment): 'zh' | 'en' {
  const flags = { lang: language(typedValue(argv, ['--lang'])), profile: text(typedValue(argv, ['--profile', '-p'])) };
  const known = {
    PRIVACY_CALL_LANG: language(env.PRIVACY_CALL_LANG),
    PRIVACY_CALL_PROFILE: text(env.PRIVACY_CALL_PROFILE),
  };
  const typed = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return languageOf(resolveSettings(typed, known, configFile(env)), env);
}

function language(typed: string | undefined): string | undefined {
  return typed === 'zh' || typed === 'en' ? typed : undefined;
}

function text(typed: string | undefined): string | undefined {
  return typed?.trim() === '' ? undefined : typed;
}

function configFile(env: Environment): ConfigFile {
  try {
    return readConfigFile(findFolders(env).config);
  } catch {
    return { settings: {}, profiles: {} };
  }
}

/** The last value of a flag: `--lang zh`, `--lang=zh`, `-pNAME`. Nothing behind `--` is a flag. */
function typedValue(argv: readonly string[], names: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  return words
    .map((word, index) => {
      const name = names.find((one) => word === one || word.startsWith(one.startsWith('--') ? `${one}=` : one));
      if (name === undefined) return undefined;
      return word === name ? words[index + 1] : word.slice(name.length).replace(/^=/, '');
    })
    .findLast((value) => value !== undefined);
}
