/**
 * Lines that stand around the examples of a command in the README, so that all of them run one after another in one shell:
 * bindings to work on, servers to talk to and their end.
 */
export const EXAMPLE_SESSION = {
  update: {
    before: ['ID=$(privacy-call -p sandbox bind --mode axb -a 13800000011 -b 13800000012 --query item.subscriptionId)'],
  },
  callee: {
    before: ['ID=$(privacy-call -p sandbox bind --mode ax -a 13800000003 -x 17000000101 --query item.subscriptionId)'],
  },
  'jobs show': { before: ['JOB=$(privacy-call -p sandbox jobs list --query "items[0].id")'] },
  listen: {
    after: [
      'SERVER=$(cat listen.url)',
      'until [ -s strict.url ] && [ -s forward.url ]; do sleep 0.1; done',
      // By process ID: while `wait %1` waits, bash forgets a job that has ended, and `%3` is then none.
      'OTHERS="$(jobs -p %1) $(jobs -p %3)"',
      'kill $OTHERS',
      'wait $OTHERS',
    ],
  },
  'events tail': { after: ['until [ -s tail.ndjson ] && [ -s call.tsv ]; do sleep 0.1; done', 'kill %1 %2', 'wait'] },
  replay: { after: ['kill %2', 'wait'] },
  'sandbox start': { after: ['kill $!', 'wait'] },
};
