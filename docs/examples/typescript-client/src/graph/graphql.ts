/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What is known of a value. */
export type ObservationStatus =
  /** A number was published. */
  | 'ACTUAL'
  /** Not zero, but rounds to zero. */
  | 'LOW'
  /** The figure has no meaning here, such as a rate over no pupils. */
  | 'NOT_APPLICABLE'
  /** The publisher says that it has no figure. */
  | 'NOT_AVAILABLE'
  /** Nobody collected it for this period. */
  | 'NOT_COLLECTED'
  /** Withheld by the publisher, usually to protect a few children from being recognised. */
  | 'SUPPRESSED'
  /** The publisher judges the figure too unreliable to print. */
  | 'UNRELIABLE';

export type FigureFragment = { value: number | null, status: ObservationStatus, period: { label: string } };

export type NeighboursQueryVariables = Exact<{
  code: string;
  indicator: string | number;
}>;


export type NeighboursQuery = { localAuthority: { name: string, indicator: { indicator: { name: string, decimals: number }, latest: { value: number | null, status: ObservationStatus, period: { label: string } } | null }, neighbours: Array<{ rank: number | null, localAuthority: { name: string, indicator: { latest: { value: number | null, status: ObservationStatus, period: { label: string } } | null } } }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const FigureFragmentDoc = new TypedDocumentString(`
    fragment figure on Observation {
  value
  status
  period {
    label
  }
}
    `, {"fragmentName":"figure"}) as unknown as TypedDocumentString<FigureFragment, unknown>;
export const NeighboursDocument = new TypedDocumentString(`
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
    fragment figure on Observation {
  value
  status
  period {
    label
  }
}`) as unknown as TypedDocumentString<NeighboursQuery, NeighboursQueryVariables>;