/** From the schema and the questions in src to src/graph: types of every answer. `npm run generate` */
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../../schema/schema.graphql',
  documents: ['src/*.ts'],
  importExtension: '.js',
  generates: {
    'src/graph/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // The text of a question, and no library to print it.
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { LocalDate: 'string', DateTimeISO: 'string', JSON: 'unknown' },
      },
    },
  },
};

export default config;
