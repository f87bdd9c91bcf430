/** A local authority beside its statistical neighbours, a line for each: node dist/neighbours.js 891 [address of the graph] */
import { ask, GraphError } from './client.js';
import { graphql } from './graph/gql.js';
import type { FigureFragment } from './graph/graphql.js';

graphql(`
  fragment figure on Observation {
    value
    status
    period {
      label
    }
  }
`);

const NEIGHBOURS = graphql(`
  query Neighbours($code: String!, $indicator: ID!) {
    localAuthority(code: $code) {
      name
      indicator(id: $indicator) {
        indicator {
          name
          decimals
        }
        latest {
          ...figure
        }
      }
      neighbours(kind: STATISTICAL) {
        rank
        localAuthority {
          name
          indicator(id: $indicator) {
            latest {
              ...figure
            }
          }
        }
      }
    }
  }
`);

/** A figure in words: what is withheld or not there says so, and is never zero. */
function told(figure: FigureFragment | null | undefined, decimals: number): string {
  if (!figure) return 'no figure';
  const { value, status, period } = figure;
  const known = value == null ? status.toLowerCase().replaceAll('_', ' ') : value.toFixed(decimals);
  return `${known} (${period.label})`;
}

const [code = '891', address = 'http://localhost:4000/graphql'] = process.argv.slice(2);
try {
  const { localAuthority } = await ask(address, NEIGHBOURS, { code, indicator: 'suspension-rate' });
  if (localAuthority) {
    const { indicator, latest } = localAuthority.indicator;
    console.log(`${indicator.name}\n${localAuthority.name}: ${told(latest, indicator.decimals)}`);
    for (const { rank, localAuthority: neighbour } of localAuthority.neighbours)
      console.log(`${rank}. ${neighbour.name}: ${told(neighbour.indicator.latest, indicator.decimals)}`);
  } else {
    console.log(`There is no local authority ${code}.`);
  }
} catch (error) {
  if (!(error instanceof GraphError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
