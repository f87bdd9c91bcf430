/**
 * Writes docs/recipes.md: the worked examples, each asked about a place of the published files, with what the answer says.
 * The questions are those of the menu of GraphiQL; beside each file lies its answer, which a test holds against the graph.
 */
import { readFileSync } from 'node:fs';
import { EXAMPLES, type Example, MENU } from '../graphiql/examples.js';
import { PROJECT_FOLDER } from '../project-folder.js';

/** What is asked about, what the answer says in words, and the answer, its lists cut short. */
interface Recipe {
  variables: Record<string, unknown>;
  says: string;
  answer: Record<string, unknown>;
}

export const recipeOf = ({ id }: Example): Recipe =>
  JSON.parse(readFileSync(new URL(`docs/examples/queries/${id}.json`, PROJECT_FOLDER), 'utf8'));

const INTRODUCTION = `<!-- Written by \`npm run docs\` from docs/examples/queries. Change those, and the template in src/docs/recipes.ts. -->

# Recipes

${EXAMPLES.length} questions that people have, each with its query and what comes of it. They are the worked examples of
http://localhost:4000/graphql too: the page opens with one where its name stands behind the address, as in
http://localhost:4000/graphql#where-we-stand. The answers are those of the published files up to 2025, and tests ask every one.

What each field means is in the [schema](../schema/schema.graphql); more of what can be asked is in [asking.md](asking.md) and
[comparing.md](comparing.md), and how it is worked out in [methods](methods/README.md).
`;

const withoutHeader = (query: string) => query.replace(/^(#.*\n)+/, '');

function recipe(example: Example): string {
  const { variables, says, answer } = recipeOf(example);
  const asked = Object.keys(variables).length > 0 ? ` with \`${JSON.stringify(variables)}\`` : '';
  return `
### ${example.title}

${example.about}

\`\`\`graphql
${withoutHeader(example.query)}\`\`\`

[${example.id}.graphql](examples/queries/${example.id}.graphql)${asked}: ${says}

<details><summary>The answer, its lists cut short</summary>

\`\`\`json
${JSON.stringify(answer, null, 2)}
\`\`\`

</details>
`;
}

/** The text of docs/recipes.md. */
export const recipes = (): string =>
  INTRODUCTION +
  MENU.map((group) => `\n## For ${group[0]!.audience}\n${group.map(recipe).join('')}`).join('');
