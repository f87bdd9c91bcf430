/**
 * PostGraphile 5 as its manual starts it in production: Amber preset, grafserv on node:http, simple lists beside
 * connections, no explaining, no GraphiQL, no watching. Says on its channel when it listens.
 */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { BENCH_DATABASE_URL, BENCH_SCHEMA, BENCH_CONNECTIONS } = process.env;

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: BENCH_DATABASE_URL,
      schemas: [BENCH_SCHEMA],
      poolConfig: { max: Number(BENCH_CONNECTIONS) },
    }),
  ],
  schema: { defaultBehavior: '+connection +list -insert -update -delete' },
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false, websockets: false },
});

const server = createServer();
await pgl.createServ(grafserv).addTo(server);
const printed = process.argv.includes('--schema');
if (printed) {
  const { printSchema } = await import('postgraphile/graphql');
  console.log(printSchema(await pgl.getSchema()));
  process.exit();
}
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
