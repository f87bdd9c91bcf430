/** The places of a level that a filter keeps, each with its figure: what rankings and distributions are made of. */
import { rowOf, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import {
  figureOfLevel,
  LEVELS,
  type Level,
  type LevelFigure,
  type LevelQuestion,
  placesOfLevel,
} from './level-figures.js';
import { filterOfLevel } from './level-filter.js';

export interface LevelFigures extends LevelFigure {
  level: Level;
  place: TableRow;
  /** FROM … WHERE, a row for each place: to be taken when every column has been asked for. */
  from: () => Sql;
}

export function figuresOfLevel(question: LevelQuestion, select: Select): LevelFigures {
  const level: Level = LEVELS[question.level];
  const place = rowOf(select.alias('t'));
  const { asked, observed } = figureOfLevel(question, place, select);
  const { alias } = place;
  const isKept = filterOfLevel(question.level, question.filter, alias, select);
  return {
    level,
    asked,
    place,
    observed,
    from: () =>
      placesOfLevel(
        level,
        place,
        { isKept, isListed: sql`${level.exists(alias)} OR ${observed.isThere}` },
        select,
      ),
  };
}
