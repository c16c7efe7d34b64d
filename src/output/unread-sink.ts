import { PipeClosed, type Sink } from '../context.js';

/** The same sink, but that nobody reads any more is no reason to stop: what is written then is dropped. */
export function unreadSink(sink: Sink): Sink {
  return {
    get isTerminal() {
      return sink.isTerminal;
    },
    get columns() {
      return sink.columns;
    },
    terminal: sink.terminal,
    write: async (text) => {
      try {
        await sink.write(text);
      } catch (error) {
        if (!(error instanceof PipeClosed)) throw error;
      }
    },
  };
}
