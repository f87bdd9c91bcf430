/**
 * Measures and indicators from one table, for files that hold dozens of counts, many with the percentage that they
 * are of another. Each count is stated once: its column today, its column in an older edition, and what it counts.
 */
import type { IndicatorDeclaration, Measure, Polarity, Unit } from '../../declaration.js';

interface Columns {
  /** The column today; left out where only the older edition has one. */
  column?: string;
  /** The column in the older edition; left out where it has none. */
  older?: string;
}

export interface Share extends Columns {
  id: string;
  name: string;
  /** The count that it is a share of; left out where no column holds that base. */
  of?: string;
  /** The base in words, after "as a percentage of". */
  base: string;
  polarity?: Polarity;
}

export interface Count extends Columns {
  description: string;
  /** What else to know of it, and of its share. */
  note?: string;
  /** The indicator's id and name; a count without them can be had with SQL, and is no indicator. */
  id?: string;
  name?: string;
  unit?: Unit;
  /** What the percentage published beside it says. */
  share?: Share;
}

interface Table {
  topic: string;
  /** Of the counts that name none. */
  unit: Unit;
  breaks?: IndicatorDeclaration['breaks'];
  /** The ids of the editions, of which either may lack a column. */
  editions: { today: string; older?: string };
  counts: Record<string, Count>;
}

export function countsAndShares({ topic, unit, breaks, editions, counts }: Table): {
  measures: Record<string, Measure>;
  indicators: IndicatorDeclaration[];
} {
  const measures: Record<string, Measure> = {};
  const indicators: IndicatorDeclaration[] = [];
  const measureOf = ({ column, older }: Columns, description: string): Measure => {
    const lackedBy = [
      ...(column ? [] : [editions.today]),
      ...(older || !editions.older ? [] : [editions.older]),
    ];
    const columns = [column, older].filter((name) => name !== undefined);
    return { columns, description, ...(lackedBy.length > 0 ? { lackedBy } : {}) };
  };
  const common = { topic, ...(breaks ? { breaks } : {}) };
  for (const [measure, count] of Object.entries(counts)) {
    const { id, name, share, note } = count;
    const description = withNote(count.description, note);
    measures[measure] = measureOf(count, description);
    if (id && name) {
      indicators.push({
        id,
        name: capitalised(name),
        description,
        unit: count.unit ?? unit,
        decimals: 0,
        polarity: 'NONE',
        measure,
        additive: true,
        ...common,
      });
    }
    if (!share) continue;
    const inWords = withNote(
      `${count.description.replace(/\.$/, '')}, as a percentage of ${share.base}.`,
      note,
    );
    measures[`${measure}_rate`] = measureOf(share, inWords);
    indicators.push({
      id: share.id,
      name: share.name,
      description: inWords,
      unit: 'PERCENT',
      decimals: 1,
      polarity: share.polarity ?? 'NONE',
      measure: `${measure}_rate`,
      ...(share.of
        ? { rate: { numerator: measure, denominator: share.of, per: 100, counts: 'PEOPLE' } }
        : {}),
      additive: false,
      ...common,
    });
  }
  return { measures, indicators };
}

/** Some names begin with words that also stand within others: new EHC plans. */
const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const withNote = (text: string, note: string | undefined) => (note ? `${text} ${note}` : text);
