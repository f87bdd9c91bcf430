/** The entities that TypeORM knows: each is an object type of the graph as well. Listed, because globs fail silently. */
import { DataSet } from './data-set/data-set.js';
import { Release } from './data-set/release.js';
import { Issue } from './data-status/issue.js';
import { Run } from './data-status/run.js';
import { LocalAuthority } from './local-authority/local-authority.js';
import { Region } from './region/region.js';
import { School } from './school/school.js';
import { Trust } from './trust/trust.js';

export const ENTITIES = [DataSet, Issue, LocalAuthority, Region, Release, Run, School, Trust];
