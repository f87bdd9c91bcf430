/** LocalAuthority: answers for school places and for vulnerable children in its area. Known by its 3-digit code. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { FiguresFrom, Place } from '../place/place.js';
import { connectionOf } from '../select/connection.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import { sql } from '../select/sql.js';
import { LocalAuthorityType, typeOf } from './local-authority-type.js';

@Entity('local_authority')
@ObjectType({ implements: Place, description: 'A local authority with education duties.' })
@FiguresFrom(({ alias }) => ({ kind: 'published', level: 'LOCAL_AUTHORITY', place: sql`${alias}.place_id` }))
export class LocalAuthority extends Place {
  @Field(() => String, { description: 'The 3-digit code: 891 is Nottinghamshire.' })
  @PrimaryColumn('text')
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The newest GSS code: E10000024. Null for British Forces schools overseas.',
  })
  @Column('text', { name: 'gss_code', nullable: true })
  gssCode!: string | null;

  @Field(() => String, { description: 'Name under the newest GSS code.' })
  @Column('text')
  declare name: string;

  @Field(() => LocalAuthorityType, {
    nullable: true,
    description: 'Kind of council, by its newest GSS code. Null without one.',
  })
  @SqlField(({ alias }: TableRow) => typeOf(alias))
  type!: string | null;

  @Column('text', { name: 'region_code', nullable: true })
  regionCode!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'First day under this 3-digit code. 2009-01-01 means then or before.',
  })
  @Column('date', { name: 'opened_on', nullable: true })
  openedOn!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Last day, for one that was abolished.' })
  @Column('date', { name: 'closed_on', nullable: true })
  closedOn!: string | null;
}

export const LocalAuthorityConnection = connectionOf(LocalAuthority, 'LocalAuthority', 'local authorities');
