// A server to compare with: `node server.js plain` reads pushes, keeps nothing and answers; `node server.js fastify PEERS FILE` inserts each
// into a database, synced, before it answers. Prints its port.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [kind, peers, file] = process.argv.slice(2);

if (kind === 'plain') {
  const server = createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => response.writeHead(200, { 'content-length': 0 }).end());
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else {
  const require = createRequire(pathToFileURL(`${peers}/`));
  const insert = openDatabase(require);
  const app = require('fastify')();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/*', (request, reply) => {
    insert(request.body, JSON.stringify(request.headers), JSON.parse(request.body).feeLst[0].icid);
    reply.code(200).send();
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(app.server.address().port);
}

/** SQLite with a log ahead and a sync at each commit: what is inserted is durable. */
function openDatabase(require) {
  const make = `create table push (at text, key text unique, headers text, body blob)`;
  const add = 'insert into push values (?, ?, ?, ?)';
  const fast = tryRequire(require, 'better-sqlite3');
  if (fast !== undefined) {
    const database = new fast(file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec(make);
    const statement = database.prepare(add);
    return (body, headers, key) => statement.run(new Date().toISOString(), key, headers, body);
  }
  const { Database } = require('node-sqlite3-wasm');
  const database = new Database(file);
  database.exec('pragma synchronous = FULL');
  database.exec(make);
  const statement = database.prepare(add);
  return (body, headers, key) => statement.run([new Date().toISOString(), key, headers, body]);
}

function tryRequire(require, name) {
  try {
    const found = require(name);
    new found(':memory:').close();
    return found;
  } catch {
    return undefined;
  }
}
