/** For TypeORM's command line: `npm run build && node node_modules/typeorm/cli.js migration:show -d dist/ormconfig.js`. */
import { createDataSource } from './src/database/data-source.js';
import { readSettings } from './src/settings.js';

export default createDataSource({ url: readSettings().databaseUrl ?? '', connections: 2 });
